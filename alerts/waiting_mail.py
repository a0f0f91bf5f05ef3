"""The morning's mail about what waits for a person: sent where it is not what the last one said."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import outbox
from accounts.access import zone_of
from accounts.models import Membership, OutboxMail, Provider, Role, User
from alerts.posting import members_who_want
from desk.waiting import Thing, counted, groups_of, things_waiting

MORNING = 7  # o'clock, on the provider's wall
KIND = "waiting"
MOST_LINES = 5


@transaction.atomic
def tell_what_waits(provider: Provider, at: datetime) -> int:
    """Once a morning at most, to each member who wants reminders; how many mails were new."""
    local = at.astimezone(zone_of(provider))
    if local.hour < MORNING:
        return 0
    things = things_waiting(provider, at)
    owners = set(
        Membership.objects.filter(provider=provider, role=Role.OWNER).values_list("user_id", flat=True)
    )
    return sum(
        _tell(provider, user, [each for each in things if user.pk in owners or not each.for_owners], local)
        for user in members_who_want(provider, "reminders")
    )


def _tell(provider: Provider, user: User, things: list[Thing], local: datetime) -> int:
    """One mail about these things, unless nothing waits, or the last mail said the same."""
    marks = [thing.mark for thing in things]
    if not things or _told(provider, user.email) == marks:
        return 0
    return outbox.post(
        provider=provider,
        key=f"{KIND}:{provider.pk}:{local.date()}:{user.email}",
        kind=KIND,
        recipient=user.email,
        context=_context(things, marks),
    )


def _context(things: list[Thing], marks: list[str]) -> dict[str, Any]:
    return {
        "what": counted(things),
        "groups": [
            {
                "title": group.title,
                "lines": [_line(thing) for thing in group.things[:MOST_LINES]],
                "more": max(len(group.things) - MOST_LINES, 0),
            }
            for group in groups_of(things)
        ],
        "marks": marks,
        "path": "/waiting/",
    }


def _line(thing: Thing) -> dict[str, str]:
    return {"text": thing.text, "detail": thing.detail, "path": str(thing.href)}


def _told(provider: Provider, recipient: str) -> list[str]:
    """The marks of what the last mail of this kind told them."""
    rows = OutboxMail.objects.filter(provider=provider, kind=KIND, recipient=recipient).order_by("-pk")
    last: list[str] | None = rows.values_list("context__marks", flat=True).first()
    return last or []
