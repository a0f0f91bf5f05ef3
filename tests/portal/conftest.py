"""A client with a published month behind a link."""

from datetime import UTC, datetime

import pytest
from django.core import mail

from accounts.tenancy import tenant_scope
from portal import links
from portal.models import ClientRequest
from retainers.models import Client, Contact
from tests.factories import AFTER_HOURS, agreement_file, client_table, installed, retainer_table
from tests.mails import deliver
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


FORM = {"hours": "4", "name": "Pat Lee", "email": "pat@acme.example", "text": "For the move"}
SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def approver(provider):
    with tenant_scope(provider):
        acme = Client.objects.get(slug="acme")
        return Contact.objects.create(client=acme, name="Pat Lee", email="Pat@acme.example", approves=True)


@pytest.fixture
def ask(client, address):
    def ask(kind="overage", form=FORM, **headers):
        answer = client.post(f"{address}ask/{kind}/", form, follow=True, **(headers or SAME))
        deliver()
        return answer

    return ask


def to_confirm():
    """The mails with the button, beside the receipts."""
    return [sent for sent in mail.outbox if "/b/confirm/" in sent.body]


def requests_of(provider):
    with tenant_scope(provider):
        return list(ClientRequest.objects.order_by("pk"))
