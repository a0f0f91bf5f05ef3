"""The incident of a client as staff see it: the words that the client reads, and what a form must name."""

from dataclasses import dataclass

from django.utils.timezone import now

from desk.doors import OpenedRetainer
from portal.shown_notices import notice_of
from presentation.accounts import accounts
from presentation.headlines import NoticeWords, notice_words
from retainers.cycles import ONE_DAY
from retainers.live import live_from_document
from retainers.models import Entry, Notice


@dataclass(frozen=True, slots=True)
class StandingIncident:
    """`seen` is how often it was changed, `back` how many people were on it before it paused."""

    words: NoticeWords | None
    runs: bool
    people: int
    back: int
    seen: int
    ticket: str


def standing_incident(opened: OpenedRetainer) -> StandingIncident | None:
    """The incident that runs, or the one that ended last and nothing took the place of."""
    row = Notice.objects.filter(retainer=opened.retainer, retired_in=None, live__isnull=False).first()
    if row is None:
        return None
    live, cycle = live_from_document(row.live), opened.standing.current
    found = accounts(opened.standing.cycles, cycle) if cycle else ()
    first = live.started.astimezone(opened.zone).date() - ONE_DAY  # an entry may go on past midnight
    marks = Entry.objects.filter(retainer=opened.retainer, retired_in=None, day__gte=first).in_bulk()
    facts = notice_of(row, opened.standing, marks, opened.zone, now())
    return StandingIncident(
        words=notice_words(facts, found, opened.today, cycle),
        runs=row.running,
        people=live.people,
        back=next((step.people for step in reversed(live.steps) if step.people), 1),
        seen=live.number,
        ticket=live.ticket,
    )
