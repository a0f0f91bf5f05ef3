"""What becomes of hours left and of hours over at the end of a cycle, in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.accounts import is_block
from presentation.phrases import agreed, price
from retainers.hours import ZERO
from retainers.terms import Agreement, Rollover, Terms


def rollover(agreement: Agreement, terms: Terms) -> str:
    """What is left of the agreed hours at a cycle's end; a block has no such end."""
    if is_block(terms):
        return ""
    if terms.rollover is None or terms.rollover.hours == ZERO:
        return _("Unused agreed hours lapse at the end of the cycle.")
    who = {"who": _who(terms, terms.rollover)}
    if terms.rollover.cycles is not None:
        return _for_cycles(terms.rollover, terms.rollover.cycles) % {**who, "cycles": terms.rollover.cycles}
    if terms.rollover.hours is not None:
        return _("%(who)s carry over at the end of a cycle; the rest lapses.") % who
    if agreement.ends is not None:
        return _("%(who)s carry over and stay until they are used or the agreement ends.") % who
    return _("%(who)s carry over and stay until they are used.") % who


def _who(terms: Terms, kept: Rollover) -> str:
    if kept.hours is None:
        return _("Unused agreed hours")
    hours = {"hours": agreed(kept.hours)}
    if terms.sharing == "separate" and len(terms.pools) > 1:
        return _("Up to %(hours)s unused agreed hours in each part") % hours
    return _("Up to %(hours)s unused agreed hours") % hours


def _for_cycles(kept: Rollover, cycles: int) -> str:
    """For how long; who, and how many cycles, is still to be said."""
    if kept.hours is None:
        return ngettext(
            "%(who)s carry over for %(cycles)s cycle.", "%(who)s carry over for %(cycles)s cycles.", cycles
        )
    return ngettext(
        "%(who)s carry over for %(cycles)s cycle; the rest lapses.",
        "%(who)s carry over for at most %(cycles)s cycles; the rest lapses.",
        cycles,
    )


def past_the_cap(agreement: Agreement, terms: Terms) -> str:
    """What happens at zero, or past a block."""
    words = {"rate": price(terms.overage_rate or ZERO, terms.currency)}
    if terms.overage == "queue":
        return _queued(agreement, terms)
    if is_block(terms):
        return _past_the_block(terms) % words
    if terms.overage == "bill":
        return _("Past the cap, each hour counted costs %(rate)s.") % words
    if terms.overage_rate is not None:
        return (
            _("Past the cap, work needs your authorization first; each hour you authorize costs %(rate)s.")
            % words
        )
    return _("Past the cap, work needs your authorization first; it is not billed and not carried over.")


def _past_the_block(terms: Terms) -> str:
    if terms.overage == "bill":
        return _("Past the block, each hour counted costs %(rate)s.")
    if terms.overage_rate is not None:
        return _(
            "Past the block, work needs your authorization first; each hour you authorize costs %(rate)s."
        )
    return _("Past the block, work needs your authorization first; it is not billed and not owed.")


def _queued(agreement: Agreement, terms: Terms) -> str:
    if is_block(terms):
        if agreement.ends is not None:
            return _(
                "Hours past the block are owed to the next one; when the agreement ends, they are still to be settled."
            )
        return _("Hours past the block are owed to the next one.")
    if agreement.ends is not None:
        return _(
            "Hours past the cap are taken from the next cycle's; those of the last cycle are still to be settled."
        )
    return _("Hours past the cap are taken from the next cycle's.")
