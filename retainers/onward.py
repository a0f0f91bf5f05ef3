"""What a retainer's cycles become where entries go and come, reckoned on from what is kept of them. Pure.

Of all other entries none is looked at but those of the incidents concerned: the work of the cycle that runs is added up
(`tally`), its longest incidents are known (`kept.handed`), and that of the closed ones is told by their figures
(`known_work`): from the first one on that changes they are reckoned anew. What comes out is what the ledger makes of
all entries. Where that can't be told so there is no answer, and the entries are read: work below zero, a sum of a
closed cycle of which nothing may be left, an incident that may be among the longest now and wasn't, or one of them that
falls behind others.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from decimal import Decimal
from heapq import nsmallest
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from retainers.balance import CycleBalance, Draw, Work
from retainers.drawn import Incidents, IncidentSum, Marks, account_of
from retainers.kept.handed import SHOWN_INCIDENTS, Handed, lines_since, same_until
from retainers.known_work import work_after
from retainers.ledger import balance, dated_in
from retainers.pricing import draws_of_each, hours_drawn
from retainers.selectors import Standing
from retainers.tally import (
    Tally,
    Worked,
    changed,
    drawn_after,
    read_tally,
    tally_text,
    worked_in_each,
)
from retainers.terms import Terms

_day = attrgetter("day")
Place = tuple[date, int]  # where a draw stands in the order of its cycle


class Moving(NamedTuple):
    """The entries that go and those that come; `stays`: those that stay of the incidents that these are of, and of
    the longest, or (`is_whole`) all in the cycle that runs. `marks`: the incidents of them all, by their keys.
    `unworded`: those that go or come without words.
    """

    goes: Sequence[Work]
    comes: Sequence[Work]
    stays: Sequence[Work]
    marks: Marks
    unworded: AbstractSet[int]
    is_whole: bool = False

    @property
    def since(self) -> date:
        """The first day of which some goes or comes."""
        return min(map(_day, (*self.goes, *self.comes)), default=date.max)


class IncidentsUntoldError(Exception):
    """The entries that were looked at don't tell which incidents are the longest."""


class Onward(NamedTuple):
    """A retainer's cycles as they become, and what is handed on of them."""

    cycles: tuple[CycleBalance, ...]
    handed: Handed


def onward(standing: Standing, kept: Handed, moving: Moving) -> Onward | None:
    """None where all entries have to be read. Raises `IncidentsUntoldError`."""
    newest = standing.current
    if newest is None or newest.closed or not kept.tally:
        return None
    changing = _changing(standing.cycles, moving.since)
    *earlier, draws = _draws_in(changing, moving, standing.on)
    tally = changed(read_tally(kept.tally), draws.goes, draws.comes)
    closed = _closed_after(changing, earlier)
    if tally is None or closed is None:
        return None
    incidents = _Longest(kept.incidents, draws, moving, tally, newest).after()
    parts = closed | worked_in_each({newest.index: tally})
    cycles = added_up(standing, parts, standing.cycles[: -len(changing)])
    more = sum(each.more_of(moving.unworded) for each in (*earlier, draws))
    its = replace(
        kept,
        on=standing.on,
        lines=lines_since(cycles, moving.since),
        incidents=incidents,
        unworded=kept.unworded + more,
        until=min(kept.until, same_until(cycles[-1], map(_day, moving.comes), standing.on)),
        tally=tally_text(tally),
    )
    return Onward(cycles, its)


def _changing(cycles: Sequence[CycleBalance], since: date) -> list[CycleBalance]:
    """Those of which work may go or come since that day: the newest at least."""
    return [cycle for cycle in cycles if cycle.ends >= since] or [cycles[-1]]


def _closed_after(cycles: Sequence[CycleBalance], draws: "Sequence[_Draws]") -> dict[int, Worked] | None:
    """What the work of the first of these cycles comes to, by their indexes; None where that of one isn't told."""
    found: dict[int, Worked] = {}
    for cycle, its in zip(cycles, draws, strict=False):
        work = work_after(cycle, its.goes, its.comes)
        if work is None:
            return None
        found[cycle.index] = work
    return found


def added_up(
    standing: Standing, parts: Mapping[int, Worked], closed: Sequence[CycleBalance] = ()
) -> tuple[CycleBalance, ...]:
    """The retainer's cycles, were `parts` all of its work, by the cycle's index; `closed` stay as they are."""
    granted = standing.top_ups, standing.adjustments, standing.on, standing.approvals
    return balance(standing.agreement, (), *granted, closed, parts)


def _draws_in(cycles: Sequence[CycleBalance], moving: Moving, on: date) -> "list[_Draws]":
    """What they draw in each of these cycles, as far as they are dated by then."""
    found: list[_Draws] = []
    for terms, its in groupby(cycles, attrgetter("terms")):
        found += map(_Draws, *_draws_under(terms, moving, list(its), on))
    return found


def _draws_under(
    terms: Terms, moving: Moving, cycles: Sequence[CycleBalance], on: date
) -> Iterator[list[list[Draw]]]:
    """What goes, comes and stays in each of some cycles with the same terms: entries alike are priced once."""
    first, last = cycles[0].starts, min(cycles[-1].ends, on)
    every = (moving.goes, moving.comes, moving.stays)
    mine = ([work for work in works if first <= work.day <= last] for works in every)
    return (dated_in(cycles, draws, _day, on) for draws in draws_of_each(mine, terms))


class _Draws(NamedTuple):
    """What they draw in a cycle."""

    goes: Sequence[Draw]
    comes: Sequence[Draw]
    stays: Sequence[Draw]

    def more_of(self, refs: AbstractSet[int]) -> int:
        """How many more of these entries something counts of than before."""
        came, went = (
            {draw.work.ref for draw in its if draw.reason is None} for its in (self.comes, self.goes)
        )
        return len(came & refs) - len(went & refs)


class _Longest:
    """The longest incidents of the cycle before and after."""

    def __init__(
        self, kept: Incidents, draws: _Draws, moving: Moving, tally: Tally, cycle: CycleBalance
    ) -> None:
        self._kept, self._draws, self._tally, self._cycle = kept, draws, tally, cycle
        self._before = _by_mark((*draws.goes, *draws.stays), moving.marks)
        self._after = _by_mark((*draws.comes, *draws.stays), moving.marks)
        self._known = {each.mark: each for each in kept.sums}
        self._is_whole = moving.is_whole

    def after(self) -> Incidents:
        """Raises `IncidentsUntoldError`."""
        was, becomes = _hours(self._before), _hours(self._after)
        count = self._kept.count - len(was) + len(becomes)
        first = nsmallest(SHOWN_INCIDENTS, ((-hours, mark) for mark, hours in becomes.items()))
        is_as_kept = all(was.get(each.mark) == each.hours for each in self._kept.sums)
        if not (is_as_kept and self._are_longest(first, len(was))):
            raise IncidentsUntoldError
        return Incidents(tuple(self._sum(mark, -less) for less, mark in first), count)

    def _are_longest(self, first: Sequence[tuple[Decimal, str]], looked_at: int) -> bool:
        """Whether none of the incidents that weren't looked at comes before one of these."""
        if self._kept.count == looked_at:
            return True
        last = self._kept.sums[-1]  # the others come behind it
        return len(first) == SHOWN_INCIDENTS and first[-1] <= (-last.hours, last.mark)

    def _sum(self, mark: str, hours: Decimal) -> IncidentSum:
        draws = self._after[mark]
        since = self._since(mark, draws[0])
        days = draws[0].work.day, draws[-1].work.day
        return IncidentSum(mark, self._account(draws[0]), hours, *days, since)

    def _since(self, mark: str, first: Draw) -> Decimal:
        """What was drawn on its account from its first draw on."""
        known, place = self._known.get(mark), _place(first)
        if known and _place(self._before[mark][0]) == place:
            went, came = (
                self._from(place, known.account, its) for its in (self._draws.goes, self._draws.comes)
            )
            return known.since - went + came
        if not self._is_whole and all(_place(draw) != place for draw in self._draws.comes):
            raise IncidentsUntoldError
        return self._since_its_day(first)

    def _since_its_day(self, first: Draw) -> Decimal:
        """The same where all that comes after it on its day is there: that, and all later days."""
        account, day = self._account(first), first.work.day
        that_day = [draw for draw in (*self._draws.comes, *self._draws.stays) if draw.work.day == day]
        return drawn_after(self._tally, day, self._cycle, account) + self._from(
            _place(first), account, that_day
        )

    def _from(self, place: Place, account: str, draws: Iterable[Draw]) -> Decimal:
        mine = (draw for draw in draws if _place(draw) >= place and self._account(draw) == account)
        return hours_drawn(mine)

    def _account(self, draw: Draw) -> str:
        return account_of(draw.pool, self._cycle)


def _place(draw: Draw) -> Place:
    return draw.work.day, draw.work.ref


def _by_mark(draws: Iterable[Draw], marks: Marks) -> dict[str, list[Draw]]:
    """The counted draws of each incident, oldest first."""
    found: dict[str, list[Draw]] = defaultdict(list)
    for draw in sorted(draws, key=_place):
        mark = marks.get(draw.work.ref)
        if mark and draw.reason is None:
            found[mark].append(draw)
    return found


def _hours(draws: Mapping[str, Iterable[Draw]]) -> dict[str, Decimal]:
    """Of those that took some."""
    sums = {mark: hours_drawn(its) for mark, its in draws.items()}
    return {mark: hours for mark, hours in sums.items() if hours > 0}
