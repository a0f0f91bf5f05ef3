"""What concerns security is one line of JSON each, with the request's number, and nobody writes a line of their own."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser

from accounts import keys
from accounts.models import Role
from accounts.security import EVENTS, note
from accounts.tenancy import ForeignTenantError, tenant_scope
from retainers.models import Client
from tests.factories import PASSWORD, MembershipFactory, ProviderFactory

PAGE = Path(settings.BASE_DIR) / "docs" / "security-events.md"


@pytest.fixture
def member(db):
    return MembershipFactory(role=Role.OWNER)


def sign_in(browser, email, password=PASSWORD):
    return browser.post("/accounts/login/", {"login": email, "password": password})


def test_signing_in_failing_and_signing_out_are_events(lines, member):
    browser = Browser(REMOTE_ADDR="203.0.113.9")
    sign_in(browser, member.user.email, "wrong wrong wrong")
    answer = sign_in(browser, member.user.email)
    browser.post("/accounts/logout/")
    said = lines()
    assert [line["event"] for line in said] == ["sign-in failed", "signed in", "signed out"]
    assert {line["person"] for line in said} == {member.user.email}
    assert {line["address"] for line in said} == {"203.0.113.9"}
    assert said[1]["request"] == answer.headers["X-Request-ID"]
    assert said[1]["how"] == ["password"]
    assert datetime.fromisoformat(said[1]["at"]).tzinfo == UTC
    assert len({line["request"] for line in said}) == 3


def test_a_reached_limit_is_an_event(lines, member):
    for _ in range(6):
        sign_in(Browser(), member.user.email, "wrong wrong wrong")
    assert [line["event"] for line in lines()] == ["sign-in failed"] * 5 + ["limit reached"]


def test_a_refused_page_is_an_event_with_who_and_where(db, lines):
    viewer = MembershipFactory(role=Role.VIEWER)
    browser = Browser()
    browser.force_login(viewer.user)
    assert browser.get("/members/").status_code == 403
    said = lines()[-1]
    assert (said["event"], said["page"], said["person"]) == ("refused", "members", viewer.user.email)
    assert said["provider"] == viewer.provider.slug


def test_a_key_made_revoked_and_refused_are_events(lines, member, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), tenant_scope(member.provider):
        key, _ = keys.create(name="report", scopes=keys.DROPS, by=member.user)
        keys.revoke(key=key, by=member.user, at=datetime(2026, 1, 1, tzinfo=UTC))
    client.post("/api/imports", headers={"authorization": "Bearer ht_wrong"})
    said = lines()
    assert [line["event"] for line in said] == ["key created", "key revoked", "key refused"]
    assert said[0] | {"person": member.user.email, "provider": member.provider.slug} == said[0]


def test_a_deed_that_is_rolled_back_is_no_event(lines, member):
    with tenant_scope(member.provider):
        keys.create(name="report", scopes=keys.DROPS, by=member.user)
    assert lines() == []


def test_a_row_of_another_provider_is_refused_and_told(lines, member):
    other = ProviderFactory()
    with tenant_scope(member.provider), pytest.raises(ForeignTenantError):
        Client.objects.create(provider=other, slug="acme", name="Acme")
    assert lines()[0]["event"] == "foreign row refused"


def test_an_ended_session_is_an_event(lines, member):
    first, second = Browser(), Browser()
    sign_in(first, member.user.email)
    sign_in(second, member.user.email)
    first.post("/sessions/end-others/")
    assert (lines()[-1]["event"], lines()[-1]["why"]) == ("session ended", "by its person")


def test_no_text_of_a_stranger_begins_a_line_and_no_secret_stays_in_one(lines):
    token = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF"
    note("sign-in failed", person='x@y.example\n{"event": "signed in"}\r\n', where=f"/b/{token}/")
    (line,) = lines()
    assert line["event"] == "sign-in failed"
    assert "\n" in line["person"]
    assert token not in json.dumps(line)


def test_an_event_without_words_is_refused():
    with pytest.raises(LookupError):
        note("coffee made")


def test_a_detail_does_not_overwrite_when_or_what():
    with pytest.raises(TypeError):
        note("refused", at="here")


def test_the_number_of_a_request_is_ours(client):
    answer = client.get("/healthz", headers={"x-request-id": "forged"})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-ID"])


def test_the_page_lists_every_event_with_its_words():
    table = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert table == dict(EVENTS)
