"""A provider with published work, and programs with keys of it."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from accounts import keys
from accounts.models import Provider, Scope
from accounts.tenancy import tenant_scope
from tests.factories import load_agreements
from tests.shared_rows import shared_rows

AGREEMENTS = """
[provider]
slug = "north"
name = "North IT"
timezone = "America/Chicago"
[[clients]]
slug = "acme"
name = "Acme"
psa_names = ["Acme Dental Group Inc"]
[[clients.retainers]]
key = "support"
name = "Support"
starts = 2026-01-01
updates_on = ["mon"]
[[clients.retainers.terms]]
hours_from = "worked"
multipliers = [{ category = "after_hours", name = "After hours", factor = "2" }]
pools = [{ key = "reactive", name = "Reactive", hours = "20" }, { key = "planned", name = "Planned", hours = "5" }]
[[clients]]
slug = "birch"
name = "Birch"
[[clients.retainers]]
key = "block"
name = "Prepaid"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{ key = "main", name = "Hours", hours = "0" }]
[[clients.retainers.top_ups]]
date = 2026-01-10
hours = "30"
pool = "main"
[[clients.retainers]]
key = "care"
name = "Care"
starts = 2026-03-01
ends = 2026-12-31
psa_agreements = ["Care"]
[[clients.retainers.terms]]
hours_from = "worked"
overage = "bill"
overage_rate = "150.00"
sharing = "shared"
pools = [{ key = "a", name = "A", hours = "2" }, { key = "b", name = "B", hours = "3" }]
[[clients]]
slug = "cedar"
name = "Cedar"
"""
WEEK = """Entry ID,Client,Agreement,Date,Hours,Title
1,Acme Dental Group Inc,Support,2026-06-02,1.5,Printer on RX-200
2,Acme Dental Group Inc,Support,2026-06-03,2,Mailbox moved
3,Birch,Care,2026-06-03,6.25,Server
"""


@shared_rows
def north(tmp_path, time_machine, settings):
    settings.BASE_URL = "https://hours.north.example"
    time_machine.move_to(datetime(2026, 6, 8, 15, tzinfo=UTC), tick=False)
    (tmp_path / "week.csv").write_text(WEEK)
    load_agreements(tmp_path, AGREEMENTS)
    call_command(
        "import_csv", str(tmp_path / "week.csv"), provider="north", publish=True, accept="all", verbosity=0
    )
    return Provider.objects.get(slug="north")


@pytest.fixture
def key_of(north):
    def make(*scopes, provider=north, name="PSA"):
        with tenant_scope(provider):
            return keys.create(name=name, scopes=scopes, by=None)[1]

    return make


@pytest.fixture
def reads(key_of):
    return program(key_of(Scope.READ))


def program(secret):
    """Asks as a program with that key does."""
    return Browser(headers={"Authorization": f"Bearer {secret}"})
