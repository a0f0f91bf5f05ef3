"""What the installation keeps while it runs: open sessions, mails on their way, when its own work was last done."""

import secrets

from django.db import models
from django.utils.timezone import now

from accounts.models.people import Provider, User


class OpenSession(models.Model):
    """A browser in which somebody is signed in, for that person's list: `session_key` is Django's own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return f"{self.user} since {self.began_at}"


def new_message_name() -> str:
    return secrets.token_hex(16)


class OutboxMail(models.Model):
    """A mail to be sent: written with the deed that it tells of, sent at least once, whatever breaks between.

    `key` names the occasion and the recipient, so that nobody gets the same mail twice. `context` holds what
    the templates `mail/<kind>.txt` and `.html` need; secrets in it are sealed and opened at sending. A mail
    without a provider is about an account (a forgotten password); its row goes when it is sent.
    `message_name` is the local part of its Message-ID. Nobody can guess it: who knows it may say that the mail came
    back. One that did is not sent any more, but given up, until somebody has it tried again or sets it aside.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    recipient = models.EmailField()
    context = models.JSONField(default=dict)
    sealed = models.BinaryField(blank=True, default=b"")
    created_at = models.DateTimeField(default=now, editable=False)
    next_try_at = models.DateTimeField(default=now)
    claimed_until = models.DateTimeField(null=True, blank=True)  # a sender is at it
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    message_name = models.CharField(max_length=32, unique=True, default=new_message_name, editable=False)
    returned_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="outbox_waits",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a periodic work of the installation was last done, by its name."""

    what = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.what} at {self.at}"
