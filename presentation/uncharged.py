"""What was worked and not counted, where the provider shows it: its day, its hours, and why.

Only reasons that the provider has named are told, and of such an entry nothing but these three: its words, its ticket
and its person stay with staff.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from retainers.balance import CycleBalance, Draw
from retainers.gate.known import Gate
from retainers.hours import ZERO, round_half_up
from retainers.pricing import NON_BILLABLE
from retainers.terms import TRAVEL


@dataclass(frozen=True, slots=True)
class Uncharged:
    day: date
    reason: str
    hours: Decimal


def uncharged(
    run: Iterable[CycleBalance], told: Collection[str], gate: Gate, slug: str
) -> tuple[Uncharged, ...]:
    """The entries of these cycles that are left out for one of the reasons `told`, oldest first.

    A reason that must not be read at that client is left out with its entries.
    """
    shown = {reason.casefold() for reason in told if gate.passes(reason_words(reason), slug)}
    found = (
        Uncharged(draw.work.day, reason_words(draw.reason), _worked(draw))
        for cycle in run
        for draw in cycle.draws
        if draw.reason is not None and draw.reason.casefold() in shown
    )
    return tuple(sorted((each for each in found if each.hours), key=lambda each: each.day))


def reason_words(reason: str) -> str:
    """A reason as a client reads it."""
    known = {TRAVEL: _("Travel"), NON_BILLABLE: _("Not billed")}
    return known.get(reason.casefold()) or capfirst(reason)


def _worked(draw: Draw) -> Decimal:
    worked = draw.work.worked
    return round_half_up(draw.figure if worked is None else worked) or ZERO
