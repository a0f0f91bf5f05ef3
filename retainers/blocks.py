"""A prepaid block over its whole life: what was bought, used and is left; pure.

Its pages know no cycle, so the figures of all cycles are added up here; each of them is the ledger's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile
from operator import attrgetter

from retainers.balance import CycleBalance, Figures
from retainers.endings import Ending, endings
from retainers.hours import ZERO
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class BlockLife:
    """`bought + credited − used − charged = remaining + ended − billed − declined − owed`, always.

    `since`: the first day; hours carried into it count as bought, hours queued into it as charged. `ended`:
    lapsed on a date or with a cycle. `billed` and `declined` are what went past the block, so far where the
    cycle is open; `owed` is what the next block pays first. `ends`: what is left and ends, by day.
    """

    since: date
    bought: Decimal
    credited: Decimal
    used: Decimal
    charged: Decimal
    ended: Decimal
    billed: Decimal
    declined: Decimal
    owed: Decimal
    remaining: Decimal
    ends: tuple[Ending, ...]


def life_of_block(cycles: Sequence[CycleBalance], agreement: Agreement) -> BlockLife | None:
    """The life of a retainer that is a prepaid block, up to the last of `cycles`; None for any other.

    Source: domain.md, "Balance of a cycle"; contract.md, "balances" (`block`).

    >>> from retainers.ledger import balance
    >>> from retainers.terms import Pool, Terms, TopUp
    >>> start = date(2026, 1, 1)
    >>> agreement = Agreement("it", "IT", start, (Terms(start, (Pool("main", "Main", Decimal(0)),)),))
    >>> cycles = balance(agreement, (), [TopUp(start, Decimal(10))], (), date(2026, 5, 9))
    >>> life = life_of_block(cycles, agreement)
    >>> life.since.isoformat(), str(life.bought), str(life.remaining)
    ('2026-01-01', '10', '10')
    """
    run = list(takewhile(lambda cycle: cycle.terms.is_block, reversed(cycles)))[::-1]
    return _life(run, agreement) if run else None


def _life(run: Sequence[CycleBalance], agreement: Agreement) -> BlockLife:
    totals = [cycle.total for cycle in run]
    first, last = totals[0], totals[-1]
    billed = _sum(_billed(cycle) for cycle in run)
    over = _sum(cycle.total.overage for cycle in run if cycle.terms.overage != "queue")
    return BlockLife(
        since=run[0].starts,
        bought=first.carried_in + _sum(map(attrgetter("topped_up"), totals)),
        credited=_sum(map(attrgetter("credited"), totals)),
        used=_sum(map(attrgetter("used"), totals)),
        charged=first.queued_in + _sum(map(attrgetter("charged"), totals)),
        ended=_sum(map(_ended, totals)),
        billed=billed,
        declined=over - billed,
        owed=last.overage if run[-1].terms.overage == "queue" else ZERO,
        remaining=last.remaining if last.carried_out is None else last.carried_out,
        ends=endings(run[-1], agreement),
    )


def _billed(cycle: CycleBalance) -> Decimal:
    """The hours past the block that are paid for: all that are billed, and those approved that have a price."""
    terms, over = cycle.terms, cycle.total.overage
    if terms.overage == "decline" and terms.overage_rate is not None:
        return min(over, cycle.approved)
    return over if terms.overage == "bill" else ZERO


def _ended(total: Figures) -> Decimal:
    """What could not be used any more, by its own end or at the close."""
    return total.lapsed + (total.expired or ZERO)


def _sum(hours: Iterable[Decimal]) -> Decimal:
    return sum(hours, ZERO)
