"""A push that is refused before anything is stored is told of until a later one works; a stranger's is not."""

import pytest
from django.test import Client as Browser
from django.utils.timezone import now

from accounts import keys
from accounts.models import ApiKey, Provider, Role
from accounts.tenancy import tenant_scope
from desk.waiting import things_waiting
from tests.factories import MembershipFactory, ProviderFactory

MONDAY, TUESDAY = "2026-06-22T02:00:00Z", "2026-06-23T02:00:00Z"
FILE = b"Client,Date,Hours\nNobody,2026-06-02,1.5\n"


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def provider(db):
    return ProviderFactory()


@pytest.fixture
def nightly(provider):
    with tenant_scope(provider):
        return keys.create(name="Nightly report", scopes=keys.DROPS, by=None)


def push(secret, body=FILE, query="", **headers):
    said = {"Authorization": f"Bearer {secret}", **headers}
    return Browser().post(f"/api/imports{query}", body, content_type="text/csv", headers=said)


def told(provider):
    """The lines about refused pushes on the page of what waits."""
    with tenant_scope(provider):
        things = things_waiting(Provider.objects.get(pk=provider.pk), now())
        return [f"{each.text} | {each.detail}" for each in things if each.kind == "refused"]


def announced(secret):
    """A body that is larger than anything that is taken, refused by its length alone."""
    browser = Browser()
    headers = {"Authorization": f"Bearer {secret}"}
    return browser.post(
        "/api/imports", b"x", content_type="text/csv", headers=headers, CONTENT_LENGTH=str(10**9)
    )


@pytest.mark.parametrize(
    ("ask", "status", "why"),
    [
        (lambda secret: push(secret, query="?foo=1"), 400, "“foo” isn’t a parameter"),
        (lambda secret: push(secret, body=b""), 400, "The body is empty"),
        (announced, 413, "This is too large"),
    ],
)
def test_each_refusal_is_told_with_its_reason(provider, nightly, ask, status, why):
    assert ask(nightly[1]).status_code == status
    (line,) = told(provider)
    assert "“Nightly report” was refused: nothing of it is stored" in line
    assert why.replace("’", "'") in line.replace("’", "'")
    assert "1 time that day, last 22 Jun 2026, 02:00" in line


def test_a_key_that_opens_something_else_is_told_of(provider):
    with tenant_scope(provider):
        _key, secret = keys.create(name="Reader", scopes=["read"], by=None)
    assert push(secret).status_code == 403
    assert "needs a key with the scope" in told(provider)[0]


def test_refusals_are_one_line_with_a_count_for_the_day(provider, nightly, time_machine):
    for _ in range(5):
        push(nightly[1], body=b"")
    assert "5 times that day" in told(provider)[0]
    time_machine.move_to(TUESDAY, tick=False)
    push(nightly[1], query="?foo=1")
    assert "1 time that day, last 23 Jun 2026, 02:00" in told(provider)[0]


def test_a_later_push_that_works_settles_it(provider, nightly, time_machine):
    push(nightly[1], body=b"")
    time_machine.move_to(TUESDAY, tick=False)
    assert push(nightly[1]).status_code == 201
    assert told(provider) == []
    time_machine.move_to("2026-06-24T02:00:00Z", tick=False)
    push(nightly[1], body=b"")
    assert len(told(provider)) == 1


def test_what_is_stored_and_cannot_be_read_waits_as_a_preview_alone(provider, nightly):
    assert push(nightly[1], body=b"\x00\x01").status_code == 422
    assert told(provider) == []


def test_a_schedule_whose_key_was_revoked_is_told_of_for_a_fortnight(provider, nightly, time_machine):
    owner = MembershipFactory(provider=provider, role=Role.OWNER).user
    push(nightly[1], body=b"")
    time_machine.move_to("2026-06-22T03:00:00Z", tick=False)
    with tenant_scope(provider):
        keys.revoke(key=nightly[0], by=owner, at=now())
    assert told(provider) == []
    time_machine.move_to(TUESDAY, tick=False)
    for _ in range(3):
        assert push(nightly[1]).status_code == 401
    (line,) = told(provider)
    assert "its key is revoked: give the schedule a new one · 1 time that day" in line
    time_machine.move_to("2026-07-20T02:00:00Z", tick=False)
    assert told(provider) == []


@pytest.mark.parametrize("secret", ["ht_nobody", ""])
def test_a_strangers_request_writes_nothing(provider, nightly, secret):
    assert push(secret).status_code == 401
    assert announced(secret).status_code == 413
    with tenant_scope(provider):
        assert list(ApiKey.objects.values_list("refused", "refused_at")) == [(0, None)]


def test_another_provider_reads_nothing_of_it(provider, nightly):
    push(nightly[1], body=b"")
    assert told(ProviderFactory()) == []


def test_it_stands_on_the_page_and_in_the_navigation(provider, nightly):
    push(nightly[1], body=b"")
    browser = Browser()
    browser.force_login(MembershipFactory(provider=provider, role=Role.MANAGER).user)
    page = browser.get("/waiting/").text
    assert "Pushes that were refused" in page
    assert "Nightly report" in page
    assert "1 refused push" in browser.get("/").text
