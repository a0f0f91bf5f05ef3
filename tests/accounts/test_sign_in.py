"""Signing in and out, a forgotten password, and the pages for what went wrong."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.db import connection
from django.template.loader import get_template
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import OutboxMail, Role, User
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.mails import deliver

NEW = "another good sentence"


@pytest.fixture
def member(db):
    return MembershipFactory(role=Role.VIEWER)


def sign_in(browser, email, password=PASSWORD, **more):
    return browser.post("/accounts/login/", {"login": email, "password": password, **more})


def test_there_is_no_signing_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    assert "/accounts/signup" not in client.get("/accounts/login/").content.decode()


def test_a_member_signs_in_and_lands_where_they_wanted_to_go(client, member):
    answer = client.get("/clients.csv")
    assert answer.headers["Location"] == "/accounts/login/?next=/clients.csv"
    assert 'name="next" value="/clients.csv"' in client.get(answer.headers["Location"]).content.decode()
    assert sign_in(client, member.user.email, next="/clients.csv").headers["Location"] == "/clients.csv"
    assert sign_in(Browser(), member.user.email.upper()).headers["Location"] == "/"


def test_a_wrong_password_says_no_more_than_a_wrong_address(client, member):
    texts = [
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|value="[^"]*"', "", answer.content.decode())
        for answer in (
            sign_in(client, member.user.email, "wrong"),
            sign_in(client, "nobody@x.example", "wrong"),
        )
    ]
    assert texts[0] == texts[1]
    assert "errorlist" in texts[0]


def test_signing_out_is_a_post(client, member):
    client.force_login(member.user)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client, member):
    assert client.post("/accounts/password/reset/", {"email": member.user.email}).status_code == 302
    (sent,) = deliver()
    assert sent.subject == "A new password for HourTab"
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", sent.body).group(1)
    form = client.get(path).headers["Location"]
    answer = client.post(form, {"password1": NEW, "password2": NEW})
    assert answer.headers["Location"] == "/accounts/password/reset/key/done/"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert sign_in(client, member.user.email, NEW).status_code == 302
    assert "This link no longer works" in Browser().get(path).content.decode()


def test_an_account_without_a_password_gets_its_first_one_that_way(db, client):
    UserFactory(email="Dana@file.example").set_unusable_password()
    client.post("/accounts/password/reset/", {"email": "DANA@FILE.example"})
    assert [sent.to for sent in deliver()] == [["Dana@file.example"]]


def test_a_forgotten_password_of_an_unknown_address_is_answered_alike_and_mails_nobody(client, member):
    known = client.post("/accounts/password/reset/", {"email": member.user.email}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@x.example"}, follow=True)
    assert known.content == unknown.content
    assert [sent.to for sent in deliver()] == [[member.user.email]]


def test_asking_for_a_new_password_does_the_same_work_whoever_has_the_address(client, member):
    statements = []
    client.post("/accounts/password/reset/", {"email": "first@x.example"})
    for address in ("nobody@x.example", member.user.email):
        with CaptureQueriesContext(connection) as asked:
            client.post("/accounts/password/reset/", {"email": address})
        statements.append([query["sql"].split()[0] for query in asked])
    assert statements[0] == statements[1]


def test_the_link_of_a_forgotten_password_is_in_no_row(client, member):
    client.post("/accounts/password/reset/", {"email": member.user.email.upper()})
    (row,) = OutboxMail.objects.all()
    assert (row.context, bytes(row.sealed)) == ({"language": ""}, b"")
    (sent,) = deliver()
    assert sent.to == [member.user.email]
    assert not OutboxMail.objects.exists()


def test_an_account_that_was_closed_gets_no_new_password(client, member):
    member.user.is_active = False
    member.user.save()
    client.post("/accounts/password/reset/", {"email": member.user.email})
    assert deliver() == []


def test_every_other_mail_of_the_sign_in_goes_through_the_outbox_sealed(rf, member):
    with request_context(rf.get("/")):
        get_adapter().send_mail("account/email/login_code", member.user.email, {"code": "s3cret"})
    (row,) = OutboxMail.objects.all()
    assert "s3cret" not in f"{row.context} {bytes(row.sealed)!r}"
    (sent,) = deliver()
    assert sent.to == [member.user.email]
    assert "s3cret" in sent.body


def test_a_password_is_changed_by_who_knows_it(client, member):
    client.force_login(member.user)
    words = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", {**words, "oldpassword": "wrong"})
    client.post("/accounts/password/change/", words)
    member.user.refresh_from_db()
    assert member.user.check_password(NEW)


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/done/",
        "/accounts/password/reset/key/1-bad/",
        "/accounts/inactive/",
    ],
)
def test_the_pages_outside_have_one_heading_and_no_script_or_style_inside(db, client, path):
    """A passkey needs a script, in a file of ours."""
    page = client.get(path).content.decode()
    assert page.count("<h1") == 1
    assert page.count("<script") == page.count('<script src="/static/passkeys.js"')
    assert "<style" not in page
    assert "style=" not in page


def test_a_person_without_a_provider_is_told_whom_to_ask(db, client):
    user = UserFactory()
    client.force_login(user)
    answer = client.get("/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You don’t belong to a provider yet" in page
    assert user.email in page
    assert "Ask the owner" in page


def test_a_member_whose_role_does_not_go_that_far_is_told_who_the_owners_are(client, member):
    owner = MembershipFactory(provider=member.provider, role=Role.OWNER)
    stranger = MembershipFactory(role=Role.OWNER)
    client.force_login(member.user)
    page = client.get("/members/").content.decode()
    assert owner.user.email in page
    assert stranger.user.email not in page


def test_a_page_that_is_not_there_says_so_to_anybody(client, member):
    assert "Nothing is here" in client.get("/nothing/").content.decode()
    client.force_login(member.user)
    assert "Nothing is here" in client.get("/nothing/").content.decode()


def test_a_form_that_was_open_for_too_long_says_what_to_do():
    answer = Browser(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "Go back, load the page again" in answer.content.decode()


def test_the_page_for_a_fault_needs_no_context():
    assert "Something went wrong on our side" in get_template("500.html").render()


def test_who_is_switched_off_is_out_at_the_next_request(client, member):
    sign_in(client, member.user.email)
    assert client.get("/clients.csv").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/clients.csv").headers["Location"] == "/accounts/login/?next=/clients.csv"


ELSEWHERE = [
    "//evil.example",
    "///evil.example/x",
    "https://evil.example/",
    "https:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_address_that_is_asked_for_leads_to_another_host(client, member, wanted):
    led = client.get("/admin/login/", {"next": wanted}).headers["Location"]
    assert urlsplit(led)[:3] == ("", "", "/accounts/login/")
    assert sign_in(client, member.user.email, next=wanted).headers["Location"] == "/"
    assert client.get("/accounts/login/", {"next": wanted}).headers["Location"] == "/"
    proved = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": wanted})
    assert proved.headers["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": wanted}).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["//evil.example/%2e%2e", "//evil.example", "/\\evil.example"])
def test_an_address_that_looks_like_another_host_leads_nowhere(client, member, path):
    answer = client.get("/", PATH_INFO=path)
    led = urlsplit(answer.headers.get("Location", ""))
    assert (answer.status_code, led.scheme, led.netloc) == (404, "", "")


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_pages_before_the_sign_in_call_an_e_mail_address_what_the_others_call_it(client, name):
    page = client.get(reverse(name)).text
    assert ">Your e-mail address</label>" in page
    assert not re.search(r"\bemail address\b", page, re.IGNORECASE)
