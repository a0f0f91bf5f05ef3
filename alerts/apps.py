"""What alerts alone knows of what waits, added to the desk's list when they start."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"

    def ready(self) -> None:
        from alerts.hooks.failing import dead_webhooks, not_arriving
        from desk.waiting import MORE_SOURCES

        MORE_SOURCES.append(("webhooks", not_arriving, dead_webhooks))
