"""How an hour of work counts under an agreement, in plain words: multipliers, rounding, minimums, travel."""

from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from presentation.phrases import agreed, counted_times, listed, lower_first
from retainers.agreements.readers import is_key, key_of
from retainers.terms import STANDARD, TRAVEL, Multiplier, Terms

CATEGORY_NAMES = {
    "onsite": gettext_noop("on site"),
    "after_hours": gettext_noop("after hours"),
    "travel": gettext_noop("travel"),
}


def category_name(category: str) -> str:
    """A category that has no multiplier, hence no name of its own, in words."""
    known = CATEGORY_NAMES.get(category)
    return _(known) if known else category.replace("_", " ")


def category_of(words: str) -> str:
    """The category that is called so, be it one that everybody has or one of the provider's own.

    >>> category_of("On site"), category_of("after_hours"), category_of("Night work"), category_of("tier-2")
    ('onsite', 'after_hours', 'night_work', 'tier-2')
    """
    said = " ".join(words.split()).lower()
    known = {name: key for key, name in CATEGORY_NAMES.items()}
    return known.get(said) or (said if is_key(said) else key_of(said))


def category_words(category: str) -> str:
    """The words that stand for it where somebody chooses: its own name, or itself where no name leads back to it.

    >>> category_words("after_hours"), category_words("Tier_2")
    ('after hours', 'Tier_2')
    """
    words = category_name(category)
    return words if category_of(words) == category else category


def counting(terms: Terms) -> dict[str, str]:
    """The sentences about what counts and how much, by what they are about; "" for one that says nothing."""
    kinds, rounding, travel = _multipliers(terms), _rounding(terms), _travel(terms)
    if terms.hours_from != "deducted":
        ordinary = "" if terms.multipliers else _("Every kind of work counts once.")
        return {"kinds": kinds or ordinary, "rounding": rounding, "travel": travel}
    recorded = _(
        "Rounding and multipliers are applied where the work is recorded; the log shows both figures."
    )
    alone = _("If only the time worked is recorded, these rules apply:") if kinds or rounding else ""
    return {"recorded": recorded, "alone": alone, "kinds": kinds, "rounding": rounding, "travel": travel}


def counted_kinds(terms: Terms) -> list[tuple[str, str]]:
    """The categories that count otherwise than ordinary work, each with its name."""
    found = {each.category: each.name for each in _counting_multipliers(terms)}
    for category in terms.minimum:
        if category != STANDARD and (category != TRAVEL or terms.travel == "count"):
            found.setdefault(category, capfirst(category_name(category)))
    return list(found.items())


def _counting_multipliers(terms: Terms) -> list[Multiplier]:
    return [each for each in terms.multipliers if terms.travel == "count" or each.category != TRAVEL]


def _multipliers(terms: Terms) -> str:
    counted = _counting_multipliers(terms)
    if not counted:
        return ""
    phrases = [f"{each.name} {_counts(counted_times(each.factor))}" for each in counted]
    text = _("%(list)s.") % {"list": listed([phrases[0], *(lower_first(phrase) for phrase in phrases[1:])])}
    if len(phrases) == 1:
        return text
    several = (
        _("If several apply, the highest counts.")
        if terms.stacking == "highest"
        else _("If several apply, they multiply.")
    )
    return f"{text} {several}"


def _counts(words: str) -> str:
    return _("is %(counted)s") % {"counted": words}


def _rounding(terms: Terms) -> str:
    parts = []
    if terms.increment:
        parts.append(_("rounded up to the next %(hours)s h") % {"hours": agreed(terms.increment)})
    if least := _minimum(terms):
        parts.append(least)
    return _("Each entry is %(rules)s.") % {"rules": listed(parts)} if parts else ""


def _minimum(terms: Terms) -> str:
    """The smallest count, and where it differs by kind of work; of several kinds the largest."""
    names = {each.category: lower_first(each.name) for each in terms.multipliers}
    standard, own = terms.minimum.get(STANDARD), _own_minimums(terms)
    others = [
        _("%(hours)s h for %(kind)s") % {"hours": agreed(hours), "kind": names.get(key, category_name(key))}
        for key, hours in own.items()
    ]
    amounts = [_("%(hours)s h") % {"hours": agreed(standard)}, *others] if standard else others
    if not amounts:
        return ""
    least = _("counted as at least %(amounts)s") % {"amounts": listed(amounts)}
    return _("%(least)s (the largest, if there are several)") % {"least": least} if len(own) > 1 else least


def _own_minimums(terms: Terms) -> dict[str, Decimal]:
    """The smallest counts by kind of work that say something: nothing of travel that isn't counted, and no zero
    where there is none to lift."""
    unsaid = {STANDARD} if terms.travel == "count" else {STANDARD, TRAVEL}
    has_standard = bool(terms.minimum.get(STANDARD))
    return {
        key: hours for key, hours in terms.minimum.items() if key not in unsaid and (hours or has_standard)
    }


def _travel(terms: Terms) -> str:
    if terms.travel == "exclude":
        return _("Travel is not counted.")
    if TRAVEL in terms.minimum or any(each.category == TRAVEL for each in terms.multipliers):
        return _("Travel is counted.")
    return _("Travel counts like other work.")
