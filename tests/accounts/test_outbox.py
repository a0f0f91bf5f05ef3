"""Mail goes out once a key, survives a dead server, and never holds a secret in clear."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from accounts import outbox
from accounts.models import OutboxMail
from tests.factories import ProviderFactory

pytestmark = pytest.mark.django_db
NOW = now()


def post(key="a:1"):
    return outbox.post(
        provider=ProviderFactory(),
        key=key,
        kind="approval",
        recipient="pat@acme.example",
        context={"client": "Acme", "hours": "4", "name": "Pat"},
        secret="s3cret-of-the-link",
    )


def test_a_mail_is_sent_when_the_deed_is_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post()
        assert mail.outbox == []
    assert len(mail.outbox) == 1
    assert "s3cret-of-the-link" in mail.outbox[0].body


def test_one_occasion_sends_one_mail(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert post() is True
        assert post() is False
    assert len(mail.outbox) == 1


def test_a_dead_mail_server_only_delays(monkeypatch):
    post()
    monkeypatch.setattr(
        "django.core.mail.message.EmailMessage.send", lambda *_: (_ for _ in ()).throw(OSError("refused"))
    )
    assert outbox.send_due(NOW + timedelta(days=1)) == 0
    waiting = OutboxMail.objects.get()
    assert (waiting.attempts, waiting.sent_at) == (1, None)
    assert waiting.next_try_at > NOW + timedelta(days=1)
    monkeypatch.undo()
    assert outbox.send_due(NOW + timedelta(days=2)) == 1
    assert outbox.send_due(NOW + timedelta(days=3)) == 0


def test_the_message_id_is_made_from_the_key():
    post("same")
    one = OutboxMail.objects.get()
    assert outbox.message(one).extra_headers == outbox.message(one).extra_headers


def test_two_processes_that_found_the_same_mail_send_it_once():
    post()
    at = NOW + timedelta(days=1)
    found_twice = [list(OutboxMail.objects.all()), list(OutboxMail.objects.all())]
    sent = [outbox._claim(each[0], at) for each in found_twice]
    assert sent == [True, False]


def test_a_mail_whose_sender_died_is_tried_again_later():
    post()
    at = NOW + timedelta(days=1)
    assert outbox._claim(OutboxMail.objects.get(), at)
    assert outbox.send_due(at) == 0
    assert outbox.send_due(at + outbox.CLAIM) == 1


def test_a_preview_does_not_show_the_secret():
    post()
    assert "s3cret-of-the-link" not in outbox.preview(OutboxMail.objects.get()).body
