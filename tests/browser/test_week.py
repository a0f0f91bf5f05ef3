"""A manager's week in a real browser, from the export on Monday to the statement; pictures are kept to look at."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.timezone import now
from playwright.sync_api import Page

from accounts.models import Membership, Provider, Role
from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client
from tests.factories import PASSWORD, MembershipFactory, agreement_file, client_table, load_agreements

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
NAMES = (
    "Alder Clinic",
    "Birch Legal",
    "Cedar Foods",
    "Dogwood Print",
    "Elm School",
    "Fir Freight",
    "Gorse Gardens",
    "Hazel Hotel",
    "Ivy Interiors",
    "Juniper Labs",
    "Kapok Kitchens",
    "Larch Lumber",
)
HELD = "Larch Lumber"
WORDED = 6
PICTURES = Path(settings.BASE_DIR) / "screenshots" / "week"


def slug_of(name: str) -> str:
    return name.lower().replace(" ", "-")


def agreements(starts: date) -> str:
    """Twelve time banks of ten hours, one cycle of which is over."""
    clients = (client_table(name, slug=slug_of(name), starts=starts) for name in NAMES)
    return agreement_file(*clients, slug="week", name="Weekday IT", support_phone="+1 555 0199")


def export(today: date, starts: date) -> str:
    """One ConnectWise report for all twelve: a line in the cycle that is over, two in the one that runs."""
    head = "Time_RecID,company_name,SR_Service_RecID,sr_summary,member_id,Date_Start,hours_actual,option_id"
    lines = [head]
    for number, name in enumerate(NAMES):
        for part, day in enumerate((starts + timedelta(days=3), today - timedelta(days=2), today)):
            record, ticket = 1000 + 10 * number + part, 500 + number
            lines.append(
                f"{record},{name},{ticket},srv-{number:02} job {part},mstone{number:02},{day},{part + 1}.5,B"
            )
    return "\n".join(lines) + "\n"


@dataclass
class Week:
    page: Page
    url: str
    token: str

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def keep(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    def left_for_the_client(self) -> str:
        """The big number that the client of the link reads."""
        self.go(f"/b/{self.token}/")
        return self.page.locator("strong.big").inner_text()


@pytest.fixture
def week(live_server, open_page, tmp_path) -> Week:
    today = now().date()
    starts = today - timedelta(days=45)
    (tmp_path / "week.csv").write_text(export(today, starts))
    load_agreements(tmp_path, agreements(starts))
    provider = Provider.objects.get()
    member: Membership = MembershipFactory(provider=provider, role=Role.MANAGER)
    with tenant_scope(provider):
        _, token = links.create(client=Client.objects.get(slug="alder-clinic"), by=None)
    page = open_page(f"{live_server.url}/accounts/login/", width=1280).page
    page.get_by_label("Your e-mail address").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{live_server.url}/")
    return Week(page, live_server.url, token)


def test_a_managers_week(week, tmp_path):
    page = week.page
    week.keep("1-dashboard")

    # Monday: one file for twelve clients, six lines worded, one client held
    page.get_by_role("link", name="Upload an export").first.click()
    page.locator("input[type=file]").set_input_files(tmp_path / "week.csv")
    page.get_by_role("button", name="Upload and preview").click()
    assert page.locator("input[name=publish]").count() == len(NAMES)
    page.locator("summary", has_text="Words for clients").click()
    for number in range(WORDED):
        page.get_by_label("Shown to the client").nth(number).fill(f"Planned work, part {number + 1}")
    page.get_by_role("button", name="Save the words").click()
    page.locator("summary", has_text="clients are ready").click()
    page.get_by_label(f"Publish {HELD}").uncheck()
    week.keep("2-preview")
    page.locator("[data-publish]").click()
    page.get_by_text("held").first.wait_for()
    week.keep("3-published")
    assert week.left_for_the_client() == "4.0"
    assert "Planned work, part" in page.locator("main").inner_text()
    assert "srv-" not in page.content()
    week.keep("4-what-the-client-sees")

    # Tuesday: the client asks for hours, the manager grants them
    page.get_by_role("link", name="Ask for a top-up").click()
    page.get_by_label("Hours").fill("5")
    page.get_by_label("Your name").fill("Pat Lee")
    page.get_by_label("Your e-mail address").fill("pat@alder.example")
    page.get_by_role("button", name="Send").click()
    week.go("/requests/")
    page.locator("summary", has_text="Answer").click()
    page.get_by_label("Your answer").fill("Granted, thank you")
    page.locator("input[name$=accept]").check()
    page.get_by_role("button", name="Send the answer").click()
    week.keep("5-answered")
    assert week.left_for_the_client() == "9.0"

    # Wednesday: the wrong file; taken back, looked at again, published for everybody
    week.go("/admin/imports/")
    page.get_by_role("link", name="week.csv").click()
    page.locator("summary", has_text="Undo the whole import").click()
    page.get_by_role("button", name="Undo it for all").click()
    assert week.left_for_the_client() == "15.0"
    week.go("/admin/imports/")
    page.get_by_role("link", name="week.csv").click()
    page.get_by_role("button", name="Preview this file again").click()
    assert page.locator("input[name=publish]:checked").count() == len(NAMES) - 1  # who was held stays so
    page.locator("[data-publish]").click()
    assert week.left_for_the_client() == "9.0"
    assert "Planned work, part" in page.locator("main").inner_text()

    # Thursday: the cycle that is over is stated
    week.go("/clients/alder-clinic/")
    page.get_by_role("link", name="Statements").click()
    page.get_by_role("button", name="Issue").first.click()
    week.keep("6-statements")
    page.locator("td[data-label=Stated] a").first.click()
    assert "1.5" in page.locator("main").inner_text()
    week.keep("7-statement")

    # Friday: the agreement is renewed, and the bookmark goes on working
    week.go("/clients/alder-clinic/")
    page.get_by_role("link", name="Agreement", exact=True).click()
    page.get_by_role("link", name="Renew").click()
    page.get_by_label("Name of the new agreement").fill("IT support, renewed")
    page.get_by_role("button", name="Check").click()
    week.keep("8-renewal")
    page.get_by_role("button", name="Renew and publish").click()
    assert "The client’s links keep working" in page.get_by_role("status").first.inner_text()
    assert week.left_for_the_client() == "9.0"
