"""When cycles start and end, and when an update may be expected: an agreement's anchors as dates.

A cycle is found by arithmetic on months, never by adding to the cycle before it, so that a retainer
anchored on the 31st neither drifts nor leaves a day out. Where later terms change the cycle, the life is a
row of stretches, each with anchors of its own. What is granted and used in a cycle is the business of
`ledger`; which day it is today is the caller's.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter

from retainers.terms import WEEKDAYS, Agreement, Months, Proration, Terms, Weekday

ONE_DAY = timedelta(days=1)
LAST_YEAR = 9998  # the calendar ends with the next one
COUNTED_YEARS = range(1970, 2201)  # in which an agreement is stated and a month is looked at
Life = tuple[date, date | None]  # the first and the last day of a retainer


@dataclass(frozen=True, slots=True)
class Cycle:
    """One billing period: `ends` is its last day, `resets` the day after (None when no cycle follows).

    `full_days` are the days of the full cycle that it lies in, from anchor to anchor. The three cuts are the
    days of it that are missing: before the retainer's start, after its end, and by a change of the cycle.
    """

    index: int
    starts: date
    ends: date
    resets: date | None
    full_days: int
    cut_by_start: int = 0
    cut_by_end: int = 0
    cut_by_change: int = 0

    @property
    def days(self) -> int:
        return (self.ends - self.starts).days + 1

    @property
    def partial(self) -> bool:
        return self.days < self.full_days

    def paid_days(self, proration: Proration) -> int:
        """The days of the full cycle that a cap is granted for (domain.md, "Cycles").

        >>> cut = Cycle(0, date(2026, 1, 10), date(2026, 1, 20), None, 31, cut_by_start=9, cut_by_end=11)
        >>> [cut.paid_days(proration) for proration in ("daily", "start", "end", "full")]
        [11, 22, 20, 31]
        """
        cut = self.cut_by_change
        cut += self.cut_by_start if proration in ("daily", "start") else 0
        cut += self.cut_by_end if proration in ("daily", "end") else 0
        return self.full_days - cut


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days of the life that follow one anchor; anchor 0 lies in `month`, counted from the year 0.

    `opens` is the number of the anchor that its first day follows, `index` that of its first cycle.
    """

    starts: date
    ends: date | None
    months: Months
    day: int
    month: int
    index: int = 0

    @property
    def opens(self) -> int:
        return self.latest_anchor(self.starts)

    def anchor(self, n: int) -> date:
        year, month = divmod(self.month + n * self.months, 12)
        return date(year, month + 1, min(self.day, monthrange(year, month + 1)[1]))

    def latest_anchor(self, day: date) -> int:
        """The number of the last anchor that is not after `day`."""
        n = (day.year * 12 + day.month - 1 - self.month) // self.months
        return n if self.anchor(n) <= day else n - 1

    def changed_by(self, terms: Terms) -> "_Stretch":
        """The stretch that begins with `terms`; what they leave out stays (domain.md, "Cycles")."""
        kept_month = terms.starts.month if terms.months else self.month % 12 + 1
        return _Stretch(
            starts=terms.starts,
            ends=None,
            months=terms.months or self.months,
            day=terms.anchor_day or self.day,
            month=terms.starts.year * 12 + (terms.anchor_month or kept_month) - 1,
            index=self.index + self.latest_anchor(terms.starts - ONE_DAY) - self.opens + 1,
        )


def anchor(agreement: Agreement, n: int) -> date:
    """The n-th anchor, before or after `starts` (domain.md, "Cycles"): no drift from short months.

    Anchor 0 lies in the month of `starts`, or in `anchor_month` of that year; n may be negative. Anchors of
    later terms are not looked at. ValueError where that would leave the calendar (years 1 to 9999).

    >>> monthly = Agreement("support", "Support", date(2026, 1, 31), terms=())
    >>> [anchor(monthly, n).isoformat() for n in (-2, 0, 1, 2)]
    ['2025-11-30', '2026-01-31', '2026-02-28', '2026-03-31']
    """
    return _first_stretch(agreement).anchor(n)


def cycles_until(agreement: Agreement, on: date) -> tuple[Cycle, ...]:
    """All cycles that have begun by `on`, oldest first; none before `starts` (domain.md, "Cycles").

    >>> agreement = Agreement("support", "Support", date(2026, 1, 20), terms=(), anchor_day=1)
    >>> [f"{cycle.starts} to {cycle.ends}" for cycle in cycles_until(agreement, date(2026, 2, 9))]
    ['2026-01-20 to 2026-01-31', '2026-02-01 to 2026-02-28']
    """
    cycles: list[Cycle] = []
    for stretch in _stretches(agreement):
        if stretch.starts <= on:
            until = on if stretch.ends is None else min(on, stretch.ends)
            cycles += _cycles(stretch, (agreement.starts, agreement.ends), until)
    return tuple(cycles)


@lru_cache(maxsize=1_000)
def _cycles(stretch: _Stretch, life: Life, until: date) -> tuple[Cycle, ...]:
    """Those of a stretch that have begun by then: the same for all retainers of the same rhythm."""
    return tuple(_cycle(life, stretch, n) for n in range(stretch.opens, stretch.latest_anchor(until) + 1))


def cycle_of(agreement: Agreement, day: date) -> Cycle | None:
    """The one cycle that `day` lies in, None outside the retainer's life (domain.md, "Cycles").

    >>> monthly = Agreement("support", "Support", date(2026, 1, 31), terms=())
    >>> cycle_of(monthly, date(2026, 3, 30)).starts.isoformat()
    '2026-02-28'
    """
    if not agreement.alive_on(day):
        return None
    *_, stretch = (each for each in _stretches(agreement) if each.starts <= day)
    return _cycle((agreement.starts, agreement.ends), stretch, stretch.latest_anchor(day))


def cycle_among(cycles: Sequence[Cycle], day: date) -> Cycle | None:
    """The same where the cycles in question are there, oldest first; None where it is none of them."""
    at = bisect_right(cycles, day, key=attrgetter("starts")) - 1
    return cycles[at] if at >= 0 and day <= cycles[at].ends else None


def cycle_at(agreement: Agreement, index: int) -> Cycle | None:
    """The cycle of that index (domain.md, "Cycles"), None after the retainer's last one or the year 9998.

    >>> monthly = Agreement("support", "Support", date(2026, 1, 31), terms=())
    >>> cycle_at(monthly, 1).starts.isoformat()
    '2026-02-28'
    """
    *_, stretch = (each for each in _stretches(agreement) if each.index <= index)
    n = stretch.opens + index - stretch.index
    if (stretch.month + (n + 1) * stretch.months) // 12 > LAST_YEAR:
        return None
    is_over = stretch.ends is not None and stretch.anchor(n) > stretch.ends
    return None if is_over else _cycle((agreement.starts, agreement.ends), stretch, n)


def is_cycle_start(agreement: Agreement, day: date) -> bool:
    """Whether a cycle begins on `day`, as later terms must (domain.md, "Cycles").

    >>> monthly = Agreement("support", "Support", date(2026, 1, 31), terms=())
    >>> is_cycle_start(monthly, date(2026, 2, 28)), is_cycle_start(monthly, date(2026, 3, 28))
    (True, False)
    """
    cycle = cycle_of(agreement, day)
    return cycle is not None and cycle.starts == day


def begun_anew(agreement: Agreement, day: date) -> Agreement:
    """The agreement from `day` on with its newest terms and their cycle, as one that has changed nothing yet.

    >>> from dataclasses import replace
    >>> first = Terms(date(2026, 1, 1), pools=())
    >>> second = Terms(date(2026, 4, 1), pools=(), months=3)
    >>> renewed = begun_anew(Agreement("it", "IT", date(2026, 1, 1), (first, second)), date(2026, 7, 1))
    >>> renewed.months, renewed.anchor_day, len(renewed.terms), renewed.terms[0].months
    (3, 1, 1, None)
    """
    *_, newest = _stretches(agreement)
    terms = replace(agreement.terms[-1], starts=day, months=None, anchor_day=None, anchor_month=None)
    return replace(
        agreement,
        starts=day,
        ends=None,
        months=newest.months,
        anchor_day=newest.day,
        anchor_month=newest.month % 12 + 1,
        terms=(terms,),
    )


def rhythm_on(agreement: Agreement, day: date) -> tuple[Months, int]:
    """The months of a cycle and its anchor day, as they are on `day`; before `starts` as they are on it.

    >>> first, second = Terms(date(2026, 1, 1), pools=()), Terms(date(2026, 4, 10), pools=(), anchor_day=15)
    >>> agreement = Agreement("it", "IT", date(2026, 1, 1), (first, second))
    >>> rhythm_on(agreement, date(2026, 4, 9)), rhythm_on(agreement, date(2026, 4, 10))
    ((1, 1), (1, 15))
    """
    *_, stretch = (each for each in _stretches(agreement) if each.starts <= max(day, agreement.starts))
    return stretch.months, stretch.day


def next_update(updates_on: Collection[Weekday], published_on: date) -> date | None:
    """The first cadence weekday after the local day of a publication; None without a cadence.

    Source: contract.md, "balances".

    >>> next_update(("mon", "thu"), date(2026, 3, 12)).isoformat()  # a Thursday
    '2026-03-16'
    """
    week = (published_on + n * ONE_DAY for n in range(1, len(WEEKDAYS) + 1))
    return next((day for day in week if WEEKDAYS[day.weekday()] in updates_on), None)


def _first_stretch(agreement: Agreement) -> _Stretch:
    starts = agreement.starts
    month = starts.year * 12 + (agreement.anchor_month or starts.month) - 1
    return _Stretch(starts, None, agreement.months, agreement.anchor_day or starts.day, month)


def _stretches(agreement: Agreement) -> Iterator[_Stretch]:
    """The life, cut where later terms change the cycle; each stretch knows its last day, if it has one."""
    stretch = _first_stretch(agreement)
    for terms in agreement.terms[1:]:
        if terms.changes_cycle and agreement.alive_on(terms.starts) and terms.starts > stretch.starts:
            following = stretch.changed_by(terms)
            yield replace(stretch, ends=terms.starts - ONE_DAY)
            stretch = following
    yield stretch if agreement.ends is None else replace(stretch, ends=agreement.ends)


def _cycle(life: Life, stretch: _Stretch, n: int) -> Cycle:
    """The cycle from the stretch's anchor `n`, cut to the stretch."""
    opens, resets = stretch.anchor(n), stretch.anchor(n + 1)
    starts = max(opens, stretch.starts)
    ends = resets - ONE_DAY if stretch.ends is None else min(resets - ONE_DAY, stretch.ends)
    before, after = (starts - opens).days, (resets - ends).days - 1
    is_first, is_last = starts == life[0], ends == life[1]
    return Cycle(
        index=stretch.index + n - stretch.opens,
        starts=starts,
        ends=ends,
        resets=None if is_last else ends + ONE_DAY,
        full_days=(resets - opens).days,
        cut_by_start=before if is_first else 0,
        cut_by_end=after if is_last else 0,
        cut_by_change=(0 if is_first else before) + (0 if is_last else after),
    )
