"""What the mail of an alert says: only what the client's own page says, in the language that is set.

The values are finished sentences, so that one template serves every alert.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from alerts.crossings import Occasion, Reached
from presentation.accounts import Account, is_block
from presentation.closes import closed_words
from presentation.days import long_date
from presentation.phrases import agreed, hours
from presentation.sentences import meaning
from presentation.terms_of_closing import past_the_cap
from retainers.endings import Ending
from retainers.selectors import Standing


def crossing_said(standing: Standing, occasion: Occasion, highest: Reached) -> dict[str, Any]:
    """A threshold that was reached in the cycle that runs."""
    account, cycle = occasion.account, occasion.cycle
    figures = _figures(account)
    over = bool(account.overage)
    left = (
        _("0 of %(granted)s hours left, %(over)s over.") if over else _("%(left)s of %(granted)s hours left.")
    )
    resets = None if is_block(cycle.terms) else cycle.resets
    return _said(
        standing,
        account.name,
        subject=(_("Support hours: %(over)s over") if over else _("Support hours: %(left)s left")) % figures,
        short=(_("%(over)s h over") if over else _("%(left)s h left")) % figures,
        big=figures["left"],
        lead=left % figures,
        lines=(
            _reached_words(highest, account),
            _("They reset on %(resets)s.") % {"resets": long_date(resets)} if resets else "",
            meaning(account, cycle, _amount(occasion)) or past_the_cap(standing.agreement, cycle.terms),
        ),
    )


def close_said(standing: Standing, occasion: Occasion) -> dict[str, Any]:
    """A closed cycle of which a threshold was reached before it was settled."""
    account, cycle = occasion.account, occasion.cycle
    said = closed_words(account, cycle)
    changes = _("The last days of this cycle aren’t in yet, so its figures can still change.")
    return _said(
        standing,
        account.name,
        subject=said,
        short=said,
        lead=f"{said}.",
        lines=(
            meaning(account, cycle, _amount(occasion)),
            changes if standing.is_provisional(cycle) else "",
        ),
    )


def ending_said(standing: Standing, ending: Ending) -> dict[str, Any]:
    """Hours that are about to end."""
    figures = {"hours": hours(ending.hours), "day": long_date(ending.on)}
    said = _("%(hours)s h end on %(day)s") % figures
    return _said(
        standing,
        "",
        subject=said,
        short=said,
        big=figures["hours"],
        lead=f"{said}.",
        lines=(_("Hours you don’t use by then lapse."),),
    )


def _said(
    standing: Standing,
    account: str,
    *,
    subject: str,
    short: str,
    lead: str,
    lines: tuple[str, ...],
    big: str = "",
) -> dict[str, Any]:
    """`subject` stands alone in a mail to the client, `short` behind the client's name in one to staff."""
    through = standing.freshness.through
    words = _("The figures cover work through %(through)s.")
    covered = words % {"through": long_date(through)} if through else ""
    return {
        "agreement": standing.agreement.name,
        "account": account,
        "subject": subject,
        "short": short,
        "big": big,
        "lead": lead,
        "lines": [line for line in (*lines, covered) if line],
    }


def _figures(account: Account) -> dict[str, str]:
    granted = account.whole if account.whole > 0 else account.granted
    return {
        "left": hours(account.remaining),
        "over": hours(account.overage),
        "granted": agreed(granted),
    }


def _amount(occasion: Occasion) -> Decimal | None:
    """What is owed for the account's hours over; None where several accounts share the amount."""
    cycle = occasion.cycle
    return cycle.overage_amount if occasion.account.overage == cycle.total.overage else None


def _reached_words(highest: Reached, account: Account) -> str:
    """How much is gone, to the per cent below it, not the threshold that this passed."""
    if highest.percent is not None:
        if account.whole <= 0:
            return ""
        share = int(account.spent * 100 / account.whole)
        return _("%(percent)s %% of the hours are used.") % {"percent": share}
    left = agreed(highest.hours_left) if highest.hours_left is not None else ""
    return _("No more than %(hours_left)s hours are left.") % {"hours_left": left}
