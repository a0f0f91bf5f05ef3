"""A provider's desk on Sunday 22 November 2026, with a short way to bring a client into any state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from desk.dashboard.page import DashboardPage, dashboard_page
from desk.dashboard.query import DashboardQuery
from desk.dashboard.selectors import client_cases, company_names
from desk.dashboard.status import ClientCase
from portal import links
from portal.models import ShareLink
from retainers.models import Client
from retainers.terms import Agreement, Pool, Terms
from tests.factories import ClientFactory, MembershipFactory, ProviderFactory, a_retainer, publish_work
from tests.shared_rows import shared_rows

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
PUBLISHED_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sunday(time_machine):
    time_machine.move_to(NOW, tick=False)


def bank(cap: str = "12", **words: Any) -> Agreement:
    """A time bank with one pool, from January, that counts worked hours."""
    starts = words.pop("starts", date(2026, 1, 1))
    key, name = words.pop("key", "support"), words.pop("name", "IT support")
    pools = words.pop("pools", (Pool("support", "IT support", Decimal(cap)),))
    agreed = {name: words.pop(name) for name in ("ends", "updates_on", "months") if name in words}
    terms = Terms(starts, pools, hours_from="worked", **words)
    return Agreement(key, name, starts, (terms,), **agreed)


def spread(hours: str, first: int, last: int, parts: int = 4) -> list[tuple[date, str]]:
    """The hours in equal parts over days of November."""
    each = str(Decimal(hours) / parts)
    step = (last - first) // max(parts - 1, 1)
    return [(date(2026, 11, first + step * part), each) for part in range(parts)]


@dataclass
class Desk:
    provider: Provider

    def add(
        self, name: str, *works: tuple[date, str], agreement: Agreement | bool | None = None, **said: Any
    ) -> Client:
        """A client with a retainer (False: none); works, or a `through` date, are published on Friday."""
        with tenant_scope(self.provider):
            client = ClientFactory(provider=self.provider, name=name, slug=name.lower().replace(" ", "-"))
        if not isinstance(agreement, bool):
            self.also(client, *works, agreement=agreement, **said)
        if said.get("link", True):
            self.link(client)
        return client

    def also(
        self, client: Client, *works: tuple[date, str], agreement: Agreement | None = None, **said: Any
    ) -> None:
        """One more retainer of that client."""
        retainer = a_retainer(client, agreement or bank(), at=datetime(2026, 1, 1, 9, tzinfo=UTC))
        if works or "through" in said:
            entry = {key: value for key, value in said.items() if key not in ("link", "through", "at")}
            publish_work(
                retainer,
                *works,
                through=said.get("through", date(2026, 11, 20)),
                at=said.get("at", PUBLISHED_AT),
                **entry,
            )

    def link(self, client: Client, *, opened: bool = True, **changes: Any) -> ShareLink:
        with tenant_scope(self.provider):
            link, _ = links.create(client=client, by=None)
            if opened:
                changes |= {"last_opened_at": NOW - timedelta(days=3), "opened_count": 3}
            ShareLink.objects.filter(pk=link.pk).update(**changes)
            link.refresh_from_db()
        return link

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

    def browser(self, role: Role = Role.MANAGER) -> Browser:
        browser = Browser()
        browser.force_login(MembershipFactory(provider=self.provider, role=role).user)
        return browser


@shared_rows
def desk(time_machine) -> Desk:
    time_machine.move_to(NOW, tick=False)
    return Desk(ProviderFactory())


@shared_rows(upon=desk)
def manager(desk) -> Browser:
    return desk.browser(Role.MANAGER)


@shared_rows(upon=desk)
def viewer(desk) -> Browser:
    return desk.browser(Role.VIEWER)


@pytest.fixture
def as_role(desk) -> Callable[[Role], Browser]:
    return desk.browser
