"""The second step of a link, for clients that want one: a code by mail to a contact on record.

Six digits, good for fifteen minutes, one use and five tries; so many codes an hour and a day for a link that nobody
guesses one. Whoever typed the right one bears a signed cookie on the link's own path. It is worth nothing any more once
the link is another one, the contact is gone, or the step was asked for anew.
"""

import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language

from accounts import actors, outbox, security
from accounts.audit import record
from accounts.models import User
from accounts.worked_out import WorkedOut
from portal.models import LinkCode, SecondStep, ShareLink
from portal.selectors import provider_name
from retainers.gate.known import read_gate
from retainers.models import Client, Contact

COOKIE = "hourtab_step"
PASSED_FOR = timedelta(days=30)
GOOD_FOR = timedelta(minutes=15)
TRIES = 5
CODES_AN_HOUR, CODES_A_DAY = 6, 24  # codes of one link
SALT = "portal.second_step"


class NobodyError(Exception):
    """The client has no contact to whom a code could be mailed."""


@transaction.atomic
def ask_for_it(*, client: Client, by: User | None, at: datetime) -> None:
    """From now on the client's links ask for a code. Raises `NobodyError`; done once."""
    locked = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if not Contact.objects.filter(client=locked).exists():
        raise NobodyError
    _, made = SecondStep.objects.get_or_create(client=locked, defaults={"since": at, "asked_by": by})
    if made:
        record(by, "second step of links asked for", about=[client.slug])


@transaction.atomic
def ask_no_more(*, client: Client, by: User | None) -> None:
    """From now on the client's links open as they did before; done once."""
    gone, _ = SecondStep.objects.filter(client=client).delete()
    if gone:
        record(by, "second step of links no longer asked for", about=[client.slug])


def step_of(client: Client) -> SecondStep | None:
    """Where the client was read with it (`access.open_link`), it is asked for nothing more."""
    found: SecondStep | None = getattr(client, "second_step", None)
    return found


def path_of(token: str) -> str:
    """Below which the cookie is sent: the link's own page, and nothing beside it."""
    return reverse("balance", args=[token])


@transaction.atomic
def send_code(*, link: ShareLink, address: str, mark: str, at: datetime) -> None:
    """Mail a code to the contact with that address, if there is one and the link has not asked too often.

    `mark` names the code in the form; one form sends one code. Whoever asked is answered the same in any case.
    """
    ShareLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    contact = Contact.objects.filter(client=link.client_id, email__iexact=address).order_by("pk").first()
    sent = LinkCode.objects.filter(link=link)
    too_many = sent.filter(sent_at__gt=at - timedelta(hours=1)).count() >= CODES_AN_HOUR
    too_many = too_many or sent.filter(sent_at__gt=at - timedelta(days=1)).count() >= CODES_A_DAY
    if contact is None or too_many or LinkCode.objects.filter(mark=mark).exists():
        security.note("link code not sent", provider=link.provider.slug, link=link.pk)
        return
    code = f"{secrets.randbelow(10**6):06}"
    row = LinkCode.objects.create(
        link=link, contact=contact, mark=mark, digest=_digest(mark, code), sent_at=at
    )
    outbox.post(
        provider=link.provider,
        key=f"link-code:{row.pk}",
        kind="link_code",
        recipient=contact.email,
        context={
            "provider": provider_name(link.provider, read_gate(link.provider)),
            "minutes": GOOD_FOR.seconds // 60,
        },
        secret=code,
        language=get_language() or "",
    )
    security.note("link code sent", provider=link.provider.slug, link=link.pk, person=contact.email)


@transaction.atomic
def passed(*, link: ShareLink, mark: str, code: str, at: datetime) -> str:
    """What the cookie says where the code is right, "" where it isn't, or holds no more. A wrong one is a try."""
    row = LinkCode.objects.select_for_update(no_key=True).filter(link=link, mark=mark).first()
    step = step_of(link.client)
    if row is None or step is None or row.used_at or row.tries >= TRIES or at - row.sent_at >= GOOD_FOR:
        return ""
    if not constant_time_compare(row.digest, _digest(mark, code)):
        LinkCode.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        security.note("link code wrong", provider=link.provider.slug, link=link.pk)
        return ""
    row.used_at = at
    row.save(update_fields=["used_at"])
    record(
        actors.contact(row.contact.email), "link opened with a code", about=[link.client.slug], link=link.pk
    )
    return signing.dumps(_said(step, link, row.contact), salt=SALT)


def is_past(step: SecondStep, link: ShareLink, cookie: str) -> bool:
    """Whether the cookie says that this browser has taken the step, on this link, as it stands now."""
    try:
        said = signing.loads(cookie, salt=SALT, max_age=PASSED_FOR)
    except signing.BadSignature:
        return False
    pk = said.get("contact") if isinstance(said, dict) else None
    contact = Contact.objects.filter(client=link.client_id, pk=pk).first()
    return contact is not None and said == _said(step, link, contact)


def forget_old_codes(at: datetime) -> int:
    """Codes are of no use after a quarter of an hour, and counted for a day; how many went."""
    before = at - timedelta(days=2)
    return int(_sent_before(before).delete()[0]) if ANY_SENT_BEFORE.is_any(before) else 0


def _sent_before(at: datetime) -> QuerySet[LinkCode]:
    rows: QuerySet[LinkCode] = LinkCode.objects.filter(sent_at__lt=at)
    return rows


ANY_SENT_BEFORE = WorkedOut.any_of(_sent_before)


def _said(step: SecondStep, link: ShareLink, contact: Contact) -> dict[str, object]:
    return {
        "step": step.pk,
        "since": step.since.isoformat(),
        "link": link.digest[:16],
        "contact": contact.pk,
        "address": salted_hmac(SALT, contact.email.casefold()).hexdigest()[:16],
    }


def _digest(mark: str, code: str) -> str:
    """The code stands nowhere in clear: with the mark it is hashed under the installation's key."""
    return salted_hmac(SALT, f"{mark}:{code}", algorithm="sha256").hexdigest()


def fresh_mark() -> str:
    return secrets.token_urlsafe(16)
