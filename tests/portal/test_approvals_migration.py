"""Approvals that were confirmed before they were published rows are kept as such."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from accounts.tenancy import all_tenants, tenant_scope
from portal.models import ClientRequest
from retainers.models import Approval, Contact, Retainer
from retainers.selectors import retainers_of, standings
from tests.portal.conftest import NOW

migration = import_module("portal.migrations.0002_confirmed_approvals")


@pytest.fixture
def asked(provider, link):
    """Two hours confirmed by a listed approver under a name that somebody typed, three that nobody confirmed."""
    with tenant_scope(provider):
        acme = Retainer.objects.get(client__slug="acme")
        Contact.objects.create(client=acme.client, name="Pat Lee", email="pat@acme.example", approves=True)
        said = {
            "retainer": acme,
            "link": link[0],
            "kind": "overage",
            "cycle_starts": date(2026, 6, 1),
            "name": "Somebody else",
            "email": "Pat@acme.example",
            "made_at": NOW - timedelta(hours=2),
            "may_approve": True,
        }
        ClientRequest.objects.create(**said, hours_units=200, confirmed_at=NOW - timedelta(hours=1))
        ClientRequest.objects.create(**said, hours_units=300)
    return provider


def test_a_confirmed_approval_counts_on_and_bears_the_contacts_name(asked):
    with all_tenants("a migration asks no provider"):
        migration.keep_approvals(apps, None)

    with tenant_scope(asked):
        (kept,) = Approval.objects.all()
        assert (kept.hours_units, kept.name, kept.email) == (200, "Pat Lee", "pat@acme.example")
        (standing,) = standings(retainers_of(["acme"]), on=NOW.date(), zone=NOW.tzinfo)
        assert str(standing.current.approved) == "2.00"
