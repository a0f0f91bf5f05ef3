"""What a change would do, as every page shows it before it is done: an account of a cycle, before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from presentation.days import dated, span
from presentation.phrases import hours, money
from retainers.balance import Figures
from retainers.effects import BalanceChange, CycleChange

MOST_CYCLES = 8  # the newest, of each retainer
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing of a cycle that becomes another: an account (`what` "" where there is only one), or what is billed."""

    what: str
    before: str
    after: str
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class EffectLine:
    """A line of a cycle's change, with the cycle that it is of."""

    cycle: str
    pool: str
    before: str
    after: str
    retainer: str
    closed: bool


def effect_lines(change: BalanceChange) -> tuple[EffectLine, ...]:
    """A line for each account, amount or day that changes, oldest cycle first; none where nothing does."""
    return tuple(
        EffectLine(
            cycle=span(cycle.cycle.starts, cycle.cycle.ends),
            pool=line.what,
            before=line.before,
            after=line.after,
            retainer=change.name,
            closed=cycle.cycle.closed,
        )
        for cycle in change.cycles[-MOST_CYCLES:]
        for line in change_lines(cycle)
    )


def change_lines(change: CycleChange) -> tuple[ChangeLine, ...]:
    """All that differs of a cycle: at least one line, for a cycle that differs."""
    found = tuple(_lines(change))
    return found or (ChangeLine(_("only which pools there are"), NOTHING, NOTHING),)


def _lines(change: CycleChange) -> Iterator[ChangeLine]:
    several = len(change.cycle.pools) > 1
    for each in change.accounts:
        over = each.after is not None and each.after.overage > 0
        yield ChangeLine(each.name if several else "", _left(each.before), _left(each.after), over)
    for pool in change.pools:
        yield ChangeLine(pool.name, _used(pool.before), _used(pool.after))
    if change.amounts:
        before, after = (money(each.amount, each.currency) for each in change.amounts)
        yield ChangeLine(_("billed for hours past the cap"), before, after)
    if change.last_days:
        was, becomes = change.last_days
        yield ChangeLine(_("last day"), dated(was), dated(becomes))


def _used(figures: tuple[Decimal, Decimal] | None) -> str:
    if figures is None:
        return NOTHING
    return _("%(used)s of %(allocated)s used") % {"used": hours(figures[0]), "allocated": hours(figures[1])}


def _left(figures: Figures | None) -> str:
    if figures is None:
        return NOTHING
    if figures.overage:
        return _("0 left, %(over)s over") % {"over": hours(figures.overage)}
    return _("%(left)s left") % {"left": hours(figures.remaining)}
