"""What a choice means, in a line that the ledger itself has worked out: "a 50-minute call counts 1.00 h"."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from presentation.accounts import is_block
from presentation.days import dated
from presentation.phrases import agreed, column, h, listed, lower_first, money, price
from retainers.balance import Lot, Work
from retainers.cycles import cycles_until
from retainers.hours import ZERO, round_half_up
from retainers.lots import allocation_expires, carry, hours_in, lapses
from retainers.pricing import draw_of
from retainers.terms import Agreement, Terms

CALL = round_half_up(Decimal(50) / 60, 4)
PAST_THE_CAP = Decimal("2.5")
COMING = 3
MONTH = timedelta(days=31)


def worked_lines(agreement: Agreement, terms: Terms) -> tuple[str, ...]:
    """A line for each choice of this version of the terms that a figure explains."""
    return tuple(line for line in _lines(agreement, terms) if line)


def _lines(agreement: Agreement, terms: Terms) -> Iterator[str]:
    yield _call(terms)
    yield _close(terms)
    yield _overage(terms)
    yield _cycles(agreement)


def _call(terms: Terms) -> str:
    if terms.hours_from == "deducted":
        return _(
            "A 50-minute call takes what the PSA says that it deducted: nothing is rounded or multiplied here."
        )
    parts = [_("%(hours)s h") % {"hours": column(_drawn(terms, frozenset()))}]
    parts += [
        _("%(kind)s %(hours)s h")
        % {"kind": lower_first(each.name), "hours": column(_drawn(terms, frozenset({each.category})))}
        for each in terms.multipliers
    ]
    return _("A 50-minute call counts %(counts)s.") % {"counts": listed(parts)}


def _drawn(terms: Terms, categories: frozenset[str]) -> Decimal:
    return draw_of(Work(terms.starts, worked=CALL, billable=CALL, categories=categories), terms).hours


def _close(terms: Terms) -> str:
    """What becomes of the first pool's hours when none of them is used."""
    hours = terms.pools[0].hours
    if is_block(terms) or not hours:
        return ""
    lot = Lot("allocation", terms.starts, lapses(allocation_expires(terms), 0), hours)
    carried = hours_in(carry((lot,), terms, 0))
    figures = {"left": h(hours), "carried": h(carried), "lapsed": h(hours - carried)}
    if not carried:
        return _("%(left)s left at the close: all of them lapse.") % figures
    if carried == hours:
        return _("%(left)s left at the close: all of them are carried over.") % figures
    return _("%(left)s left at the close: %(carried)s are carried over, %(lapsed)s lapse.") % figures


def _overage(terms: Terms) -> str:
    figures = {"over": h(PAST_THE_CAP)}
    if terms.overage == "bill":
        rate = terms.overage_rate or ZERO
        figures |= {"rate": price(rate, terms.currency), "sum": money(rate * PAST_THE_CAP, terms.currency)}
        return _("%(over)s past the cap are billed at %(rate)s an hour: %(sum)s.") % figures
    if terms.overage == "queue":
        return _("%(over)s past the cap are taken from the next hours that are granted.") % figures
    return _("%(over)s past the cap are shown, not billed and not carried over.") % figures


def _cycles(agreement: Agreement) -> str:
    """The first days of the first cycles, and the part of the cap that a broken first one gets."""
    cycles = cycles_until(agreement, agreement.starts + agreement.months * COMING * MONTH)[:COMING]
    said = _("Cycles begin on %(days)s.") % {"days": listed([dated(cycle.starts) for cycle in cycles])}
    terms, first = agreement.terms[0], cycles[0]
    paid_days = first.paid_days(terms.proration)
    if paid_days == first.full_days:
        return said
    part = round_half_up(terms.pools[0].hours * paid_days / first.full_days)
    broken = _("The first one is broken: %(part)s h of %(cap)s.") % {
        "part": column(part),
        "cap": agreed(terms.pools[0].hours),
    }
    return f"{said} {broken}"


def coming_starts(agreement: Agreement, today: date) -> tuple[date, ...]:
    """The cycles that new terms may begin with: those that began lately and those to come, oldest first."""
    until = max(today, agreement.starts) + agreement.months * 12 * MONTH
    starts = [cycle.starts for cycle in cycles_until(agreement, until)]
    newest = agreement.terms[-1].starts
    return tuple(day for day in starts if day > newest and day >= today - agreement.months * 3 * MONTH)
