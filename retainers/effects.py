"""What a new agreement would do to a retainer's balances, cycle by cycle: computed, never written.

The caller brings the standing as it is, and of the agreement, the entries and the grants what would differ.
How entries are judged under other rules is for the import's side (`imports.judging.rule_trial`), which hands
its answer in as `works`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from retainers.balance import CycleBalance, Figures, Work
from retainers.hours import write_hours
from retainers.ledger import balance
from retainers.models import Client
from retainers.selectors import Standing
from retainers.terms import Adjustment, Agreement, TopUp

MOST_CYCLES = 12  # named in one line of a command


@dataclass(frozen=True, slots=True)
class AccountChange:
    """A pool in one cycle before and after, or (with `key` and `name` "") the one account of a shared retainer."""

    key: str
    name: str
    before: Figures | None
    after: Figures | None


@dataclass(frozen=True, slots=True)
class CycleChange:
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
        return _figures(self.before) != _figures(self.after)

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


@dataclass(frozen=True, slots=True)
class BalanceChange:
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
) -> BalanceChange:
    """What the retainer's balances on the standing's day would become.

    `agreement` None: as it is. `works` None: the entries as they are; else all that the retainer would have.
    `top_ups` and `adjustments` come on top of those that stand.
    """
    agreed = agreement or standing.agreement
    after = balance(
        agreed,
        standing.works if works is None else works,
        [*standing.top_ups, *top_ups],
        [*standing.adjustments, *adjustments],
        standing.on,
    )
    client = standing.retainer.client
    return BalanceChange(client, agreed.key, agreed.name, standing.on, standing.cycles, after)


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


def line(change: BalanceChange) -> str:
    """The change as a command prints it; "" where no figure differs.

    `acme/support: 2026-05 12.00 used → 13.00; now 5.00 → 4.00 left`
    """
    current = change.current
    newest = current.cycle.starts if current else None
    earlier = [each for each in change.cycles if each.cycle.starts != newest]
    parts = [_part(each) for each in earlier[-MOST_CYCLES:]]
    if len(earlier) > MOST_CYCLES:
        parts.insert(0, f"{len(earlier) - MOST_CYCLES} cycles before")
    if current and current.differs:
        parts.append(_now(current))
    return f"{change.client.slug}/{change.key}: {'; '.join(parts)}" if parts else ""


def _part(change: CycleChange) -> str:
    name = cycle_name(change.cycle)
    if change.before is None or change.after is None:
        shown = change.cycle.total
        said = f"{write_hours(shown.used)} used, {_left(shown)} left"
        return f"{name} {'is new' if change.after else 'goes'}, {said}"
    before, after = change.before.total, change.after.total
    if before.used != after.used:
        return f"{name} {write_hours(before.used)} used → {write_hours(after.used)}"
    if _left(before) != _left(after):
        return f"{name} {_left(before)} left → {_left(after)}"
    return f"{name} {_by_pool(change)}"


def _now(change: CycleChange) -> str:
    if change.before is None or change.after is None:
        return f"now {_left(change.cycle.total)} left" if change.after else "now nothing"
    before, after = change.before.total, change.after.total
    if _left(before) != _left(after):
        return f"now {_left(before)} → {_left(after)} left"
    if before.used != after.used:
        return f"now {write_hours(before.used)} → {write_hours(after.used)} used"
    return f"now {_by_pool(change)}"


def _by_pool(change: CycleChange) -> str:
    """What differs where the total of all pools is the same: what each has left, else what is paid."""
    parts = [
        f"{each.key} {_left(each.before)} → {_left(each.after)} left"
        for each in change.accounts
        if each.before and each.after and each.key
    ]
    return ", ".join(parts) or "another price or other pools"


def cycle_name(cycle: CycleBalance) -> str:
    """A calendar month as 2026-05, any other cycle by both its days."""
    starts, resets = cycle.starts, cycle.resets
    if starts.day == 1 and resets and resets.day == 1 and (resets - starts).days <= 31:
        return f"{starts:%Y-%m}"
    return f"{starts} to {cycle.ends}"


def _left(figures: Figures) -> str:
    over = f" ({write_hours(figures.overage)} over)" if figures.overage else ""
    return f"{write_hours(figures.remaining)}{over}"


def _accounts(cycle: CycleBalance | None) -> dict[str, tuple[str, Figures]]:
    if cycle is None:
        return {}
    if cycle.sharing == "shared":
        return {"": ("", cycle.total)}
    return {pool.key: (pool.name, pool.account) for pool in cycle.pools if pool.account}


def _figures(cycle: CycleBalance | None) -> tuple[object, ...] | None:
    """What can be told apart of a cycle: its days, its figures, its price; names of pools are no figures."""
    if cycle is None:
        return None
    pools: list[tuple[str, Decimal, Decimal, Decimal, Figures | None]] = [
        (pool.key, pool.allocated, pool.used, pool.remaining, pool.account) for pool in cycle.pools
    ]
    return cycle.starts, cycle.ends, cycle.total, pools, cycle.overage_amount
