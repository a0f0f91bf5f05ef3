"""What a new agreement would do to a retainer's balances, cycle by cycle: computed, never written.

The caller brings the standing as it is, and of the agreement, the entries and the grants what would differ.
How entries are judged under other rules is for the import's side (`imports.judging.rule_trial`), which hands
its answer in as `works`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from retainers.balance import CycleBalance, Figures, Work
from retainers.ledger import balance
from retainers.models import Client
from retainers.selectors import Standing
from retainers.terms import Adjustment, Agreement, TopUp

G = TypeVar("G", TopUp, Adjustment)


class AccountChange(NamedTuple):
    """A pool in one cycle before and after, or (with `key` and `name` "") the one account of a shared retainer."""

    key: str
    name: str
    before: Figures | None
    after: Figures | None


class PoolChange(NamedTuple):
    """A pool of a shared retainer, tracked only: (used, allocated) before and after, None where it is not there."""

    key: str
    name: str
    before: tuple[Decimal, Decimal] | None
    after: tuple[Decimal, Decimal] | None


class Amount(NamedTuple):
    """What is billed for hours past the cap."""

    amount: Decimal
    currency: str


class CycleChange(NamedTuple):
    """One cycle before and after; None where only one of the two has it. At least one of them is there."""

    before: CycleBalance | None
    after: CycleBalance | None

    @property
    def cycle(self) -> CycleBalance:
        found = self.after or self.before
        if found is None:
            raise LookupError("a cycle that is neither before nor after")
        return found

    @property
    def differs(self) -> bool:
        """In what can be told apart: its days, its figures, its price; names of pools are no figures."""
        before, after = self.before, self.after
        if before is after:
            return False
        if before is None or after is None:
            return True
        return (
            before.total != after.total
            or (before.starts, before.ends) != (after.starts, after.ends)
            or _in_pools(before) != _in_pools(after)
            or _billed(before) != _billed(after)
        )

    @property
    def accounts(self) -> tuple[AccountChange, ...]:
        """The accounts whose figures differ: separate pools are never added up into one number."""
        before, after = _accounts(self.before), _accounts(self.after)
        found = []
        for key, (name, _) in (before | after).items():
            was, becomes = (side[key][1] if key in side else None for side in (before, after))
            if was != becomes:
                found.append(AccountChange(key, name, was, becomes))
        return tuple(found)

    @property
    def pools(self) -> tuple[PoolChange, ...]:
        """The pools of a shared retainer that differ."""
        before, after = _tracked(self.before), _tracked(self.after)
        return tuple(
            PoolChange(key, name, was, becomes)
            for key, name in {key: name for key, name, _ in (*before, *after)}.items()
            if (was := _figures_of(before, key)) != (becomes := _figures_of(after, key))
        )

    @property
    def amounts(self) -> tuple[Amount, Amount] | None:
        """What is billed for hours past the cap, before and after; None where it stays."""
        before, after = _amount(self.before, self.cycle), _amount(self.after, self.cycle)
        return (before, after) if before != after else None

    @property
    def last_days(self) -> tuple[date, date] | None:
        """The cycle's last day, before and after; None where it stays."""
        if self.before is None or self.after is None or self.before.ends == self.after.ends:
            return None
        return self.before.ends, self.after.ends


class BalanceChange(NamedTuple):
    """A retainer's cycles before and after, oldest first; `before` is empty for a new retainer."""

    client: Client
    key: str
    name: str
    on: date
    before: tuple[CycleBalance, ...]
    after: tuple[CycleBalance, ...]

    @property
    def cycles(self) -> tuple[CycleChange, ...]:
        """The cycles whose figures differ, oldest first."""
        before = {cycle.starts: cycle for cycle in self.before}
        after = {cycle.starts: cycle for cycle in self.after}
        starts = sorted(before.keys() | after.keys())
        both = (CycleChange(before.get(day), after.get(day)) for day in starts)
        return tuple(each for each in both if each.differs)

    @property
    def closed(self) -> tuple[CycleChange, ...]:
        """Those of them that are over: what the client may have been billed by."""
        return tuple(each for each in self.cycles if each.cycle.closed)

    @property
    def current(self) -> CycleChange | None:
        """The newest cycle of each side, whatever their dates; None before the retainer starts."""
        if not self.before and not self.after:
            return None
        return CycleChange(self.before[-1] if self.before else None, self.after[-1] if self.after else None)


def change_of(
    standing: Standing,
    *,
    agreement: Agreement | None = None,
    works: Iterable[Work] | None = None,
    top_ups: Sequence[TopUp] = (),
    adjustments: Sequence[Adjustment] = (),
    retired: Sequence[TopUp | Adjustment] = (),
    withdrawn: Collection[int] = (),
) -> BalanceChange:
    """What the retainer's balances on the standing's day would become.

    `agreement` None: as it is. `works` None: the entries as they are; else all that the retainer would have.
    `top_ups` and `adjustments` come on top of those that stand, `retired` are those that would go,
    and so are the approvals whose keys are `withdrawn`.
    """
    agreed = agreement or standing.agreement
    after = balance(
        agreed,
        standing.works if works is None else works,
        [*_without(standing.top_ups, retired), *top_ups],
        [*_without(standing.adjustments, retired), *adjustments],
        standing.on,
        [each for each in standing.approvals if each.ref not in withdrawn],
    )
    client = standing.retainer.client
    return BalanceChange(client, agreed.key, agreed.name, standing.on, standing.cycles, after)


def unchanged(standing: Standing) -> BalanceChange:
    """The balances as they are, on both sides: nothing is worked out anew."""
    return becoming(standing, standing.cycles)


def becoming(standing: Standing, cycles: tuple[CycleBalance, ...]) -> BalanceChange:
    """The balances as they are, and these after them."""
    client, agreed = standing.retainer.client, standing.agreement
    return BalanceChange(client, agreed.key, agreed.name, standing.on, standing.cycles, cycles)


def between(before: Standing, after: Standing) -> BalanceChange:
    """What has become of a retainer's balances from one publication of it to another."""
    client, agreed = after.retainer.client, after.agreement
    return BalanceChange(client, agreed.key, agreed.name, after.on, before.cycles, after.cycles)


def _without(grants: Sequence[G], retired: Sequence[TopUp | Adjustment]) -> Iterator[G]:
    """The grants that stay, each of several equals counted."""
    going = Counter(retired)
    for grant in grants:
        if going[grant]:
            going[grant] -= 1
        else:
            yield grant


def change_of_new(
    client: Client,
    agreement: Agreement,
    *,
    on: date,
    works: Iterable[Work] = (),
    top_ups: Sequence[TopUp] = (),
    adjustments: Sequence[Adjustment] = (),
) -> BalanceChange:
    """The same for a retainer that is not there yet: `works` are the entries that it would take over."""
    after = balance(agreement, works, top_ups, adjustments, on)
    return BalanceChange(client, agreement.key, agreement.name, on, (), after)


def _amount(cycle: CycleBalance | None, other: CycleBalance) -> Amount:
    """A cycle that is not there bills nothing, in the other one's currency."""
    if cycle is None or not cycle.overage_amount:
        return Amount(Decimal(), other.terms.currency)
    return Amount(cycle.overage_amount, cycle.terms.currency)


def _tracked(cycle: CycleBalance | None) -> list[tuple[str, str, tuple[Decimal, Decimal]]]:
    if cycle is None or cycle.sharing != "shared":
        return []
    return [(pool.key, pool.name, (pool.used, pool.allocated)) for pool in cycle.pools]


def _figures_of(
    pools: list[tuple[str, str, tuple[Decimal, Decimal]]], key: str
) -> tuple[Decimal, Decimal] | None:
    return next((figures for known, _, figures in pools if known == key), None)


def _accounts(cycle: CycleBalance | None) -> dict[str, tuple[str, Figures]]:
    if cycle is None:
        return {}
    if cycle.sharing == "shared":
        return {"": ("", cycle.total)}
    return {pool.key: (pool.name, pool.account) for pool in cycle.pools if pool.account}


def _in_pools(cycle: CycleBalance) -> list[tuple[str, Decimal, Decimal, Decimal, Figures | None]]:
    return [(pool.key, pool.allocated, pool.used, pool.remaining, pool.account) for pool in cycle.pools]


def _billed(cycle: CycleBalance) -> tuple[Decimal, str] | None:
    return (cycle.overage_amount, cycle.terms.currency) if cycle.overage_amount else None
