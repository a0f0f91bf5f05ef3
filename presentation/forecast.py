"""How long hours last if work goes on as before, for the client: only where that is not until they reset."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from presentation.accounts import Account, is_block
from presentation.days import between
from presentation.facts import RetainerFacts
from presentation.pace import HALF_YEAR, RunOut, recent_draws, run_out
from retainers.balance import CycleBalance

FAR_OFF = timedelta(days=182)  # what a prepaid block lasts longer than is no news


def forecast_lines(facts: RetainerFacts, found: Sequence[Account], today: date) -> tuple[str, ...]:
    """A sentence for each account that is used up before its reset; with its name where there are several."""
    shown = facts.shown
    if shown is None or shown.closed or not facts.is_current or facts.through is None:
        return ()
    lines = []
    for account in found:
        days = _days(facts, shown, account, today)
        if days is not None:
            words = _("If work goes on as before, what is left lasts until about %(days)s.") % {"days": days}
            lines.append(f"{account.name}: {words}" if len(found) > 1 else words)
    return tuple(lines)


def _days(facts: RetainerFacts, shown: CycleBalance, account: Account, today: date) -> str | None:
    if account.overage or not account.remaining:
        return None
    range_of = _run_out(facts, shown, account, today)
    if range_of is None or range_of.first is None or range_of.last is None or range_of.last <= today:
        return None
    until = today + FAR_OFF if is_block(shown.terms) else shown.ends
    if range_of.last >= until:
        return None
    return between(max(range_of.first, today), range_of.last, today)


def _run_out(facts: RetainerFacts, shown: CycleBalance, account: Account, today: date) -> RunOut | None:
    covered = facts.through
    if covered is None:
        return None
    starts = facts.agreement.starts if is_block(shown.terms) else shown.starts
    return run_out(
        account.remaining,
        recent_draws(facts.cycles, account.key, min(shown.starts, covered - HALF_YEAR)),
        cycle_starts=starts,
        life_starts=facts.agreement.starts,
        covered=covered,
        today=today,
    )
