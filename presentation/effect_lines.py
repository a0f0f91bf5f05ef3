"""What a change would do, as every page shows it before it is done: an account of a cycle, before and after."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from presentation.days import span
from presentation.phrases import hours
from retainers.balance import Figures
from retainers.effects import BalanceChange

MOST_CYCLES = 8  # the newest, of each retainer


@dataclass(frozen=True, slots=True)
class EffectLine:
    """One account of one cycle; `pool` is "" where there is only one."""

    cycle: str
    pool: str
    before: str
    after: str
    retainer: str
    closed: bool


def effect_lines(change: BalanceChange) -> tuple[EffectLine, ...]:
    """A line for each account that changes, oldest cycle first."""
    return tuple(
        EffectLine(
            cycle=span(cycle.cycle.starts, cycle.cycle.ends),
            pool=account.name,
            before=_left(account.before),
            after=_left(account.after),
            retainer=change.name,
            closed=cycle.cycle.closed,
        )
        for cycle in change.cycles[-MOST_CYCLES:]
        for account in cycle.accounts
    )


def _left(figures: Figures | None) -> str:
    if figures is None:
        return "–"
    if figures.overage:
        return _("0 left, %(over)s over") % {"over": hours(figures.overage)}
    return _("%(left)s left") % {"left": hours(figures.remaining)}
