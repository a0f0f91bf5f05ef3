"""The approver's yes from their own mail, and whether it may still be given.

The mail is proof of the address. Everything else is asked again when the button is pressed: that the contact
still may approve, that the link still opens the client's page, and that the cycle is not settled.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse

from accounts import actors, outbox
from accounts.access import zone_of
from accounts.audit import record
from accounts.tenancy import all_tenants
from portal.access import opens
from portal.asking import approver, digest_of, offer_of, who_may_answer
from portal.models import ClientRequest
from presentation.phrases import agreed_hours
from retainers.approving import approve
from retainers.closings import closings
from retainers.gate.known import read_gate
from retainers.hours import from_units
from retainers.models import Contact
from retainers.selectors import retainers_of, standings

CONFIRM_WITHIN = timedelta(days=7)
MOST = 20  # requests on one page


class TooLateError(Exception):
    """The approval can't be given any more: who may, the link, or the cycle is no longer what it was."""


def find_to_confirm(secret: str, at: datetime) -> ClientRequest | None:
    """The request that waits for this confirmation, within seven days of being made."""
    with all_tenants("a confirmation is looked up before its provider is known"):
        found: ClientRequest | None = (
            ClientRequest.objects.select_related("retainer__client", "provider", "link__provider")
            .filter(digest=digest_of(secret), may_approve=True, made_at__gt=at - CONFIRM_WITHIN)
            .first()
        )
    return found


def may_be_confirmed(request: ClientRequest, at: datetime) -> bool:
    """Whether pressing the button would still count."""
    return (
        approver(request.retainer, request.email) is not None
        and opens(request.link)
        and not _is_settled(request, at)
    )


def others_waiting(request: ClientRequest, at: datetime) -> list[ClientRequest]:
    """What else waits for the word of the same contact, oldest first; nothing once they may not give it any more.

    The mail is capped (`asking`), so that nobody is flooded; behind any one of them everything can be confirmed.
    """
    contact = approver(request.retainer, request.email)
    if contact is None or not opens(request.link):
        return []
    rows = ClientRequest.objects.filter(
        retainer__client=request.retainer.client_id,
        may_approve=True,
        confirmed_at=None,
        answered_at=None,
        made_at__gt=at - CONFIRM_WITHIN,
    ).exclude(pk=request.pk)
    found = rows.select_related("retainer__client", "provider", "link__provider").order_by("made_at")
    mine = [each for each in found[:MOST] if each.email.strip().lower() == contact.email.strip().lower()]
    return [each for each in mine if may_be_confirmed(each, at)]


def _is_settled(request: ClientRequest, at: datetime) -> bool:
    """Whether the cycle that the hours are for is closed and settled."""
    zone = zone_of(request.provider)
    today = at.astimezone(zone).date()
    retainer = retainers_of().filter(pk=request.retainer_id)
    for found in closings(standings(retainer, on=today, zone=zone), request.provider).values():
        closing = found.get(request.cycle_starts) if request.cycle_starts else None
        return closing is not None and closing.is_settled(today)
    return False


@transaction.atomic
def confirm(*, request: ClientRequest, at: datetime) -> None:
    """From now on the hours are approved, in the contact's own name. Raises `TooLateError`; done once."""
    fresh = ClientRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if fresh.confirmed_at is not None:
        return
    contact = approver(fresh.retainer, fresh.email)
    if contact is None or fresh.cycle_starts is None or not may_be_confirmed(fresh, at):
        raise TooLateError
    fresh.confirmed_at = at
    fresh.save(update_fields=["confirmed_at"])
    approved = from_units(fresh.hours_units or 0)
    approve(retainer=fresh.retainer, cycle=fresh.cycle_starts, hours=approved, contact=contact, at=at)
    by, retainer = actors.contact(contact.email), fresh.retainer
    record(by, "overage approved", retainer.key, about=[retainer.client.slug], hours=str(approved))
    _tell_managers(fresh, contact, approved, at)


def _tell_managers(request: ClientRequest, contact: Contact, approved: Decimal, at: datetime) -> None:
    """That the hours are approved, at once, to everybody who could have answered."""
    retainer, zone = request.retainer, zone_of(request.provider)
    today, gate = at.astimezone(zone).date(), read_gate(request.provider)
    offered = offer_of(retainer, request.cycle_starts, approved, today=today, zone=zone, gate=gate)
    for user in who_may_answer(request.provider):
        outbox.post(
            provider=request.provider,
            key=f"approved:{request.pk}:{user.email}",
            kind="approved",
            recipient=user.email,
            context={
                "client": " ".join(retainer.client.name.split()),
                "hours": agreed_hours(approved),
                "name": " ".join(contact.name.split()),
                "offer": asdict(offered) if offered else {},
                "path": reverse("client", args=[retainer.client.slug]),
            },
        )
