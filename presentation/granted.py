"""What was bought, credited and charged beside the cap: each with its day, its reason and its end, in words.

For the client's page and for staff. The reasons have passed the gate where a client reads them; the ends are the
ledger's (domain.md, "Balance of a cycle" 4 and 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from presentation.accounts import is_block, life
from presentation.days import dated, day_month
from presentation.phrases import signed
from retainers.balance import CycleBalance
from retainers.endings import end_of_grant
from retainers.terms import Adjustment, Agreement, TopUp


@dataclass(frozen=True, slots=True)
class Granted:
    """One grant; `pool` is "" where there is one account, `end` where nothing can end (a charge)."""

    day: str
    what: str
    hours: str
    pool: str
    reason: str
    end: str


def granted_lines(
    grants: Sequence[TopUp | Adjustment],
    agreement: Agreement,
    cycles: Sequence[CycleBalance],
    shown: CycleBalance,
    today: date,
) -> tuple[Granted, ...]:
    """Those of the shown cycle, of a prepaid block those of its life up to it; oldest first."""
    since = life(cycles, shown)[0].starts if is_block(shown.terms) else shown.starts
    until = min(shown.ends, today)
    found = sorted((each for each in grants if since <= each.date <= until), key=lambda each: each.date)
    return tuple(_line(each, agreement, shown, today) for each in found)


def what_words(grant: TopUp | Adjustment) -> str:
    if isinstance(grant, TopUp):
        return _("Bought on top")
    return _("Credited") if grant.hours > 0 else _("Charged")


def end_words(grant: TopUp | Adjustment, agreement: Agreement) -> str:
    """`until 30 November 2026`; "" for a charge, of which nothing can end."""
    if grant.hours <= 0:
        return ""
    day = end_of_grant(grant, agreement)
    return _("until %(day)s") % {"day": dated(day)} if day else _("kept until they are used")


def _line(grant: TopUp | Adjustment, agreement: Agreement, shown: CycleBalance, today: date) -> Granted:
    return Granted(
        day=day_month(grant.date, today),
        what=_("Bought") if is_block(shown.terms) and isinstance(grant, TopUp) else what_words(grant),
        hours=signed(grant.hours),
        pool=_pool(grant, shown),
        reason=grant.note if isinstance(grant, TopUp) else grant.reason,
        end=end_words(grant, agreement),
    )


def _pool(grant: TopUp | Adjustment, shown: CycleBalance) -> str:
    if shown.sharing == "shared" or len(shown.pools) < 2:
        return ""
    return shown.terms.pool(grant.pool).name
