"""Staff who look as the client does, and who look at a day, read what the client reads: the same page, figures, log."""

from datetime import date

import pytest

from accounts.tenancy import tenant_scope
from portal.models import ClientRequest, ShareLink
from tests.desk.acting import NOW, address, as_role, provider, publish, retainer  # noqa: F401

JUNE_5 = date(2026, 6, 5)


@pytest.fixture
def approved(provider, retainer, address):  # noqa: F811
    """Work, a link, and four hours past the cap that were confirmed for this cycle."""
    publish(retainer, JUNE_5, "3.5", at=NOW, through=JUNE_5)
    with tenant_scope(provider):
        ClientRequest.objects.create(
            retainer=retainer,
            link=ShareLink.objects.get(),
            kind=ClientRequest.Kind.OVERAGE,
            hours_units=400,
            cycle_starts=date(2026, 6, 1),
            name="Lucille",
            email="lucille@acme.example",
            made_at=NOW,
            may_approve=True,
            confirmed_at=NOW,
        )
    return address


AS_CLIENT = "/clients/acme/view/"
AS_OF = "/clients/acme/as-of/2026-06-22/"


@pytest.mark.parametrize("where", [AS_CLIENT, AS_OF])
def test_the_same_figures_approvals_among_them(approved, as_role, where):  # noqa: F811
    client = as_role()
    theirs = client.get(f"{approved}balance.json").json()
    assert theirs["retainers"][0]["approved_overage"] == "4.00"
    assert client.get(f"{where}balance.json").json() == theirs


@pytest.mark.parametrize("where", [AS_CLIENT, AS_OF])
def test_the_same_log(approved, as_role, where):  # noqa: F811
    client = as_role()
    theirs = client.get(f"{approved}log.csv").content
    assert b"2026-06-05" in theirs
    assert client.get(f"{where}log.csv").content == theirs


def test_the_same_page(approved, as_role):  # noqa: F811
    client = as_role()
    theirs = client.get(approved).content
    assert b"approved by Lucille" in theirs
    assert client.get(AS_CLIENT).content == theirs


def test_what_was_approved_later_stands_on_no_earlier_day(approved, as_role):  # noqa: F811
    client = as_role()
    earlier = client.get("/clients/acme/as-of/2026-06-21/balance.json")
    assert earlier.json()["retainers"][0]["approved_overage"] is None
