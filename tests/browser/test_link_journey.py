"""A client's way through the page behind a link, in a real browser."""

import re

import pytest

from accounts.models import AuditEvent, Provider, Role
from accounts.tenancy import tenant_scope
from portal import links
from portal.models import ClientRequest
from retainers.models import Client
from tests.browser.conftest import squeezed, too_wide
from tests.factories import MembershipFactory, load_agreements, publish_export
from tests.portal.conftest import agreements

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server, tmp_path):
    from django.utils.timezone import now

    today = now().date()
    rows = [
        f"{n},Acme Dental,{today},0.25,Title {n},Words for line {n} that a client reads" for n in range(100)
    ]
    export = "\n".join(["Entry ID,Client,Date,Hours,Title,Client description", *rows])
    load_agreements(tmp_path, agreements(updates_on=["mon", "thu"]))
    Provider.objects.update(trusted_notes=["generic"])
    publish_export(tmp_path, export, "--accept", "one-company")
    with tenant_scope(Provider.objects.get()):
        _, token = links.create(client=Client.objects.get(slug="acme"), by=None)
    return f"{live_server.url}/b/{token}/"


def test_the_page_is_one_html_and_one_css_small_and_without_a_cookie(address, open_page):
    watched = open_page(address)
    assert [request.resource_type for request in watched.requests] == ["document", "stylesheet"]
    assert watched.page.context.cookies() == []
    assert watched.complaints == []
    bodies = [request.response().body() for request in watched.requests]
    assert bodies[0].count(b"Words for line") == 2 * 100  # each line, and the link that asks about it
    assert squeezed(*bodies) <= 40_000


def test_the_style_sheet_is_not_told_the_token(address, open_page):
    watched = open_page(address)
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert token not in (watched.requests[1].headers.get("referer") or "")


def test_everything_is_read_without_script_and_by_keyboard(address, open_page):
    page = open_page(address, script=False).page
    assert "left" in page.locator(".hero").inner_text() or "remaining" in page.locator(".hero").inner_text()
    page.get_by_role("textbox", name="Hours").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"hours=3"))
    assert "3" in page.get_by_role("status").first.inner_text()
    assert not too_wide(page)


def test_a_request_sent_from_the_page_arrives(address, open_page):
    page = open_page(address).page
    page.get_by_role("link", name="Ask for a top-up").click()
    page.get_by_label("Hours").fill("5")
    page.get_by_label("Your name").fill("Pat Lee")
    page.get_by_label("Your e-mail address").fill("pat@acme.example")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you, we have received it"
    with tenant_scope(Provider.objects.get()):
        assert ClientRequest.objects.get().hours_units == 500


def test_a_link_that_opens_nothing_says_so(address, open_page):
    page = open_page(address.replace("/b/", "/b/x")).page
    assert page.get_by_role("heading", level=1).inner_text() == "There is no page at this address"


def test_a_link_is_copied_where_its_button_is_and_on_record_once_if_it_is_pressed_twice(
    address, live_server, open_page, client
):
    provider = Provider.objects.get()
    client.force_login(MembershipFactory(provider=provider, role=Role.MANAGER).user)
    page = open_page(f"{live_server.url}/accounts/login/", width=1280).page
    signed_in = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([signed_in])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/clients/acme/sharing/")
    page.get_by_role("button", name="Copy").evaluate("button => { button.click(); button.click(); }")
    page.get_by_text("Copied.").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.url.endswith("/clients/acme/sharing/")
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert f"/b/{token}/" in page.evaluate("navigator.clipboard.readText()")
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="link copied").count() == 1
