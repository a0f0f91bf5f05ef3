"""The work that is looked back on, as a renewal is spoken about: by its nature, by its hour, and what was free.

The draws are the ledger's, the rows behind them the export's. Words that come from the provider's own rules and
reasons go through the gate: the page may be printed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from desk.agreements.replaying.told_work import WorkNature, WorkTime, hours_by_time, nature_of
from imports.models import SourceRow
from imports.publishing.source_rows import row_of
from imports.reading.rows import Row
from imports.stages import NOT_A_CLIENT, OUTSIDE, REJECTED, REPEATED
from retainers.balance import CycleBalance, Draw
from retainers.hours import ZERO, round_half_up
from retainers.models import Entry, Retainer
from retainers.replay import unbilled_hours
from retainers.terms import Adjustment, OpeningTimes

NO_WORK = {OUTSIDE, REPEATED, REJECTED, NOT_A_CLIENT}  # reasons of rows that nobody was given
K = TypeVar("K")
Rows = Mapping[int, Row]  # the row of the export behind each entry


@dataclass(frozen=True, slots=True)
class WorkDone:
    """Hours at two places. `natures` and `times` are hours worked of counted work; both add up to `worked`.

    `left_out` are hours worked that were not counted, by their reason; `credits` what was given; `unbilled`
    hours past the cap that nobody paid.
    """

    worked: Decimal
    drawn: Decimal
    natures: Mapping[WorkNature, Decimal]
    drawn_by_nature: Mapping[WorkNature, Decimal]
    times: Mapping[WorkTime, Decimal]
    left_out: Mapping[str, Decimal]
    credits: Mapping[str, Decimal]
    unbilled: Decimal

    @property
    def free(self) -> Decimal:
        """All that was given free."""
        given = (*self.left_out.values(), *self.credits.values())
        return sum(given, self.unbilled)


def rows_behind(retainers: Sequence[Retainer], first: date, last: date) -> dict[int, Row]:
    """The row of the export behind each live entry of those days of a client's retainers, in two queries."""
    clients = {each.client_id for each in retainers}
    entries = Entry.objects.filter(retainer__in=retainers, retired_in=None, day__range=(first, last))
    keys = dict(entries.order_by().values_list("origin", "pk"))
    sources = SourceRow.objects.filter(client__in=clients, origin__in=entries.values("origin"))
    return {keys[source.origin]: row_of(source) for source in sources.order_by() if source.origin in keys}


def work_done(
    cycles: Sequence[CycleBalance], rows: Rows, times: OpeningTimes, adjustments: Sequence[Adjustment]
) -> WorkDone:
    """What the cycles hold: `rows` as `rows_behind` finds them, `times` the agreement's business hours."""
    told = [
        (nature_of(draw, rows.get(draw.work.ref), cycle.terms), draw)
        for cycle in cycles
        for draw in cycle.draws
        if draw.reason is None
    ]
    natures = _rounded(_tally((nature, _worked(draw)) for nature, draw in told))
    drawn = _tally((nature, draw.hours) for nature, draw in told)
    worked = sum(natures.values(), ZERO)
    by_time = _tally(pair for cycle in cycles for pair in _by_time(cycle, rows, times))
    return WorkDone(
        worked=worked,
        drawn=sum(drawn.values(), ZERO),
        natures=natures,
        drawn_by_nature=drawn,
        times=_adding_up_to(worked, _rounded(by_time)),
        left_out=_rounded(_tally(_left_out(cycles))),
        credits=_tally(_credits(cycles, adjustments)),
        unbilled=sum((unbilled_hours(cycle) for cycle in cycles if cycle.closed), ZERO),
    )


def _tally(pairs: Iterable[tuple[K, Decimal]]) -> dict[K, Decimal]:
    """The hours added up under their keys."""
    found: dict[K, Decimal] = {}
    for key, hours in pairs:
        found[key] = found.get(key, ZERO) + hours
    return found


def _by_time(cycle: CycleBalance, rows: Rows, times: OpeningTimes) -> Iterator[tuple[WorkTime, Decimal]]:
    """The counted hours of each entry, all its parts together, by when they were done."""
    counted = _tally((draw.work.ref, _worked(draw)) for draw in cycle.draws if draw.reason is None)
    for ref, hours in counted.items():
        yield from hours_by_time(hours, rows.get(ref), times).items()


def _left_out(cycles: Sequence[CycleBalance]) -> Iterator[tuple[str, Decimal]]:
    for cycle in cycles:
        for draw in cycle.draws:
            if draw.reason is not None and draw.reason not in NO_WORK and _worked(draw):
                yield draw.reason, _worked(draw)


def _worked(draw: Draw) -> Decimal:
    return draw.figure if draw.work.worked is None else draw.work.worked


def _rounded(hours: Mapping[K, Decimal]) -> dict[K, Decimal]:
    return {key: round_half_up(each) for key, each in hours.items()}


def _adding_up_to(whole: Decimal, parts: dict[WorkTime, Decimal]) -> dict[WorkTime, Decimal]:
    """The parts, the largest of which takes what rounding has left over."""
    if parts:
        largest = max(parts, key=lambda key: parts[key])
        parts[largest] += whole - sum(parts.values(), ZERO)
    return parts


def _credits(
    cycles: Sequence[CycleBalance], adjustments: Sequence[Adjustment]
) -> Iterator[tuple[str, Decimal]]:
    """What was given on days of these cycles, by its reason."""
    for each in adjustments:
        if each.hours > 0 and any(cycle.starts <= each.date <= cycle.ends for cycle in cycles):
            yield each.reason, each.hours
