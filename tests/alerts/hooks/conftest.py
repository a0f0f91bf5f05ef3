"""A provider with a webhook to add, a receiver that hears it, and a week of which a threshold is reached."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from alerts.hooks import keeping
from alerts.hooks.models import Event
from tests.alerts.hooks.receiver import receiving
from tests.factories import (
    agreement_file,
    client_table,
    load_agreements,
    pool_table,
    publish_export,
)
from tests.shared_rows import shared_rows
from tests.world import World

NOW = datetime(2026, 6, 8, 15, tzinfo=UTC)


HERE = (ip_network("127.0.0.0/8"),)


AGREEMENT = agreement_file(
    client_table(
        "Acme <!channel> [x](http://evil.example)",
        psa_names=["Acme"],
        name="Support",
        pools=[pool_table("main", "10", "Hours")],
    )
)


WEEK = (
    "Client,Date,Hours,Title,Technician,Notes\nAcme,2026-06-02,9.5,Printer on RX-200,Mel Stone,secret note\n"
)


@shared_rows
def world(tmp_path, time_machine, settings) -> World:
    settings.BASE_URL = "https://hours.north.example"
    settings.WEBHOOK_NETWORKS = HERE
    time_machine.move_to(NOW, tick=False)
    load_agreements(tmp_path, AGREEMENT)
    return World(Provider.objects.get(slug="north"))


@pytest.fixture
def receiver():
    with receiving() as made:
        yield made


@pytest.fixture
def add(provider, receiver):
    def add(kind="json", events=tuple(Event), provider=provider, address=""):
        with tenant_scope(provider):
            address = address or f"http://127.0.0.1:{receiver.port}/in/secret-token"
            return keeping.add(
                name=f"Our {kind}",
                kind=kind,
                address=address,
                events=events,
                by=None,
                at=NOW - timedelta(days=1),
            )

    return add


@shared_rows(upon="world")
def work(tmp_path):
    """A week is published, of which a threshold is reached."""
    publish_export(tmp_path, WEEK, "--accept", "all")
