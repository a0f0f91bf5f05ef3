"""What going over means, and how fresh a number is: the sentences beside the number.

They say what the agreement says (domain.md, "Balance of a cycle", 6) and nothing that is not known yet.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.accounts import Account, is_block
from presentation.approvals import declined_over
from presentation.coverage import day_words, of_later, of_missing, of_open, of_pools
from presentation.days import cadence, dated, day_month, in_days, span
from presentation.freshness import age_words, of_since, updates_between, updates_missed
from presentation.phrases import agreed_hours, hours, listed, lower_first, money, price
from retainers.balance import CycleBalance
from retainers.hours import ZERO
from retainers.renewals import Beginning
from retainers.terms import Terms

if TYPE_CHECKING:  # takes long to load, and the dashboard's words need none of it
    from presentation.facts import RetainerFacts

Tone = Literal["", "low", "empty", "over"]


@dataclass(frozen=True, slots=True)
class FreshnessWords:
    """What the number covers. `tone` is "late", "first", "provisional", "closed" or ""."""

    tone: str
    chip: str
    rows: tuple[tuple[str, str], ...]
    words: tuple[str, ...]

    @property
    def look(self) -> str:
        """Of the chip: what isn't as it should be stands out."""
        return "amber" if self.tone in ("late", "provisional") else "plain"


def tone(account: Account, cycle: CycleBalance) -> Tone:
    if account.overage:
        return "over"
    if not account.remaining:
        return "empty" if account.taken or account.granted else ""
    return "low" if account.is_low and not cycle.closed else ""


def meaning(account: Account, cycle: CycleBalance, amount: Decimal | None) -> str:
    """What "0 left" or "2.5 over" means under the agreement; "" while hours are left.

    `amount` is what is owed for the overage, None where it belongs to several accounts.
    """
    if account.overage:
        return _over(account, cycle, amount)
    if account.remaining or cycle.closed or not account.taken:
        return ""
    return "" if cycle.terms.overage == "decline" and cycle.approved else _next_hour(cycle.terms)


def _over(account: Account, cycle: CycleBalance, amount: Decimal | None) -> str:
    over = {"over": hours(account.overage)}
    if cycle.terms.overage == "bill":
        return _billed(over["over"], cycle, amount)
    if cycle.terms.overage == "decline":
        return declined_over(cycle)
    if is_block(cycle.terms):
        return _("The %(over)s hours over are owed: they come off the next block of hours first.") % over
    if cycle.closed and cycle.resets:
        return _("The %(over)s hours over were taken from the next cycle's hours.") % over
    if cycle.resets:
        return _("The %(over)s hours over will be taken from the next cycle's hours.") % over
    return _("The %(over)s hours over are still to be settled, as no cycle follows.") % over


def _billed(over: str, cycle: CycleBalance, amount: Decimal | None) -> str:
    words = {"over": over, "rate": price(cycle.terms.overage_rate or ZERO, cycle.terms.currency)}
    if amount is None:
        return _("The %(over)s hours over are billed at %(rate)s an hour.") % words
    words["amount"] = money(amount, cycle.terms.currency)
    if cycle.closed:
        return _("The %(over)s hours over are billed at %(rate)s an hour: %(amount)s.") % words
    return _("The %(over)s hours over are billed at %(rate)s an hour: %(amount)s so far.") % words


def _next_hour(terms: Terms) -> str:
    if terms.overage == "bill":
        rate = price(terms.overage_rate or ZERO, terms.currency)
        return _("Each further hour counted is billed at %(rate)s.") % {"rate": rate}
    if terms.overage == "decline":
        return _("Further work needs your authorization first.")
    if is_block(terms):
        return _("Further work is owed to the next block of hours.")
    return _("Further work is taken from the next cycle's hours.")


def reset(cycle: CycleBalance, today: date, renewed: Beginning | None = None) -> tuple[str, str, str]:
    """The words around the reset date: ("Resets on", "Tue 1 December", "in 9 days").

    A last cycle has an end instead, or the renewal that follows it. A closed cycle that another follows has
    neither, nor has a prepaid block.
    """
    if cycle.resets is None and renewed is not None and not cycle.closed:
        return (goes_on(renewed), day_month(renewed.starts, today), in_days(today, renewed.starts))
    if cycle.resets is None:
        if cycle.closed:
            return (_("The agreement ended on"), day_words(cycle.ends, today), "")
        return (_("The agreement ends on"), day_words(cycle.ends, today), in_days(today, cycle.ends))
    if cycle.closed or is_block(cycle.terms):
        return ("", "", "")
    return (_("Resets on"), day_words(cycle.resets, today), in_days(today, cycle.resets))


def goes_on(renewed: Beginning) -> str:
    """The words before the day of a renewal: `Renewed, goes on with 12 hours on`."""
    if renewed.is_block:
        return _("Renewed, goes on as a prepaid block on")
    return _("Renewed, goes on with %(hours)s on") % {"hours": _begins_with(renewed)}


def _begins_with(renewed: Beginning) -> str:
    if len(renewed.pools) == 1:
        return agreed_hours(renewed.allocated)
    parts = [
        _("%(hours)s of %(pool)s") % {"hours": agreed_hours(given), "pool": lower_first(name)}
        for name, given in renewed.pools
    ]
    return listed(parts)


def renewal_lines(renewed: Beginning | None, cycle: CycleBalance, today: date) -> tuple[str, ...]:
    """What else there is to say of a renewal: what is brought along, and of an agreement that ended what goes on."""
    if renewed is None:
        return ()
    words = {"brought": hours(renewed.brought), "owed": hours(renewed.owed), "name": renewed.name}
    lines = [_("%(brought)s h move over.") % words] if renewed.brought else []
    lines += [_("%(owed)s h owed move over.") % words] if renewed.owed else []
    if cycle.closed and cycle.resets is None:
        words["day"] = day_month(renewed.starts, today)
        lines.insert(0, _("Renewed: it goes on as “%(name)s” since %(day)s.") % words)
    return tuple(lines)


def freshness(facts: "RetainerFacts", today: date) -> FreshnessWords:
    """How far the number can be trusted: what it covers, when it moves next, what is missing from it."""
    shown = facts.shown
    if shown is None or facts.through is None:
        return _of_nothing(facts, today)
    if shown.closed:
        return _of_closed(facts, shown, today)
    age = age_words(facts, today)
    through = day_words(facts.through, today)
    rows = [(_("Covers work through"), f"{through}, {age}" if age else through), *_next_row(facts, today)]
    sentences = (*_gaps(facts, today), *_rhythm(facts))
    return FreshnessWords(*_kind_and_chip(facts, age), tuple(rows), sentences)


def _kind_and_chip(facts: "RetainerFacts", age: str) -> tuple[str, str]:
    if facts.late:
        return "late", _("Update late")
    if age:
        return "late", _("Old figures")
    return ("first" if facts.first_days else ""), ""


def _of_nothing(facts: "RetainerFacts", today: date) -> FreshnessWords:
    """Before the first import; late too, once a promised day has passed without it."""
    since = facts.awaited_since
    missed = updates_between(facts.agreement.updates_on, since, today) if since else 0
    words = [_("No work has been published yet."), *_missed(missed), *_rhythm(facts)]
    return FreshnessWords(
        "late" if missed else "first",
        _("Update late") if missed else "",
        tuple(_next_row(facts, today)),
        tuple(words),
    )


def _next_row(facts: "RetainerFacts", today: date) -> list[tuple[str, str]]:
    if facts.next_update is None:
        return []
    words = _("Update was promised for") if facts.late else _("Next update")
    return [(words, day_words(facts.next_update, today))]


def _missed(count: int) -> list[str]:
    if not count:
        return []
    words = ngettext(
        "%(count)s promised update hasn’t arrived.", "%(count)s promised updates haven’t arrived.", count
    )
    return [words % {"count": count}]


def _rhythm(facts: "RetainerFacts") -> list[str]:
    days = facts.agreement.updates_on
    return [_("Updated %(days)s.") % {"days": cadence(days)}] if days else []


def _gaps(facts: "RetainerFacts", today: date) -> list[str]:
    """What is not in the number, plainly. An open cycle has its days, that is enough; it is not provisional."""
    words = [_nothing_is_in(facts)] if facts.first_days else []
    if facts.late:
        words.append(_("The promised update hasn’t arrived, so newer work is missing here."))
        missed = updates_missed(facts, today)
        words += _missed(missed) if missed > 1 else []
    elif facts.through is not None and facts.through < today:
        words.append(of_later(facts.covered))
    missing = [*of_pools(facts.covered, today), *of_missing(facts.covered, today)]
    return [*missing, *words, *of_since(facts.since, today)]


def _nothing_is_in(facts: "RetainerFacts") -> str:
    return (
        _("No work has been recorded yet.")
        if facts.is_block
        else _("No work has been recorded for this cycle yet.")
    )


def _of_closed(facts: "RetainerFacts", shown: CycleBalance, today: date) -> FreshnessWords:
    through = day_words(facts.through, today) if facts.through else ""
    if facts.provisional:
        row = (_("Covers work through"), through)
        words = (
            *of_pools(facts.covered, today),
            *of_missing(facts.covered, today),
            _("The last days before it aren’t in yet, so the figures can still change.")
            if facts.is_block
            else _("The last days of this cycle aren’t in yet, so its figures can still change."),
            *of_since(facts.since, today),
        )
        return FreshnessWords("provisional", _("Provisional"), (row, *_next_row(facts, today)), words)
    row = (_("Covers all work of"), span(shown.starts, shown.ends))
    if facts.is_block:
        row = (_("Covers work through"), day_words(shown.ends, today))
    words = (
        *of_missing(facts.covered, today),
        *of_open(facts.covered, today),
        *of_since(facts.since, today),
        _("With the terms in force at the time."),
    )
    return FreshnessWords("closed", _("Closed"), (row,), words)


def period(facts: "RetainerFacts", shown: CycleBalance) -> str:
    """`November 2026`; of a block `Since 4 May 2026`, once it is over or looked back at also to which day."""
    if not facts.is_block:
        return span(shown.starts, shown.ends)
    first = dated(facts.run[0].starts)
    if facts.is_current and not shown.closed:
        return _("Since %(day)s") % {"day": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": dated(shown.ends)}


def looking_back(facts: "RetainerFacts", shown: CycleBalance) -> tuple[str, str]:
    """What stands above an earlier cycle, and the words of the link back; nothing above what runs."""
    if facts.is_current:
        return ("", "")
    if facts.is_block:
        words = _("You are looking at the page as of %(day)s.") % {"day": dated(shown.ends)}
        return (words, _("Back to today"))
    words = _("You are looking at an earlier cycle: %(name)s.") % {"name": period(facts, shown)}
    return (words, _("Back to the current cycle"))
