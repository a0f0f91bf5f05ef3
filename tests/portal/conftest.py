"""A client with a published month behind a link."""

from datetime import UTC, datetime

import pytest

from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client
from tests.factories import installed
from tests.shared_rows import shared_rows

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
AGREEMENT = """
[provider]
slug = "north"
name = "North IT"
support_phone = "+1 555 0100"
[[clients]]
slug = "acme"
name = "Acme Dental"
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
updates_on = ["mon"]
[[clients.retainers.terms]]
hours_from = "worked"
multipliers = [{ category = "after_hours", name = "After hours", factor = "2" }]
pools = [{ key = "support", name = "IT support", hours = "20" }]
[[clients]]
slug = "birch"
name = "Birch Lowe"
[[clients.retainers]]
key = "support"
name = "Birch support"
starts = 2026-01-01
[[clients.retainers.terms]]
pools = [{ key = "support", name = "IT support", hours = "7" }]
"""
EXPORT = """\
Entry ID,Client,Date,Hours,Billable hours,Deducted hours,Billable,Technician,Ticket,Title,Work type,Notes
1,Acme Dental,2026-06-02,1.5,1.5,1.5,Yes,Mel Stone,T1,Switch down,Remote,note
2,Acme Dental,2026-06-03,1,1,1,Yes,Mel Stone,T2,Night call,After hours,note
3,Acme Dental,2026-06-04,0.5,0.5,0.5,No,Mel Stone,T3,Own meeting,Remote,note
4,Birch Lowe,2026-06-05,2,2,2,Yes,Mel Stone,T4,Birch only,Remote,note
"""


@shared_rows
def published(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    return installed(tmp_path, AGREEMENT, EXPORT)


@shared_rows(upon=published)
def link(published):
    with tenant_scope(published):
        return links.create(client=Client.objects.get(slug="acme"), by=None)


@pytest.fixture
def address(link):
    return f"/b/{link[1]}/"
