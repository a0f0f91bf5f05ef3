"""Which of the hours that are left end, and on which day; pure.

The lots are the ledger's; the cycles that are still to come are those of the agreement.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from retainers.balance import CycleBalance, Lot
from retainers.cycles import cycle_at, cycle_of
from retainers.hours import ZERO
from retainers.lots import credit_expires, lapses
from retainers.terms import Adjustment, Agreement, TopUp

SOON = timedelta(days=60)
ENDING_SOON = timedelta(days=14)  # from when on it is told by itself


class Ending(NamedTuple):
    """Hours of which `on` is the last day."""

    hours: Decimal
    on: date


def last_day(lot: Lot, agreement: Agreement) -> date | None:
    """The last day of what is left of a lot: its own, its last cycle's, or the retainer's; None never.

    Source: domain.md, "Balance of a cycle" 4 and 5.

    >>> from retainers.terms import Pool, Terms
    >>> start = date(2026, 1, 1)
    >>> agreement = Agreement("it", "IT", start, (Terms(start, (Pool("main", "Main", Decimal(8)),)),))
    >>> last_day(Lot("top_up", start, 1, Decimal(5)), agreement).isoformat()  # one cycle after its own
    '2026-02-28'
    """
    if lot.ends is not None:
        return lot.ends
    cycle = None if lot.lapses is None else cycle_at(agreement, lot.lapses)
    return agreement.ends if cycle is None else cycle.ends


def end_of_grant(grant: TopUp | Adjustment, agreement: Agreement) -> date | None:
    """The last day of hours bought or credited, by what was agreed when they were; None never.

    Source: domain.md, "Balance of a cycle" 4 and 5.

    >>> from retainers.terms import Pool, Terms
    >>> start = date(2026, 1, 1)
    >>> agreement = Agreement("it", "IT", start, (Terms(start, (Pool("main", "Main", Decimal(8)),)),))
    >>> end_of_grant(Adjustment(date(2026, 1, 9), Decimal(2)), agreement).isoformat()  # with its cycle
    '2026-01-31'
    """
    expires = grant.expires
    if isinstance(grant, Adjustment):
        expires = credit_expires(grant, agreement.terms_on(grant.date))
    if isinstance(expires, date):
        return min(expires, agreement.ends or expires)
    own = cycle_of(agreement, grant.date)
    lapse = None if own is None or expires is None else lapses(expires, own.index)
    cycle = None if lapse is None else cycle_at(agreement, lapse)
    return agreement.ends if cycle is None else cycle.ends


def endings(cycle: CycleBalance, agreement: Agreement) -> tuple[Ending, ...]:
    """What is left at the balance's day and ends, by its last day; the cycle's own allocation is left out.

    Source: domain.md, "Balance of a cycle" (what ends soon). Nothing is left of a cycle that is closed.
    """
    hours: dict[date, Decimal] = {}
    for _, lots in () if cycle.closed else cycle.lots:
        for lot in lots:
            day = None if _is_own_allocation(lot, cycle) else last_day(lot, agreement)
            if day is not None:
                hours[day] = hours.get(day, ZERO) + lot.hours
    return tuple(Ending(hours[day], day) for day in sorted(hours))


def ending_soon(cycles: Sequence[CycleBalance], agreement: Agreement, on: date) -> tuple[Ending, ...]:
    """Of what is left on that day, the hours carried, bought or credited that end within 60 days.

    Source: contract.md, "balances" (`ending`).
    """
    if not cycles:
        return ()
    return tuple(each for each in endings(cycles[-1], agreement) if each.on <= on + SOON)


def _is_own_allocation(lot: Lot, cycle: CycleBalance) -> bool:
    return lot.kind == "allocation" and lot.granted == cycle.starts
