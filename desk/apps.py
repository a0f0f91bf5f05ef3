"""The desk keeps what the dashboard says of each client, once a publication's figures are kept; and other rooms add to
what waits (`waiting`). Nothing of that is loaded before it is needed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import AppConfig

MORE_SOURCES: list[tuple[str, Any, Any]] = []  # of what waits, with its sign; rooms above add theirs


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from retainers.kept import AFTERWARDS

        AFTERWARDS.append(keep_days_of)


def keep_days_of(retainer_ids: Iterable[int], handed: Mapping[int, Any]) -> None:
    """Of the provider in scope; what works them out is loaded when something was published."""
    from desk.dashboard.keeping import keep_clients_of

    keep_clients_of(retainer_ids, handed)
