"""A change of balances in one line, for commands and records of restatements."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from retainers.balance import CycleBalance, Figures
from retainers.effects import BalanceChange, CycleChange
from retainers.hours import write_hours

MOST_CYCLES = 12  # named in one line

Money = Callable[[Decimal, str], str]


def plain_money(amount: Decimal, currency: str) -> str:
    """An amount with its currency's three letters."""
    return f"{amount:.2f} {currency}"


def line(change: BalanceChange, money: Money = plain_money) -> str:
    """The change as a command prints it; "" where no figure differs.

    `acme/support: 2026-05 12.00 used → 13.00; now 5.00 → 4.00 left, 0.00 USD → 165.00 USD billed`
    """
    current = change.current
    newest = current.cycle.starts if current else None
    parts = _earlier_cycles([each for each in change.cycles if each.cycle.starts != newest], money)
    if current and current.differs:
        parts.append(_with_amount(_now(current), current, money))
    return f"{change.client.slug}/{change.key}: {'; '.join(parts)}" if parts else ""


def _earlier_cycles(changes: Sequence[CycleChange], money: Money) -> list[str]:
    """The newest of them one by one, and before them how many there are besides."""
    named = [cycle_line(each, money) for each in changes[-MOST_CYCLES:]]
    more = len(changes) - len(named)
    if not more:
        return named
    return ["1 cycle before" if more == 1 else f"{more} cycles before", *named]


def cycle_line(change: CycleChange, money: Money = plain_money) -> str:
    """One cycle that differs: `2026-05 12.00 used → 13.00, 0.00 USD → 165.00 USD billed`"""
    return _with_amount(_part(change), change, money)


def _with_amount(said: str, change: CycleChange, money: Money) -> str:
    if change.amounts is None:
        return said
    before, after = (money(each.amount, each.currency) for each in change.amounts)
    return f"{said}, {before} → {after} billed" if " " in said else f"{said} {before} → {after} billed"


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
    return f"{name} {_by_pool(change)}".strip()


def _now(change: CycleChange) -> str:
    if change.before is None or change.after is None:
        return f"now {_left(change.cycle.total)} left" if change.after else "now nothing"
    before, after = change.before.total, change.after.total
    if _left(before) != _left(after):
        return f"now {_left(before)} → {_left(after)} left"
    if before.used != after.used:
        return f"now {write_hours(before.used)} → {write_hours(after.used)} used"
    return f"now {_by_pool(change)}".strip()


def _by_pool(change: CycleChange) -> str:
    """What differs where the total of all pools is the same: what each has, or the cycle's last day."""
    parts = [
        f"{each.key} {_left(each.before)} → {_left(each.after)} left"
        for each in change.accounts
        if each.before and each.after and each.key
    ]
    parts += [f"{each.key} {_used(each.before)} → {_used(each.after)} used" for each in change.pools]
    if change.last_days:
        parts.append("to {} → {}".format(*change.last_days))
    return ", ".join(parts) or ("" if change.amounts else "other pools")


def cycle_name(cycle: CycleBalance) -> str:
    """A calendar month as 2026-05, any other cycle by both its days."""
    starts, resets = cycle.starts, cycle.resets
    if starts.day == 1 and resets and resets.day == 1 and (resets - starts).days <= 31:
        return f"{starts:%Y-%m}"
    return f"{starts} to {cycle.ends}"


def _left(figures: Figures) -> str:
    over = f" ({write_hours(figures.overage)} over)" if figures.overage else ""
    return f"{write_hours(figures.remaining)}{over}"


def _used(figures: tuple[Decimal, Decimal] | None) -> str:
    return "{} of {}".format(*map(write_hours, figures)) if figures else "none"
