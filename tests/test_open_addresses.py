"""What is open to everybody, what allauth or the admin would open beside it, and the second step before a link."""

import pytest
from django.urls import reverse

from accounts.models import Role
from accounts.tenancy import tenant_scope
from portal import second_step
from tests.one_of_each import NOW, address_of
from tests.test_access import ADDRESSES, SIGN_IN_ADDRESSES, TOKEN, ask, patterns, taken_back


@pytest.mark.parametrize("name", sorted(name for name in SIGN_IN_ADDRESSES if name.startswith("mfa_")))
def test_nobody_sees_a_page_about_an_account(client, name):
    path = reverse(name, kwargs={"pk": 1} if name in ("mfa_edit_webauthn", "mfa_remove_webauthn") else {})
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(("/accounts/login/", "/accounts/reauthenticate/"))


def test_the_sign_beside_a_bookmark_is_there_without_a_cookie(client):
    answer = client.get("/favicon.ico")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert not answer.cookies


def test_whom_to_tell_of_a_weakness_is_said_where_somebody_is_named(client, settings, time_machine):
    time_machine.move_to("2026-11-22T12:00:00Z", tick=False)
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@msp.example"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines()[:2] == [
        "Contact: mailto:security@msp.example",
        "Expires: 2027-02-20T00:00:00Z",
    ]


def test_there_is_no_way_to_sign_up(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_the_admin_has_no_sign_in_or_password_page_of_its_own(client, theirs):
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")
    client.force_login(theirs["member"].user)
    assert client.get("/admin/password_change/").headers["Location"] == "/accounts/password/change/"


ADMIN = sorted({name for name in patterns() if name.startswith("admin:")})


def test_the_records_are_for_members_and_for_reading(client, browsers, subtests):
    owner = browsers[Role.OWNER]
    for name in ADMIN:
        if name.endswith(("_changelist", "_add")):
            with subtests.test(name), taken_back():
                path = reverse(name)
                assert client.get(path).status_code == 302
                assert owner.get(path).status_code == (403 if name.endswith("_add") else 200)
                assert owner.post(path, {"slug": "new", "name": "New"}).status_code in (403, 200, 302)


BEHIND_THE_STEP = [
    name
    for name, (policy, _methods, _object) in ADDRESSES.items()
    if policy == TOKEN
    and name not in ("no_such_link", "confirm_approval", "link_code")
    and not name.startswith("badge_")
]  # a badge has a token of its own, and a confirmation the secret of a mail


@pytest.mark.parametrize("name", BEHIND_THE_STEP)
def test_every_address_of_a_link_waits_for_the_second_step_where_there_is_one(client, theirs, name):
    path = address_of(name, theirs)
    with tenant_scope(theirs["provider"]):
        second_step.ask_for_it(client=theirs["link"].client, by=None, at=NOW)
    for answer in (ask(client, name, path), client.get(path), client.post(path, {})):
        assert answer.status_code in (303, 403, 405)
        assert "ETag" not in answer.headers
        assert b"support" not in answer.content.lower()
        if answer.status_code == 303:
            assert answer.headers["Location"] == f"/b/{theirs['token']}/code/"
