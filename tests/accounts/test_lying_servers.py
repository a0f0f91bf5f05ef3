"""A mail server that lies or dawdles costs one try: no mail is lost, waits for ever, or counts as sent falsely."""

import pytest
from django.core import mail

from accounts import outbox, sending
from accounts.models import OutboxMail
from accounts.sending import send_due
from tests.accounts.lying_server import LIES, TAKEN_ALL_THE_SAME, lying_server
from tests.accounts.mail_server import mail_server
from tests.factories import ProviderFactory

pytestmark = pytest.mark.timeout(60)
DAWDLES = "endless", "trickle", "babble", "silence", "250 at DATA"  # until a mail's time is over


@pytest.fixture
def waiting(settings):
    settings.EMAIL_BACKEND = "accounts.sending.Backend"
    outbox.post(
        provider=ProviderFactory(),
        key="due:1",
        kind="due",
        recipient="dana@north.example",
        context={"names": ["Acme"], "count": 1, "path": "/"},
    )
    return OutboxMail.objects.get()


@pytest.fixture
def patience(settings, monkeypatch):
    """Sets how long a mail may take: long, as a busy machine is slow, but for a server that dawdles."""

    def wait(answer, whole):
        settings.EMAIL_TIMEOUT = answer
        monkeypatch.setattr(sending, "MOST_SECONDS", whole)

    wait(20, 20)
    return wait


def sent_to(server, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    OutboxMail.objects.update(next_try_at="2020-01-01T00:00:00Z")
    send_due()
    return OutboxMail.objects.get()


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_server_that_lies_costs_a_try_and_the_next_one_takes_the_mail(db, lie, waiting, settings, patience):
    if lie.startswith(DAWDLES):
        patience(0.4, 0.6)
    with lying_server(lie) as server:
        row = sent_to(server, settings)
        assert row.sent_at is None
        assert row.last_error
        assert (row.attempts, row.claimed_until, row.given_up_at) == (1, None, None)
        seen = set(server.names)
    patience(20, 20)
    with mail_server() as honest:
        assert sent_to(honest, settings).sent_at
        assert honest.taken == ["dana@north.example"]
        assert seen <= set(honest.names)  # what it may have kept bears the same name


@pytest.mark.parametrize("lie", TAKEN_ALL_THE_SAME.values(), ids=TAKEN_ALL_THE_SAME)
def test_a_mail_that_was_taken_is_sent_whatever_comes_after_it(db, lie, waiting, settings, patience):
    if lie.startswith(DAWDLES):
        patience(1, 4)
    with lying_server(lie) as server:
        assert sent_to(server, settings).sent_at
        assert sent_to(server, settings).attempts == 1
        assert len(server.taken) == 1


def test_the_bounded_way_is_the_one_of_every_mail(settings):
    """The settings name it wherever mails go to a server; here they go nowhere."""
    assert mail.get_connection("accounts.sending.Backend").connection_class.__mro__[1].__name__ == "SMTP"
    encrypted = mail.get_connection("accounts.sending.Backend", use_ssl=True).connection_class
    assert [each.__name__ for each in encrypted.__mro__[:3]] == ["_BoundedSSL", "_Bounded", "SMTP_SSL"]
