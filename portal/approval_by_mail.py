"""The approver's yes from their own mail, and whether it may still be given.

The mail is proof of the address. Everything else is asked again when the button is pressed: that the contact
still may approve, that the link still opens the client's page, and that the cycle is not settled.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from accounts import actors
from accounts.access import zone_of
from accounts.audit import record
from accounts.tenancy import all_tenants
from portal.access import opening, opens
from portal.asking import approver, digest_of, offer_in, standings_of
from portal.models import ClientRequest
from portal.telling import tell_managers
from presentation.approvals import approved_lines
from presentation.phrases import agreed_hours
from retainers.approving import approve
from retainers.closings import closings
from retainers.gate.known import read_gate
from retainers.hours import from_units
from retainers.models import Contact
from retainers.selectors import Standing, retainers_of, standings

CONFIRM_WITHIN = timedelta(days=7)
MOST = 20  # requests on one page
LONGEST_KEY = 19  # digits
READ_WITH = ("retainer__client", "provider", "link__provider", "link__client")


class TooLateError(Exception):
    """The approval can't be given any more: who may, the link, or the cycle is no longer what it was."""


def find_to_confirm(secret: str, at: datetime) -> ClientRequest | None:
    """The request that waits for this confirmation, within seven days of being made."""
    with all_tenants("a confirmation is looked up before its provider is known"):
        found: ClientRequest | None = (
            ClientRequest.objects.select_related(*READ_WITH)
            .filter(digest=digest_of(secret), may_approve=True, made_at__gt=at - CONFIRM_WITHIN)
            .first()
        )
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What still waits for the contact's word; `is_too_late`: the request itself can't get it any more."""

    others: list[ClientRequest]
    is_too_late: bool


def still_waiting(request: ClientRequest, at: datetime) -> Waiting:
    """What else waits for the word of the same contact, oldest first; nothing once they may not give it any more.

    The mail is capped (`asking`), so that nobody is flooded; behind any one of them everything can be confirmed.
    """
    is_open = request.confirmed_at is None
    others = waiting_too(request, at)
    if others is None:
        return Waiting([], is_too_late=is_open)
    settled = _settled([request, *others] if is_open else others, at)
    left = [each for each in others if each.pk not in settled]
    return Waiting(left, is_too_late=is_open and request.pk in settled)


def waiting_too(request: ClientRequest, at: datetime, only: str = "") -> list[ClientRequest] | None:
    """The same, settled cycles among them; `only`: the key of one of them. None: they may not give it any more."""
    contact = approver(request.retainer, request.email)
    if contact is None or not opens(request.link):
        return None
    rows = ClientRequest.objects.filter(
        retainer__client=request.retainer.client_id,
        may_approve=True,
        confirmed_at=None,
        answered_at=None,
        made_at__gt=at - CONFIRM_WITHIN,
    ).exclude(pk=request.pk)
    found = _of_key(rows, only).select_related(*READ_WITH).order_by("made_at")
    mine = [each for each in found[:MOST] if each.email.strip().lower() == contact.email.strip().lower()]
    links = {each.link_id: each.link for each in mine if each.link_id != request.link_id}
    open_ones = {request.link_id, *(link.pk for link in opening(list(links.values())))}
    return [each for each in mine if each.link_id in open_ones]


def _of_key(rows: QuerySet[ClientRequest], key: str) -> QuerySet[ClientRequest]:
    """The one of that key, as an address says it; all where it says none."""
    if not key:
        return rows
    return rows.filter(pk=int(key)) if key.isdecimal() and len(key) < LONGEST_KEY else rows.none()


def _settled(requests: Sequence[ClientRequest], at: datetime) -> set[int]:
    """Those, of one provider, for hours of a cycle that is closed and settled. Each retainer is looked at once."""
    if not requests:
        return set()
    provider = requests[0].provider
    zone = zone_of(provider)
    today = at.astimezone(zone).date()
    rows = retainers_of().filter(pk__in={each.retainer_id for each in requests})
    closed = closings(standings(rows, on=today, zone=zone), provider)
    cycles = {
        each.pk: closed.get(each.retainer_id or 0, {}).get(each.cycle_starts)
        for each in requests
        if each.cycle_starts
    }
    return {pk for pk, closing in cycles.items() if closing and closing.is_settled(today)}


@transaction.atomic
def confirm(*, request: ClientRequest, at: datetime) -> None:
    """From now on the hours are approved, in the contact's own name. Raises `TooLateError`; done once."""
    ClientRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    fresh = ClientRequest.objects.select_related(*READ_WITH).get(pk=request.pk)
    if fresh.confirmed_at is not None:
        return
    contact = approver(fresh.retainer, fresh.email)
    if contact is None or fresh.cycle_starts is None or not opens(fresh.link) or _settled([fresh], at):
        raise TooLateError
    fresh.confirmed_at = at
    fresh.save(update_fields=["confirmed_at"])
    approved = from_units(fresh.hours_units or 0)
    approve(retainer=fresh.retainer, cycle=fresh.cycle_starts, hours=approved, contact=contact, at=at)
    by, retainer = actors.contact(contact.email), fresh.retainer
    record(by, "overage approved", retainer.key, about=[retainer.client.slug], hours=str(approved))
    with translation.override("en"):  # staff read English, whatever the approver reads
        _tell_managers(fresh, contact, approved, at)


def _used_of(standing: Standing, starts: date | None) -> str:
    """How much of all that is approved for the cycle is used, and what is left of it."""
    given = [each for each in standing.approvals if each.cycle == starts]
    return next(
        (approved_lines(given, each)[0] for each in standing.cycles if given and each.starts == starts), ""
    )


def _tell_managers(request: ClientRequest, contact: Contact, approved: Decimal, at: datetime) -> None:
    """That the hours are approved, at once, to everybody who could have answered."""
    retainer, zone = request.retainer, zone_of(request.provider)
    today, gate = at.astimezone(zone).date(), read_gate(request.provider)
    standing = standings_of([retainer.pk], today=today, zone=zone, gate=gate).get(retainer.pk)
    offered = offer_in(standing, request.cycle_starts, approved) if standing else None
    said = {
        "hours": agreed_hours(approved),
        "name": " ".join(contact.name.split()),
        "reply_to": contact.email,
        "offer": asdict(offered) if offered else {},
        "used": _used_of(standing, request.cycle_starts) if standing else "",
        "path": reverse("client", args=[retainer.client.slug]),
    }
    tell_managers(request, retainer, "approved", said)
