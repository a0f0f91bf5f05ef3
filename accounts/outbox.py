"""Mail that survives a crash and a dead mail server: written down with the deed, sent afterwards, once a key.

`post` writes a mail in the deed's own transaction and tries to send it when that is committed; `send_due`
sends what is waiting, with longer and longer pauses (the command `tick` calls it). Between sending and noting
that it was sent a crash can send a mail twice: its Message-ID is made from its key, so that a mail program
shows it once. Addresses with secrets are made at sending; the database never holds them in clear.
"""

import hashlib
import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import override

from accounts.models import OutboxMail, Provider
from accounts.seal import seal, unseal

CLAIM = timedelta(minutes=10)
HIDDEN = "…"
PAUSES = (1, 5, 15, 60, 240, 720)  # minutes before the next try; the last one from then on


def post(
    *,
    provider: Provider,
    key: str,
    kind: str,
    recipient: str,
    context: Mapping[str, Any],
    secret: str = "",
    language: str = "",
) -> bool:
    """Write a mail down; False where that occasion's mail to that address was written before.

    `kind` names the templates `mail/<kind>.txt` (its first line is the subject) and, where there is one,
    `mail/<kind>.html`. They see `context`, the provider and `secret`, in `language` ("": the desk's own).
    """
    mail, created = OutboxMail.objects.get_or_create(
        key=key[:200],
        defaults={
            "provider": provider,
            "kind": kind,
            "recipient": recipient,
            "context": {**context, "language": language},
            "sealed": seal(secret) if secret else b"",
        },
    )
    if created:
        transaction.on_commit(lambda: _send_waiting(OutboxMail.objects.filter(pk=mail.pk), now()))
    return created


def send_due(at: datetime) -> int:
    """Send what is waiting and due; how many went out."""
    return _send_waiting(OutboxMail.objects.filter(next_try_at__lte=at), at)


def send_now(mail: OutboxMail, at: datetime) -> bool:
    """Try one mail at once, whatever its pause; whether it went out."""
    return _send_waiting(OutboxMail.objects.filter(pk=mail.pk), at) == 1


def _send_waiting(mails: QuerySet[OutboxMail], at: datetime) -> int:
    waiting = mails.filter(sent_at=None).select_related("provider").order_by("pk")
    return sum(_send(mail, at) for mail in waiting if _claim(mail, at))


def _claim(mail: OutboxMail, at: datetime) -> bool:
    """Take the mail for this process: another one that found it too lets go of it.

    Who dies while sending gives it back after `CLAIM`.
    """
    mine = OutboxMail.objects.filter(pk=mail.pk, sent_at=None, next_try_at=mail.next_try_at)
    return mine.update(next_try_at=at + CLAIM) == 1


def _send(mail: OutboxMail, at: datetime) -> bool:
    mail.attempts += 1
    try:
        message(mail).send()
    except (OSError, smtplib.SMTPException) as error:
        pause = PAUSES[min(mail.attempts, len(PAUSES)) - 1]
        mail.next_try_at = at + timedelta(minutes=pause)
        mail.last_error = f"{type(error).__name__}: {error}"[:200]
        mail.save(update_fields=["attempts", "next_try_at", "last_error"])
        return False
    mail.sent_at = at
    mail.last_error = ""
    mail.save(update_fields=["attempts", "sent_at", "last_error"])
    return True


def preview(mail: OutboxMail) -> EmailMultiAlternatives:
    """The mail as its recipient reads it, but for its secret: staff see that an address stands there."""
    return _rendered(mail, HIDDEN if mail.sealed else "")


def message(mail: OutboxMail) -> EmailMultiAlternatives:
    """The mail as it goes out."""
    return _rendered(mail, (unseal(mail.sealed) or "") if mail.sealed else "")


def _rendered(mail: OutboxMail, secret: str) -> EmailMultiAlternatives:
    with override(mail.context.get("language") or settings.LANGUAGE_CODE):
        return _in_its_language(mail, secret)


def _in_its_language(mail: OutboxMail, secret: str) -> EmailMultiAlternatives:
    context = {
        **mail.context,
        "provider": mail.provider,
        "base_url": settings.BASE_URL,
        "secret": secret,
    }
    subject, _, text = render_to_string(f"mail/{mail.kind}.txt", context).partition("\n")
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    name = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{name}@{host}>"}
    if leave := mail.context.get("unsubscribe"):
        headers["List-Unsubscribe"] = f"<{settings.BASE_URL}{leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.lstrip("\n"),
        to=[mail.recipient],
        headers=headers,
        reply_to=[mail.provider.support_email] if mail.provider.support_email else None,
    )
    try:
        made.attach_alternative(render_to_string(f"mail/{mail.kind}.html", context), "text/html")
    except TemplateDoesNotExist:
        return made
    return made
