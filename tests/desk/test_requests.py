"""What clients asked for: seen, answered once, a top-up granted by the answer."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core import mail

from accounts.models import Role
from accounts.tenancy import tenant_scope
from desk import requests
from portal.models import ClientRequest
from retainers.models import TopUp
from tests.desk.acting import NOW, publish, remaining, turns_of
from tests.factories import MembershipFactory
from tests.mails import deliver
from tests.world import world  # noqa: F401

ASKED = {"hours": "4", "name": "Pat Lee", "email": "pat@acme.example", "text": "For the move"}
ACCEPT = {"words": "Gladly", "accept": "on", "hours": "5", "pool": "support", "expires": "cycle"}


@pytest.fixture
def ask(client, address):
    def ask(kind="top_up"):
        path = f"{address}ask/{kind}/"
        assert client.post(path, ASKED, HTTP_SEC_FETCH_SITE="same-origin").status_code == 303
        return ClientRequest.objects.latest("pk")

    return ask


def accepting(browser, made):
    """The answer that grants, as its form has it: with the mark of what is in view."""
    mark = re.search(r'name="opened" value="([^"]+)"', browser.get("/requests/").text)[1]
    return {**ACCEPT, "opened": unescape(mark)}


@pytest.fixture
def scope(provider):
    with tenant_scope(provider):
        yield


def test_the_managers_get_a_mail_and_viewers_none(provider, scope, ask):
    manager = MembershipFactory(provider=provider, role=Role.MANAGER).user
    owner = MembershipFactory(provider=provider, role=Role.OWNER).user
    MembershipFactory(provider=provider, role=Role.VIEWER)
    MembershipFactory(role=Role.MANAGER)
    ask()
    deliver()
    receipt, told, _other = mail.outbox
    assert receipt.to == ["pat@acme.example"]
    assert sorted(each.to[0] for each in mail.outbox[1:]) == sorted([manager.email, owner.email])
    assert told.subject == "Acme Dental asks: top-up"
    assert "4.00 hours" in told.body
    assert "For the move" in told.body
    assert "/requests/" in told.body


def test_a_request_is_listed_with_who_what_and_words(as_role, scope, ask):
    ask()
    page = as_role(Role.VIEWER).get("/requests/").text
    for word in ("Top-up of 4 hours", "Acme Dental", "Pat Lee", "pat@acme.example", "For the move", "open"):
        assert word in page
    assert "<textarea" not in page


def test_open_requests_stand_before_answered_ones(as_role, scope, ask):
    first, second = ask("top_up"), ask("planned")
    client = as_role()
    client.post(f"/requests/{second.pk}/answer/", {"words": "We come back to you"})
    page = client.get("/requests/").text
    assert page.index(f"request-{first.pk}") < page.index(f"request-{second.pk}")
    assert "We come back to you" in page


def test_accepting_a_top_up_makes_a_lot_dated_today(as_role, scope, ask, retainer):
    made = ask()
    manager = as_role()
    assert manager.post(f"/requests/{made.pk}/answer/", accepting(manager, made)).status_code == 302
    lot = TopUp.objects.get()
    assert (lot.day, lot.hours_units, lot.pool, lot.expires) == (NOW.date(), 500, "support", "cycle")
    made.refresh_from_db()
    assert (made.answer, made.top_up_id) == ("Gladly", lot.pk)
    assert remaining(retainer) == 15


def test_an_answer_without_the_tick_grants_nothing(as_role, scope, ask):
    made = ask()
    as_role().post(f"/requests/{made.pk}/answer/", {"words": "Not now", "hours": "5"})
    assert not TopUp.objects.exists()


def test_only_a_top_up_is_granted_by_an_answer(as_role, scope, ask):
    made = ask("overage")
    as_role().post(f"/requests/{made.pk}/answer/", ACCEPT)
    assert not TopUp.objects.exists()


def test_there_is_no_second_answer(as_role, scope, ask):
    made = ask()
    client = as_role()
    client.post(f"/requests/{made.pk}/answer/", accepting(client, made))
    again = client.post(f"/requests/{made.pk}/answer/", {**ACCEPT, "words": "Again"}, follow=True)
    assert "was first: Request answered" in again.text
    assert TopUp.objects.count() == 1
    made.refresh_from_db()
    assert made.answer == "Gladly"


def test_hours_are_granted_only_on_what_was_in_view(as_role, scope, ask, retainer):
    made, manager = ask(), as_role()
    sent = accepting(manager, made)
    publish(retainer, date(2026, 6, 8), "3", at=NOW, through=date(2026, 6, 20))
    stale = manager.post(f"/requests/{made.pk}/answer/", sent)
    assert (stale.status_code, TopUp.objects.count()) == (409, 0)
    assert "this was published after you checked" in stale.text
    again = unescape(re.search(r'name="opened" value="([^"]+)"', stale.text)[1])
    assert manager.post(f"/requests/{made.pk}/answer/", {**sent, "opened": again}).status_code == 302
    assert TopUp.objects.count() == 1


def test_a_form_of_yesterday_grants_nothing_today(as_role, scope, ask, time_machine):
    time_machine.move_to(NOW + timedelta(hours=11, minutes=50), tick=False)
    made, manager = ask(), as_role()
    sent = accepting(manager, made)
    time_machine.shift(timedelta(minutes=20))
    assert manager.post(f"/requests/{made.pk}/answer/", sent).status_code == 409
    assert not TopUp.objects.exists()


@pytest.mark.parametrize("wrong", [{"words": ""}, {"hours": ""}, {"pool": "other"}, {"expires": "soon"}])
def test_an_answer_that_is_not_filled_in_right_is_shown_again(as_role, scope, ask, wrong):
    made = ask()
    assert as_role().post(f"/requests/{made.pk}/answer/", {**ACCEPT, **wrong}).status_code == 422
    assert not TopUp.objects.exists()


def test_what_was_typed_on_the_second_page_stands_there_when_it_is_refused(
    as_role,
    scope,
    ask,
    monkeypatch,
):
    monkeypatch.setattr(requests, "A_PAGE", 1)
    ask(), ask("overage")
    browser = as_role()
    action = re.search(r'action="(/requests/[^"]+)"', browser.get("/requests/?page=2").text)[1]
    refused = browser.post(action, {"words": "Gladly, on Monday", "accept": "on", "hours": ""})
    assert refused.status_code == 422
    assert "Gladly, on Monday" in refused.text
    assert [browser.get(there).status_code for there in turns_of(refused)] == [200]


def test_an_approval_that_nobody_may_give_is_called_a_request(as_role, scope, ask):
    ask("overage")
    assert "this is a request, not an approval" in as_role().get("/requests/").text
