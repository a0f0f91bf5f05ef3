"""What alerts alone knows of what waits, added to the desk's list when they start."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self) -> None:
        from desk.apps import MORE_SOURCES

        MORE_SOURCES.append(("webhooks", not_arriving, dead_webhooks))


def not_arriving(provider: int, since: Any) -> Any:
    """Loaded when a page asks for it: most commands never do."""
    from alerts.hooks import failing

    return failing.not_arriving(provider, since)


def dead_webhooks(provider: Any, at: datetime) -> Iterable[Any]:
    from alerts.hooks import failing

    return failing.dead_webhooks(provider, at)
