"""A rule in words: what must hold, and what becomes of the entry. Texts that a person typed stand apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from desk.rules.draft import EMPTY, IS, IS_OR_EMPTY, MATCHES
from presentation.days import dated
from presentation.terms_of_counting import category_name
from retainers.terms import WEEKDAYS, Effects, Rule, TextCondition

FIELDS: Mapping[str, str | Promise] = {
    "work_type": gettext_lazy("Work type"),
    "title": gettext_lazy("Title"),
    "ticket_type": gettext_lazy("Ticket type"),
    "board": gettext_lazy("Board"),
    "work_role": gettext_lazy("Work role"),
    "location": gettext_lazy("Location"),
    "technician": gettext_lazy("Technician"),
    "agreement": gettext_lazy("Agreement in the PSA"),
    "company": gettext_lazy("Company"),
    "ticket": gettext_lazy("Ticket number"),
    "notes": gettext_lazy("Notes"),
    "status": gettext_lazy("Status of the entry"),
}
HOWS: Mapping[str, str | Promise] = {
    IS: pgettext_lazy("a text", "is"),
    EMPTY: pgettext_lazy("a text", "is empty"),
    IS_OR_EMPTY: pgettext_lazy("a text", "is empty, or"),
    MATCHES: pgettext_lazy("a text", "matches the pattern"),
}
HOLIDAY: Mapping[str, str | Promise] = {
    "": gettext_lazy("Any day"),
    "yes": gettext_lazy("Only on holidays"),
    "no": gettext_lazy("Only on days that aren’t holidays"),
}
BILLABLE: Mapping[str, str | Promise] = {
    "": gettext_lazy("Either"),
    "yes": gettext_lazy("Only billable entries"),
    "no": gettext_lazy("Only non-billable entries"),
}


@dataclass(frozen=True, slots=True)
class RulePhrase:
    """`words`, then the typed texts, any of which will do."""

    words: str
    texts: tuple[str, ...] = ()


def when(rule: Rule) -> tuple[RulePhrase, ...]:
    """What must hold, all of it; empty for a rule that catches everything."""
    return tuple(_when(rule))


def _when(rule: Rule) -> Iterator[RulePhrase]:
    for condition in rule.texts:
        yield _text(condition)
    if rule.billable is not None:
        yield RulePhrase(_("billable") if rule.billable else _("non-billable"))
    yield from _when_worked(rule)
    if rule.since is not None:
        yield RulePhrase(_("dated from %(day)s on") % {"day": dated(rule.since)})
    if rule.until is not None:
        yield RulePhrase(_("dated until %(day)s") % {"day": dated(rule.until)})


def _when_worked(rule: Rule) -> Iterator[RulePhrase]:
    """What the rule asks of the day and the hour."""
    if rule.weekdays:
        days = [str(WEEKDAYS_ABBR[WEEKDAYS.index(day)]) for day in rule.weekdays]
        yield RulePhrase(_("on %(days)s") % {"days": ", ".join(days)})
    if rule.after_hours:
        yield RulePhrase(_("after hours"))
    if rule.holiday is not None:
        yield RulePhrase(_("on a holiday") if rule.holiday else _("on no holiday"))


def _text(condition: TextCondition) -> RulePhrase:
    name = str(FIELDS[condition.field])
    if condition.matches is not None:
        return RulePhrase(f"{name} {HOWS[MATCHES]}", (condition.matches,))
    texts = tuple(text for text in condition.texts if text.strip())
    if not texts:
        return RulePhrase(f"{name} {HOWS[EMPTY]}")
    if len(texts) < len(condition.texts):
        return RulePhrase(f"{name} {HOWS[IS_OR_EMPTY]}", texts)
    how, bare = _stars(texts)
    return RulePhrase(f"{name} {how}", bare)


def _stars(texts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """What the stars around texts say, and the texts without them; as they stand where they don't agree."""
    shapes = {(text.startswith("*"), text.endswith("*")) for text in texts}
    bare = tuple(text.strip("*") for text in texts)
    if len(shapes) > 1 or not all(bare) or any("*" in text for text in bare):
        return str(HOWS[IS]), texts
    names = {
        (True, True): pgettext("a text", "contains"),
        (False, True): pgettext("a text", "begins with"),
        (True, False): pgettext("a text", "ends with"),
        (False, False): str(HOWS[IS]),
    }
    return names[shapes.pop()], bare


def then(effects: Effects, pools: Mapping[str, str]) -> tuple[RulePhrase, ...]:
    """What becomes of an entry that the rule catches. `pools`: the names of pools, by key."""
    return tuple(_then(effects, pools))


def _then(effects: Effects, pools: Mapping[str, str]) -> Iterator[RulePhrase]:
    if effects.retainer is not None:
        yield RulePhrase(_("to the retainer"), (effects.retainer,))
    if effects.pool is not None:
        yield RulePhrase(_("pool"), (pools.get(effects.pool, effects.pool),))
    for category in effects.categories:
        yield RulePhrase(_("counts as"), (category_name(category),))
    if effects.exclude is not None:
        yield RulePhrase(_("not counted:"), (effects.exclude,))
    if effects.wording is not None:
        yield RulePhrase(_("the client reads"), (effects.wording,))


def name_of(rule: Rule, number: int) -> str:
    return rule.name.strip() or _("Rule %(number)d") % {"number": number}
