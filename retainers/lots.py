"""What happens to hours granted: when a lot lapses, which lots a need consumes, which are carried on.

A lot is a quantity of hours granted on a date and expiring with a cycle or on a date. Everything here looks
at the lots of one account; which account, and what the need is, is the business of `ledger`. Hours are
`Decimal`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from retainers.balance import CycleBalance, Lot
from retainers.hours import ZERO
from retainers.terms import Adjustment, Expiry, Terms

KINDS = ("allocation", "credit", "top_up")  # what is given is drawn before what is bought
_PLACES = {kind: place for place, kind in enumerate(KINDS)}

Need = tuple[date, Decimal]  # hours wanted, by the day that they are dated; a correction is below zero
HandedOn = tuple[
    tuple[Lot, ...], Decimal
]  # what an account carries into the next cycle, and the hours queued there


class Met(NamedTuple):
    """What a need leaves of the lots; `rest` is what they don't meet, below zero what it gives back."""

    left: tuple[Lot, ...]
    rest: Decimal


def hours_in(lots: Iterable[Lot]) -> Decimal:
    """The hours of all `lots` together.

    >>> hours_in([Lot("credit", date(2026, 1, 5), 0, Decimal("1.50"))] * 2)
    Decimal('3.00')
    """
    return sum([lot.hours for lot in lots], ZERO) if lots else ZERO


def hours_by_kind(lots: Iterable[Lot]) -> dict[str, Decimal]:
    """The same by kind, of kinds without a lot zero.

    >>> hours_by_kind([Lot("credit", date(2026, 1, 5), 0, Decimal("1.50"))] * 2)
    {'allocation': Decimal('0'), 'credit': Decimal('3.00'), 'top_up': Decimal('0')}
    """
    found = dict.fromkeys(KINDS, ZERO)
    for lot in lots:
        found[lot.kind] += lot.hours
    return found


def lapses(expires: int | str, index: int) -> int | None:
    """The index of the cycle at whose end a lot granted in cycle `index` goes, None never.

    Source: domain.md, "Balance of a cycle" 4. An end on a date is for the caller, who knows the cycles.

    >>> lapses("cycle", 3), lapses(2, 3), lapses("never", 3)
    (3, 5, None)
    """
    if isinstance(expires, int):
        return index + expires
    return index if expires == "cycle" else None


def allocation_expires(terms: Terms) -> int | str:
    """How long an allocation granted under `terms` lives (domain.md, "Balance of a cycle" 4).

    >>> from retainers.terms import Pool, Rollover
    >>> pools = (Pool("main", "Main", Decimal(8)),)
    >>> allocation_expires(Terms(date(2026, 1, 1), pools))
    'cycle'
    >>> allocation_expires(Terms(date(2026, 1, 1), pools, rollover=Rollover()))  # everything carries
    'never'
    """
    if terms.rollover is None:
        return "cycle"
    return "never" if terms.rollover.cycles is None else terms.rollover.cycles


def credit_expires(credit: Adjustment, terms: Terms) -> Expiry:
    """How long a credit lives: as it says, else with its cycle, on a prepaid block for ever.

    Source: domain.md, "Balance of a cycle" 4.

    >>> from retainers.terms import Pool
    >>> block = Terms(date(2026, 1, 1), (Pool("main", "Main", Decimal(0)),))
    >>> credit_expires(Adjustment(date(2026, 1, 5), Decimal(2)), block)
    'never'
    """
    if credit.expires is not None:
        return credit.expires
    return "never" if terms.is_block else "cycle"


def meet(lots: Sequence[Lot], needs: Sequence[Need]) -> Met:
    """What the `needs` of a cycle leave of the lots, and what the lots don't meet of them.

    Lots go in order of expiry (never comes last), kind and grant date. One that ends on a date covers what is
    dated up to then, and keeps it covered, whatever is given back later (domain.md, "Balance of a cycle" 3).

    >>> bought = Lot("top_up", date(2026, 1, 5), 0, Decimal(5), ends=date(2026, 1, 20))
    >>> allocation = Lot("allocation", date(2026, 1, 1), 0, Decimal(8))
    >>> met = meet([allocation, bought], [(date(2026, 1, 15), Decimal(3)), (date(2026, 1, 25), Decimal(9))])
    >>> [(lot.kind, str(lot.hours)) for lot in met.left], str(met.rest)
    ([('top_up', '2')], '1')
    """
    left: list[Lot] = []
    wanted = sum([hours for _day, hours in needs], ZERO)
    covered = ZERO
    for lot in sorted(lots, key=_draw_order) if len(lots) > 1 else lots:
        due = (wanted if lot.ends is None else _dated_by(lot.ends, needs)) - covered
        taken = max(min(lot.hours, due), ZERO)
        covered += taken
        if taken < lot.hours:
            left.append(lot.without(taken))
    return Met(tuple(left), wanted - covered)


def in_hand(carried: Sequence[Lot], granted: Sequence[Lot], needs: Sequence[Need]) -> Decimal | None:
    """What was left on the day of the cycle's last purchase, below zero where it was over; None without one.

    Source: domain.md, "Balance of a cycle" (what is low on a prepaid block is measured against it).

    >>> start, day = date(2026, 1, 1), date(2026, 1, 20)
    >>> bought = Lot("top_up", day, None, Decimal(25))
    >>> str(in_hand([Lot("top_up", start, None, Decimal(3))], [bought], [(start, Decimal(1)), (day, Decimal(1))]))
    '26'
    """
    bought = [lot.granted for lot in granted if lot.kind == "top_up"]
    if not bought:
        return None
    day = max(bought)
    by_then = [lot for lot in (*carried, *granted) if lot.granted <= day]
    met = meet(by_then, [(dated, hours) for dated, hours in needs if dated <= day])
    return hours_in(lot for lot in met.left if lot.ends is None or lot.ends >= day) - met.rest


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
    kept = tuple([lot for lot in lots if lot.lapses is None or lot.lapses > index])
    if not kept or terms.rollover is None or terms.rollover.hours is None:
        return kept
    capped = _capped([lot for lot in kept if lot.kind == "allocation"], terms.rollover.hours)
    return capped + tuple([lot for lot in kept if lot.kind != "allocation"])


def _capped(lots: list[Lot], most: Decimal) -> tuple[Lot, ...]:
    """Of these no more than `most`, oldest grant first."""
    if len(lots) > 1:
        lots.sort(key=lambda lot: (lot.granted, _draw_order(lot)))
    past = hours_in(lots) - most
    return _without(lots, past) if past > 0 else tuple(lots)


def handed_on(cycle: CycleBalance) -> dict[str, HandedOn]:
    """What each account of a closed cycle leaves to the next, read from its figures ("Balance of a cycle" 5 and 6)."""
    own = {pool.key: pool.account for pool in cycle.pools if pool.account}
    goes_on = cycle.resets is not None
    return {
        key: (
            carry(left, cycle.terms, cycle.index) if goes_on else (),
            own.get(key, cycle.total).queued_out or ZERO,
        )
        for key, left in cycle.lots
    }


def _dated_by(end: date, needs: Iterable[Need]) -> Decimal:
    """The hours wanted up to that day."""
    return sum([hours for day, hours in needs if day <= end], ZERO)


def _without(lots: Iterable[Lot], hours: Decimal) -> tuple[Lot, ...]:
    """What is left of `lots` after `hours` have been taken in the order given."""
    left: list[Lot] = []
    for lot in lots:
        taken = max(min(lot.hours, hours), ZERO)
        hours -= taken
        if taken < lot.hours:
            left.append(lot.without(taken))
    return tuple(left)


def _draw_order(lot: Lot) -> tuple[bool, int, date, int, date, Decimal]:
    """By expiry, kind and grant date; by size only so that equal lots come in one order."""
    never = lot.lapses is None
    return never, lot.lapses or 0, lot.ends or date.max, _PLACES[lot.kind], lot.granted, lot.hours
