"""Live incidents, written down: begun, people changed, paused, ended; each step a publication of its own.

One is a notice whose hours are reckoned from the clock (`live`). A client has one at a time.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from retainers import publishing
from retainers.live import Live, Step, live_from_document
from retainers.models import Notice, Publication, Retainer

MOST_PEOPLE = 50
TEXT = "Incident in progress"


class RunsError(Exception):
    """An incident of the client runs already."""


class ChangedError(Exception):
    """The incident is not what it was when the form was opened."""


@transaction.atomic
def start_live(*, retainer: Retainer, live: Live, pool: str, by: User | None, at: datetime) -> Notice:
    """Begin one, in place of the notice that stands. Raises `RunsError` where the client has one."""
    siblings = Retainer.objects.filter(client=retainer.client_id).values_list("pk", flat=True)
    locked = publishing.lock(list(siblings))
    if Notice.objects.filter(retainer__in=locked, retired_in=None, running=True).exists():
        raise RunsError
    notice = _put_up(locked[retainer.pk], live, pool, by, at)
    mine = locked[retainer.pk]
    people = live.people
    record(by, "incident started", mine.key, about=[mine.client.slug], people=people, ticket=live.ticket)
    return notice


@transaction.atomic
def change_live(
    *, retainer: Retainer, seen: int, people: int | None, by: User | None, at: datetime
) -> Notice:
    """From now on so many people are on it: 0 pauses it, None ends it. `seen`: how often it had been changed.

    Raises `ChangedError` where it was changed since, or has ended: the same form sent twice acts once.
    """
    locked = publishing.lock([retainer.pk])[retainer.pk]
    row = Notice.objects.filter(retainer=locked, retired_in=None, running=True).first()
    live = live_from_document(row.live) if row else None
    if row is None or live is None or live.number != seen:
        raise ChangedError
    fresh = _ended(live, at) if people is None else live.going_on(at, people)
    notice = _put_up(locked, fresh, row.pool, by, at)
    if people is None:
        record(by, "incident ended", locked.key, about=[locked.client.slug], people=0)
    else:
        record(by, "incident changed", locked.key, about=[locked.client.slug], people=people)
    return notice


@transaction.atomic
def name_ticket(
    *, retainer: Retainer, had: str, ticket: str, mark: str, by: User | None, at: datetime
) -> Notice:
    """Give the incident its ticket's number, or another one; "" for none. `had`: the number that was in view.

    Also once it has ended: the entries of that ticket settle it. Raises `ChangedError` where somebody else has given
    it another one; the number that it has already is given once.
    """
    locked = publishing.lock([retainer.pk])[retainer.pk]
    row: Notice | None = Notice.objects.filter(retainer=locked, retired_in=None, live__isnull=False).first()
    live = live_from_document(row.live) if row and row.live else None
    if row is None or live is None or live.ticket not in (had, ticket):
        raise ChangedError
    if live.ticket == ticket:
        return row
    notice = _put_up(locked, replace(live, ticket=ticket, mark=mark), row.pool, by, at)
    record(by, "incident changed", locked.key, about=[locked.client.slug], ticket=ticket)
    return notice


def _ended(live: Live, at: datetime) -> Live:
    last = live.steps[-1]
    return Live(live.steps, live.kinds, live.ticket, live.mark, max(at, last.at))


def _put_up(retainer: Retainer, live: Live, pool: str, by: User | None, at: datetime) -> Notice:
    publication = publishing.Press(Publication.Kind.NOTICE, at, by, TEXT).publication(retainer)
    Notice.objects.filter(retainer=retainer, retired_in=None).update(retired_in=publication)
    notice: Notice = Notice.objects.create(
        retainer=retainer,
        added_in=publication,
        text=TEXT,
        pool=pool,
        live=live.document(),
        running=live.ended is None,
    )
    return notice


def begun(at: datetime, people: int, kinds: frozenset[str], ticket: str, mark: str) -> Live:
    return Live((Step(at, people),), kinds, ticket, mark)
