"""The accounts of a cycle as the page speaks of them: each with what was granted, taken and is left.

Under separate sharing every pool is an account, under shared sharing the retainer is one. A prepaid block
is told over its whole life, since no cycle of it grants anything. The figures are the ledger's; this only
puts them side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from retainers.balance import CycleBalance, Figures
from retainers.hours import ZERO
from retainers.terms import Terms

LOW = Decimal("0.25")  # of what was granted: the share left at which the page turns amber


@dataclass(frozen=True, slots=True)
class Account:
    """One account: `granted - taken = remaining - overage`. `key` is the pool's, "" under shared sharing.

    `used` is work alone; `taken` also holds charges, the hours queued in and what lapsed on the way, and not
    what went `past` a block in cycles before and was billed or declined. `in_hand` is what a block held after
    its last purchase, below zero where it was over; None for what is no block. `credited` is part of `granted`,
    `lapsed` of `taken`.
    """

    key: str
    name: str
    granted: Decimal
    taken: Decimal
    used: Decimal
    remaining: Decimal
    overage: Decimal
    figures: Figures
    past: Decimal = ZERO
    credited: Decimal = ZERO
    lapsed: Decimal = ZERO
    in_hand: Decimal | None = None

    @property
    def whole(self) -> Decimal:
        """What a share of the account is measured by: what was granted, of a block what was in hand."""
        return self.granted if self.in_hand is None else self.in_hand

    @property
    def spent(self) -> Decimal:
        """What is gone of the `whole`; below zero where more came in since."""
        return self.whole - self.remaining + self.overage

    @property
    def share(self) -> Decimal:
        """What is left of the `whole`, 1 for all of it; below zero past the cap."""
        return (self.remaining - self.overage) / self.whole if self.whole > 0 else -self.overage

    @property
    def charged(self) -> Decimal:
        """What neither work nor an end took of all that was granted: charges, and hours queued in at its first day."""
        return self.taken + self.past - self.used - self.lapsed

    @property
    def is_low(self) -> bool:
        return ZERO < self.remaining <= self.whole * LOW


def is_block(terms: Terms) -> bool:
    """A prepaid block, whatever becomes of hours past it."""
    return terms.is_block


def accounts(cycles: Sequence[CycleBalance], shown: CycleBalance) -> tuple[Account, ...]:
    """The accounts of the shown cycle; `cycles` are all up to it, for the life of a block."""
    if not is_block(shown.terms):
        return cycle_accounts(shown)
    run = life(cycles, shown)
    return tuple(replace(_account(key, name, run), in_hand=_in_hand(key, run)) for key, name in _keys(shown))


def cycle_accounts(cycle: CycleBalance) -> tuple[Account, ...]:
    """The accounts as this one cycle saw them, a block's too."""
    return tuple(_account(key, name, (cycle,)) for key, name in _keys(cycle))


def _keys(cycle: CycleBalance) -> tuple[tuple[str, str], ...]:
    if cycle.sharing == "shared":
        return (("", ""),)
    return tuple((pool.key, pool.name) for pool in cycle.pools)


def life(cycles: Sequence[CycleBalance], shown: CycleBalance) -> tuple[CycleBalance, ...]:
    """The life of a block: the cycles without a break up to the shown one whose terms are a block's."""
    run: list[CycleBalance] = []
    for cycle in reversed([each for each in cycles if each.index <= shown.index]):
        if not is_block(cycle.terms):
            break
        run.append(cycle)
    return tuple(reversed(run))


def run_of(cycles: Sequence[CycleBalance], shown: CycleBalance | None) -> tuple[CycleBalance, ...]:
    """The cycles of which a page tells: the shown one, of a prepaid block its life up to it; none without one."""
    if shown is None:
        return ()
    return life(cycles, shown) if is_block(shown.terms) else (shown,)


def _account(key: str, name: str, run: Sequence[CycleBalance]) -> Account:
    told = [(cycle, figures) for cycle in run if (figures := figures_of(cycle, key)) is not None]
    found = [figures for _, figures in told]
    first, last = found[0], found[-1]
    used, charged = _total(found, "used"), _total(found, "charged")
    lapsed = _total(found, "lapsed") + _total(found[:-1], "expired")
    past = sum((f.overage for cycle, f in told[:-1] if cycle.terms.overage != "queue"), ZERO)
    taken = first.queued_in + used + charged + lapsed - past
    return Account(
        key=key,
        name=name,
        granted=last.remaining - last.overage + taken,
        taken=taken,
        used=used,
        remaining=last.remaining,
        overage=last.overage,
        figures=last,
        past=past,
        credited=_total(found, "credited"),
        lapsed=lapsed,
    )


def _total(found: Sequence[Figures], name: str) -> Decimal:
    """A figure added up; one that a cycle has none of counts nothing."""
    return sum((getattr(each, name) or ZERO for each in found), ZERO)


def _in_hand(key: str, run: Sequence[CycleBalance]) -> Decimal | None:
    """What was left after the last purchase of the run; None where nothing was bought in it."""
    found = (dict(cycle.in_hand).get(key) for cycle in reversed(run))
    return next((hours for hours in found if hours is not None), None)


def spendable(account: Account, cycle: CycleBalance) -> Decimal:
    """What can still be spent of it: nothing of a last cycle that is over, as everything lapsed with it."""
    return ZERO if cycle.closed and cycle.resets is None else account.remaining


def figures_of(cycle: CycleBalance, key: str) -> Figures | None:
    """The figures of an account in a cycle; None where the cycle's terms have no such pool."""
    if key == "":
        return cycle.total
    return next((pool.account for pool in cycle.pools if pool.key == key), None)
