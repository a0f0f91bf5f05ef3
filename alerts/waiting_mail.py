"""The morning's mail about what waits for a person: sent where it is not what the last one said."""

from datetime import datetime

from django.db import transaction

from accounts import outbox
from accounts.access import zone_of
from accounts.models import OutboxMail, Provider
from alerts.posting import members_who_want
from desk.waiting.page import counted, groups_of
from desk.waiting.things import Thing, things_waiting

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
    if not things:
        return 0
    context = {
        "what": counted(things),
        "groups": [
            {
                "title": group.title,
                "lines": [_line(thing) for thing in group.things[:MOST_LINES]],
                "more": max(len(group.things) - MOST_LINES, 0),
            }
            for group in groups_of(things)
        ],
        "marks": [thing.mark for thing in things],
        "path": "/waiting/",
    }
    return sum(
        outbox.post(
            provider=provider,
            key=f"{KIND}:{provider.pk}:{local.date()}:{user.email}",
            kind=KIND,
            recipient=user.email,
            context=context,
        )
        for user in members_who_want(provider, "reminders")
        if _told(provider, user.email) != context["marks"]
    )


def _line(thing: Thing) -> dict[str, str]:
    return {"text": thing.text, "detail": thing.detail, "path": thing.href}


def _told(provider: Provider, recipient: str) -> list[str]:
    """The marks of what the last mail of this kind told them."""
    rows = OutboxMail.objects.filter(provider=provider, kind=KIND, recipient=recipient).order_by("-pk")
    last: list[str] | None = rows.values_list("context__marks", flat=True).first()
    return last or []
