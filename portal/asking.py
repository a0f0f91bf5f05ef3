"""What a client may ask for on the page, written down for good; and a manager's answer.

An approval of overage counts only from a contact that is listed as approver, and only once it was confirmed
from a mail to that contact's address (`approval_by_mail`). Everything else is a request that a manager answers.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import outbox
from accounts.access import zone_of
from accounts.audit import record
from accounts.models import OutboxMail, User
from accounts.seen import Seen
from accounts.seen import digest_of as digest_of_form
from portal.models import ClientRequest, ShareLink
from portal.selectors import client_name, provider_name
from portal.telling import tell_answered, tell_managers, tell_received
from presentation.approvals import Offer, offer
from presentation.phrases import agreed_hours
from retainers import publishing
from retainers.gate.known import Gate, read_gate
from retainers.gate.letting import require_passing
from retainers.hours import from_units, to_units
from retainers.models import Contact, Publication, Retainer, TopUp
from retainers.seen import require
from retainers.selectors import Standing, retainers_of, standings
from retainers.terms import TopUp as TopUpTerms

REQUESTS_AN_HOUR = 5  # requests of one kind of one link
REQUESTS_A_DAY = 20
MAILS_AN_HOUR = 6  # to one approver: each leads to all that wait for a word
MAILS_A_DAY = 20
FLOOD = 200  # requests of one kind a day: nobody asks so often
NOT_IN_A_NAME = re.compile(r"[:/<>@\\]")
LIKE_AN_ADDRESS = re.compile(r"[/<>@\\]|[^\W\d]\.[^\W\d]|\w:[^\W\d]")
LONGEST_NAME, LONGEST_REASON = 60, 200  # signs, in a mail to somebody else


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """A filled-in form. `hours` is None for a question about planned work that names none."""

    kind: str
    hours: Decimal | None
    name: str
    email: str
    text: str
    mark: str = ""


class TooManyError(Exception):
    """The link has asked for enough in the last hour or day."""


@transaction.atomic
def ask(
    *, link: ShareLink, retainer: Retainer, cycle_starts: date | None, asked: RequestDetails, at: datetime
) -> ClientRequest:
    """Write the request down; mail the approver where it could be an approval. Raises `TooManyError`.

    A form that was sent before is the request that it made then. Past the limit a wish for extra hours is still
    written down, so that an approver can always approve, and nobody learns who one is; managers are not mailed
    about a stranger's then.
    """
    ShareLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    if before := asked_before(link, asked.mark):
        return before
    is_many = _is_many(link, asked.kind, at)
    contact = _may_approve(retainer, asked, is_many=is_many)
    secret = secrets.token_urlsafe(32) if contact else ""
    written = {"cycle_starts": cycle_starts, "made_at": at, "digest": digest_of(secret) if secret else ""}
    request = _written_down(link, retainer, asked, may_approve=contact is not None, **written)
    if not is_many:
        tell_received(request)
    if contact is not None:
        _ask_to_confirm(request, contact, secret, at)
    if contact is not None or not is_many:
        _tell_managers(request, retainer)
    return request


def _may_approve(retainer: Retainer, asked: RequestDetails, *, is_many: bool) -> Contact | None:
    """The approver who asks for extra hours. Raises `TooManyError` for anything else past the limit."""
    if asked.kind == ClientRequest.Kind.OVERAGE:
        return approver(retainer, asked.email)
    if is_many:
        raise TooManyError
    return None


def asked_before(link: ShareLink, mark: str) -> ClientRequest | None:
    """The request that the same form made when it was sent before."""
    found: ClientRequest | None = ClientRequest.objects.filter(link=link, mark=mark).first() if mark else None
    return found


def _written_down(
    link: ShareLink, retainer: Retainer, asked: RequestDetails, **written: Any
) -> ClientRequest:
    """The row of what was asked for."""
    hours = None if asked.hours is None else to_units(asked.hours)
    said = {"kind": asked.kind, "hours_units": hours, "name": asked.name, "email": asked.email}
    row: ClientRequest = ClientRequest.objects.create(
        retainer=retainer, link=link, text=asked.text, mark=asked.mark, **said, **written
    )
    return row


def _ask_to_confirm(request: ClientRequest, contact: Contact, secret: str, at: datetime) -> None:
    """The mail with the button, to the address on record, whatever was typed; so many an hour and a day.

    Past that the page behind the mails that came before holds this request too.
    """
    if _has_many_mails(contact, at):
        return
    provider, client = request.provider, request.retainer.client
    gate, zone = read_gate(provider), zone_of(provider)
    hours, today = from_units(request.hours_units or 0), at.astimezone(zone).date()
    offered = offer_of(request.retainer, request.cycle_starts, hours, today=today, zone=zone, gate=gate)
    outbox.post(
        provider=provider,
        key=f"approval:{request.pk}:{contact.email.casefold()}",
        kind="approval",
        recipient=contact.email,
        context={
            "provider": provider_name(provider, gate),
            "client": client_name(client, gate),
            "hours": agreed_hours(hours),
            "name": plain_name(gate.out(request.name, client.slug, _("Somebody"))),
            "text": plain_reason(gate.out(request.text, client.slug)),
            "offer": asdict(offered) if offered else {},
        },
        secret=secret,
        language=get_language() or "",
    )


def _has_many_mails(contact: Contact, at: datetime) -> bool:
    sent = OutboxMail.objects.filter(
        provider=contact.provider,
        kind="approval",
        recipient=contact.email,
        created_at__gt=at - timedelta(days=1),
    )
    of_the_hour = sent.filter(created_at__gt=at - timedelta(hours=1))
    return of_the_hour.count() >= MAILS_AN_HOUR or sent.count() >= MAILS_A_DAY


def plain_name(typed: str) -> str:
    """A name as it may stand in a mail to somebody else: one short line, and no address to follow.

    >>> plain_name("Pat\\n\\nLee"), plain_name("Your bill is open: https://evil.example")
    ('Pat Lee', 'Your bill is open')
    """
    return NOT_IN_A_NAME.split(" ".join(typed.split()))[0][:LONGEST_NAME].strip() or "?"


def plain_reason(typed: str) -> str:
    """What somebody typed, as it may stand in a mail to somebody else: one line, without anything to follow.

    >>> plain_reason("Mail is down since 4:30.\\nSee evil.example/x, or ask ops@evil.example")
    'Mail is down since 4:30. See … or ask …'
    """
    words = ("…" if LIKE_AN_ADDRESS.search(word) else word for word in typed.split())
    return " ".join(words)[:LONGEST_REASON].strip()


def _tell_managers(request: ClientRequest, retainer: Retainer) -> None:
    said = {
        "what": ClientRequest.Kind(request.kind).label,
        "hours": "" if request.hours_units is None else str(from_units(request.hours_units)),
        "name": " ".join(request.name.split()),
        "email": request.email,
        "reply_to": request.email,
        "text": request.text,
        "may_approve": request.may_approve,
    }
    tell_managers(request, retainer, "request", said)


def _is_many(link: ShareLink, kind: str, at: datetime) -> bool:
    """Whether the link has asked for enough of that kind in the last hour or day. Raises `TooManyError` on a flood."""
    made = ClientRequest.objects.filter(link=link, kind=kind)
    today = made.filter(made_at__gt=at - timedelta(days=1)).count()
    if today >= FLOOD:
        raise TooManyError
    return (
        today >= REQUESTS_A_DAY
        or made.filter(made_at__gt=at - timedelta(hours=1)).count() >= REQUESTS_AN_HOUR
    )


def approver(retainer: Retainer, email: str) -> Contact | None:
    """The contact on record who may approve under that address; letters that only look alike are others.

    The comparison is Python's: a database's upper case makes one address of several (`ı` and `i`).
    """
    typed = email.strip()
    if not typed.isascii():
        return None
    listed = Contact.objects.filter(client=retainer.client_id, approves=True).order_by("pk")
    return next((each for each in listed if each.email.strip().lower() == typed.lower()), None)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def seen_answering(request: ClientRequest, day: date) -> Seen:
    """What is in view where hours are about to be granted on that day: the page as it is published, and the day."""
    row = request.retainer
    said = ["answered", request.pk, day.isoformat()]
    return Seen(publications={row.pk: row.publication_id}, words=said)


@transaction.atomic
def answer(
    *,
    request: ClientRequest,
    words: str,
    by: User,
    at: datetime,
    grants: TopUpTerms | None = None,
    form: str = "",
) -> bool:
    """A manager's answer, once; with `grants` the asked-for top-up becomes a lot. False: answered before.

    `form` is the mark of what was in view (`seen_answering`); raises `StaleError` where hours are granted and that is
    no longer so.
    """
    fresh = ClientRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if fresh.answered_at is not None:
        return False
    require_passing(fresh.provider, fresh.retainer.client.slug, [words])
    fresh.answered_at, fresh.answered_by, fresh.answer = at, by, words[:300]
    if grants is not None:
        _grant(fresh, grants, form, by, at)
    fresh.save()
    tell_answered(fresh)
    about, accepted = [fresh.retainer.client.slug], grants is not None
    record(by, "request answered", fresh.retainer.key, about=about, request=fresh.pk, accepted=accepted)
    return True


def _grant(request: ClientRequest, terms: TopUpTerms, form: str, by: User, at: datetime) -> None:
    """The top-up that was asked for, published. `StaleError` where what was in view is no longer so."""
    retainer = publishing.lock([request.retainer_id])[request.retainer_id]
    request.retainer = retainer
    require(seen_answering(request, terms.date), form, [retainer])
    press = publishing.Press(Publication.Kind.TOP_UP, at, by, terms.note, digest_of_form(form))
    publication = press.publication(retainer)
    publishing.grant(publication=publication, top_ups=[terms])
    request.top_up = TopUp.objects.filter(added_in=publication).first()


def offer_of(
    retainer: Retainer, cycle: date | None, hours: Decimal | None, *, today: date, zone: ZoneInfo, gate: Gate
) -> Offer | None:
    """The offer for the cycle that begins on that day; None where there is no such cycle (any more)."""
    standing = standings_of([retainer.pk], today=today, zone=zone, gate=gate).get(retainer.pk)
    return offer_in(standing, cycle, hours) if standing else None


def standings_of(retainers: Iterable[int], *, today: date, zone: ZoneInfo, gate: Gate) -> dict[int, Standing]:
    """What the offers of several requests are read from, once for each retainer."""
    rows = retainers_of().filter(pk__in=set(retainers))
    return {each.retainer.pk: each for each in standings(rows, on=today, zone=zone, gate=gate)}


def offer_in(standing: Standing, cycle: date | None, hours: Decimal | None) -> Offer | None:
    for found in standing.cycles:
        if found.starts == cycle:
            return offer(standing.agreement.name, found, hours)
    return None
