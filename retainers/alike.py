"""Work that is counted instead of read: entries that differ by nothing but their day and their mark. Pure.

Each entry is rounded by itself, so entries alike draw alike: they are priced once and taken as often as they are there.
What comes out is to the hundredth, and to its places, what the ledger makes of them one by one; only which entry drew
what isn't known any more (`drawn.UnreadDraws`).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from retainers.balance import Work
from retainers.cycles import cycles_until
from retainers.pricing import Prices
from retainers.tally import Sums, Tally, Units, Worked, hundredths_of, slot_of
from retainers.terms import Agreement

MOST_PARTS = 2  # of more the last one may come out below zero, as it takes what the others were rounded by


class Alike(NamedTuple):
    """What the entries say, and how many there are of each day, which is written as in ISO 8601.

    The day and the mark of `work` mean nothing.
    """

    work: Work
    often: Mapping[str, int]


def may_be_counted(work: Work) -> bool:
    """Whether the hours of a day can be told without its entries: below zero their order would matter.

    >>> may_be_counted(Work(date(2026, 1, 5), Decimal("-0.5")))
    False
    """
    figures = (work.worked, work.billable, work.deducted)
    return len(work.parts) <= MOST_PARTS and not any(figure is not None and figure < 0 for figure in figures)


def counted_in(agreement: Agreement, every: Sequence[Alike], on: date, closed: int = 0) -> dict[int, Worked]:
    """What the work of each cycle comes to up to that day, by the cycle's index; of the first ones, `closed`, nothing.

    >>> from retainers.terms import Pool, Terms
    >>> start = date(2026, 1, 1)
    >>> terms = Terms(start, (Pool("main", "Main", Decimal(8)),), increment=Decimal("0.25"))
    >>> three = Alike(Work(start, Decimal("0.1")), {"2026-01-05": 3})
    >>> counted_in(Agreement("it", "IT", start, (terms,)), [three], date(2026, 1, 31))[0].draws.days
    '2026-01-05 main 0.75'
    """
    found: dict[int, Worked] = {}
    cycles = cycles_until(agreement, on)[closed:] if every else ()
    for _terms, its in groupby(cycles, lambda cycle: agreement.terms_on(cycle.starts)):
        run = list(its)
        firsts, until = [str(cycle.starts) for cycle in run], str(min(on, run[-1].ends))
        sums: dict[int, Sums] = defaultdict(Sums)
        for slot, days in _by_slot(every, run[0].starts, agreement).items():
            for at, dated in _by_place(days, firsts, until).items():
                sums[at].add(slot, dated)
        found.update((run[at].index, done.worked) for at, done in sums.items())
    return found


def _by_place(
    days: Mapping[str, Units], firsts: Sequence[str], until: str
) -> dict[int, list[tuple[str, Units]]]:
    """The days up to the last one, by which of these first days they follow."""
    found: dict[int, list[tuple[str, Units]]] = defaultdict(list)
    for day, units in days.items():
        if firsts[0] <= day <= until:
            found[bisect_right(firsts, day) - 1].append((day, units))
    return found


def _by_slot(every: Iterable[Alike], on: date, agreement: Agreement) -> Tally:
    """What would be counted and drawn each day under the terms of the day `on`; not how many draws there are."""
    prices, found = Prices(agreement), Tally()
    for work, often in every:
        for draw in prices.draws_of(work._replace(day=on)):
            units, sums = hundredths_of(draw), found.setdefault(slot_of(draw), {})
            so_far = sums.get
            for day, times in often.items():
                sums[day] = so_far(day, 0) + units * times
    return found
