"""What the tests of the desk's actions start from: a retainer of ten hours a month, on a day in June 2026."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urljoin
from uuid import uuid4

import pytest

from accounts.models import Role
from accounts.tenancy import tenant_scope
from portal import links
from portal.selectors import page_facts, page_retainers
from presentation.facts import Asked
from retainers import publishing
from retainers.hours import to_units
from retainers.models import Client, Entry, Publication, Retainer
from tests.factories import ClientFactory, MembershipFactory, ProviderFactory, a_retainer, covered

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
HOME = "/clients/acme/retainers/support"


@pytest.fixture
def provider(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    return ProviderFactory()


@pytest.fixture
def retainer(provider):
    with tenant_scope(provider):
        return a_retainer(ClientFactory(provider=provider, slug="acme", name="Acme Dental"))


@pytest.fixture
def as_role(client, provider):
    def sign_in(role=Role.MANAGER):
        member = MembershipFactory(provider=provider, role=role)
        client.force_login(member.user)
        return client

    return sign_in


@pytest.fixture
def address(provider, retainer):
    with tenant_scope(provider):
        return f"/b/{links.create(client=retainer.client, by=None)[1]}/"


def publish(retainer, day, hours, *, at, through, retires=(), origin=None):
    """An import's publication with one line, as the pipeline makes it; the line."""
    with tenant_scope(retainer.provider):
        locked = Retainer.objects.select_related("publication", "version").get(pk=retainer.pk)
        press = publishing.Press(Publication.Kind.IMPORT, at, None)
        made = press.publication(locked, **covered(locked, through), updated_at=at)
        publishing.retire_entries(made, [each.pk for each in retires])
        if hours is None:
            return None
        units = to_units(Decimal(hours), 4)
        line = Entry(
            origin=origin or uuid4(), day=day, worked_units=units, billable_units=units, wording="Work"
        )
        publishing.add_entries(made, [line])
        return line


def remaining(retainer, today=None):
    """What the client's page has left in the current cycle."""
    with tenant_scope(retainer.provider):
        acme = Client.objects.get(pk=retainer.client_id)
        (facts,) = page_facts(retainer.provider, page_retainers(acme), today or NOW.date(), Asked())
        return facts.shown.total.remaining


def turns_of(answer):
    """Where the links to other pages of a list lead, from the address that gave this answer."""
    path = answer.wsgi_request.path
    return [urljoin(path, href) for href in re.findall(r'href="([^"]*)" rel="(?:prev|next)"', answer.text)]
