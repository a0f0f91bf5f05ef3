"""What if: a retainer's own past under other terms; pure.

The work, the grants and the days of the cycles are what they were. Only the terms are others, from one cycle's
first day on, and the ledger works it all out anew. Which terms to try, and how to say it, is for others.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from retainers.balance import CycleBalance, Work
from retainers.hours import ZERO
from retainers.ledger import balance
from retainers.terms import Adjustment, Agreement, Approval, Terms, TopUp

MOST_CYCLES = 12  # closed ones that are looked back on
Amounts = tuple[tuple[str, Decimal], ...]  # by currency, which are never added up


@dataclass(frozen=True, slots=True)
class Past:
    """All that a retainer's balances on the day `on` come from."""

    agreement: Agreement
    works: tuple[Work, ...]
    top_ups: tuple[TopUp, ...]
    adjustments: tuple[Adjustment, ...]
    approvals: tuple[Approval, ...]
    on: date


@dataclass(frozen=True, slots=True)
class ReplaySums:
    """Closed cycles added up, in hours and in money.

    `over` counts hours once: where they are taken from the next cycle, only those still owed at the end.
    `unbilled` are those of them that nobody pays. `left` is what the last cycle hands on. `fees` None: a cycle
    has none on record.
    """

    cycles: int
    cycles_over: int
    bought: Decimal
    used: Decimal
    over: Decimal
    unbilled: Decimal
    lapsed: Decimal
    left: Decimal
    billed: Amounts
    fees: Amounts | None

    @property
    def in_all(self) -> Amounts | None:
        """Fees and what is billed for hours over; None where a fee is not known."""
        return None if self.fees is None else _by_currency((*self.fees, *self.billed))


def looked_back_on(cycles: Sequence[CycleBalance], most: int = MOST_CYCLES) -> tuple[CycleBalance, ...]:
    """The newest cycles: at most so many closed ones, and the one that runs after them."""
    closed = [cycle for cycle in cycles if cycle.closed]
    return (*closed[-most:], *(cycle for cycle in cycles if not cycle.closed))


def held_since(agreement: Agreement, terms: Terms, since: date) -> Agreement:
    """The agreement as if `terms` had held from `since`, a cycle's first day, whatever was agreed after it.

    Cycles keep their days: a version that changed the cycle still does. The terms before `since` stay.

    >>> from retainers.terms import Pool
    >>> def capped(day, hours, **words):
    ...     return Terms(day, (Pool("main", "Main", Decimal(hours)),), **words)
    >>> january, may, july = date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 1)
    >>> agreement = Agreement("it", "IT", january, (capped(january, 8), capped(july, 9, months=3)))
    >>> held = held_since(agreement, capped(january, 12), may)
    >>> [(str(each.starts), str(each.pools[0].hours), each.months) for each in held.terms]
    [('2026-01-01', '8', None), ('2026-05-01', '12', None), ('2026-07-01', '12', 3)]
    """
    before = tuple(each for each in agreement.terms if each.starts < since)
    after = [each for each in agreement.terms if each.starts >= since]
    plain = replace(terms, starts=since, months=None, anchor_day=None, anchor_month=None)
    first = () if after and after[0].starts == since else (plain,)
    later = (
        replace(
            terms,
            starts=each.starts,
            months=each.months,
            anchor_day=each.anchor_day,
            anchor_month=each.anchor_month,
        )
        for each in after
    )
    return replace(agreement, terms=(*before, *first, *later))


def replay(past: Past, terms: Terms, since: date, *, keeps_top_ups: bool = True) -> tuple[CycleBalance, ...]:
    """The cycles from `since` on as they would have been under `terms`, oldest first.

    What was carried or owed into the first of them is what it was. `keeps_top_ups` False: as if no hours had
    been bought from that day on.

    >>> from retainers.terms import Pool
    >>> january = date(2026, 1, 1)
    >>> twenty = Terms(january, (Pool("main", "Main", Decimal(20)),))
    >>> past = Past(
    ...     Agreement("it", "IT", january, (twenty,)),
    ...     (Work(date(2026, 1, 9), Decimal(23)),), (), (), (), date(2026, 2, 1),
    ... )
    >>> more = replace(twenty, pools=(Pool("main", "Main", Decimal(25)),))
    >>> [str(replay(past, terms, january)[0].total.overage) for terms in (twenty, more)]
    ['3.00', '0.00']
    """
    bought = past.top_ups if keeps_top_ups else [each for each in past.top_ups if each.date < since]
    found = balance(
        held_since(past.agreement, terms, since),
        past.works,
        bought,
        past.adjustments,
        past.on,
        past.approvals,
    )
    return tuple(cycle for cycle in found if cycle.starts >= since)


def added_up(cycles: Sequence[CycleBalance]) -> ReplaySums:
    """The sums of those of the cycles that are closed."""
    closed = [cycle for cycle in cycles if cycle.closed]
    owed, left = _handed_on(closed[-1]) if closed else (ZERO, ZERO)
    return ReplaySums(
        cycles=len(closed),
        cycles_over=sum(cycle.total.overage > 0 for cycle in closed),
        bought=_sum(closed, lambda cycle: cycle.total.topped_up),
        used=_sum(closed, lambda cycle: cycle.total.used),
        over=owed + _sum(closed, _ended),
        unbilled=_sum(closed, unbilled_hours),
        lapsed=_sum(closed, lapsed_hours),
        left=left,
        billed=_by_currency((cycle.terms.currency, cycle.overage_amount) for cycle in closed),
        fees=_fees(closed),
    )


def _handed_on(last: CycleBalance) -> tuple[Decimal, Decimal]:
    """What is owed after the cycle, where another one follows it, and what is left for that one."""
    owed = last.total.queued_out if last.resets else None
    return owed or ZERO, last.total.carried_out or ZERO


def _fees(closed: Sequence[CycleBalance]) -> tuple[tuple[str, Decimal], ...] | None:
    """By currency; None where any cycle's fee isn't known."""
    known = [(cycle.terms.currency, cycle.terms.fee) for cycle in closed if cycle.terms.fee is not None]
    return _by_currency(known) if known and len(known) == len(closed) else None


def lapsed_hours(cycle: CycleBalance) -> Decimal:
    """What was granted and ended unused: on its own day, or at the close."""
    return cycle.total.lapsed + (cycle.total.expired or ZERO)


def unbilled_hours(cycle: CycleBalance) -> Decimal:
    """Hours over that are neither billed nor owed: declined, and not approved at a rate."""
    if cycle.terms.overage != "decline":
        return ZERO
    paid = min(cycle.total.overage, cycle.approved) if cycle.terms.overage_rate else ZERO
    return cycle.total.overage - paid


def _ended(cycle: CycleBalance) -> Decimal:
    """Hours over that end with their cycle; queued ones go on to the next, where there is one."""
    return ZERO if cycle.terms.overage == "queue" and cycle.resets else cycle.total.overage


def _sum(cycles: Sequence[CycleBalance], figure: Callable[[CycleBalance], Decimal]) -> Decimal:
    return sum((figure(cycle) for cycle in cycles), ZERO)


def _by_currency(amounts: Iterable[tuple[str, Decimal]]) -> Amounts:
    found: dict[str, Decimal] = {}
    for currency, amount in amounts:
        found[currency] = found.get(currency, ZERO) + amount
    return tuple(sorted(found.items()))
