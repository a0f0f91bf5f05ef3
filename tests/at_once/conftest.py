"""A provider that really stands in the database: two clients, published work, a link, an owner.

Every test has a provider of its own, so the database is emptied once, after the module.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from accounts.models import Provider, Role, User
from accounts.tenancy import tenant_scope
from imports import originals
from imports.models import Import
from imports.publishing.preview import preview
from imports.publishing.publish import publish
from portal import links
from portal.models import ShareLink
from retainers.models import Client, Publication, Retainer
from tests import kept_database
from tests.factories import MembershipFactory, agreement_file, client_table, load_agreements

AT = datetime(2026, 6, 22, 12, tzinfo=UTC)
NUMBERS = count(1)


def agreements(slug: str, *clients: str, hours: int = 10) -> str:
    owner = {"email": f"{slug}@north.example", "role": "owner"}
    return agreement_file(*(of(name, hours) for name in clients), slug=slug, members=[owner])


def of(name: str, hours: int) -> dict[str, Any]:
    contact = {"name": "Pat Lee", "email": f"pat@{name.split()[0].lower()}.example"}
    said = {"contacts": [contact | {"approves": True, "alerts": True}], "updates_on": ["mon"]}
    return client_table(name, hours=str(hours), **said)


@dataclass
class House:
    """`acme` stands before `birch` in the database, and after it in its agreement file."""

    slug: str
    folder: object
    provider: Provider
    owner: User
    acme: Retainer
    birch: Retainer
    link: ShareLink

    @property
    def clients(self) -> list[Client]:
        return [self.acme.client, self.birch.client]

    def file(self, hours: int = 10, slug: str = "") -> str:
        """The agreement file, the clients in the order that the database doesn't have."""
        return agreements(slug or self.slug, "Birch Lowe", "Acme Dental", hours=hours)

    def upload(self, *days: int, hours: str = "1") -> Import:
        """An export with a line for each client on each of these days of June."""
        rows = [
            f"{client[0]}{day},{client},2026-06-{day:02d},{hours},Ravi,T{day},Printer set up"
            for day in days
            for client in ("Acme Dental", "Birch Lowe")
        ]
        text = "\n".join(["Entry ID,Client,Date,Hours,Technician,Ticket,Client description", *rows])
        return originals.store(
            data=text.encode(), file_name="june.csv", client=None, options={}, by=self.owner, at=AT
        )

    def published(self, *days: int) -> Import:
        source = self.upload(*days)
        self.publishing(source)()
        return source

    def publishing(self, source: Import, at: datetime = AT) -> Callable[[], None]:
        """The deed of publishing what its preview shows now."""
        plan = preview(source, today=at.date())
        return lambda: publish(source=source, plan=plan, by=self.owner, at=at)

    def numbers(self) -> list[list[int]]:
        """The numbers of each retainer's publications."""
        rows = Publication.objects.order_by("number")
        return [
            list(rows.filter(retainer=retainer).values_list("number", flat=True))
            for retainer in (self.acme, self.birch)
        ]

    def fresh(self, retainer: Retainer) -> Retainer:
        found: Retainer = Retainer.objects.select_related("client", "publication__version", "version").get(
            pk=retainer.pk
        )
        return found


@pytest.fixture(scope="module")
def transactional_db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Committed for all connections to see; here emptied once the module is done, not after each test."""
    with django_db_blocker.unblock():
        yield
        kept_database.empty()


@pytest.fixture
def house(transactional_db, tmp_path, time_machine) -> Iterator[House]:
    time_machine.move_to(AT, tick=True)
    slug = f"north-{next(NUMBERS)}"
    load_agreements(tmp_path, agreements(slug, "Acme Dental", "Birch Lowe"))
    provider = Provider.objects.get(slug=slug)
    owner = MembershipFactory(provider=provider, role=Role.OWNER, user__email=f"dana@{slug}.example").user
    with tenant_scope(provider):
        acme, birch = Retainer.objects.select_related("client").order_by("pk")
        link, _ = links.create(client=acme.client, by=None)
        yield House(slug, tmp_path, provider, owner, acme, birch, link)
