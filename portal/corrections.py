"""What changed in a cycle after the client had once seen the whole of it.

A cycle is whole when an import has published it to its last day, and that import still stands. A counted
line that an import brings after that day, or that a person corrects then, is a correction; new words for the
same hours are none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q

from retainers.balance import CycleBalance
from retainers.models import Entry, Publication
from retainers.pricing import draws_under, hours_drawn
from retainers.row_values import ENTRY_COLUMNS, work_of
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class Corrections:
    """`corrected`: the day of publication by entry; `taken_back`: how many lines on which day."""

    corrected: dict[int, date] = field(default_factory=dict)
    taken_back: tuple[tuple[date, int], ...] = ()


def corrections(head: Publication, agreement: Agreement, cycle: CycleBalance, zone: ZoneInfo) -> Corrections:
    """The corrections of a closed cycle that `head` shows; none for one that is open, or was never whole."""
    whole = _first_whole(head, cycle) if cycle.closed else None
    if whole is None:
        return Corrections()
    rows = Entry.objects.filter(retainer=head.retainer_id, day__range=(cycle.starts, cycle.ends))
    entries = list(rows.filter(added_in__number__lte=head.number).select_related("added_in", "retired_in"))
    before = [each for each in entries if _stands(each, whole)]
    now = [each for each in entries if _stands(each, head)]
    gone = [each for each in before if not _stands(each, head)]
    drawn = {each.pk: _hours(each, agreement) for each in entries}
    return Corrections(
        corrected=dict(_corrected(before, now, drawn, cycle, zone)),
        taken_back=_taken_back(gone, now, drawn, cycle, zone),
    )


def _first_whole(head: Publication, cycle: CycleBalance) -> Publication | None:
    """The first import that covered the cycle to its end and was not undone by then."""
    rows = Publication.objects.filter(
        Q(taken_back_by=None) | Q(taken_back_by__number__gt=head.number),
        retainer=head.retainer_id,
        number__lte=head.number,
        kind=Publication.Kind.IMPORT,
        through__gte=cycle.ends,
    )
    return rows.order_by("number").first()


def _stands(entry: Entry, at: Publication) -> bool:
    return entry.added_in.number <= at.number and (
        entry.retired_in is None or entry.retired_in.number > at.number
    )


def _hours(entry: Entry, agreement: Agreement) -> Decimal | None:
    """What the line reads, None where the client sees no such line."""
    record = tuple(getattr(entry, column) for column in ENTRY_COLUMNS)
    return hours_drawn(draws_under(agreement, work_of(record))) or None


def _corrected(
    before: Sequence[Entry],
    now: Sequence[Entry],
    drawn: dict[int, Decimal | None],
    cycle: CycleBalance,
    zone: ZoneInfo,
) -> Iterable[tuple[int, date]]:
    known = {(each.origin, each.day, each.pool, drawn[each.pk]) for each in before}
    for entry in now:
        on = _made_on(entry.added_in, zone)
        same = (entry.origin, entry.day, entry.pool, drawn[entry.pk]) in known
        if drawn[entry.pk] and not same and on > cycle.ends:
            yield entry.pk, on


def _taken_back(
    gone: Sequence[Entry],
    now: Sequence[Entry],
    drawn: dict[int, Decimal | None],
    cycle: CycleBalance,
    zone: ZoneInfo,
) -> tuple[tuple[date, int], ...]:
    """The lines that are there no more, in any form, by the day on which they went."""
    standing = {each.origin for each in now if drawn[each.pk]}
    counts: dict[date, int] = {}
    for entry in gone:
        if entry.retired_in is None or entry.origin in standing or not drawn[entry.pk]:
            continue
        on = _made_on(entry.retired_in, zone)
        if on > cycle.ends:
            counts[on] = counts.get(on, 0) + 1
    return tuple(sorted(counts.items()))


def _made_on(publication: Publication, zone: ZoneInfo) -> date:
    day: date = publication.made_at.astimezone(zone).date()
    return day
