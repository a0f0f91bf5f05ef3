"""Work that is counted instead of read: entries that differ by nothing but their day and their mark. Pure.

Each entry is rounded by itself, so entries alike draw alike: they are priced once and taken as often as they are there.
What comes out is to the hundredth, and to its places, what the ledger makes of them one by one; only which entry drew
what isn't known any more (`drawn.UnreadDraws`).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from retainers.balance import Draw, MultiplierUse, Work
from retainers.cycles import Cycle
from retainers.drawn import OfDays, UnreadDraws, hours_by_day, used_by_multiplier, uses_in_order
from retainers.hours import ZERO, from_units, to_units
from retainers.pricing import Prices, draws_of
from retainers.terms import Agreement, Terms

MOST_PARTS = 2  # of more the last one may come out below zero, as it takes what the others were rounded by


class Alike(NamedTuple):
    """What the entries say, and how many there are of each day, which is written as in ISO 8601.

    The day and the mark of `work` mean nothing.
    """

    work: Work
    often: Mapping[str, int]


class OfPool(NamedTuple):
    """What was drawn on a pool in a cycle, and on which days."""

    hours: Decimal
    days: list[tuple[date, Decimal]]


class Worked(NamedTuple):
    """What the work of a cycle comes to: its draws, their hours by pool, and by multiplier."""

    draws: tuple[Draw, ...]
    by_pool: Mapping[str, OfPool]
    uses: tuple[MultiplierUse, ...]


def worked(works: Collection[Work], terms: Terms, counted: Worked | None) -> Worked:
    """What the work of a cycle comes to that was read, or was counted. ValueError where it is both."""
    if counted is not None:
        if works:
            raise ValueError("the work of a cycle was both read and counted")
        return counted
    draws = draws_of(works, terms)
    return Worked(draws, _by_pool(hours_by_day(draws)), used_by_multiplier(draws))


def _by_pool(drawn: OfDays) -> dict[str, OfPool]:
    days: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for (day, pool), hours in drawn.items():
        days[pool].append((day, hours))
    return {pool: OfPool(sum((hours for _day, hours in its), ZERO), its) for pool, its in days.items()}


def may_be_counted(work: Work) -> bool:
    """Whether the hours of a day can be told without its entries: below zero their order would matter.

    >>> may_be_counted(Work(date(2026, 1, 5), Decimal("-0.5")))
    False
    """
    figures = (work.worked, work.billable, work.deducted)
    return len(work.parts) <= MOST_PARTS and not any(figure is not None and figure < 0 for figure in figures)


def counted_in(
    cycles: Sequence[Cycle], every: Sequence[Alike], agreement: Agreement, on: date
) -> dict[int, Worked]:
    """What the work dated in these cycles up to that day comes to, by the cycle's index; none where there is none.

    >>> from retainers.terms import Pool, Terms
    >>> start = date(2026, 1, 1)
    >>> terms = Terms(start, (Pool("main", "Main", Decimal(8)),), increment=Decimal("0.25"))
    >>> three = Alike(Work(start, Decimal("0.1")), {"2026-01-05": 3})
    >>> january = Cycle(0, start, date(2026, 1, 31), date(2026, 2, 1), 31, 31)
    >>> counted_in([january], [three], Agreement("it", "IT", start, (terms,)), date(2026, 1, 31))[0].draws.days
    '2026-01-05 main 0.75'
    """
    found: dict[int, Worked] = {}
    for _terms, its in groupby(cycles if every else (), lambda cycle: agreement.terms_on(cycle.starts)):
        run = list(its)
        firsts, until = [str(cycle.starts) for cycle in run], str(min(on, run[-1].ends))
        sums: dict[int, _Sums] = defaultdict(_Sums)
        for slot, days in _by_slot(every, run[0].starts, agreement).items():
            for day, units in days.items():
                if firsts[0] <= day <= until:
                    sums[bisect_right(firsts, day) - 1].add(slot, day, units)
        found.update((run[at].index, done.worked) for at, done in sums.items())
    return found


class _Slot(NamedTuple):
    """What draws have in common that are added up together.

    `places`: whether what was counted and what was drawn have decimals: nothing is added up as the zero without any.
    """

    pool: str
    multipliers: tuple[str, ...]
    factor: Decimal | None
    categories: frozenset[str]
    counts: bool
    places: tuple[bool, bool]


Units = int  # hundredths counted times `APART`, and hundredths drawn: none is below zero, so both are added up at once
APART = 10**15


def _by_slot(every: Iterable[Alike], on: date, agreement: Agreement) -> dict[_Slot, dict[str, Units]]:
    """What would be counted and drawn each day under the terms of the day `on`."""
    prices, found = Prices(agreement), dict[_Slot, dict[str, Units]]()
    for work, often in every:
        for draw in prices.draws_of(work._replace(day=on)):
            units = to_units(draw.counted) * APART + to_units(draw.hours)
            sums = found.setdefault(_slot(draw), {})
            so_far = sums.get
            for day, times in often.items():
                sums[day] = so_far(day, 0) + units * times
    return found


def _slot(draw: Draw) -> _Slot:
    places = bool(draw.counted.as_tuple().exponent), bool(draw.hours.as_tuple().exponent)
    its = draw.work.categories
    return _Slot(draw.pool, draw.multipliers, draw.factor, its, draw.reason is None, places)


@dataclass(slots=True)
class _Sums:
    """One cycle while it is added up."""

    drawn: dict[tuple[date, str], Decimal] = field(default_factory=dict)
    units: dict[_Slot, Units] = field(default_factory=dict)

    def add(self, slot: _Slot, day: str, units: Units) -> None:
        its = from_units(units % APART) if slot.places[1] else ZERO
        key = date.fromisoformat(day), slot.pool
        self.drawn[key] = self.drawn[key] + its if key in self.drawn else its
        self.units[slot] = self.units.get(slot, 0) + units

    @property
    def worked(self) -> Worked:
        uses: dict[tuple[tuple[str, ...], Decimal | None], tuple[Decimal, Decimal]] = {}
        counting = {slot: units for slot, units in self.units.items() if slot.counts}
        for slot, units in counting.items():
            key = slot.multipliers, slot.factor
            both = zip(divmod(units, APART), slot.places, strict=True)
            its = [from_units(one) if has else ZERO for one, has in both]
            before = uses.get(key, (ZERO, ZERO))
            uses[key] = before[0] + its[0], before[1] + its[1]
        kinds = {(slot.categories, slot.pool) for slot in counting}
        return Worked(UnreadDraws(self.drawn, kinds), _by_pool(self.drawn), uses_in_order(uses))
