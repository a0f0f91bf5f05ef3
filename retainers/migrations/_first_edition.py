"""The balance of a cycle as the first edition of the rules had it, as far as its figures differ: frozen, and pure.

Three things were otherwise: lots of one expiry were drawn by the day of their grant, and what was bought before what was
credited; what corrections gave back beyond the work was left in its own cycle and never carried; hours approved
under `decline` were not billed. Caps, draws and grants are taken from today's cycles: they are the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import reduce

from retainers.balance import CycleBalance, Figures
from retainers.hours import ZERO, round_half_up
from retainers.terms import Adjustment, Terms, TopUp

KINDS = ("allocation", "top_up", "credit")
ONE_ACCOUNT = ""


@dataclass(frozen=True, slots=True)
class OldLot:
    kind: str
    granted: date
    lapses: int | None
    hours: Decimal

    @property
    def turn(self) -> tuple[bool, int, date, int, Decimal]:
        return self.lapses is None, self.lapses or 0, self.granted, KINDS.index(self.kind), self.hours


@dataclass(slots=True)
class OldAccount:
    """What a cycle hands to the next one."""

    carried: list[OldLot] = field(default_factory=list)
    queued: Decimal = ZERO


def counted_before(
    cycles: Sequence[CycleBalance], top_ups: Sequence[TopUp], adjustments: Sequence[Adjustment]
) -> tuple[CycleBalance, ...]:
    """Today's cycles with the figures that they had under the first edition.

    Nothing where hours end on a day of their own, which the first edition did not know.
    """
    ends = (*(each.expires for each in top_ups), *(each.expires for each in adjustments))
    if any(isinstance(each, date) for each in ends):
        return tuple(cycles)
    found: list[CycleBalance] = []
    left: Mapping[str, OldAccount] = {}
    for cycle in cycles:
        old, left = _cycle(cycle, left, top_ups, adjustments)
        found.append(old)
    return tuple(found)


def _cycle(
    cycle: CycleBalance,
    before: Mapping[str, OldAccount],
    top_ups: Sequence[TopUp],
    adjustments: Sequence[Adjustment],
) -> tuple[CycleBalance, dict[str, OldAccount]]:
    now = _accounts(cycle)
    opened = {key: OldAccount() for key in now}
    for key, account in before.items():
        opened[_account_of(cycle, key)].carried += account.carried
        opened[_account_of(cycle, key)].queued += account.queued
    granted = [*_granted(cycle, top_ups, adjustments)]
    closed = {
        key: _account(cycle, figures, opened[key], [lot for of, lot in granted if of == key])
        for key, figures in now.items()
    }
    figures = {key: each for key, (each, _left) in closed.items()}
    return _with(cycle, figures), {key: account for key, (_figures, account) in closed.items()}


def _accounts(cycle: CycleBalance) -> dict[str, Figures]:
    if cycle.sharing == "shared":
        return {ONE_ACCOUNT: cycle.total}
    return {pool.key: pool.account for pool in cycle.pools if pool.account is not None}


def _account_of(cycle: CycleBalance, pool: str | None) -> str:
    return ONE_ACCOUNT if cycle.sharing == "shared" else cycle.terms.pool(pool).key


def _granted(
    cycle: CycleBalance, top_ups: Sequence[TopUp], adjustments: Sequence[Adjustment]
) -> Iterator[tuple[str, OldLot]]:
    """What was bought and credited in the cycle, each with its account."""
    for top_up in top_ups:
        if cycle.starts <= top_up.date <= cycle.ends:
            lapses = _lapses(top_up.expires, cycle.index)
            yield _account_of(cycle, top_up.pool), OldLot("top_up", top_up.date, lapses, top_up.hours)
    for credit in adjustments:
        if credit.hours > 0 and cycle.starts <= credit.date <= cycle.ends:
            lapses = _lapses(credit.expires or "cycle", cycle.index)
            yield _account_of(cycle, credit.pool), OldLot("credit", credit.date, lapses, credit.hours)


def _lapses(expires: object, index: int) -> int | None:
    if isinstance(expires, int):
        return index + expires
    return index if expires == "cycle" else None


def _account(
    cycle: CycleBalance, now: Figures, opened: OldAccount, granted: Sequence[OldLot]
) -> tuple[Figures, OldAccount]:
    allocation = OldLot("allocation", cycle.starts, _allocation_lapses(cycle), now.allocated)
    lots = [*opened.carried, *granted, *([allocation] if now.allocated else [])]
    need = opened.queued + now.used + now.charged
    left, overage = _drawn(sorted(lots, key=lambda lot: lot.turn), need)
    goes_on = cycle.closed and cycle.resets is not None
    carried = _carried(left, cycle.terms, cycle.index) if goes_on else []
    remaining, carried_out = _sum(left) + max(-need, ZERO), _sum(carried)
    queued = overage if cycle.terms.overage == "queue" else ZERO
    figures = now._replace(
        carried_in=_sum(opened.carried),
        queued_in=opened.queued,
        remaining=remaining,
        overage=overage,
        carried_out=carried_out if cycle.closed else None,
        expired=remaining - carried_out if cycle.closed else None,
        queued_out=queued if cycle.closed else None,
    )
    return figures, OldAccount(carried, queued)


def _allocation_lapses(cycle: CycleBalance) -> int | None:
    rollover = cycle.terms.rollover
    if rollover is None:
        return cycle.index
    return None if rollover.cycles is None else cycle.index + rollover.cycles


def _drawn(lots: Iterable[OldLot], need: Decimal) -> tuple[list[OldLot], Decimal]:
    """What the need leaves of the lots, and what they don't meet of it."""
    left: list[OldLot] = []
    missing = max(need, ZERO)
    for lot in lots:
        taken = min(lot.hours, missing)
        missing -= taken
        if taken < lot.hours:
            left.append(replace(lot, hours=lot.hours - taken))
    return left, missing


def _carried(lots: Sequence[OldLot], terms: Terms, index: int) -> list[OldLot]:
    kept = [lot for lot in lots if lot.lapses is None or lot.lapses > index]
    if terms.rollover is None or terms.rollover.hours is None:
        return kept
    allocations = sorted(
        (lot for lot in kept if lot.kind == "allocation"), key=lambda lot: (lot.granted, lot.turn)
    )
    capped, _missing = _drawn(allocations, _sum(allocations) - terms.rollover.hours)
    return capped + [lot for lot in kept if lot.kind != "allocation"]


def _sum(lots: Iterable[OldLot]) -> Decimal:
    return sum((lot.hours for lot in lots), ZERO)


def _with(cycle: CycleBalance, figures: Mapping[str, Figures]) -> CycleBalance:
    """The cycle with these figures in the place of its own."""
    total = reduce(Figures.together, figures.values())
    rate = cycle.terms.overage_rate if cycle.terms.overage == "bill" else None
    pools = tuple(
        pool
        if pool.account is None
        else pool._replace(remaining=figures[pool.key].remaining, account=figures[pool.key])
        for pool in cycle.pools
    )
    return replace(
        cycle, pools=pools, total=total, overage_amount=round_half_up(total.overage * (rate or ZERO))
    )
