"""A provider, the people who work there, and short ways to bring its clients into any state.

A room that starts from something else makes a `world` of its own; who works there goes on from that one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Membership, Provider, Role, User
from accounts.tenancy import tenant_scope
from portal import links
from portal.models import ShareLink
from retainers.models import Client, Retainer
from retainers.terms import Agreement
from tests.factories import (
    ClientFactory,
    MembershipFactory,
    ProviderFactory,
    a_retainer,
    bank,
    publish_work,
)
from tests.shared_rows import shared_rows

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)


class Person(Browser):
    """Who works for a provider, signed in, in a browser of their own."""

    def __init__(self, member: Membership) -> None:
        super().__init__()
        self.member = member
        self.force_login(member.user)

    @property
    def user(self) -> User:
        return self.member.user


@dataclass
class World:
    """`published_at` is when work is published, complete through that day, unless a test says otherwise."""

    provider: Provider
    published_at: datetime = NOW

    def person(self, role: Role = Role.MANAGER, **who: Any) -> Person:
        """One more person of that role."""
        return Person(MembershipFactory(provider=self.provider, role=role, **who))

    def client(
        self, name: str, *works: tuple[date, str], agreement: Agreement | bool | None = None, **said: Any
    ) -> Client:
        """A client with a retainer (False: none) and a link; works, or a `through` date, are published."""
        with tenant_scope(self.provider):
            client = ClientFactory(provider=self.provider, name=name, slug=name.lower().replace(" ", "-"))
        if not isinstance(agreement, bool):
            self.also(client, *works, agreement=agreement, **said)
        if said.get("link", True):
            self.link(client)
        return client

    def also(
        self, client: Client, *works: tuple[date, str], agreement: Agreement | None = None, **said: Any
    ) -> Retainer:
        """One more retainer of that client."""
        retainer = a_retainer(client, agreement or bank(), at=datetime(2026, 1, 1, 9, tzinfo=UTC))
        if works or "through" in said:
            entry = {key: value for key, value in said.items() if key not in ("link", "through", "at")}
            through = said.get("through", self.published_at.date())
            publish_work(retainer, *works, through=through, at=said.get("at", self.published_at), **entry)
        return retainer

    def link(self, client: Client, *, opened: bool = True, **changes: Any) -> ShareLink:
        """A link of that client's, opened the day before the last publication."""
        with tenant_scope(self.provider):
            link, _ = links.create(client=client, by=None)
            if opened:
                changes |= {"last_opened_at": self.published_at - timedelta(days=1), "opened_count": 3}
            ShareLink.objects.filter(pk=link.pk).update(**changes)
            link.refresh_from_db()
        return link


@shared_rows
def world(time_machine: Any) -> World:
    """A provider without clients, on a Monday in June."""
    time_machine.move_to(NOW, tick=False)
    return World(ProviderFactory())


@shared_rows(upon="world")
def retainer(world: World) -> Retainer:
    """Acme's, of ten hours a month."""
    with tenant_scope(world.provider):
        return a_retainer(ClientFactory(provider=world.provider, slug="acme", name="Acme Dental"))


@shared_rows(upon="world")
def owner(world: World) -> Person:
    return world.person(Role.OWNER)


@shared_rows(upon="world")
def manager(world: World) -> Person:
    return world.person(Role.MANAGER)


@shared_rows(upon="world")
def viewer(world: World) -> Person:
    return world.person(Role.VIEWER)


@shared_rows(upon="retainer")
def address(retainer: Retainer) -> str:
    """Where that client's page is."""
    with tenant_scope(retainer.provider):
        return f"/b/{links.create(client=retainer.client, by=None)[1]}/"


@pytest.fixture
def provider(world: World) -> Provider:
    return world.provider


@pytest.fixture
def as_role(world: World) -> Callable[..., Person]:
    return world.person


@pytest.fixture
def stranger(db: None) -> Person:
    """The owner of another provider."""
    return World(ProviderFactory()).person(Role.OWNER)
