"""How many clients are in sight at once: ten on a laptop's screen, four on a phone's; and five incidents on a phone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client
from tests.browser.conftest import faults_of, too_wide
from tests.factories import (
    PASSWORD,
    MembershipFactory,
    agreement_file,
    client_table,
    load_agreements,
    pool_table,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(1280, 800, 10, "light"), pytest.param(390, 844, 4, "dark", marks=pytest.mark.long)]
CLIENTS, LINES = "table.clients tbody", "tbody tr"
IN_SIGHT = """
  // the rows that stand wholly on the screen
  ([rows, height]) => [...document.querySelectorAll(rows)]
    .filter((row) => row.getBoundingClientRect().bottom <= height).length
"""

MORE_CHIPS = """
  // each row's chips, as a client has them for whom hours are approved as well
  () => document.querySelectorAll("table.clients .chips").forEach((chips) => {
    for (const text of ["Request waits", "Approved: 0 used, 4.0 left", "Wording waits"])
      chips.append(Object.assign(document.createElement("span"), { className: "chip plain", textContent: text }));
  })
"""


def load(folder, *clients) -> None:
    load_agreements(folder, agreement_file(*clients, slug="twelve"))


def name_of(number: int) -> str:
    return f"Venkataraman Logistics {number:02}"


def of_two_rows() -> Iterator[dict[str, Any]]:
    """The first client has a second pool, and every third of the twelve a second agreement."""
    managed = {"name": "Managed support", "starts": now().date().replace(day=1)}
    pools = [pool_table("support", "4", "IT support"), pool_table("b", "8", "Works")]
    yield client_table(name_of(0), slug="c-00", **managed, pools=pools)
    for n in range(1, 12, 3):
        more = {"key": "more", "name": "Projects", "psa_agreements": ["Projects"]}
        yield client_table(name_of(n), slug=f"c-{n:02}", **managed | more, hours="9")


@pytest.fixture
def twelve(live_server, tmp_path) -> Provider:
    """A provider of twelve clients with work; one is over, and a preview waits."""
    starts = now().date().replace(day=1)
    agreed = {"name": "Managed support", "starts": starts, "updates_on": ["mon"]}
    clients = (client_table(name_of(n), slug=f"c-{n:02}", hours=str(n + 4), **agreed) for n in range(12))
    load(tmp_path, *clients)
    day = max(starts, now().date() - timedelta(days=1))
    rows = [f"{n},{name_of(n)},{day},5,Printer {n} prints nothing,4330{n}" for n in range(12)]
    (tmp_path / "e.csv").write_text("\n".join(["Entry ID,Client,Date,Hours,Title,Ticket", *rows]))
    call_command("import_csv", str(tmp_path / "e.csv"), "--provider", "twelve", "--publish", verbosity=0)
    call_command("import_csv", str(tmp_path / "e.csv"), "--provider", "twelve", verbosity=0)
    provider: Provider = Provider.objects.get(slug="twelve")
    with tenant_scope(provider):
        link, _token = links.create(client=Client.objects.get(slug="c-00"), by=None)
        type(link).objects.filter(pk=link.pk).update(opened_count=1, last_opened_at=now())
    return provider


def signed_in(live_server, open_page, provider, *, width, height, scheme):
    member = MembershipFactory(provider=provider, role=Role.MANAGER)
    page = open_page(f"{live_server.url}/accounts/login/", width=width, scheme=scheme).page
    page.set_viewport_size({"width": width, "height": height})
    page.get_by_label("Your e-mail address").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")
    return page


@pytest.mark.parametrize(("width", "height", "wanted", "scheme"), SCREENS)
def test_that_many_clients_are_in_sight(
    live_server, open_page, twelve, tmp_path, width, height, wanted, scheme
):
    load(tmp_path, *of_two_rows())
    page = signed_in(live_server, open_page, twelve, width=width, height=height, scheme=scheme)

    assert page.evaluate(IN_SIGHT, [CLIENTS, height]) >= wanted
    assert not too_wide(page)
    assert faults_of(page) == []
    page.evaluate(MORE_CHIPS)
    assert not too_wide(page)
    assert page.evaluate(IN_SIGHT, [CLIENTS, height]) >= wanted


def test_five_incidents_are_in_sight_of_a_phone(live_server, open_page, twelve):
    page = signed_in(live_server, open_page, twelve, width=390, height=844, scheme="light")
    page.goto(f"{live_server.url}/incidents/")
    assert page.evaluate(IN_SIGHT, [LINES, 844]) >= 5
    assert not too_wide(page)
    assert faults_of(page) == []
