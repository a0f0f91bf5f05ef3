"""When cycles start and end, and when an update may be expected: an agreement's anchors as dates.

A cycle is found by arithmetic on months, never by adding to the cycle before it, so that a retainer
anchored on the 31st neither drifts nor leaves a day out. What is granted and used in a cycle is the
business of `ledger`; which day it is today is the caller's.
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from retainers.terms import WEEKDAYS, Agreement, Weekday

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cycle:
    """One billing period: `ends` is its last day, `resets` the day after (None when no cycle follows).

    `full_days` are the days of the full cycle that it lies in, from anchor to anchor.
    """

    index: int
    starts: date
    ends: date
    resets: date | None
    full_days: int

    @property
    def days(self) -> int:
        return (self.ends - self.starts).days + 1

    @property
    def partial(self) -> bool:
        return self.days < self.full_days


def anchor(agreement: Agreement, n: int) -> date:
    """The n-th anchor, before or after `starts` (domain.md, "Cycles"): no drift from short months.

    Anchor 0 lies in the month of `starts`, or in `anchor_month` of that year; n may be negative.
    ValueError where that would leave the calendar (years 1 to 9999).

    >>> monthly = Agreement("support", "Support", date(2026, 1, 31), terms=())
    >>> [anchor(monthly, n).isoformat() for n in (-2, 0, 1, 2)]
    ['2025-11-30', '2026-01-31', '2026-02-28', '2026-03-31']
    """
    year, month = divmod(_first_month(agreement) + n * agreement.months, 12)
    wanted = agreement.anchor_day or agreement.starts.day
    return date(year, month + 1, min(wanted, monthrange(year, month + 1)[1]))


def cycles_until(agreement: Agreement, on: date) -> tuple[Cycle, ...]:
    """All cycles that have begun by `on`, oldest first; none before `starts` (domain.md, "Cycles").

    >>> agreement = Agreement("support", "Support", date(2026, 1, 20), terms=(), anchor_day=1)
    >>> [f"{cycle.starts} to {cycle.ends}" for cycle in cycles_until(agreement, date(2026, 2, 9))]
    ['2026-01-20 to 2026-01-31', '2026-02-01 to 2026-02-28']
    """
    if on < agreement.starts:
        return ()
    until = on if agreement.ends is None else min(on, agreement.ends)
    first = _latest_anchor(agreement, agreement.starts)
    return tuple(_cycle(agreement, first, n) for n in range(first, _latest_anchor(agreement, until) + 1))


def cycle_of(agreement: Agreement, day: date) -> Cycle | None:
    """The one cycle that `day` lies in, None outside the retainer's life (domain.md, "Cycles").

    >>> monthly = Agreement("support", "Support", date(2026, 1, 31), terms=())
    >>> cycle_of(monthly, date(2026, 3, 30)).starts.isoformat()
    '2026-02-28'
    """
    if not agreement.alive_on(day):
        return None
    first = _latest_anchor(agreement, agreement.starts)
    return _cycle(agreement, first, _latest_anchor(agreement, day))


def is_cycle_start(agreement: Agreement, day: date) -> bool:
    """Whether a cycle begins on `day`, as later terms must (domain.md, "Cycles").

    >>> monthly = Agreement("support", "Support", date(2026, 1, 31), terms=())
    >>> is_cycle_start(monthly, date(2026, 2, 28)), is_cycle_start(monthly, date(2026, 3, 28))
    (True, False)
    """
    cycle = cycle_of(agreement, day)
    return cycle is not None and cycle.starts == day


def next_update(updates_on: Collection[Weekday], published_on: date) -> date | None:
    """The first cadence weekday after the local day of a publication; None without a cadence.

    Source: contract.md, "balances".

    >>> next_update(("mon", "thu"), date(2026, 3, 12)).isoformat()  # a Thursday
    '2026-03-16'
    """
    week = (published_on + n * ONE_DAY for n in range(1, len(WEEKDAYS) + 1))
    return next((day for day in week if WEEKDAYS[day.weekday()] in updates_on), None)


def _first_month(agreement: Agreement) -> int:
    """The month of anchor 0, counted from the year 0."""
    starts = agreement.starts
    return starts.year * 12 + (agreement.anchor_month or starts.month) - 1


def _latest_anchor(agreement: Agreement, day: date) -> int:
    """The number of the last anchor that is not after `day`."""
    n = (day.year * 12 + day.month - 1 - _first_month(agreement)) // agreement.months
    return n if anchor(agreement, n) <= day else n - 1


def _cycle(agreement: Agreement, first: int, n: int) -> Cycle:
    """The cycle from anchor `n`, cut to the retainer's life; `first` is the anchor of its first cycle."""
    opens, resets = anchor(agreement, n), anchor(agreement, n + 1)
    is_last = agreement.ends is not None and agreement.ends < resets
    return Cycle(
        index=n - first,
        starts=max(opens, agreement.starts),
        ends=agreement.ends if agreement.ends is not None and is_last else resets - ONE_DAY,
        resets=None if is_last else resets,
        full_days=(resets - opens).days,
    )
