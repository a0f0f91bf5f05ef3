"""Hours past the cap that a client has agreed to, or is asked to agree to, in words and in money.

Source: domain.md, "Approvals": several add up; each counts for the cycle that it names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from presentation.days import dated
from presentation.phrases import agreed_hours, hours, money, one_stop, price
from retainers.balance import CycleBalance
from retainers.hours import ZERO
from retainers.terms import Approval, Terms


@dataclass(frozen=True, slots=True)
class Offer:
    """What an approval would be about; `in_all` is "" where the hours are not typed yet or cost nothing.

    `approved` says what of earlier approvals, to which it adds, is used and left; "" without one.
    """

    agreement: str
    over: str
    approved: str
    rate: str
    in_all: str
    until: str

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What is said of it beside its agreement, each under its name."""
        said = (
            (_("Now"), self.over),
            (_("Approved so far"), self.approved),
            (_("Price"), f"{self.rate}; {self.in_all}" if self.in_all else self.rate),
            (_("Until"), self.until),
        )
        return [(name, words) for name, words in said if words]

    @property
    def lines_before(self) -> list[tuple[str, str]]:
        """The same while it isn't approved yet: it would add to what was."""
        if not self.approved:
            return self.lines
        more = _("What you approve now comes on top.")
        return replace(self, approved=f"{self.approved} {more}").lines


def offer(agreement: str, cycle: CycleBalance, wanted: Decimal | None) -> Offer:
    """The agreement, the hours over already, the price an hour and in all, and until when."""
    over = cycle.total.overage
    return Offer(
        agreement=agreement,
        over=_("%(hours)s over already") % {"hours": agreed_hours(over)} if over else "",
        approved=_used_words(cycle) if cycle.approved else "",
        rate=_rate(cycle.terms),
        in_all=_in_all(cycle.terms, wanted),
        until=dated(cycle.ends),
    )


def _rate(terms: Terms) -> str:
    if terms.overage == "queue" and terms.is_block:
        return _("Nothing is billed: the hours are owed to the next block.")
    if terms.overage == "queue":
        return _("Nothing is billed: the hours are taken from the next cycle's.")
    if terms.overage_rate is None:
        return _("No hourly price is agreed: ask before you approve.")
    return _("%(rate)s an hour, as counted") % {"rate": price(terms.overage_rate, terms.currency)}


def _in_all(terms: Terms, wanted: Decimal | None) -> str:
    if not wanted or terms.overage_rate is None or terms.overage == "queue":
        return ""
    amount = money(wanted * terms.overage_rate, terms.currency)
    return _("%(amount)s at most for %(hours)s") % {"amount": amount, "hours": agreed_hours(wanted)}


def approved_lines(approvals: Sequence[Approval], cycle: CycleBalance) -> tuple[str, ...]:
    """How much of what was approved is used, its price and end, and each approval with its name and day."""
    if not approvals:
        return ()
    return (_used_words(cycle), *_until_when(cycle), *(_one(each) for each in approvals))


def _until_when(cycle: CycleBalance) -> tuple[str, ...]:
    """Until when they can be used, and what they cost at most; of a closed cycle that is past."""
    rate, words = cycle.terms.overage_rate, {"day": dated(cycle.ends)}
    if cycle.closed:
        return ()
    if rate is None or cycle.terms.overage == "queue":
        return (_("They can be used until %(day)s.") % words,)
    words["rate"] = price(rate, cycle.terms.currency)
    words["amount"] = money(cycle.approved * rate, cycle.terms.currency)
    return (_("They can be used until %(day)s: at %(rate)s an hour, %(amount)s at most.") % words,)


def used_and_left(cycle: CycleBalance) -> str:
    """The same in little room, for staff: `Approved: 4.86 used, 4.14 left`."""
    return "Approved: {used} used, {left} left".format_map(_numbers(cycle))


def _numbers(cycle: CycleBalance) -> dict[str, str]:
    used = min(cycle.total.overage, cycle.approved)
    return {"used": hours(used), "approved": hours(cycle.approved), "left": hours(cycle.approved - used)}


def _used_words(cycle: CycleBalance) -> str:
    numbers = _numbers(cycle)
    if cycle.closed:
        return _("%(used)s of %(approved)s approved hours were used.") % numbers
    return _("%(used)s of %(approved)s approved hours are used; %(left)s are left.") % numbers


def _one(approval: Approval) -> str:
    words = {"hours": agreed_hours(approval.hours), "name": approval.by}
    if approval.on is None:
        return one_stop(_("%(hours)s beyond the agreed hours approved by %(name)s.") % words)
    on = {"date": dated(approval.on)}
    return _("%(hours)s beyond the agreed hours approved by %(name)s on %(date)s.") % {**words, **on}


def declined_over(cycle: CycleBalance) -> str:
    """What hours over mean where work past the cap needs the client's word first."""
    over, approved = cycle.total.overage, min(cycle.total.overage, cycle.approved)
    if not approved:
        return _unapproved(over, cycle)
    words = {"approved": hours(approved), "over": hours(over), "rest": hours(over - approved)}
    parts = [_paid(cycle, words)]
    if over > approved:
        parts.append(_("The other %(rest)s are not billed and not carried over.") % words)
        if not cycle.closed:
            parts.append(_("Further work needs your authorization first."))
    return " ".join(parts)


def _unapproved(over: Decimal, cycle: CycleBalance) -> str:
    words = {"over": hours(over)}
    if cycle.closed and not cycle.terms.is_block:
        return _("The %(over)s hours over are not billed and not carried into the next cycle.") % words
    if cycle.closed:
        return _("The %(over)s hours over are not billed and not carried over.") % words
    return (
        _(
            "The %(over)s hours over are not billed and not carried over. "
            "Further work needs your authorization first."
        )
        % words
    )


def _paid(cycle: CycleBalance, words: dict[str, str]) -> str:
    terms = cycle.terms
    if terms.overage_rate is None:
        return _("%(approved)s of the %(over)s hours over were approved.") % words
    priced = {
        **words,
        "rate": price(terms.overage_rate, terms.currency),
        "amount": money(cycle.overage_amount or ZERO, terms.currency),
    }
    return (
        _(
            "%(approved)s of the %(over)s hours over were approved and are billed "
            "at %(rate)s an hour: %(amount)s."
        )
        % priced
    )
