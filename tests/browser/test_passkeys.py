"""A passkey in a real browser, with an authenticator of its own: made, used as second step, used alone."""

import pytest

from accounts.models import Role
from tests.browser.conftest import faults_of, too_wide
from tests.factories import PASSWORD, MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def seen(live_server, open_page):
    """The sign-in page in a browser that holds passkeys."""
    watched = open_page(f"{live_server.url}/accounts/login/")
    session = watched.page.context.new_cdp_session(watched.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return watched


def give_password(page, member):
    page.fill("#id_login", member.user.email)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page, live_server):
    page.goto(f"{live_server.url}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()


def test_a_passkey_is_the_second_step_and_signs_in_by_itself(seen, live_server, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    member, page = MembershipFactory(role=Role.OWNER), seen.page
    give_password(page, member)
    page.wait_for_url("**/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    assert (faults_of(page), too_wide(page)) == ([], False)
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    assert (faults_of(page), too_wide(page)) == ([], False)

    sign_out(page, live_server)
    page.goto(f"{live_server.url}/accounts/login/")
    give_password(page, member)
    page.wait_for_url("**/accounts/2fa/authenticate/")
    assert (faults_of(page), too_wide(page)) == ([], False)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(f"{live_server.url}/")

    sign_out(page, live_server)
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{live_server.url}/")
    assert seen.complaints == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_the_app_is_set_up_on_a_phone_in_both_looks(live_server, open_page, scheme):
    member = MembershipFactory()
    seen = open_page(f"{live_server.url}/accounts/login/", scheme=scheme)
    give_password(seen.page, member)
    for path in ("/accounts/2fa/", "/accounts/2fa/totp/activate/"):
        seen.page.goto(live_server.url + path)
        assert (faults_of(seen.page), too_wide(seen.page)) == ([], False)
    assert seen.page.locator("svg.qr").bounding_box()["width"] > 150
    assert seen.complaints == []
