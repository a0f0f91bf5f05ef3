"""What happens to hours granted: when a lot lapses, which lots a need consumes, which are carried on.

A lot is a quantity of hours granted on a date and expiring with a cycle. Everything here looks at the lots
of one account; which account, and what the need is, is the business of `ledger`. Hours are `Decimal`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from retainers.balance import Lot
from retainers.hours import ZERO
from retainers.terms import Expiry, Terms

KINDS = ("allocation", "top_up", "credit")  # the order in which lots that are otherwise equal are consumed


def hours_in(lots: Iterable[Lot]) -> Decimal:
    """The hours of all `lots` together.

    >>> hours_in([Lot("credit", date(2026, 1, 5), 0, Decimal("1.50"))] * 2)
    Decimal('3.00')
    """
    return sum((lot.hours for lot in lots), ZERO)


def lapses(expires: Expiry, index: int) -> int | None:
    """The index of the cycle at whose end a lot granted in cycle `index` goes, None never.

    Source: domain.md, "Balance of a cycle" 4.

    >>> lapses("cycle", 3), lapses(2, 3), lapses("never", 3)
    (3, 5, None)
    """
    if expires == "never":
        return None
    return index if expires == "cycle" else index + expires


def allocation_expires(terms: Terms) -> Expiry:
    """How long an allocation granted under `terms` lives (domain.md, "Balance of a cycle" 4).

    >>> from retainers.terms import Pool
    >>> allocation_expires(Terms(date(2026, 1, 1), (Pool("main", "Main", Decimal(8)),)))
    'cycle'
    """
    if terms.rollover is None:
        return "cycle"
    return "never" if terms.rollover.cycles is None else terms.rollover.cycles


def consume(lots: Iterable[Lot], need: Decimal) -> tuple[tuple[Lot, ...], Decimal]:
    """What `need` hours leave of the lots, and what the lots don't meet of it.

    Lots go in order of expiry (never comes last), grant date and kind; a need below zero takes nothing
    (domain.md, "Balance of a cycle" 3).

    >>> bought = Lot("top_up", date(2026, 1, 5), None, Decimal(5))
    >>> allocation = Lot("allocation", date(2026, 1, 1), 0, Decimal(8))
    >>> left, overage = consume([bought, allocation], Decimal(10))
    >>> [(lot.kind, str(lot.hours)) for lot in left], str(overage)
    ([('top_up', '3')], '0')
    """
    return _take(sorted(lots, key=_consumption_order), need)


def carry(lots: Sequence[Lot], terms: Terms, index: int) -> tuple[Lot, ...]:
    """The lots that outlive the close of cycle `index`, by the terms of that cycle.

    Those whose expiry has come lapse, then carried allocation above the rollover's hours, oldest grant first
    (domain.md, "Balance of a cycle" 5).

    >>> from retainers.terms import Pool, Rollover
    >>> rollover = Rollover(hours=Decimal(5))
    >>> terms = Terms(date(2026, 1, 1), (Pool("main", "Main", Decimal(8)),), rollover=rollover)
    >>> [str(lot.hours) for lot in carry([Lot("allocation", date(2026, 1, 1), None, Decimal(8))], terms, 0)]
    ['5']
    """
    kept = tuple(lot for lot in lots if lot.lapses is None or lot.lapses > index)
    if terms.rollover is None or terms.rollover.hours is None:
        return kept
    allocations = [lot for lot in kept if lot.kind == "allocation"]
    allocations.sort(key=lambda lot: (lot.granted, _consumption_order(lot)))
    capped, _ = _take(allocations, hours_in(allocations) - terms.rollover.hours)
    return capped + tuple(lot for lot in kept if lot.kind != "allocation")


def _take(lots: Iterable[Lot], hours: Decimal) -> tuple[tuple[Lot, ...], Decimal]:
    """What is left of `lots` after `hours` have been taken in the order given, and what was not there."""
    left: list[Lot] = []
    missing = max(hours, ZERO)
    for lot in lots:
        taken = min(lot.hours, missing)
        missing -= taken
        if taken < lot.hours:
            left.append(replace(lot, hours=lot.hours - taken))
    return tuple(left), missing


def _consumption_order(lot: Lot) -> tuple[bool, int, date, int, Decimal]:
    """By expiry, grant date and kind; by size only so that equal lots come in one order."""
    return lot.lapses is None, lot.lapses or 0, lot.granted, KINDS.index(lot.kind), lot.hours
