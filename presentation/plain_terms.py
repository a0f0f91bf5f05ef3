"""The agreement in plain words: one sentence for each thing that was agreed, nothing about money but overage.

The words follow the terms of a date, so that an earlier cycle's page states what held then.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from presentation.accounts import is_block
from presentation.days import dated, ordinal
from presentation.phrases import agreed, agreed_hours, counted_times, listed, lower_first, price
from retainers.cycles import rhythm_on
from retainers.hours import ZERO
from retainers.terms import STANDARD, Agreement, Terms

CATEGORY_NAMES = {
    "onsite": gettext_noop("on site"),
    "after_hours": gettext_noop("after hours"),
    "travel": gettext_noop("travel"),
}


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
    coming = []
    before = sentences(agreement, agreement.terms_on(today))
    for later in agreement.terms:
        if later.starts > today:
            after = sentences(agreement, later)
            changed = tuple(sentence for sentence in after if sentence not in before)
            coming.append((_("From %(date)s") % {"date": dated(later.starts)}, changed))
            before = after
    return PlainTerms(
        since=_("In force since %(date)s") % {"date": dated(terms.starts)},
        sentences=sentences(agreement, terms),
        coming=tuple(coming),
        ends=_ending(agreement, today, renewed_on),
    )


def _ending(agreement: Agreement, today: date, renewed_on: date | None) -> str:
    if agreement.ends is None:
        return ""
    if renewed_on and agreement.ends >= today:
        words = _("It runs to %(date)s and is renewed from %(renewed)s on.")
        return words % {"date": dated(agreement.ends), "renewed": dated(renewed_on)}
    words = _("The agreement ended on %(date)s.") if agreement.ends < today else _("It runs to %(date)s.")
    return words % {"date": dated(agreement.ends)}


def sentences(agreement: Agreement, terms: Terms) -> tuple[str, ...]:
    """What was agreed, most important first; a clause that says nothing is left out."""
    found = (
        _allowance(agreement, terms),
        _sharing(terms),
        _multipliers(terms),
        _rounding(terms),
        _not_counted(terms),
        _rollover(terms),
        past_the_cap(terms),
        _("Covered by the fixed fee, without hours: %(scope)s") % {"scope": terms.scope}
        if terms.scope.strip()
        else "",
    )
    return tuple(sentence for sentence in found if sentence)


def category_name(category: str) -> str:
    """A category that has no multiplier, hence no name of its own, in words."""
    known = CATEGORY_NAMES.get(category)
    return _(known) if known else category.replace("_", " ")


def _allowance(agreement: Agreement, terms: Terms) -> str:
    if is_block(terms):
        return _("Hours are bought in advance and used when they are needed; there is no monthly reset.")
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
    if months == 1:
        return _("each month, from the %(day)s") % {"day": ordinal(day)}
    if months == 12:
        return _("each year")
    return _("every %(months)s months") % {"months": months}


def _sharing(terms: Terms) -> str:
    if terms.sharing == "separate" or len(terms.pools) == 1:
        return ""
    whole = agreed_hours(sum((pool.hours for pool in terms.pools), ZERO))
    return _("They are one balance of %(hours)s: the parts are followed, the total is what runs out.") % {
        "hours": whole
    }


def _multipliers(terms: Terms) -> str:
    if not terms.multipliers:
        return _("Every kind of work counts once.")
    phrases = [f"{each.name} {_counts(counted_times(each.factor))}" for each in terms.multipliers]
    text = _("%(list)s.") % {"list": listed([phrases[0], *(lower_first(phrase) for phrase in phrases[1:])])}
    if len(phrases) == 1:
        return text
    several = (
        _("Where several apply, the highest counts.")
        if terms.stacking == "highest"
        else _("Where several apply, they multiply.")
    )
    return f"{text} {several}"


def _counts(words: str) -> str:
    return _("is %(counted)s") % {"counted": words}


def _rounding(terms: Terms) -> str:
    if terms.hours_from == "deducted":
        return _(
            "Rounding and multipliers are applied where the work is recorded; the log shows both figures."
        )
    parts = []
    if terms.increment:
        parts.append(_("rounded up to the next %(hours)s h") % {"hours": agreed(terms.increment)})
    if least := _minimum(terms):
        parts.append(least)
    return _("Each entry is %(rules)s.") % {"rules": listed(parts)} if parts else ""


def _minimum(terms: Terms) -> str:
    """The smallest count, and where it differs by kind of work."""
    names = {each.category: lower_first(each.name) for each in terms.multipliers}
    others = [
        _("%(hours)s h for %(kind)s") % {"hours": agreed(hours), "kind": names.get(key, category_name(key))}
        for key, hours in terms.minimum.items()
        if key != STANDARD
    ]
    standard = terms.minimum.get(STANDARD)
    amounts = [_("%(hours)s h") % {"hours": agreed(standard)}, *others] if standard else others
    return _("counted as at least %(amounts)s") % {"amounts": listed(amounts)} if amounts else ""


def _not_counted(terms: Terms) -> str:
    if terms.travel == "exclude":
        return _("Travel is not counted.")
    return _("Travel counts like other work.")


def _rollover(terms: Terms) -> str:
    if is_block(terms):
        return ""
    if terms.rollover is None:
        return _("Unused hours lapse at the end of the cycle.")
    who = (
        _("Unused hours")
        if terms.rollover.hours is None
        else _("Up to %(hours)s unused hours") % {"hours": agreed(terms.rollover.hours)}
    )
    if terms.rollover.cycles is None:
        return _("%(who)s carry over and stay until they are used.") % {"who": who}
    return ngettext(
        "%(who)s carry over for %(cycles)s cycle.",
        "%(who)s carry over for %(cycles)s cycles.",
        terms.rollover.cycles,
    ) % {"who": who, "cycles": terms.rollover.cycles}


def past_the_cap(terms: Terms) -> str:
    if terms.overage == "bill":
        rate = price(terms.overage_rate or ZERO, terms.currency)
        return _("Past the cap, an hour costs %(rate)s.") % {"rate": rate}
    if terms.overage == "decline" and terms.overage_rate is not None:
        rate = price(terms.overage_rate, terms.currency)
        return _(
            "Past the cap, work needs your authorization first; an hour that you authorize costs %(rate)s."
        ) % {"rate": rate}
    if terms.overage == "decline":
        return _("Past the cap, work needs your authorization first; it is not billed and not carried over.")
    if is_block(terms):
        return _("What goes past the block is owed to the next one.")
    return _("Hours past the cap are taken from the next cycle's.")
