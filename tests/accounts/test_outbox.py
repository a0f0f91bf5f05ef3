"""A mail is written down with its deed, once a key, and never holds a secret in clear."""

from django.core import mail
from django.utils.timezone import now

from accounts import outbox
from accounts.models import OutboxMail, Provider
from tests.factories import ProviderFactory
from tests.mails import deliver

NOW = now()


def post(key="a:1", recipient="pat@acme.example"):
    return outbox.post(
        provider=Provider.objects.first() or ProviderFactory(),
        key=key,
        kind="approval",
        recipient=recipient,
        context={"client": "Acme", "hours": "4", "name": "Pat"},
        secret="s3cret-of-the-link",
    )


def test_a_deed_only_writes_its_mail_down(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        post()
    assert mail.outbox == []
    (sent,) = deliver()
    assert "s3cret-of-the-link" in sent.body


def test_one_occasion_sends_one_mail(db):
    assert post() is True
    assert post() is False
    assert len(deliver()) == 1


def test_a_preview_does_not_show_the_secret(db):
    post()
    assert "s3cret-of-the-link" not in outbox.preview(OutboxMail.objects.get()).body


def test_a_mail_whose_secret_was_sealed_with_another_key_does_not_go_out(db, settings):
    post()
    settings.HOURTAB_LINK_KEY = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
    assert deliver() == []
    assert "another HOURTAB_LINK_KEY" in OutboxMail.objects.get().last_error


def test_an_unsent_mail_is_made_due_and_a_sent_one_is_left_alone(db):
    post()
    waiting = OutboxMail.objects.get()
    OutboxMail.objects.update(next_try_at=NOW.replace(year=2100), given_up_at=NOW)
    assert outbox.try_again(waiting, now())
    assert len(deliver()) == 1
    assert not outbox.try_again(waiting, now())
    assert deliver() == []
