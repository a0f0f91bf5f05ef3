"""What a plan would do to the pages of a retainer: figures and dates before and after, as plain values. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from retainers.balance import CycleBalance
from retainers.closings import Closings
from retainers.coverage import Coverage
from retainers.effects import BalanceChange
from retainers.hours import ZERO


class PoolEffect(NamedTuple):
    """What is left in one pool before and after, and what is over; under shared hours `before` and `after` may be
    below zero, and only the retainer as a whole is over.
    """

    pool: str
    before: Decimal
    after: Decimal
    name: str
    over_before: Decimal
    over_after: Decimal


class CycleEffect(NamedTuple):
    """What one cycle says before and after. `settled`: to change it is a restatement (domain.md)."""

    starts: date
    before: Decimal
    after: Decimal
    over_before: Decimal
    over_after: Decimal
    settled: bool


class Effect(NamedTuple):
    """What a retainer's page says before and after, of its current cycle (totals, in hours).

    `closed`: the closed cycles whose figures change.
    """

    retainer_id: int
    retainer: str  # its key
    name: str
    before: Decimal
    after: Decimal
    over_before: Decimal
    over_after: Decimal
    pools: tuple[PoolEffect, ...]
    closed: tuple[CycleEffect, ...]
    through_before: date | None
    through: date | None
    coverage: Coverage
    shared: bool  # its pools are one account; else they are never added up
    is_block: bool  # a prepaid block, told over its whole life: nobody reads of its cycles
    reached: bool  # whether the file's covers-through date says something of it
    moves: bool  # whether its entries, its coverage or the day of its next update change

    @property
    def date_moves(self) -> bool:
        """Whether it covers work through another day afterwards."""
        return self.reached and self.through != self.through_before

    @property
    def closed_cycles(self) -> tuple[date, ...]:
        """The first days of the closed cycles whose figures change."""
        return tuple(cycle.starts for cycle in self.closed)


def of_newest_cycle(change: BalanceChange) -> dict[str, Any]:
    """What the page says of the current cycle; before the first one begins nothing is left, and nothing over."""
    if not change.after:
        none = dict.fromkeys(("before", "after", "over_before", "over_after"), ZERO)
        return {**none, "pools": (), "shared": False, "is_block": False}
    was, becomes = change.before[-1], change.after[-1]
    return {
        "before": was.total.remaining,
        "after": becomes.total.remaining,
        "over_before": was.total.overage,
        "over_after": becomes.total.overage,
        "pools": _pools(was, becomes),
        "shared": becomes.sharing == "shared",
        "is_block": becomes.terms.is_block,
    }


def of_closed_cycles(change: BalanceChange, closings: Closings, today: date) -> Iterator[CycleEffect]:
    """The closed cycles whose figures change."""
    for cycle in change.closed:
        if cycle.before and cycle.after:
            closing = closings.get(cycle.before.starts)
            is_settled = closing is not None and closing.is_settled(today)
            yield _cycle_effect(cycle.before, cycle.after, settled=is_settled)


def _cycle_effect(was: CycleBalance, becomes: CycleBalance, *, settled: bool) -> CycleEffect:
    return CycleEffect(
        starts=was.starts,
        before=was.total.remaining,
        after=becomes.total.remaining,
        over_before=was.total.overage,
        over_after=becomes.total.overage,
        settled=settled,
    )


def _pools(was: CycleBalance, becomes: CycleBalance) -> tuple[PoolEffect, ...]:
    """What is left in each pool. Pools are never added up."""
    pairs = zip(was.pools, becomes.pools, strict=True)
    return tuple(
        PoolEffect(
            pool=before.key,
            before=before.remaining,
            after=after.remaining,
            name=before.name,
            over_before=before.account.overage if before.account else ZERO,
            over_after=after.account.overage if after.account else ZERO,
        )
        for before, after in pairs
    )
