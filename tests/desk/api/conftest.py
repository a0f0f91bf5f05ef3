"""A provider with published work, and programs with keys of it."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client as Browser

from accounts import keys
from accounts.models import Provider, Scope
from accounts.tenancy import tenant_scope
from tests.factories import (
    AFTER_HOURS,
    agreement_file,
    client_table,
    load_agreements,
    pool_table,
    publish_export,
    retainer_table,
)
from tests.shared_rows import shared_rows
from tests.world import World

SUPPORT = client_table(
    "Acme",
    psa_names=["Acme Dental Group Inc"],
    name="Support",
    updates_on=["mon"],
    multipliers=[AFTER_HOURS],
    pools=[pool_table("reactive", "20"), pool_table("planned", "5")],
)
BLOCK = retainer_table(
    key="block",
    name="Prepaid",
    pools=[pool_table("main", "0", "Hours")],
    top_ups=[{"date": date(2026, 1, 10), "hours": "30", "pool": "main"}],
)
CARE = retainer_table(
    key="care",
    name="Care",
    starts=date(2026, 3, 1),
    ends=date(2026, 12, 31),
    psa_agreements=["Care"],
    overage="bill",
    overage_rate="150.00",
    sharing="shared",
    pools=[pool_table("a", "2"), pool_table("b", "3")],
)
AGREEMENTS = agreement_file(
    SUPPORT,
    client_table("Birch", BLOCK, CARE),
    {"slug": "cedar", "name": "Cedar"},
    timezone="America/Chicago",
)
WEEK = """Entry ID,Client,Agreement,Date,Hours,Title
1,Acme Dental Group Inc,Support,2026-06-02,1.5,Printer on RX-200
2,Acme Dental Group Inc,Support,2026-06-03,2,Mailbox moved
3,Birch,Care,2026-06-03,6.25,Server
"""


@shared_rows
def world(tmp_path, time_machine, settings) -> World:
    settings.BASE_URL = "https://hours.north.example"
    time_machine.move_to(datetime(2026, 6, 8, 15, tzinfo=UTC), tick=False)
    load_agreements(tmp_path, AGREEMENTS)
    publish_export(tmp_path, WEEK, "--accept", "all")
    return World(Provider.objects.get(slug="north"))


@pytest.fixture
def key_of(provider):
    def make(*scopes, provider=provider, name="PSA"):
        with tenant_scope(provider):
            return keys.create(name=name, scopes=scopes, by=None)[1]

    return make


@pytest.fixture
def reads(key_of):
    return program(key_of(Scope.READ))


def program(secret):
    """Asks as a program with that key does."""
    return Browser(headers={"Authorization": f"Bearer {secret}"})
