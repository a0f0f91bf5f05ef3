"""The days that the files published so far speak for: a set of days, by pool.

Nothing here reads a file or knows what day it is: the import hands in the days that its file covers, a
publication keeps the answer, and pages ask it how far, from when, and with which gaps the figures reach.
Source: domain.md, "Importing the same period again".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Self

from retainers.terms import Agreement

ONE_DAY = timedelta(days=1)
LONG_GAP = 7  # days; shorter ones before a start that nobody gave are days without work

Span = tuple[date, date]  # first and last day, both included
Days = tuple[Span, ...]  # in order, never touching each other


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one file speaks for: its days, and the pools that it is limited to (none: everything).

    `starts_given`: the uploader named the first day; else it is that of the first row, and a few days
    without work before it are no gap.
    """

    starts: date
    ends: date
    starts_given: bool = False
    pools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """`whole`: days that files for everything speak for; `pools`: what files limited to a pool add to that;
    `no_work`: days of which a person said that there was no work.

    >>> january = Coverage().adding(Spoken(date(2026, 1, 5), date(2026, 1, 11)))
    >>> both = january.adding(Spoken(date(2026, 1, 5), date(2026, 1, 18), pools=("b",)))
    >>> [str(day) for day in both.through_by_pool(["a", "b"]).values()], str(both.through(["a", "b"]))
    (['2026-01-11', '2026-01-18'], '2026-01-11')
    """

    whole: Days = ()
    pools: Mapping[str, Days] = field(default_factory=dict)
    no_work: Days = ()

    def adding(self, spoken: Spoken) -> Self:
        """With the days of one more file. What was covered stays covered: no date goes backwards."""
        limited = {key: self._widened(self.of(key), self.pools.get(key, ()), spoken) for key in spoken.pools}
        if spoken.pools:
            return replace(self, pools={**self.pools, **limited})
        general = joined(self.whole, self.no_work)
        kept = {key: self._bridged(self.of(key), days, spoken) for key, days in self.pools.items()}
        return replace(self, whole=self._widened(general, self.whole, spoken), pools=kept)

    def saying_no_work(self, starts: date, ends: date) -> Self:
        """With days of which a person says that there was no work, in any pool."""
        return replace(self, no_work=joined(self.no_work, ((starts, ends),)))

    def of(self, pool: str) -> Days:
        """All days that are covered for that pool."""
        own = self.pools.get(pool, ())
        return joined(self.whole, self.no_work, own) if self.no_work or own else self.whole

    def through_by_pool(self, pools: Iterable[str]) -> dict[str, date | None]:
        """The last covered day of each pool; None where no file has spoken for it yet."""
        covered = {key: self.of(key) for key in pools}
        return {key: days[-1][1] if days else None for key, days in covered.items()}

    def through(self, pools: Iterable[str]) -> date | None:
        """The day that a retainer with these pools covers through: the earliest of its pools'."""
        found = self.through_by_pool(pools).values()
        return None if None in found else min((day for day in found if day), default=None)

    def starts_in(self, pools: Iterable[str], cycle: Span) -> date | None:
        """The first covered day of a cycle whose own first days are in no file; None where they are.

        The latest of the pools' days, as from there on every pool is covered.
        """
        firsts = [_first_in(self.of(key), cycle) for key in pools]
        late = [day for day in firsts if day is not None and day > cycle[0]]
        return max(late, default=None)

    def gaps(self, pools: Iterable[str], life: tuple[date, date | None]) -> Days:
        """Days between covered ones that no file speaks for, in any of the pools, within the retainer's life."""
        first, last = life
        missing = joined(*(_between(self.of(key)) for key in pools))
        cut = ((max(a, first), b if last is None else min(b, last)) for a, b in missing)
        return tuple(span for span in cut if span[0] <= span[1])

    def without_work_of(self, other: "Coverage") -> Self:
        """With the days without work of another coverage in the place of its own."""
        return replace(self, no_work=other.no_work)

    def document(self) -> dict[str, Any]:
        """As JSON; `read` is the way back."""
        found = {
            "whole": _written(self.whole),
            "pools": {key: _written(days) for key, days in sorted(self.pools.items()) if days},
            "no_work": _written(self.no_work),
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        pools = {key: _days(spans) for key, spans in document.get("pools", {}).items()}
        return cls(_days(document.get("whole", ())), pools, _days(document.get("no_work", ())))

    @staticmethod
    def _widened(covered: Days, days: Days, spoken: Spoken) -> Days:
        first = spoken.starts if spoken.starts_given else _reaching_back(covered, spoken.starts)
        return joined(days, ((min(first, spoken.ends), spoken.ends),))

    @staticmethod
    def _bridged(covered: Days, days: Days, spoken: Spoken) -> Days:
        """A pool that is ahead of the others has fewer days between it and a file for everything."""
        first = spoken.starts if spoken.starts_given else _reaching_back(covered, spoken.starts)
        return joined(days, ((first, spoken.starts - ONE_DAY),)) if first < spoken.starts else days


def pools_of(agreement: Agreement, on: date) -> tuple[str, ...]:
    """The pools whose coverage counts on a day: those of the terms then in force."""
    return tuple(pool.key for pool in agreement.terms_on(on).pools)


def joined(*sets: Iterable[Span]) -> Days:
    """All days of several sets, as one.

    >>> jan = [(date(2026, 1, a), date(2026, 1, b)) for a, b in ((8, 9), (1, 3), (4, 5))]
    >>> [(a.day, b.day) for a, b in joined(jan)]
    [(1, 5), (8, 9)]
    """
    found: list[Span] = []
    for first, last in sorted(span for days in sets for span in days):
        if found and first <= found[-1][1] + ONE_DAY:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return tuple(found)


def _reaching_back(covered: Days, starts: date) -> date:
    """The first day of a file whose start nobody gave: after the coverage before it where that is near."""
    before = [last for first, last in covered if first <= starts]
    if not before or before[-1] >= starts:
        return starts
    missing = (starts - before[-1]).days - 1
    return starts if missing >= LONG_GAP else before[-1] + ONE_DAY


def _first_in(days: Days, span: Span) -> date | None:
    inside = (max(first, span[0]) for first, last in days if last >= span[0] and first <= span[1])
    return next(inside, None)


def _between(days: Days) -> Days:
    return tuple((before[1] + ONE_DAY, after[0] - ONE_DAY) for before, after in pairwise(days))


def _written(days: Days) -> list[list[str]]:
    return [[first.isoformat(), last.isoformat()] for first, last in days]


def _days(spans: Iterable[Iterable[str]]) -> Days:
    read = ([date.fromisoformat(day) for day in span] for span in spans)
    return tuple((first, last) for first, last in read)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the figures reach: `through` and `next_update` are None before the first import.

    `by_pool`: the day of each pool, of which `through` is the earliest. `starts_on`: the first covered day of
    the running cycle where its own first days are in no file, else None. `gaps`: days between that no file
    speaks for. `coverage`: all covered days, for any other cycle.
    """

    through: date | None
    updated_on: date | None
    next_update: date | None
    late: bool
    by_pool: Mapping[str, date | None] = field(default_factory=dict)
    starts_on: date | None = None
    gaps: Days = ()
    coverage: Coverage = field(default_factory=Coverage)


def is_provisional(ends: date, through: date | None) -> bool:
    """Whether a cycle that ends on that day still waits for some of its work, closed or not (domain.md).

    >>> is_provisional(date(2026, 3, 31), date(2026, 3, 30)), is_provisional(date(2026, 3, 31), date(2026, 3, 31))
    (True, False)
    """
    return through is None or through < ends
