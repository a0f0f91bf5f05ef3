"""Work added up so that entries can come and go: how many draws of each kind there are a day, and their hours. Pure.

Each entry is rounded by itself, so what is added up is whole hundredths, and an entry that goes is taken off again.
Only which entry drew what isn't known any more (`drawn.UnreadDraws`). Work below zero isn't added up: there
the order of a day's draws matters (`drawn.written`), and the entries have to be read.
"""

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from retainers.balance import CycleBalance, Draw, MultiplierUse, Work
from retainers.drawn import (
    OfDays,
    UnreadDraws,
    account_of,
    hours_by_day,
    used_by_multiplier,
    uses_in_order,
)
from retainers.hours import ZERO, from_units, to_units
from retainers.pricing import draws_of
from retainers.terms import Terms


class OfPool(NamedTuple):
    """What was drawn on a pool in a cycle, and on which days."""

    hours: Decimal
    days: list[tuple[date, Decimal]]


class Worked(NamedTuple):
    """What the work of a cycle comes to: its draws, their hours by pool, and by multiplier."""

    draws: tuple[Draw, ...]
    by_pool: Mapping[str, OfPool]
    uses: tuple[MultiplierUse, ...]


class Slot(NamedTuple):
    """What draws have in common that are added up together.

    `places`: whether what was counted and what was drawn have decimals: nothing is added up as the zero without any.
    """

    pool: str
    multipliers: tuple[str, ...]
    factor: Decimal | None
    categories: frozenset[str]
    counts: bool
    places: tuple[bool, bool]


# How many draws times `APART` twice, the hundredths counted times `APART`, and the hundredths drawn: none is below
# zero, so all three are added up at once.
Units = int
APART = 10**15
Tally = dict[Slot, dict[str, Units]]  # by day, which is written as in ISO 8601


_units = lru_cache(maxsize=2048)(to_units)  # few hours are different once they are rounded


def units_of(draw: Draw) -> Units:
    return APART * APART + hundredths_of(draw)


def hundredths_of(draw: Draw) -> Units:
    """The same without how many there are: smaller numbers are added up faster."""
    return _units(draw.counted) * APART + _units(draw.hours)


def slot_of(draw: Draw) -> Slot:
    places = not draw.counted.same_quantum(ZERO), not draw.hours.same_quantum(ZERO)
    its = draw.work.categories
    return Slot(draw.pool, draw.multipliers, draw.factor, its, draw.reason is None, places)


_said = attrgetter(
    "pool", "multipliers", "factor", "work.categories", "reason", "counted", "hours", "work.day"
)


def tally_of(draws: Iterable[Draw]) -> Tally | None:
    """These draws added up; None where one is below zero."""
    found: Tally = {}
    return found if _add_all(found, _kinds(draws), 1) else None


def tally_of_days(kinds: Iterable[tuple[Sequence[Draw], Iterable[tuple[date, int]]]]) -> Tally | None:
    """The same of kinds of entries: what one of them draws, whatever its day, and how many there are on which days."""
    found: Tally = {}
    for draws, numbers in kinds:
        if any(map(is_below_zero, draws)):
            return None
        its = [(found.setdefault(slot_of(draw), {}), units_of(draw)) for draw in draws]
        for on, number in numbers:
            day = on.isoformat()
            for days, units in its:
                days[day] = days.get(day, 0) + units * number
    return found


def by_cycle(tally: Tally, cycles: Mapping[int, tuple[date, date]]) -> dict[int, Tally]:
    """What is of the days of each cycle, by its index. `cycles`: the first and the last day of each, in their order."""
    found: dict[int, Tally] = {index: {} for index in cycles}
    indexes, ends = list(cycles), [last.isoformat() for _first, last in cycles.values()]
    starts = [first.isoformat() for first, _last in cycles.values()]
    for slot, days in tally.items():
        for day, its in days.items():
            at = bisect_left(ends, day)
            if at < len(ends) and starts[at] <= day:
                found[indexes[at]].setdefault(slot, {})[day] = its
    return found


def changed(tally: Tally, goes: Iterable[Draw], comes: Iterable[Draw]) -> Tally | None:
    """The same without the draws that go and with those that come; None where one is below zero, or was never there.

    >>> from types import SimpleNamespace as Its
    >>> hours, work = Decimal("0.25"), Its(day=date(2026, 1, 5), categories=frozenset())
    >>> kind = {"pool": "main", "multipliers": (), "factor": None, "reason": None}
    >>> draw = Its(work=work, figure=hours, counted=hours, hours=hours, **kind)
    >>> changed(tally_of([draw, draw]), [draw, draw], [draw]) == tally_of([draw])
    True
    """
    found = {slot: dict(days) for slot, days in tally.items()}
    is_told = _add_all(found, _kinds(comes), 1) and _add_all(found, _kinds(goes), -1)
    whole = {slot: its for slot, days in found.items() if (its := _there(days))}
    return whole if is_told and all(min(days.values()) > 0 for days in whole.values()) else None


def _there(days: Mapping[str, Units]) -> dict[str, Units]:
    """Without the days of which nothing is left."""
    return {day: units for day, units in days.items() if units}


def _add_all(tally: Tally, pairs: Sequence[tuple[Draw, int]], sign: int) -> bool:
    """Whether none of them is below zero."""
    for draw, number in pairs:
        days, day = tally.setdefault(slot_of(draw), {}), draw.work.day.isoformat()
        days[day] = days.get(day, 0) + units_of(draw) * number * sign
    return not any(is_below_zero(draw) for draw, _number in pairs)


def is_below_zero(draw: Draw) -> bool:
    return min(draw.figure, draw.hours, draw.counted) < 0  # -0.001 is drawn as -0.00


def _kinds(draws: Iterable[Draw]) -> list[tuple[Draw, int]]:
    """One draw of each kind, and how many there are; those with a zero one by one, as its decimals tell them apart."""
    every = list(draws)
    plain = [draw for draw in every if draw.hours and draw.counted]
    said = list(map(_said, plain))
    first = dict(zip(said, plain, strict=True))
    rest = [(draw, 1) for draw in every if not (draw.hours and draw.counted)]
    return [*((first[kind], number) for kind, number in Counter(said).items()), *rest]


def worked(works: Collection[Work], terms: Terms, counted: Worked | None) -> Worked:
    """What the work of a cycle comes to that was read, or was counted. ValueError where it is both."""
    if counted is not None:
        if works:
            raise ValueError("the work of a cycle was both read and counted")
        return counted
    draws = draws_of(works, terms)
    return Worked(draws, by_pool(hours_by_day(draws)), used_by_multiplier(draws))


def worked_in_each(tallies: Mapping[int, Tally]) -> dict[int, Worked]:
    """What the work of cycles comes to, by their indexes; of those without any, nothing."""
    return {index: _worked_in(tally) for index, tally in tallies.items() if tally}


def _worked_in(tally: Tally) -> Worked:
    sums = Sums()
    for slot, days in tally.items():
        sums.add(slot, days.items())
    return sums.worked


def drawn_after(tally: Tally, day: date, cycle: CycleBalance, account: str) -> Decimal:
    """The hours drawn on that account of the cycle on all days after this one."""
    last = day.isoformat()
    mine = (days for slot, days in tally.items() if account_of(slot.pool, cycle) == account)
    later = (units % APART for days in mine for its, units in days.items() if its > last)
    return from_units(sum(later))


def tally_text(tally: Tally) -> str:
    slots = [
        [its.pool, its.multipliers, _text(its.factor), sorted(its.categories), its.counts, its.places, days]
        for its, days in tally.items()
    ]
    return json.dumps(slots, ensure_ascii=False, separators=(",", ":"))


def read_tally(text: str) -> Tally:
    """What `tally_text` wrote."""
    found: Tally = {}
    for pool, multipliers, factor, categories, counts, places, days in json.loads(text):
        its = Decimal(factor) if factor is not None else None
        slot = Slot(pool, tuple(multipliers), its, frozenset(categories), counts, (places[0], places[1]))
        found[slot] = days
    return found


def _text(factor: Decimal | None) -> str | None:
    return None if factor is None else str(factor)


@dataclass(slots=True)
class Sums:
    """One cycle while it is added up."""

    drawn: dict[tuple[date, str], Decimal] = field(default_factory=dict)
    units: list[tuple[Slot, Units]] = field(default_factory=list)

    def add(self, slot: Slot, days: Iterable[tuple[str, Units]]) -> None:
        pool, has_places, total, drawn = slot.pool, slot.places[1], 0, self.drawn
        for day, units in days:
            its = from_units(units % APART) if has_places else ZERO
            key = date.fromisoformat(day), pool
            drawn[key] = drawn[key] + its if key in drawn else its
            total += units
        self.units.append((slot, total))

    @property
    def worked(self) -> Worked:
        uses: dict[tuple[tuple[str, ...], Decimal | None], tuple[Decimal, Decimal]] = {}
        counting = [(slot, units) for slot, units in self.units if slot.counts]
        for slot, units in counting:
            key, (counted_has, drawn_has) = (slot.multipliers, slot.factor), slot.places
            counted = from_units(units // APART % APART) if counted_has else ZERO
            drawn = from_units(units % APART) if drawn_has else ZERO
            before = uses.get(key, (ZERO, ZERO))
            uses[key] = before[0] + counted, before[1] + drawn
        kinds = {(slot.categories, slot.pool) for slot, _units in counting}
        return Worked(UnreadDraws(self.drawn, kinds), by_pool(self.drawn), uses_in_order(uses))


def by_pool(drawn: OfDays) -> dict[str, OfPool]:
    """What was drawn on each pool in all, and day by day."""
    days: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for (day, pool), hours in drawn.items():
        days[pool].append((day, hours))
    return {pool: OfPool(sum([hours for _day, hours in its], ZERO), its) for pool, its in days.items()}
