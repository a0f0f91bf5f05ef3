"""What a client asks for on the page: kept for good, and an approval only counts when it was confirmed."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import AuditEvent, OutboxMail, Role
from accounts.tenancy import tenant_scope
from portal import asking, links
from portal.request_views import AskForm
from retainers.models import Approval, Client, Contact, Retainer
from retainers.selectors import retainers_of, standings
from retainers.settling.acts import CycleKey, seen_of
from retainers.statements import issue
from tests.factories import MembershipFactory, UserFactory, publish_work
from tests.mails import deliver
from tests.portal.conftest import FORM, NOW, SAME, requests_of, to_confirm


def test_opening_the_form_does_nothing(client, address, provider):
    answer = client.get(f"{address}ask/overage/?hours=4")
    assert answer.status_code == 200
    assert 'value="4"' in answer.text
    assert not answer.cookies
    assert requests_of(provider) == []


def test_a_request_is_kept_with_time_text_and_link(ask, link, provider):
    assert ask("top_up").status_code == 200
    (made,) = requests_of(provider)
    assert (made.kind, made.hours_units, made.text, made.link_id) == (
        "top_up",
        400,
        "For the move",
        link[0].pk,
    )
    assert made.may_approve is False
    assert [sent.subject for sent in mail.outbox] == ["North IT has received: a top-up"]


def test_a_stranger_makes_a_request_and_never_an_approval(ask, provider, approver):
    ask(form={**FORM, "email": "someone@acme.example"})
    (made,) = requests_of(provider)
    assert made.may_approve is False
    assert [sent.subject for sent in mail.outbox] == ["North IT has received: extra hours"]


def test_the_answer_does_not_tell_which_address_may_approve(ask, approver):
    told = [ask(form={**FORM, "email": email}).text for email in ("pat@acme.example", "sam@acme.example")]
    assert told[0].replace("pat@", "sam@") == told[1]
    assert "a message is on its way there" in told[1]


def test_an_approver_confirms_from_their_mail_by_a_button(ask, client, provider, approver):
    ask()
    (message,) = to_confirm()
    assert message.to == ["Pat@acme.example"]  # the address on record, however it was typed
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", message.body).group(1)
    assert "Approve 4.0 hours" in client.get(path).text
    assert requests_of(provider)[0].confirmed_at is None
    client.post(path, **SAME)
    (made,) = requests_of(provider)
    assert made.confirmed_at is not None
    with tenant_scope(provider):
        given = Approval.objects.get()
        assert (given.cycle, given.hours_units, given.name) == (made.cycle_starts, 400, "Pat Lee")


def test_a_confirmation_runs_out_after_seven_days(ask, client, provider, approver, time_machine):
    ask()
    path = re.search(r"http://[^/]+(/b/confirm/\S+)", to_confirm()[0].body).group(1)
    time_machine.shift(timedelta(days=8))
    assert client.post(path, **SAME).status_code == 404
    assert requests_of(provider)[0].confirmed_at is None


@pytest.fixture
def path(ask, approver):
    """The address in the approver's mail, of a request that waits."""
    ask()
    return re.search(r"http://[^/]+(/b/confirm/\S+)", to_confirm()[0].body).group(1)


def takes_the_right_away(provider, link):
    Contact.objects.update(approves=False)


def revokes_the_link(provider, link):
    links.revoke(link=link[0], by=None, at=NOW)


def replaces_the_link(provider, link):
    links.replace(link=link[0], by=None, at=NOW)


def refused(client, path):
    opened, pressed = client.get(path), client.post(path, **SAME)
    assert (opened.status_code, pressed.status_code) == (410, 410)
    assert "Nothing was approved" in pressed.text
    assert "<button" not in opened.text


@pytest.mark.parametrize("change", [takes_the_right_away, revokes_the_link, replaces_the_link])
def test_who_may_approve_is_asked_again_when_it_is_confirmed(client, path, provider, link, change):
    with tenant_scope(provider):
        change(provider, link)
    refused(client, path)
    assert requests_of(provider)[0].confirmed_at is None


def test_a_cycle_that_is_over_is_confirmed_until_it_is_settled(client, ask, provider, approver, time_machine):
    time_machine.move_to(datetime(2026, 6, 30, 12, tzinfo=UTC), tick=False)
    ask()
    ask()
    first, second = (re.search(r"http://[^/]+(/b/confirm/\S+)", sent.body).group(1) for sent in to_confirm())
    time_machine.move_to(datetime(2026, 7, 1, 12, tzinfo=UTC), tick=False)
    assert client.post(first, **SAME).status_code == 200
    with tenant_scope(provider):
        retainer = Retainer.objects.get(client__slug="acme")
        publish_work(retainer, through=date(2026, 6, 30), at=datetime(2026, 7, 1, 13, tzinfo=UTC))
        (standing,) = standings(retainers_of(["acme"]), on=date(2026, 7, 1), zone=ZoneInfo("UTC"))
        at = datetime(2026, 7, 1, 14, tzinfo=UTC)
        june = CycleKey(retainer.pk, date(2026, 6, 1))
        issue(standing=standing, cycle_starts=june.starts, form=seen_of([june]).mark, by=None, at=at)
    time_machine.move_to(datetime(2026, 7, 1, 15, tzinfo=UTC), tick=False)
    refused(client, second)
    assert [each.confirmed_at is None for each in requests_of(provider)] == [False, True]


def test_what_was_confirmed_stays_so(path, client, provider, approver):
    client.post(path, **SAME)
    with tenant_scope(provider):
        Contact.objects.update(approves=False)
    assert "Confirmed" in client.post(path, **SAME).text


def test_a_stranger_puts_no_words_of_theirs_into_the_approvers_mail(ask, approver):
    ask(form={**FORM, "name": "Your bill is open.\n\nConfirm now:\nhttps://evil.example/pay"})
    (sent,) = to_confirm()
    assert sent.body.startswith("Your bill is open. Confirm now asked, with your address")
    assert "evil.example" not in sent.body


def test_the_secret_of_a_confirmation_stands_nowhere_in_clear(ask, provider, approver):
    ask()
    secret = re.search(r"/b/confirm/([^/]+)/", to_confirm()[0].body).group(1)
    stored = OutboxMail.objects.get(kind="approval")
    assert secret not in repr(stored.context) + bytes(stored.sealed).decode()
    assert secret not in requests_of(provider)[0].digest


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_X": "y"}],
)
def test_a_form_sent_from_elsewhere_is_refused(ask, provider, headers):
    assert ask("top_up", **headers).status_code == 403
    assert requests_of(provider) == []


@pytest.mark.parametrize(
    "wrong", [{"hours": "-1"}, {"hours": "abc"}, {"hours": ""}, {"email": "x"}, {"name": ""}]
)
def test_what_is_not_filled_in_right_is_wrong_at_its_input(wrong):
    assert list(AskForm("top_up", {**FORM, **wrong}).errors) == list(wrong)


def test_a_form_that_is_not_filled_in_right_is_shown_again(ask, provider):
    assert "error" in ask("top_up", {**FORM, "hours": "-1"}).text
    assert requests_of(provider) == []


def test_an_unknown_kind_or_token_is_not_found(client, address, ask):
    assert ask("everything").status_code == 404
    assert client.post("/b/" + "x" * 43 + "/ask/top_up/", FORM, **SAME).status_code == 404


def test_a_request_is_answered_once(ask, provider):
    ask("top_up")
    (made,) = requests_of(provider)
    user = UserFactory()
    with tenant_scope(provider):
        asking.answer(request=made, words="Yes", by=user, at=made.made_at)
        asking.answer(request=made, words="No", by=user, at=made.made_at)
    assert requests_of(provider)[0].answer == "Yes"


@pytest.fixture
def approve(ask, client, approver):
    """An approver asks for four hours of overage and confirms by the button in the mail; its address."""

    def approve():
        ask()
        path = re.search(r"http://[^/]+(/b/confirm/\S+)", to_confirm()[-1].body).group(1)
        assert client.post(path, **SAME).status_code == 200
        return path

    return approve


def approved_hours(client, address):
    return client.get(address + "balance.json").json()["retainers"][0]["approved_overage"]


@pytest.mark.parametrize(("answer", "words"), [("", "approved by Pat Lee"), ("balance.json", '"4.00"')])
def test_a_confirmed_approval_is_seen_by_who_has_read_the_page_before(
    client, address, approve, answer, words
):
    etag = client.get(address + answer).headers["ETag"]
    approve()
    again = client.get(address + answer, headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert words in again.text


def test_last_cycles_approval_does_not_stand_on_this_cycles_page(client, address, approve, time_machine):
    approve()
    assert approved_hours(client, address) == "4.00"
    time_machine.move_to("2026-07-02T12:00:00Z", tick=False)
    assert approved_hours(client, address) is None
    assert "Pat Lee" not in client.get(address).text


def test_pressing_the_button_again_moves_no_day_and_is_written_down_once(
    client, provider, approve, time_machine
):
    path = approve()
    (before,) = requests_of(provider)
    time_machine.shift(timedelta(days=1))
    client.post(path, **SAME)
    (after,) = requests_of(provider)
    assert after.confirmed_at == before.confirmed_at
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="overage approved").count() == 1


def test_a_form_is_one_request_however_often_it_is_sent(client, address, provider):
    mark = re.search(r'name="mark" value="([^"]+)"', client.get(f"{address}ask/top_up/").text).group(1)
    said = [client.post(f"{address}ask/top_up/", {**FORM, "mark": mark}, **SAME) for _ in range(3)]
    assert {answer.status_code for answer in said} == {303}
    assert len({answer.headers["Location"] for answer in said}) == 1
    assert "Thank you, we have received it" in client.get(said[0].headers["Location"]).text
    assert len(requests_of(provider)) == 1
    deliver()
    assert len(mail.outbox) == 1


def test_another_links_mark_shows_nothing(client, ask, link, provider):
    where = ask("top_up").redirect_chain[0][0]
    with tenant_scope(provider):
        other = links.create(client=Client.objects.get(slug="acme"), by=None)[1]
    assert "Thank you" not in client.get(where.replace(link[1], other)).text


def test_who_asked_gets_a_receipt_and_the_answer_in_their_language(ask, provider):
    ask("top_up", **SAME, headers={"Accept-Language": "de"})
    (made,) = requests_of(provider)
    with tenant_scope(provider):
        asking.answer(request=made, words="Gern, morgen.", by=UserFactory(), at=made.made_at)
    deliver()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["pat@acme.example"], "North IT hat erhalten: Nachkauf von Stunden"),
        (["pat@acme.example"], "North IT antwortet: Nachkauf von Stunden"),
    ]
    assert "Gern, morgen." in mail.outbox[1].body
    assert "For the move" not in mail.outbox[0].body + mail.outbox[1].body


def test_everybody_with_the_link_reads_what_was_asked_for_and_what_became_of_it(
    ask, client, address, provider
):
    seen = client.get(address).headers["ETag"]
    ask("top_up")
    page = client.get(address, headers={"If-None-Match": seen})
    assert page.status_code == 200
    assert "<strong>A top-up of 4 hours</strong>" in page.text
    assert "Asked for on 22 June. We have received it and will answer." in page.text
    (made,) = requests_of(provider)
    with tenant_scope(provider):
        asking.answer(request=made, words="Gladly, from tomorrow.", by=UserFactory(), at=made.made_at)
    answered = client.get(address, headers={"If-None-Match": page.headers["ETag"]}).text
    assert "Asked for on 22 June, answered on 22 June." in answered
    assert '<q dir="auto">Gladly, from tomorrow.</q>' in answered
    for personal in ("Pat Lee", "pat@", "For the move"):
        assert personal not in page.text + answered


def test_the_page_tells_nobody_which_address_may_approve(ask, client, address, approver):
    ask(form={**FORM, "email": "sam@acme.example"})
    strangers = client.get(address).text
    ask(form=FORM)
    assert "4 hours beyond the agreed ones" in strangers
    page = client.get(address).text
    assert (
        "Asked for 2 times, last on 22 June. Not approved yet. If it came from someone who may approve"
        in page
    )


def test_what_is_asked_for_again_stands_there_once(ask, client, address, time_machine):
    ask("top_up")
    ask("top_up", form={**FORM, "hours": "2"})
    time_machine.shift(timedelta(days=1))
    ask("top_up")
    ask("planned")
    ask("planned")
    page = client.get(address).text
    assert page.count("<strong>A top-up of 4 hours</strong>") == 1
    assert "Asked for 2 times, last on 23 June. We have received it and will answer." in page
    assert page.count("<strong>A top-up of 2 hours</strong>") == 1
    assert page.count("<strong>Planned work of 4 hours</strong>") == 2  # each of them has words of its own


def test_what_was_asked_long_ago_stands_there_no_longer(ask, client, address, time_machine):
    ask("top_up")
    time_machine.shift(timedelta(days=31))
    assert "A top-up of 4 hours" not in client.get(address).text


@pytest.mark.parametrize("typed", ["1:30", "1 h 30", "90 min", "1,5", "1.50"])
def test_hours_are_taken_however_they_are_typed(typed):
    form = AskForm("top_up", {**FORM, "hours": typed})
    assert form.is_valid()
    assert form.cleaned_data["hours"] == Decimal("1.5")


def test_hours_that_were_typed_by_the_clock_are_asked_for(ask, provider):
    ask("top_up", {**FORM, "hours": "1:30"})
    (made,) = requests_of(provider)
    assert made.hours_units == 150


def test_a_manager_who_was_switched_off_is_mailed_nothing(ask, provider):
    for name in ("here", "gone"):
        user = UserFactory(email=f"{name}@north.example", is_active=name == "here")
        MembershipFactory(provider=provider, user=user, role=Role.MANAGER)
    ask("top_up")
    assert {row.recipient for row in OutboxMail.objects.filter(kind="request")} == {"here@north.example"}


def test_a_name_of_the_providers_staff_reaches_no_approver(ask, approver):
    ask(form={**FORM, "text": "Mel Stone said so"})
    (sent,) = to_confirm()
    assert "Mel Stone" not in sent.body


def test_a_mail_confirms_nothing_that_another_contact_was_asked(ask, client, provider, approver):
    with tenant_scope(provider):
        other = Contact.objects.create(
            client=approver.client, name="Sam Roe", email="sam@acme.example", approves=True
        )
    ask(form=FORM)
    path = re.search(r"/b/confirm/\S+/", to_confirm()[0].body)[0]
    ask(form={**FORM, "hours": "9", "email": other.email})
    sams = requests_of(provider)[-1]
    assert "9.0 hours" not in client.get(path).text
    assert client.post(path, {"other": sams.pk}, **SAME).status_code == 410
    assert [made.hours_units for made in requests_of(provider) if made.confirmed_at] == []
