"""The agreement in plain words: one sentence for each thing that was agreed, nothing about money but overage.

The words follow the terms of a date, so that an earlier cycle's page states what held then. How work counts stands in
`terms_of_counting`, what becomes of hours left and of hours over in `terms_of_closing`. Every sentence is read back
and held against the ledger over random terms (`tests/presentation/test_sentences_hold.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from presentation.accounts import is_block
from presentation.days import dated, ordinal
from presentation.phrases import agreed_hours, listed, lower_first
from presentation.terms_of_closing import past_the_cap, rollover
from presentation.terms_of_counting import counting
from retainers.cycles import ONE_DAY, Cycle, cycle_of, rhythm_on
from retainers.hours import ZERO
from retainers.terms import Agreement, Terms

CUT = "cut"  # what a sentence about short cycles is about: it ends with its terms
SHORTEST_MONTH = 28  # days: later in a month a cycle begins on its last day where there is no such day


@dataclass(frozen=True, slots=True)
class PlainTerms:
    """`since` heads the sentences in force; `coming` are (from, sentences that then change)."""

    since: str
    sentences: tuple[str, ...]
    coming: tuple[tuple[str, tuple[str, ...]], ...]
    ends: str


def plain_terms(
    agreement: Agreement, terms: Terms, today: date, renewed_on: date | None = None
) -> PlainTerms:
    """The terms in words, and what is already agreed to change after today; `renewed_on`: a renewal begins."""
    return PlainTerms(
        since=_since(agreement, terms, today),
        sentences=sentences(agreement, terms),
        coming=tuple(_coming(agreement, today)),
        ends=_ending(agreement, today, renewed_on),
    )


def _coming(agreement: Agreement, today: date) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each change to come, where it is one in words: what holds then, and what no longer does."""
    before = _clauses(agreement, agreement.terms_on(today))
    for later in agreement.terms:
        if later.starts <= today:
            continue
        after = _clauses(agreement, later)
        changed = [sentence for about, sentence in after.items() if sentence != before.get(about)]
        gone = [sentence for about, sentence in before.items() if about not in after and about != CUT]
        changed += [_("No longer: %(sentence)s") % {"sentence": sentence} for sentence in gone]
        if changed:
            yield _("From %(date)s") % {"date": dated(later.starts)}, tuple(changed)
        before = after


def _since(agreement: Agreement, terms: Terms, today: date) -> str:
    """From when on they hold, and of terms that are past, to when they did."""
    later = next((each.starts - ONE_DAY for each in agreement.terms if each.starts > terms.starts), None)
    last = min((day for day in (later, agreement.ends) if day), default=None)
    if last is None or last >= today:
        return _("In force since %(date)s") % {"date": dated(terms.starts)}
    return _("In force from %(first)s to %(last)s") % {"first": dated(terms.starts), "last": dated(last)}


def _ending(agreement: Agreement, today: date, renewed_on: date | None) -> str:
    if agreement.ends is None:
        return ""
    if renewed_on and agreement.ends >= today:
        words = _("It runs to %(date)s and is renewed from %(renewed)s.")
        return words % {"date": dated(agreement.ends), "renewed": dated(renewed_on)}
    if agreement.ends < today:
        return _("The agreement ended on %(date)s.") % {"date": dated(agreement.ends)}
    words = _("It runs to %(date)s; what is left then lapses.")
    return words % {"date": dated(agreement.ends)}


def sentences(agreement: Agreement, terms: Terms) -> tuple[str, ...]:
    """What was agreed, most important first; a clause that says nothing is left out."""
    return tuple(_clauses(agreement, terms).values())


def _clauses(agreement: Agreement, terms: Terms) -> dict[str, str]:
    """The same by what each sentence is about."""
    scope = _("Covered by the fixed fee, without hours: %(scope)s") % {"scope": terms.scope}
    found = {
        "allowance": _allowance(agreement, terms),
        CUT: _cut_short(agreement, terms),
        "sharing": _sharing(terms),
        **counting(terms),
        "rollover": rollover(agreement, terms),
        "past": past_the_cap(agreement, terms),
        "scope": scope if terms.scope.strip() else "",
    }
    return {about: sentence for about, sentence in found.items() if sentence}


def _allowance(agreement: Agreement, terms: Terms) -> str:
    if is_block(terms):
        return _("Hours are bought in advance and used when needed; there is no monthly reset.")
    if len(terms.pools) == 1:
        caps = agreed_hours(terms.pools[0].hours)
    else:
        caps = listed(
            [
                _("%(hours)s of %(pool)s")
                % {"hours": agreed_hours(pool.hours), "pool": lower_first(pool.name)}
                for pool in terms.pools
            ]
        )
    return _("%(caps)s %(rhythm)s.") % {"caps": caps, "rhythm": _rhythm(agreement, terms)}


def _rhythm(agreement: Agreement, terms: Terms) -> str:
    months, day = rhythm_on(agreement, terms.starts)
    if months == 1 and day > SHORTEST_MONTH:
        return _("each month, from the %(day)s (in shorter months from the last day)") % {"day": ordinal(day)}
    if months == 1:
        return _("each month, from the %(day)s") % {"day": ordinal(day)}
    if months == 12:
        return _("each year")
    return _("every %(months)s months") % {"months": months}


def _cut_short(agreement: Agreement, terms: Terms) -> str:
    """Which cycles under these terms get less than the whole hours; "" where none does, and of a block."""
    if is_block(terms):
        return ""
    cut = [cycle for cycle in _edges(agreement, terms) if cycle.paid_days(terms.proration) < cycle.full_days]
    reasons = dict.fromkeys(reason for cycle in cut for reason in _reasons(cycle, terms))
    if not reasons:
        return ""
    return _("A cycle cut short by %(reasons)s gets a share of its hours, by days.") % {
        "reasons": listed([*reasons])
    }


def _edges(agreement: Agreement, terms: Terms) -> Iterator[Cycle]:
    """The first cycle under these terms and the last one, as far as they are theirs."""
    later = (each.starts - ONE_DAY for each in agreement.terms if each.starts > terms.starts)
    for day in (terms.starts, next(later, agreement.ends)):
        cycle = cycle_of(agreement, day) if day is not None else None
        if cycle is not None and agreement.terms_on(cycle.starts) is terms:
            yield cycle


def _reasons(cycle: Cycle, terms: Terms) -> Iterator[str]:
    if cycle.cut_by_start and terms.proration in ("daily", "start"):
        yield _("the agreement’s start")
    if cycle.cut_by_end and terms.proration in ("daily", "end"):
        yield _("the agreement’s end")
    if cycle.cut_by_change:
        yield _("a change of the cycle")


def _sharing(terms: Terms) -> str:
    if len(terms.pools) == 1:
        return ""
    if terms.sharing == "separate":
        return _("Each part has hours of its own.")
    if is_block(terms):
        return _("All parts draw on the same hours.")
    whole = agreed_hours(sum((pool.hours for pool in terms.pools), ZERO))
    return _("They share one balance of %(hours)s: each part is tracked, but the total is what runs out.") % {
        "hours": whole
    }
