"""The desk in a real browser: accessible, never too wide, usable by keyboard and without script."""

import pytest
from django.utils.timezone import now

from accounts.models import Membership, OutboxMail, Provider, Role
from accounts.tenancy import tenant_scope
from alerts.hooks.models import Delivery, Webhook
from imports.models import RememberedWording
from portal import links
from portal.models import ClientRequest, ShareLink
from retainers.models import Client, Retainer
from tests.browser.conftest import faults_of, too_wide
from tests.factories import PASSWORD, MembershipFactory, load_agreements, publish_export
from tests.portal.conftest import agreements

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INSIDE = (
    "/",
    "/clients/acme/",
    "/clients/acme/sharing/",
    "/clients/acme/history/",
    "/waiting/",
    "/incidents/",
    "/month-end/",
    "/mails/",
    "/webhooks/",
    "/admin/imports/",
    "/admin/imports/wording/",
    "/admin/imports/wording/remembered/",
    "/clients/new/",
    "/clients/acme/edit/",
    "/clients/acme/retainers/support/agreement/",
    "/clients/acme/agreements/new/",
    "/clients/acme/hours/",
    "/clients/acme/view/",
    "/mappings/",
    "/companies/?q=acme",
    "/leak-check/",
    "/answers/",
    "/clients/acme/retainers/support/versions/",
    "/clients/acme/retainers/support/renew/",
    "/requests/",
    "/trail/",
    "/members/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/sessions/",
    "/accounts/logout/",
)
OUTSIDE = ("/accounts/login/", "/accounts/password/reset/", "/invitations/none/", "/nothing/")


@pytest.fixture
def owner(live_server, tmp_path) -> Membership:
    """An owner of a provider with two clients: one past its hours, one whose link nobody opened."""
    today = now().date()
    rows = [f"{n},Acme Dental,{today},{n + 3},Yes,Mel Stone,T{n},Title {n},Remote" for n in range(5)]
    rows.append(f"9,Acme Dental,{today},1,No,Mel Stone,T9,Own meeting,Remote")
    head = "Entry ID,Client,Date,Hours,Billable,Technician,Ticket,Title,Work type"
    load_agreements(tmp_path, agreements())
    publish_export(tmp_path, "\n".join([head, *rows]), "--accept", "all")
    provider = Provider.objects.get()
    with tenant_scope(provider):
        for client in Client.objects.all():
            links.create(client=client, by=None, label="Pat Lee")
        leave_open(provider)
    return MembershipFactory(provider=provider, role=Role.OWNER)


def leave_open(provider: Provider) -> None:
    """Something for every count of the navigation and every long line of a list."""
    who = {"name": "Pat Lee", "email": "pat@acme.example"}
    ClientRequest.objects.create(
        retainer=Retainer.objects.first(),
        link=ShareLink.objects.first(),
        kind=ClientRequest.Kind.TOP_UP,
        hours_units=500,
        made_at=now(),
        **who,
    )
    lost = {
        "given_up_at": now(),
        "last_error": "550 5.1.1 no such mailbox",
        "recipient": "front.desk@acme.example",
    }
    OutboxMail.objects.create(
        provider=provider, key="r:1", kind="received", context={"client": "Acme"}, **lost
    )
    RememberedWording.objects.create(
        kind="title", key="vpn down at the main office", text="Connection repaired"
    )
    hook = {"name": "Billing bridge", "kind": "json", "host": "billing.north.example"}
    row = Webhook.objects.create(made_at=now(), since=now(), **hook)
    told = {
        "key": "published:1",
        "event": "published",
        "last_error": "No answer: the connection was refused.",
    }
    Delivery.objects.create(webhook=row, happened_at=now(), given_up_at=now(), attempts=22, **told)


@pytest.fixture
def inside(live_server, owner, open_page):
    """Opens pages as the owner, who signs in by the form."""

    def enter(**how):
        watched = open_page(f"{live_server.url}/accounts/login/", **how)
        watched.page.get_by_label("Your e-mail address").fill(owner.user.email)
        watched.page.get_by_label("Password").fill(PASSWORD)
        watched.page.get_by_role("button", name="Sign in", exact=True).click()
        watched.page.wait_for_url(f"{live_server.url}/")
        return watched

    return enter


LONG = pytest.mark.long
LIGHT_OR_DARK = ["light", pytest.param("dark", marks=LONG)]


@pytest.mark.parametrize(
    ("width", "scheme", "with_axe"),
    [
        (320, "light", False),  # only whether it fits: axe takes longer than all else of the page
        pytest.param(320, "light", True, marks=LONG),
        pytest.param(1280, "dark", True, marks=LONG),
    ],
)
def test_every_page_inside_is_accessible_and_fits(live_server, inside, width, scheme, with_axe):
    watched = inside(width=width, scheme=scheme)
    for path in INSIDE:
        answer = watched.page.goto(live_server.url + path)
        assert answer.status == 200, path
        watched.page.evaluate(
            "for (const each of document.querySelectorAll('main details')) each.open = true"
        )
        assert not with_axe or faults_of(watched.page) == [], path
        for each in (1280, width):
            watched.page.set_viewport_size({"width": each, "height": 844})
            assert not too_wide(watched.page), (path, each)
    assert [
        each for each in watched.complaints if "autocomplete" not in each and "username" not in each
    ] == []


@pytest.mark.parametrize("scheme", LIGHT_OR_DARK)
@pytest.mark.parametrize("path", OUTSIDE)
def test_every_page_outside_is_accessible_and_fits(live_server, db, open_page, path, scheme):
    page = open_page(live_server.url + path, width=320, scheme=scheme).page
    assert faults_of(page) == []
    assert not too_wide(page)


def test_a_link_is_made_copied_and_revoked_without_script(live_server, inside):
    page = inside(script=False).page
    page.goto(f"{live_server.url}/clients/birch/sharing/")
    page.get_by_label("For whom (optional)").fill("Finance")
    page.get_by_role("button", name="Create a link").click()
    address = page.get_by_label("Address").input_value()
    page.get_by_role("link", name="Back to the client").click()
    page.get_by_role("button", name="Copy Finance").click()
    assert page.get_by_label("Address").input_value() == address
    page.get_by_role("link", name="Back to the client").click()
    made = page.locator("li.link", has_text="Finance")
    made.locator("summary", has_text="Revoke").click()
    made.get_by_role("button", name="Revoke it now").click()
    assert page.get_by_role("status").filter(has_text="“Finance” is revoked").count() == 1


def test_one_press_copies_the_address(live_server, inside):
    page = inside(width=1280).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/clients/acme/sharing/")
    page.get_by_role("button", name="Create a link").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("Address").input_value()


def test_the_dashboard_is_worked_by_keyboard(live_server, inside):
    page = inside(width=1280).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the content"
    page.get_by_role("searchbox").focus()
    page.keyboard.type("birch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=birch**")
    assert page.locator("tbody th a").all_inner_texts() == ["Birch Lowe"]
    page.locator("tbody th a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/birch/")


def test_keys_lead_to_the_search_along_the_list_and_into_a_client(live_server, inside):
    page = inside(width=1280).page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("/j")  # in a field they are letters
    assert page.get_by_role("searchbox").input_value() == "/j"
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("tbody th a").first.inner_text()
    assert page.evaluate("document.activeElement.innerText") == first
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/*/")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")  # this page has no search of its own
    assert page.get_by_role("dialog", name="Search").is_visible()
    assert page.evaluate("document.activeElement.type") == "search"


def test_the_palette_finds_as_one_types_and_opens_what_is_found_by_keyboard(live_server, inside):
    watched = inside(width=320)
    page = watched.page
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search")
    page.keyboard.type("birch")
    palette.get_by_role("link", name="Birch Lowe", exact=True).wait_for()
    assert "found" in palette.get_by_role("status").inner_text()
    assert faults_of(page) == []
    assert not too_wide(page)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText") == "Birch Lowe"
    page.keyboard.press("Escape")
    assert not palette.is_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("birch")
    palette.get_by_role("link", name="Birch Lowe", exact=True).wait_for()
    page.keyboard.press("Escape")
    assert not palette.is_visible(), "the field kept the Escape, to empty itself"
    page.keyboard.press("Control+k")
    page.keyboard.type("birch")
    palette.get_by_role("link", name="Birch Lowe", exact=True).wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/birch/")
    assert watched.complaints == []


def test_the_search_is_a_page_of_its_own_without_script(live_server, inside):
    page = inside(width=320).page
    page.goto(f"{live_server.url}/search/?q=birch")
    assert faults_of(page) == []
    assert not too_wide(page)
    page.get_by_role("link", name="Birch Lowe", exact=True).click()
    page.wait_for_url("**/clients/birch/")


def test_the_text_of_a_mail_fits_a_phone(live_server, inside):
    watched = inside(width=320)
    mail = OutboxMail.objects.get(key="r:1")
    watched.page.goto(f"{live_server.url}/mails/{mail.pk}/")
    assert watched.page.locator("pre").inner_text().strip()
    assert not too_wide(watched.page)
