"""From an empty installation to a client's page that a client has opened: by visible controls, counted."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.utils.timezone import now

from tests.browser.conftest import faults_of, too_wide
from tests.browser.counted import Counted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = Path(project.BASE_DIR) / "screenshots" / "first-day"
MOST_CLICKS, MOST_SECONDS = 40, 180
NAMES = ("Aspen Dental", "Birch & Lowe", "Cobalt Freight", "Dune Optics")
TITLES = ("Printer offline", "New laptop for a colleague", "Mailbox is full", "Backup checked")


@pytest.fixture
def export(tmp_path) -> Path:
    """A week's time report for four companies that nobody knows yet."""
    first = now().date().replace(day=1)
    days = [min(first + timedelta(days=n), now().date()) for n in range(4)]
    rows = [
        f"{n},{NAMES[n % 4]},{days[n % 4]},1.5,{TITLES[n % 4]},{'Prepaid Block 40h' if n % 4 == 3 else ''}"
        for n in range(16)
    ]
    path: Path = tmp_path / "week.csv"
    path.write_text("\n".join(["Entry ID,Client,Date,Hours,Title,Agreement", *rows]))
    return path


def keep(page, name: str) -> None:
    """A picture at both widths; nothing scrolls sideways."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        assert not too_wide(page), name


def set_up(person: Counted, address: str) -> None:
    printed = StringIO()
    call_command("setup", "--code", stdout=printed)
    code = re.search(r"code ([A-Z2-7-]+)", printed.getvalue())
    assert code
    page = person.page
    page.goto(address)
    keep(page, "1-setup")
    person.type(page.get_by_label("One-time code"), code[1])
    person.type(page.get_by_label("Name of your company"), "North IT")
    person.type(page.get_by_label("Your e-mail address"), "dana@north.example")
    person.click(page.get_by_role("button", name="Continue to your password"))
    person.type(page.get_by_label("Your name"), "Dana")
    person.type(page.get_by_label("Password"), "a sentence nobody guesses")
    person.click(page.get_by_role("button", name="Accept the invitation"))


def publish_the_first_file(person: Counted, export: Path) -> None:
    page = person.page
    keep(page, "2-check-list")
    assert page.get_by_text("Upload a time report from your PSA").is_visible()
    person.click(page.get_by_role("link", name="Upload an export").last)
    person.upload(page.locator("input[type=file]"), export)
    person.click(page.get_by_role("button", name="Upload and preview"))
    keep(page, "3-companies")
    assert faults_of(page) == []
    person.type(page.get_by_label("Hours for those left empty"), "20")
    person.click(page.get_by_role("button", name="Make the ticked companies clients"))
    keep(page, "4-preview")
    assert page.get_by_text("4 clients created").is_visible()
    person.click(page.locator("[data-publish]"))
    assert page.get_by_text("ublished").first.is_visible()
    keep(page, "5-published")


def hand_out_a_link(person: Counted) -> str:
    page = person.page
    person.click(page.get_by_role("link", name="HourTab"))
    keep(page, "6-check-list")
    person.click(page.get_by_role("link", name="Create a link"))
    person.click(page.get_by_role("button", name="Create a link"))
    keep(page, "7-link")
    text = page.get_by_label("A text to send with it").input_value()
    assert "The page is updated Mondays." in text
    person.click(page.get_by_role("button", name="Copy").last)
    found = re.search(r"/b/[\w-]+/", text)
    assert found
    return found[0]


def test_a_stranger_gets_from_nothing_to_an_opened_link(live_server, open_page, export, settings):
    settings.BASE_URL = live_server.url
    person = Counted(open_page(f"{live_server.url}/", width=1280).page)
    set_up(person, live_server.url)
    publish_the_first_file(person, export)
    link = hand_out_a_link(person)

    client = open_page(f"{live_server.url}{link}").page

    assert client.get_by_text("hours remaining").first.is_visible()
    person.told("empty installation to a link in the clipboard")
    assert person.clicks <= MOST_CLICKS
    assert person.seconds <= MOST_SECONDS
    person.page.goto(live_server.url)
    assert person.page.get_by_text("To the first client’s page").count() == 0
