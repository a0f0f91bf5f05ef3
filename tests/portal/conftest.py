"""A client with a published month behind a link."""

from datetime import UTC, datetime

import pytest

from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client
from tests.factories import AFTER_HOURS, agreement_file, client_table, installed, retainer_table
from tests.shared_rows import shared_rows
from tests.world import World

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)


def agreements(*further, **differences) -> str:
    """Two clients; acme's agreement differs in this, if in anything, and acme may have further ones."""
    said = {"updates_on": ["mon"], "multipliers": [AFTER_HOURS], **differences}
    acme = client_table("Acme Dental", retainer_table("20", **said), *further)
    birch = client_table("Birch Lowe", hours="7", name="Birch support")
    return agreement_file(acme, birch, support_phone="+1 555 0100")


EXPORT = """\
Entry ID,Client,Date,Hours,Billable hours,Deducted hours,Billable,Technician,Ticket,Title,Work type,Notes
1,Acme Dental,2026-06-02,1.5,1.5,1.5,Yes,Mel Stone,T1,Switch down,Remote,note
2,Acme Dental,2026-06-03,1,1,1,Yes,Mel Stone,T2,Night call,After hours,note
3,Acme Dental,2026-06-04,0.5,0.5,0.5,No,Mel Stone,T3,Own meeting,Remote,note
4,Birch Lowe,2026-06-05,2,2,2,Yes,Mel Stone,T4,Birch only,Remote,note
"""


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    return World(installed(tmp_path, agreements(), EXPORT))


@shared_rows(upon="world")
def link(world):
    with tenant_scope(world.provider):
        return links.create(client=Client.objects.get(slug="acme"), by=None)


@pytest.fixture
def address(link):
    return f"/b/{link[1]}/"
