"""The second step: set up, asked for, required where the installation says so, and sealed in the database."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser

from accounts.commands import BadInputError
from accounts.second_factor import ENROLMENT, FOR_EVERYBODY
from alerts.urls import BEHIND_A_LINK
from portal.urls import urlpatterns as token_pages
from tests.factories import PASSWORD, MembershipFactory
from tests.mails import deliver
from tests.test_access import ADDRESSES, KEY, PUBLIC, SIGN_IN_ADDRESSES, TOKEN

PERIOD = 30


@pytest.fixture
def member(db):
    return MembershipFactory()


def sign_in(browser, member):
    return browser.post("/accounts/login/", {"login": member.user.email, "password": PASSWORD})


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def set_up(browser):
    browser.get("/accounts/2fa/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    answer = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


@pytest.fixture
def with_app(member, time_machine):
    """A member with an authenticator app; whose clock then moves on, so that its next code is a new one."""
    time_machine.move_to("2026-11-22T12:00:00Z", tick=False)
    browser = Browser()
    sign_in(browser, member)
    secret = set_up(browser)
    time_machine.shift(PERIOD)
    return browser, member, secret


def test_the_second_step_is_asked_for_and_a_code_passes_it_once(with_app):
    _, member, secret = with_app
    first, second = Browser(), Browser()
    for browser in (first, second):
        assert sign_in(browser, member).headers["Location"] == "/accounts/2fa/authenticate/"
        assert browser.get("/").headers["Location"].startswith("/accounts/login/")
    code = code_of(secret)
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).headers["Location"] == "/"
    assert first.get("/").status_code == 200
    refused = second.post("/accounts/2fa/authenticate/", {"code": code})
    assert "Incorrect code" in refused.text
    assert second.get("/").status_code == 302


def test_a_recovery_code_passes_once(with_app):
    browser, member, _ = with_app
    page = browser.get("/accounts/2fa/recovery-codes/").text
    codes = browser.get("/accounts/2fa/recovery-codes/download/").text.split()
    assert len(codes) == 10
    assert codes[0] in page
    for passes in (True, False):
        other = Browser()
        sign_in(other, member)
        answer = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert (answer.status_code == 302) is passes


def test_wrong_codes_are_limited_and_the_right_one_waits_too(with_app):
    _, member, secret = with_app
    browser = Browser()
    sign_in(browser, member)
    for _ in range(5):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 200
    assert browser.get("/").status_code == 302


def test_no_secret_of_a_second_factor_can_be_read_in_the_database(with_app):
    browser, _, secret = with_app
    codes = browser.get("/accounts/2fa/recovery-codes/download/").text.split()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = " ".join(str(row[0]) for row in cursor.fetchall())
    assert secret not in kept
    assert not [code for code in codes if code in kept]
    assert len(kept) > 200


def test_with_another_key_no_code_fits_and_nothing_breaks(with_app, settings):
    _, member, secret = with_app
    settings.HOURTAB_LINK_KEY = Fernet.generate_key().decode()
    browser = Browser()
    sign_in(browser, member)
    for code in (code_of(secret), "000000", "000005"):
        assert browser.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize("path", ["/", "/admin/", "/members/", "/accounts/password/change/", "/provider/"])
def test_who_has_no_second_factor_is_led_to_set_one_up_where_it_is_required(client, member, settings, path):
    settings.REQUIRE_SECOND_FACTOR = True
    sign_in(client, member)
    assert client.get(path).headers["Location"] == "/accounts/2fa/"
    page = client.get("/accounts/2fa/")
    assert page.status_code == 200
    assert "Set up a second step first" in page.text


def test_an_act_is_refused_as_a_page_is(client, member, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    sign_in(client, member)
    answer = client.post("/clients/new/", {"name": "Acme", "slug": "acme"})
    assert answer.headers["Location"] == "/accounts/2fa/"


def test_who_has_one_works_and_without_the_setting_nobody_needs_one(with_app, client, settings):
    browser, _, _ = with_app
    settings.REQUIRE_SECOND_FACTOR = True
    assert browser.get("/").status_code == 200
    settings.REQUIRE_SECOND_FACTOR = False
    sign_in(client, MembershipFactory())
    assert client.get("/").status_code == 200


def test_what_stays_open_is_what_is_open_to_everybody_and_the_enrolment():
    everybody = {name for name, (policy, _, _) in ADDRESSES.items() if policy in (PUBLIC, KEY)}
    assert everybody == FOR_EVERYBODY
    tokens = {name for name, (policy, _, _) in ADDRESSES.items() if policy == TOKEN}
    assert tokens == {pattern.name for pattern in (*token_pages, *BEHIND_A_LINK)}
    assert SIGN_IN_ADDRESSES > ENROLMENT


def test_turning_it_off_needs_a_fresh_proof(with_app, time_machine):
    browser, member, _ = with_app
    time_machine.shift(6 * 60)
    answer = browser.post("/accounts/2fa/totp/deactivate/")
    assert answer.headers["Location"].startswith("/accounts/")
    assert Authenticator.objects.filter(user=member.user, type="totp").exists()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=member.user).exists()


def test_its_person_is_told_of_every_change_by_mail(with_app, django_capture_on_commit_callbacks):
    browser, member, _ = with_app
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/2fa/recovery-codes/generate/")
        browser.post("/accounts/2fa/totp/deactivate/")
    told = deliver()
    assert {tuple(mail.to) for mail in told} == {(member.user.email,)}
    bodies = " ".join(mail.body for mail in told)
    assert "New recovery codes were made" in bodies
    assert "The authenticator app is no longer your second step." in bodies


def test_a_passkey_has_to_prove_its_person(with_app):
    page = with_app[0].get("/accounts/2fa/webauthn/add/")
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["authenticatorSelection"]["userVerification"] == "required"
    asked = Browser().get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["userVerification"] == "required"


def test_a_false_passkey_signs_nobody_in(db, client):
    client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    made_up = {"id": "x", "rawId": "eA", "type": "public-key", "response": {"userHandle": "MQ"}}
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": json.dumps(made_up)})
    assert answer.headers["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session


def test_a_factor_that_is_added_or_removed_ends_the_other_sessions(
    with_app, django_capture_on_commit_callbacks
):
    browser, member, secret = with_app
    before = Browser()
    sign_in(before, member)
    before.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert before.get("/").status_code == 200

    browser.post("/accounts/2fa/totp/deactivate/")

    assert [browser.get("/").status_code, before.get("/").status_code] == [200, 302]
    before = Browser()
    sign_in(before, member)
    with django_capture_on_commit_callbacks(execute=True):
        set_up(browser)
    assert [browser.get("/").status_code, before.get("/").status_code] == [200, 302]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "totp/activate/",
        "webauthn/add/",
        "webauthn/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "totp/deactivate/",
        "reauthenticate/",
    ],
)
def test_the_pages_have_one_heading_and_no_script_or_style_inside(with_app, path):
    answer = with_app[0].get(f"/accounts/2fa/{path}", follow=True)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert answer.text.count("<script") == answer.text.count("<script src=")
    assert "style=" not in answer.text


def test_who_lost_everything_gets_in_again_by_the_command_line_and_is_told(with_app, lines):
    browser, member, _ = with_app
    call_command("reset_second_step", member.user.email.upper(), "--by", "Sam", "--reason", "phone stolen")
    assert browser.get("/").status_code == 302
    assert sign_in(Browser(), member).headers["Location"] == "/"
    assert "Your second step was removed" in deliver()[-1].body
    (said,) = [line for line in lines() if line["event"] == "second factors reset"]
    assert (said["by"], said["reason"]) == ("Sam", "phone stolen")
    with pytest.raises(BadInputError):
        call_command("reset_second_step", member.user.email, "--by", "Sam", "--reason", "again")
    with pytest.raises(BadInputError):
        call_command("reset_second_step", "nobody@x.example", "--by", "Sam", "--reason", "x")
