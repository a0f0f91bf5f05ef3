"""Mail that survives a crash and a dead mail server: written down with the deed, sent afterwards, once a key.

`post` writes a mail in the deed's own transaction, and that is all a request ever does: `accounts.sending`
sends it, in a process of its own. Addresses with secrets are made at sending; the database never holds them
in clear.
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.audit import record
from accounts.models import OutboxMail, Provider, User
from accounts.models.running import new_message_name
from accounts.seal import seal, unseal
from accounts.tenancy import all_tenants, tenant_scope

HIDDEN = "…"
A_BATCH = 200  # mails in one statement


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be written down; what its fields mean, `post` says."""

    key: str
    kind: str
    recipient: str
    context: Mapping[str, Any]
    secret: str = ""
    language: str = ""

    @property
    def row_key(self) -> str:
        return row_key(self.key)

    def columns(self, provider: Provider | None) -> dict[str, Any]:
        """What its row holds beside the key."""
        return {
            "provider": provider,
            "kind": self.kind,
            "recipient": self.recipient,
            "context": {**self.context, "language": self.language},
            "sealed": seal(self.secret) if self.secret else b"",
        }


def row_key(key: str) -> str:
    """The key as a row can hold it."""
    return key[:200]


def written(provider: Provider, keys: Collection[str]) -> int:
    """Of how many of these occasions the provider's mail was written down."""
    rows = OutboxMail.objects.filter(provider=provider, key__in=[row_key(key) for key in keys])
    return int(rows.count())


def post(
    *,
    provider: Provider | None,
    key: str,
    kind: str,
    recipient: str,
    context: Mapping[str, Any],
    secret: str = "",
    language: str = "",
) -> bool:
    """Write a mail down; False where that occasion's mail to that address was written before.

    `kind` names the templates `mail/<kind>.txt` (its first line is the subject) and, where there is one,
    `mail/<kind>.html`. They see `context`, the provider (unless `context` says how it is called) and `secret`,
    in `language` ("": the desk's own).
    """
    mail = Letter(key, kind, recipient, context, secret, language)
    with scope_of(provider):
        _, created = OutboxMail.objects.get_or_create(key=mail.row_key, defaults=mail.columns(provider))
    return created


def post_all(provider: Provider, letters: Collection[Letter]) -> set[str]:
    """Write many down, in a few queries; the keys of those that were not written before.

    Who posts the same at the same time is kept apart by the caller's lock.
    """
    wanted = {letter.row_key: letter for letter in letters}
    with scope_of(provider):
        known = set(OutboxMail.objects.filter(key__in=wanted).order_by().values_list("key", flat=True))
        new = {key: letter for key, letter in wanted.items() if key not in known}
        OutboxMail.objects.bulk_create(
            (OutboxMail(key=key, **letter.columns(provider)) for key, letter in new.items()),
            batch_size=A_BATCH,
        )
    return {letter.key for letter in new.values()}


def scope_of(provider: Provider | None) -> AbstractContextManager[None]:
    """The scope of that provider's mails; a mail about an account is of none."""
    return tenant_scope(provider) if provider else all_tenants("a mail about an account is nobody's")


def mails_of(provider: Provider, words: str = "") -> QuerySet[OutboxMail]:
    """All of its mails, the newest first. `words`: a part of the address or of the client's name."""
    rows = OutboxMail.objects.filter(provider=provider).select_related("provider").order_by("-pk")
    return rows.filter(Q(recipient__icontains=words) | Q(context__client__icontains=words)) if words else rows


def try_again(mail: OutboxMail, at: datetime) -> bool:
    """Make an unsent mail due at once, whatever its pause, also one that was given up; False where it is sent.

    One that came back goes out under another name: no report about the first time tells of the second.
    """
    unsent = OutboxMail.objects.filter(pk=mail.pk, sent_at=None)
    again: dict[str, Any] = {
        "next_try_at": at,
        "given_up_at": None,
        "returned_at": None,
        "set_aside_at": None,
    }
    if mail.returned_at is not None:
        again["message_name"] = new_message_name()
    return unsent.update(**again) == 1


@transaction.atomic
def set_aside(mail: OutboxMail, by: User, at: datetime) -> bool:
    """Let an unsent mail be: it is not tried again and waits for nobody. False where it is sent, or on its way."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    waiting = OutboxMail.objects.filter(free, pk=mail.pk, sent_at=None, set_aside_at=None)
    if waiting.update(set_aside_at=at, given_up_at=Coalesce("given_up_at", Value(at))) == 0:
        return False
    record(by, "mail set aside", mail.recipient, mail=mail.pk)
    return True


class NotSentYetError(Exception):
    """The mail that came back is not noted as sent: its sender is still at it, or sends it once more."""


def came_back(names: Collection[str], why: str, at: datetime, provider: Provider | None) -> int:
    """Note that the mails of these names came back; of how many it was not known. `provider`: of its mails alone."""
    with scope_of(provider):
        mine = OutboxMail.objects.filter(message_name__in=names, given_up_at=None).select_related("provider")
        rows = list(mine.filter(provider=provider) if provider else mine)
    if any(row.sent_at is None for row in rows):
        raise NotSentYetError
    return sum(_note_return(row, why, at) for row in rows)


def _note_return(mail: OutboxMail, why: str, at: datetime) -> int:
    with scope_of(mail.provider):
        sent = OutboxMail.objects.filter(pk=mail.pk, message_name=mail.message_name, sent_at__isnull=False)
        return int(sent.update(sent_at=None, given_up_at=at, returned_at=at, last_error=why[:200]))


def preview(mail: OutboxMail) -> EmailMultiAlternatives:
    """The mail as its recipient reads it, but for its secret: staff see that an address stands there."""
    return rendered(mail, HIDDEN if mail.sealed else "")


def message(mail: OutboxMail) -> EmailMultiAlternatives:
    """The mail as it goes out. ValueError where its secret was sealed with another key."""
    secret = unseal(mail.sealed) if mail.sealed else ""
    if secret is None:
        raise ValueError("The address in it was sealed with another HOURTAB_LINK_KEY.")
    return rendered(mail, secret)


def rendered(mail: OutboxMail, secret: str) -> EmailMultiAlternatives:
    """The mail in its language, with that secret."""
    with override(mail.context.get("language") or settings.LANGUAGE_CODE):
        return _in_its_language(mail, secret)


def _in_its_language(mail: OutboxMail, secret: str) -> EmailMultiAlternatives:
    context = {
        "provider": mail.provider,
        **mail.context,
        "base_url": settings.BASE_URL,
        "secret": secret,
    }
    subject, _, text = render_to_string(f"mail/{mail.kind}.txt", context).partition("\n")
    made = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.lstrip("\n"),
        from_email=_sender(mail),
        to=[mail.recipient],
        headers=_headers(mail),
        reply_to=_reply_to(mail),
    )
    try:
        made.attach_alternative(render_to_string(f"mail/{mail.kind}.html", context), "text/html")
    except TemplateDoesNotExist:
        return made
    return made


def _sender(mail: OutboxMail) -> str:
    """The installation's address; under the provider's name where the mail itself says who writes."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((" ".join(str(mail.context.get("provider") or name).split()), address))


def _reply_to(mail: OutboxMail) -> list[str] | None:
    """Whom an answer goes to: who is named in the mail, else whoever helps the provider's clients."""
    helps = mail.provider.support_email if mail.provider else ""
    address = mail.context.get("reply_to") or helps
    return [str(address)] if address else None


def _headers(mail: OutboxMail) -> dict[str, str]:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{mail.message_name}@{host}>"}
    if leave := mail.context.get("unsubscribe"):
        headers["List-Unsubscribe"] = f"<{settings.BASE_URL}{leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
