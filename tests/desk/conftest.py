"""A provider's desk on Sunday 22 November 2026."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.tenancy import tenant_scope
from desk.dashboard.page import DashboardPage, dashboard_page
from desk.dashboard.query import DashboardQuery
from desk.dashboard.selectors import client_cases, company_names
from desk.dashboard.status import ClientCase
from tests.factories import ProviderFactory
from tests.shared_rows import shared_rows
from tests.world import World

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
PUBLISHED_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sunday(time_machine):
    time_machine.move_to(NOW, tick=False)


def spread(hours: str, first: int, last: int, parts: int = 4) -> list[tuple[date, str]]:
    """The hours in equal parts over days of November."""
    each = str(Decimal(hours) / parts)
    step = (last - first) // max(parts - 1, 1)
    return [(date(2026, 11, first + step * part), each) for part in range(parts)]


class DeskWorld(World):
    """With what its dashboard shows."""

    def cases(self) -> dict[str, ClientCase]:
        with tenant_scope(self.provider):
            return {case.name: case for case in client_cases(self.provider, TODAY)}

    def page(self, **query: str) -> DashboardPage:
        with tenant_scope(self.provider):
            return dashboard_page(
                client_cases(self.provider, TODAY),
                DashboardQuery.read(query),
                today=TODAY,
                zone=UTC_ZONE,
                names=company_names(),
            )

    def names(self, **query: str) -> list[str]:
        return [row.name for row in self.page(**query).rows]

    def row(self, name: str) -> Any:
        return next(row for row in self.page().rows if row.name == name)


@shared_rows
def world(time_machine) -> DeskWorld:
    time_machine.move_to(NOW, tick=False)
    return DeskWorld(ProviderFactory(), published_at=PUBLISHED_AT)
