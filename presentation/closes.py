"""How a cycle closed, told while it is not long ago, and what of the hours that are left ends: in sentences."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from presentation.accounts import Account, cycle_accounts, is_block
from presentation.days import day_month, span
from presentation.phrases import agreed, hours
from retainers.balance import CycleBalance
from retainers.endings import Ending

FIRST_DAYS = timedelta(days=10)  # of a cycle, on which its page says how the one before closed


def closed_words(account: Account, cycle: CycleBalance) -> str:
    """`January 2026 closed 3.0 h over`, without a full stop."""
    words = {
        "cycle": span(cycle.starts, cycle.ends),
        "over": hours(account.overage),
        "left": hours(account.remaining),
        "granted": agreed(account.granted),
    }
    if account.overage:
        return _("%(cycle)s closed %(over)s h over") % words
    return _("%(cycle)s closed with %(left)s h unused of %(granted)s") % words


def lately_closed_over(
    cycles: Sequence[CycleBalance], today: date
) -> tuple[tuple[Account, CycleBalance], ...]:
    """The accounts that the cycle before the running one closed over, on the running one's first days.

    A prepaid block knows no cycle: what is over is owed or stands in its number.
    """
    if len(cycles) < 2 or cycles[-1].closed or today >= cycles[-1].starts + FIRST_DAYS:
        return ()
    before = cycles[-2]
    if is_block(before.terms):
        return ()
    return tuple((account, before) for account in cycle_accounts(before) if account.overage)


def close_lines(cycles: Sequence[CycleBalance], today: date) -> tuple[str, ...]:
    """What the page says of it, a sentence for each account; with its name where there are several."""
    found = lately_closed_over(cycles, today)
    return tuple(
        f"{account.name}: {closed_words(account, cycle)}."
        if len(cycle_accounts(cycle)) > 1
        else f"{closed_words(account, cycle)}."
        for account, cycle in found
    )


def carried_lines(cycles: Sequence[CycleBalance], through: date | None) -> tuple[str, ...]:
    """That hours come over from a cycle whose last days are not in yet: they can still change."""
    if len(cycles) < 2 or cycles[-1].closed or is_block(cycles[-1].terms):
        return ()
    before, total = cycles[-2], cycles[-1].total
    if (through is not None and through >= before.ends) or not (total.carried_in or total.queued_in):
        return ()
    words = _("What carries over from %(cycle)s can still change: its last days aren’t in yet.")
    return (words % {"cycle": span(before.starts, before.ends)},)


def ending_words(found: Sequence[Ending], today: date) -> tuple[str, ...]:
    """`6.5 h of these end on 30 November.`, a sentence for each day."""
    return tuple(
        _("%(hours)s h of these end on %(day)s.")
        % {"hours": hours(each.hours), "day": day_month(each.on, today)}
        for each in found
    )
