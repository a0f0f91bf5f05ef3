"""A Monday for 40 clients, counted: from the file on the disk to every client's page brought up to date.

45 titles that nobody has worded and 5 companies that nobody knows: a near name, a new client, three strangers.
"""

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.utils.timezone import now

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from imports.models import Import
from retainers.models import Client, Entry
from tests.browser.counted import Counted
from tests.factories import PASSWORD, MembershipFactory, agreement_file, client_table, load_agreements

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
CLIENTS, TITLES, STRANGERS = 40, 45, ("Zephyr Yachts", "Quartz Mining", "Ivory Towers", "Xenon Lighting")
NEAR = "Alder Dental 000 Inc."
VISIT = "Visit on site"
MOST_CLICKS, MOST_SECONDS = 60, 600
THINGS = ("Printer", "Mailbox", "Laptop", "Scanner", "Telephone", "Server", "Network", "Backup", "Screen")
FAULTS = ("repaired", "set up", "replaced", "updated", "moved")
SHORT = {
    "repaired": "broken",
    "set up": "new, setup",
    "replaced": "dead, swap",
    "updated": "old ver",
    "moved": "mv",
}


def name_of(number: int) -> str:
    return (
        f"{('Alder', 'Birch', 'Cobalt', 'Dune')[number % 4]} {('Dental', 'Freight')[number % 2]} {number:03}"
    )


@pytest.fixture
def forty(live_server, tmp_path) -> Provider:
    """A provider of 40 clients, each with a time bank; nothing was imported yet."""
    starts = (now().date() - timedelta(days=10)).replace(day=1)
    clients = (client_table(name_of(n), slug=f"c-{n:03}", hours="20", starts=starts) for n in range(CLIENTS))
    load_agreements(tmp_path, agreement_file(*clients, slug="forty", name="Harbor Point IT"))
    found: Provider = Provider.objects.get(slug="forty")
    return found


@pytest.fixture
def export(tmp_path) -> Path:
    """The week's file: every title at two clients, on machines of theirs; an hour or two for each stranger."""
    day, rows = now().date() - timedelta(days=1), []
    for n, (thing, fault) in enumerate(product(THINGS, FAULTS)):
        for at in (n % CLIENTS, (n + 7) % CLIENTS):
            rows.append(f'{name_of(at)},{day},1.25,"{thing} C{at:02}-WS{n} {SHORT[fault]} for user"')
    rows += [f'{name},{day},2,"On site"' for name in (NEAR, *STRANGERS)]
    lines = [f"{number},{row}" for number, row in enumerate(rows, start=1)]
    path: Path = tmp_path / "week.csv"
    path.write_text("\n".join(["Entry ID,Client,Date,Hours,Title", *lines]))
    return path


def words_for(title: str) -> str:
    """What a manager writes for it."""
    fault = next((fault for fault, short in SHORT.items() if short in title), "")
    return f"{title.split()[0]} {fault}" if fault else VISIT


def settle_the_strangers(person: Counted) -> None:
    page = person.page
    person.click(page.get_by_role("button", name="It is Alder Dental 000"))
    if not page.locator("[name=make]").first.is_visible():
        person.click(page.locator(".strangers > summary"))
    new = page.locator(".makes tbody tr").filter(has_text=STRANGERS[0])
    person.click(new.locator("[name=make]"))
    person.type(new.locator("input[name^=cap-]"), "15")
    person.click(page.get_by_role("button", name="Make the ticked companies clients"))
    person.click(page.get_by_role("button", name="None of these is a client"))


def word_all_titles(person: Counted) -> None:
    """By keyboard: words, Enter, the next field; the last Enter saves."""
    page = person.page
    while page.locator(".words > .word input[name^=words-]").count():
        if not page.locator(".words > .word").first.is_visible():
            person.click(page.locator("#words > summary"))
        inputs = page.locator(".words > .word")
        titles = inputs.locator("code").all_inner_texts()
        person.click(inputs.locator("input[name^=words-]").first)
        for title in titles:
            person.type_on(words_for(title.strip()))
            person.press("Enter")
        with page.expect_navigation():
            person.press("Enter")


def test_forty_clients_in_ten_minutes(live_server, open_page, forty, export):
    owner = MembershipFactory(provider=forty, role=Role.MANAGER)
    page = open_page(f"{live_server.url}/accounts/login/", width=1280).page
    page.set_default_timeout(120_000)
    page.get_by_label("Your e-mail address").fill(owner.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")
    person = Counted(page)

    person.click(page.get_by_role("link", name="Upload an export").first)
    person.upload(page.locator("input[type=file]"), export)
    person.click(page.get_by_role("button", name="Upload and preview"))
    settle_the_strangers(person)
    word_all_titles(person)
    person.click(page.locator("[data-publish]"))
    page.get_by_text("Published for").first.wait_for()

    person.told("40 clients, 45 new titles, 5 strangers")
    assert person.clicks <= MOST_CLICKS
    assert person.seconds <= MOST_SECONDS
    with tenant_scope(forty):
        assert Import.objects.get().state == Import.State.PUBLISHED
        assert Client.objects.count() == CLIENTS + 1
        worded = Entry.objects.filter(retired_in=None).values_list("wording", flat=True)
        assert len(worded) == 2 * TITLES + 2
        assert set(worded) == {VISIT, *(f"{thing} {fault}" for thing, fault in product(THINGS, FAULTS))}
