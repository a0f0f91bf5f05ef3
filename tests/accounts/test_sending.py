"""The sender: what is wrong with one mail stops only that mail, and no request waits for a mail server."""

import socket
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Event, Timer

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import now

from accounts import outbox, sending
from accounts.models import OutboxMail, Role
from accounts.sending import SendingOutcome
from accounts.tenancy import tenant_scope
from hourtab.management.commands import tick
from portal import links
from retainers.models import Contact
from tests.accounts.mail_server import mail_server
from tests.factories import ClientFactory, MembershipFactory, ProviderFactory, a_retainer
from tests.mails import deliver

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
NO_ADDRESSES = ["(pat@acme.example", "a:b@acme.example", "pat@acme..example", "[x]@acme.example"]


class Broken(BaseEmailBackend):
    """What every mail fails of by itself."""

    def send_messages(self, messages):
        raise ValueError("no such mail")


class Refusing(BaseEmailBackend):
    """A mail server that a request must not speak to."""

    def send_messages(self, messages):
        raise AssertionError("a request speaks to the mail server")


def post(recipient, provider=None):
    outbox.post(
        provider=provider or ProviderFactory(),
        key=f"due:{recipient}",
        kind="due",
        recipient=recipient,
        context={"names": ["Acme"], "count": 1, "path": "/"},
    )
    return OutboxMail.objects.get(recipient=recipient)


def later(**passed):
    return lambda: NOW + timedelta(**passed)


@pytest.fixture(autouse=True)
def _sunday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def smtp(settings):
    """Real mails to a server of our own."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 10
        yield server


@pytest.fixture
def broken(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"


def test_no_request_speaks_to_the_mail_server(db, client, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    owner = MembershipFactory(role=Role.OWNER)
    with tenant_scope(owner.provider):
        acme = ClientFactory(provider=owner.provider)
        Contact.objects.create(client=acme, name="Pat", email="pat@acme.example", approves=True)
        a_retainer(acme)
        _, token = links.create(client=acme, by=None)
    waiting = post("sam@north.example", owner.provider)
    asked = {"hours": "4", "name": "Pat", "email": "pat@acme.example", "text": "x"}
    client.post(f"/b/{token}/ask/overage/", asked, HTTP_SEC_FETCH_SITE="same-origin")
    wish = {"about": "support|support", "when": "updated", "email": "kim@acme.example", "mark": "m" * 22}
    client.post(f"/b/{token}/tell-me/", wish, HTTP_SEC_FETCH_SITE="same-origin")
    client.post("/accounts/password/reset/", {"email": owner.user.email})
    client.force_login(owner.user)
    client.post("/members/invite/", {"email": "new@north.example", "role": "manager"})
    client.post(reverse("mail_again", args=[waiting.pk]))
    written = set(OutboxMail.objects.values_list("kind", flat=True))
    assert written == {"approval", "request", "received", "new_password", "invitation", "due", "watch_asked"}


@pytest.mark.parametrize("wrong", NO_ADDRESSES)
def test_an_address_that_no_mail_can_carry_stops_only_its_own_mail(db, smtp, wrong):
    bad = post(wrong)
    post("pat@acme.example")
    sending.send_due()
    assert smtp.taken == ["pat@acme.example"]
    bad.refresh_from_db()
    assert (bad.attempts, bad.sent_at) == (1, None)
    assert bad.last_error


def test_tick_goes_on_past_a_mail_that_no_mail_can_carry(db, smtp, monkeypatch):
    monkeypatch.setattr(tick, "PARTS", {})
    post("(pat@acme.example")
    post("pat@acme.example")
    said = StringIO()
    call_command("tick", stdout=said)
    assert smtp.taken == ["pat@acme.example"]
    assert "1 waiting mail sent.\n1 could not be sent; the page Mails says why." in said.getvalue()


def test_a_mail_of_a_kind_without_words_stops_only_itself(db):
    OutboxMail.objects.filter(pk=post("sam@north.example").pk).update(kind="nothing")
    post("pat@acme.example")
    assert len(deliver()) == 1
    assert "TemplateDoesNotExist" in OutboxMail.objects.get(kind="nothing").last_error


def test_a_refused_recipient_and_a_cut_line_delay_nobody_else(db, smtp):
    for name in ("refused", "pat", "cut", "kim"):
        post(f"{name}@acme.example")
    done = sending.send_due()
    assert smtp.taken == ["pat@acme.example", "kim@acme.example"]
    assert done == {SendingOutcome.SENT: 2, SendingOutcome.FAILED: 1, SendingOutcome.NO_SERVER: 1}
    assert "no such user" in OutboxMail.objects.get(recipient="refused@acme.example").last_error


def test_a_server_that_never_speaks_is_asked_twice_a_round_and_no_more(db, settings):
    for name in ("pat", "kim", "sam"):
        post(f"{name}@acme.example")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 0.05
        assert sending.send_due() == {SendingOutcome.NO_SERVER: 2}
    assert list(OutboxMail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 1, 0]


def test_the_next_round_begins_with_the_mails_that_had_no_try_yet(db, settings):
    tried, fresh = post("pat@acme.example"), post("kim@acme.example")
    OutboxMail.objects.filter(pk=tried.pk).update(next_try_at=NOW + timedelta(minutes=1))
    deliver(later(minutes=2))
    assert [each.to for each in mail.outbox] == [[fresh.recipient], [tried.recipient]]


def test_a_mail_that_fails_is_tried_after_longer_and_longer_pauses(db, broken):
    bad = post("pat@acme.example")
    pauses, at = [], NOW + timedelta(minutes=1)
    for _ in range(6):
        deliver(lambda: at)  # noqa: B023  # called before the loop goes on
        bad.refresh_from_db()
        pauses.append((bad.next_try_at - at).total_seconds() / 60)
        at = bad.next_try_at
    assert pauses == [1, 5, 15, 60, 60, 60]


def test_a_mail_is_given_up_after_four_days_and_its_list_says_so(db, client, broken):
    owner = MembershipFactory(role=Role.OWNER)
    bad = post("pat@acme.example", owner.provider)
    for hour in range(1, 98):
        deliver(later(hours=hour))
    bad.refresh_from_db()
    assert bad.given_up_at >= bad.created_at + timedelta(days=4)
    tried = bad.attempts
    deliver(later(days=9))
    bad.refresh_from_db()
    assert bad.attempts == tried
    client.force_login(owner.user)
    page = client.get(reverse("mails")).text
    assert "given up" in page
    assert f"tried {tried} times" in page


def test_a_mail_that_could_not_go_out_for_days_still_has_all_its_tries(db, broken):
    bad = post("pat@acme.example")
    deliver(later(days=5))
    bad.refresh_from_db()
    assert (bad.attempts, bad.given_up_at) == (1, None)


def test_two_senders_that_found_the_same_mail_send_it_once(db):
    one = post("pat@acme.example")
    same = OutboxMail.objects.get()
    assert [sending.claim(one, NOW), sending.claim(same, NOW)] == [True, False]


def test_a_mail_whose_sender_died_is_tried_again_later(db):
    post("pat@acme.example")
    at = NOW + timedelta(days=1)
    assert sending.claim(OutboxMail.objects.get(), at)
    assert deliver(lambda: at) == []
    assert len(deliver(lambda: at + sending.CLAIM)) == 1


def test_trying_a_mail_again_does_not_take_it_from_the_sender_that_is_at_it(db):
    one = post("pat@acme.example")
    sending.claim(one, now())
    outbox.try_again(one, now())
    assert deliver() == []


def test_the_sender_sends_until_it_is_stopped(db, monkeypatch):
    monkeypatch.setattr(sending, "close_old_connections", lambda: None)  # the test's own stays open
    post("pat@acme.example")
    stop = Event()
    Timer(0.2, stop.set).start()
    sending.keep_sending(stop)
    assert len(mail.outbox) == 1


def test_a_database_that_is_away_does_not_end_the_sender(monkeypatch):
    calls = []

    def away(**_):
        calls.append(1)
        raise sending.OperationalError("the database is away")

    monkeypatch.setattr(sending, "send_due", away)
    monkeypatch.setattr(sending, "close_old_connections", lambda: None)
    monkeypatch.setattr(sending.connection, "close", lambda: None)
    assert sending._round(Event()) == sending.AFTER_TROUBLE
    assert calls == [1]
