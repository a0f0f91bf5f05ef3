"""What is true of every balance, asked of one that was worked out: the equations of domain.md, "Always true".

Pure; who asks is `verify`, over everything that is published.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from retainers.balance import CycleBalance, Figures
from retainers.hours import ZERO


def broken(cycles: Sequence[CycleBalance]) -> Iterator[str]:
    """Each equation that does not hold, with its cycle."""
    for cycle in cycles:
        for what in (*_of_figures(cycle), *_of_draws(cycle), *_of_pools(cycle)):
            yield f"in the cycle from {cycle.starts} {what}"
    for closed, following in pairwise(cycles):
        if following.total.carried_in != closed.total.carried_out:
            yield f"the cycle from {following.starts} begins with other hours than the one before it carried"
        if following.total.queued_in != closed.total.queued_out:
            yield f"the cycle from {following.starts} begins with another queue than the one before it left"


def _of_figures(cycle: CycleBalance) -> Iterator[str]:
    for its in (*_accounts(cycle), cycle.total):
        came = its.carried_in + its.allocated + its.topped_up + its.credited
        went = its.queued_in + its.used + its.charged
        if came - went != its.remaining + its.lapsed - its.overage:
            yield "what came in is not what went out and what is left"
        if cycle.closed and its.remaining != (its.carried_out or ZERO) + (its.expired or ZERO):
            yield "what remained was neither carried on nor expired"


def _of_draws(cycle: CycleBalance) -> Iterator[str]:
    if _sum(draw.hours for draw in cycle.draws) != cycle.total.used:
        yield "the log does not add up to the hours used"
    if _sum(use.drawn for use in cycle.used_by_multiplier) != cycle.total.used:
        yield "the hours by multiplier do not add up to the hours used"


def _of_pools(cycle: CycleBalance) -> Iterator[str]:
    if _sum(pool.allocated for pool in cycle.pools) != cycle.total.allocated:
        yield "the pools' hours do not add up to the agreed ones"
    if _sum(pool.used for pool in cycle.pools) != cycle.total.used:
        yield "the pools' hours do not add up to the hours used"


def _accounts(cycle: CycleBalance) -> Iterable[Figures]:
    return () if cycle.sharing == "shared" else [pool.account for pool in cycle.pools if pool.account]


def _sum(hours: Iterable[Decimal]) -> Decimal:
    return sum(hours, ZERO)
