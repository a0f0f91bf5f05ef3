"""The desk keeps what the dashboard says of each client, once a publication's figures are kept."""

from collections.abc import Iterable

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from retainers.kept import AFTERWARDS

        AFTERWARDS.append(keep_days_of)


def keep_days_of(retainer_ids: Iterable[int]) -> None:
    """Of the provider in scope; what works them out is loaded when something was published."""
    from desk.dashboard.keeping import keep_clients_of

    keep_clients_of(retainer_ids)
