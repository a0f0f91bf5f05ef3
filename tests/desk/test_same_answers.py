"""Staff who look as the client does, and who look at a day, read what the client reads: the same page, figures, log."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.tenancy import tenant_scope
from retainers.approving import approve
from retainers.models import Contact
from tests.desk.acting import NOW, publish
from tests.world import world  # noqa: F401

JUNE_5 = date(2026, 6, 5)


@pytest.fixture
def approved(provider, retainer, address):
    """Work, a link, and four hours past the cap that were confirmed for this cycle."""
    publish(retainer, JUNE_5, "3.5", at=NOW, through=JUNE_5)
    with tenant_scope(provider):
        lucille = Contact.objects.create(
            client=retainer.client, name="Lucille", email="lucille@acme.example", approves=True
        )
        approve(retainer=retainer, cycle=date(2026, 6, 1), hours=Decimal(4), contact=lucille, at=NOW)
    return address


AS_CLIENT = "/clients/acme/view/"
AS_OF = "/clients/acme/as-of/2026-06-22/"


@pytest.mark.parametrize("where", [AS_CLIENT, AS_OF])
def test_the_same_figures_approvals_among_them(approved, as_role, where):
    client = as_role()
    theirs = client.get(f"{approved}balance.json").json()
    assert theirs["retainers"][0]["approved_overage"] == "4.00"
    assert client.get(f"{where}balance.json").json() == theirs


@pytest.mark.parametrize("where", [AS_CLIENT, AS_OF])
def test_the_same_log(approved, as_role, where):
    client = as_role()
    theirs = client.get(f"{approved}log.csv").content
    assert b"2026-06-05" in theirs
    assert client.get(f"{where}log.csv").content == theirs


def test_the_same_page(approved, as_role):
    client = as_role()
    theirs = client.get(approved).content
    assert b"approved by Lucille" in theirs
    mark, _, ours = client.get(AS_CLIENT).content.partition(b"</aside>\n")
    before, _, _ = mark.partition(b'<aside class="staff-view"')
    assert before + ours == theirs


def test_what_was_approved_later_stands_on_no_earlier_day(approved, as_role):
    client = as_role()
    earlier = client.get("/clients/acme/as-of/2026-06-21/balance.json")
    assert earlier.json()["retainers"][0]["approved_overage"] is None


def test_an_approval_is_the_contacts_own_deed(approved, as_role):
    page = as_role().get("/clients/acme/history/").text
    assert "the client’s contact" in page
