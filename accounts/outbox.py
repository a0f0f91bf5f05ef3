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


def _send_waiting(mails: QuerySet[OutboxMail], at: datetime) -> int:
    waiting = mails.filter(sent_at=None).select_related("provider").order_by("pk")
    return sum(_send(mail, at) for mail in waiting)


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


def message(mail: OutboxMail) -> EmailMultiAlternatives:
    """The mail as it goes out: what a preview shows, too."""
    with override(mail.context.get("language") or settings.LANGUAGE_CODE):
        return _rendered(mail)


def _rendered(mail: OutboxMail) -> EmailMultiAlternatives:
    context = {
        **mail.context,
        "provider": mail.provider,
        "base_url": settings.BASE_URL,
        "secret": unseal(mail.sealed) if mail.sealed else "",
    }
    subject, _, text = render_to_string(f"mail/{mail.kind}.txt", context).partition("\n")
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    name = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    made = EmailMultiAlternatives(
        subject=subject.strip(),
        body=text.lstrip("\n"),
        to=[mail.recipient],
        headers={"Message-ID": f"<{name}@{host}>"},
        reply_to=[mail.provider.support_email] if mail.provider.support_email else None,
    )
    try:
        made.attach_alternative(render_to_string(f"mail/{mail.kind}.html", context), "text/html")
    except TemplateDoesNotExist:
        return made
    return made
