"""Rules in files and documents: read, checked one by one, and written back.

What a rule does to a row is for the import's classifier; which pools it may name is for `checks`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from retainers.agreements import readers
from retainers.agreements.patterns import PatternError, matcher
from retainers.agreements.problems import Finding, Place
from retainers.agreements.tables import Table
from retainers.terms import TRAVEL, Agreement, Effects, Rule, TextCondition, Weekday

Document = dict[str, Any]

TEXT_FIELDS = (
    "company",
    "agreement",
    "ticket",
    "ticket_type",
    "board",
    "title",
    "work_type",
    "work_role",
    "location",
    "technician",
    "notes",
    "status",
)


def read_rules(above: Table) -> tuple[Rule, ...]:
    """The `[[rules]]` of a table, in their order; what can't be read becomes a finding."""
    return tuple(_read_rule(table) for table in above.tables("rules", shown_by="name"))


def _read_rule(table: Table) -> Rule:
    when = table.table("when") or Table({}, table.place.key("when"), table.findings)
    if not table.has("then"):
        table.findings.append((table.place, "`then` is missing: say what the rule does"))
    then = table.table("then")
    rule = Rule(
        name=table.get("name", readers.or_empty(readers.name), ""),
        then=_read_effects(then) if then else Effects(),
        texts=tuple(_read_text(when, field) for field in TEXT_FIELDS if when.has(field)),
        billable=when.get("billable", readers.flag, None),
        weekdays=when.get("weekday", _weekdays, ()),
        after_hours=when.get("time", readers.one_of(("after_hours",)), None) is not None,
        holiday=when.get("holiday", readers.flag, None),
        since=table.get("from", readers.day, None),
        until=table.get("until", readers.day, None),
    )
    when.close()
    table.close()
    return rule


def _weekdays(raw: object) -> tuple[Weekday, ...]:
    days = readers.weekdays([raw] if isinstance(raw, str) else raw)
    if not days:
        raise readers.RefusedValueError("the list names no weekday: name one, or leave it out")
    return days


def _read_text(when: Table, field: str) -> TextCondition:
    if not isinstance(when.raw[field], dict):
        return TextCondition(field, when.get(field, _texts, ("",)))
    table = when.table(field)
    matches = table.need("matches", readers.prose, ".") if table else "."
    if table:
        table.close()
    return TextCondition(field, matches=matches)


def _texts(raw: object) -> tuple[str, ...]:
    wanted = 'a text, a list of texts or { matches = "pattern" }'
    texts = readers.list_of(readers.prose, wanted, "write it in quotes")(
        [raw] if isinstance(raw, str) else raw
    )
    if not texts:
        raise readers.RefusedValueError("the list has no text: add one, or leave it out")
    return texts


def _read_effects(then: Table) -> Effects:
    effects = Effects(
        pool=then.get("pool", readers.key, None),
        categories=then.get("category", readers.keys, ()),
        exclude=then.get("exclude", readers.note, None),
        wording=then.get("wording", readers.wording, None),
        retainer=then.get("retainer", readers.key, None),
    )
    then.close()
    return effects


def find_rule_problems(rules: Sequence[Rule], *, has_business_hours: bool, at: Place) -> Iterator[Finding]:
    """What is wrong with each rule by itself (domain.md, "Rules"); `at` is the place of the list's owner."""
    for index, rule in enumerate(rules):
        place = at.item("rules", index, rule.name.strip() or None)
        yield from _find_condition_problems(rule, place.key("when"), has_business_hours=has_business_hours)
        yield from _find_effect_problems(rule.then, place.key("then"))
        if rule.since and rule.until and rule.until < rule.since:
            yield place.key("until"), f"{rule.until} is before {rule.since}: the rule would never be judged"


def _find_condition_problems(rule: Rule, when: Place, *, has_business_hours: bool) -> Iterator[Finding]:
    if rule.asks_business_hours and not has_business_hours:
        name, what = ("time", "after hours") if rule.after_hours else ("holiday", "a holiday")
        message = f"the provider has no business hours, so nothing is {what}: add [provider.business_hours]"
        yield when.key(name), message
    for condition in rule.texts:
        if condition.matches == "":
            yield (
                when.key(condition.field),
                "the pattern is empty and would fit all: write one, or take it out",
            )
        try:
            matcher(condition)
        except PatternError as error:
            message = f"this pattern can't be used ({error}): write it in RE2 syntax, without look-around"
            yield when.key(condition.field), message


def _find_effect_problems(then: Effects, place: Place) -> Iterator[Finding]:
    if then == Effects():
        yield place, "the rule does nothing: give it a pool, category, exclude, wording or retainer"
    texts = (
        ("exclude", then.exclude, "the reason is empty: say why such entries do not count"),
        ("wording", then.wording, "the wording is empty: say what the client reads"),
    )
    for name, text, message in texts:
        if text is not None and not text.strip():
            yield place.key(name), message
    yield from _find_key_problems(then, place)


def _find_key_problems(then: Effects, place: Place) -> Iterator[Finding]:
    categories = (("category", one) for one in then.categories)
    for name, key in (("pool", then.pool), ("retainer", then.retainer), *categories):
        if key is not None and not readers.is_key(key):
            yield place.key(name), f"{readers.seen(key)} isn't a key: {readers.KEY_WANTED}"


def rules_document(rules: Sequence[Rule]) -> list[Document]:
    """Rules as JSON-able tables of the file's shape; `rules_from_document` is the exact inverse."""
    return [_rule_document(rule) for rule in rules]


def _rule_document(rule: Rule) -> Document:
    when: Document = {condition.field: _text_document(condition) for condition in rule.texts}
    if rule.billable is not None:
        when["billable"] = rule.billable
    if rule.weekdays:
        when["weekday"] = list(rule.weekdays)
    if rule.after_hours:
        when["time"] = "after_hours"
    if rule.holiday is not None:
        when["holiday"] = rule.holiday
    dates = {"from": rule.since, "until": rule.until}
    said = {name: day.isoformat() for name, day in dates.items() if day is not None}
    return {"name": rule.name, "when": when, "then": _effects_document(rule.then)} | said


def _text_document(condition: TextCondition) -> object:
    if condition.matches is not None:
        return {"matches": condition.matches}
    return condition.texts[0] if len(condition.texts) == 1 else list(condition.texts)


def _effects_document(then: Effects) -> Document:
    categories = then.categories[0] if len(then.categories) == 1 else list(then.categories)
    effects = {
        "pool": then.pool,
        "category": categories or None,
        "exclude": then.exclude,
        "wording": then.wording,
        "retainer": then.retainer,
    }
    return {name: value for name, value in effects.items() if value is not None}


def rules_from_document(document: Sequence[Document]) -> tuple[Rule, ...]:
    """Rules from what `rules_document` gave, unchecked. The order of JSON keys is free."""
    return tuple(_rule_from_document(item) for item in document)


def _rule_from_document(document: Document) -> Rule:
    when, then = document["when"], document["then"]
    category = then.get("category", [])
    return Rule(
        name=document["name"],
        then=Effects(
            pool=then.get("pool"),
            categories=(category,) if isinstance(category, str) else tuple(category),
            exclude=then.get("exclude"),
            wording=then.get("wording"),
            retainer=then.get("retainer"),
        ),
        texts=tuple(_text_from_document(field, when[field]) for field in TEXT_FIELDS if field in when),
        billable=when.get("billable"),
        weekdays=tuple(when.get("weekday", ())),
        after_hours="time" in when,
        holiday=when.get("holiday"),
        since=_day(document.get("from")),
        until=_day(document.get("until")),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _text_from_document(field: str, raw: Any) -> TextCondition:
    if isinstance(raw, dict):
        return TextCondition(field, matches=raw["matches"])
    return TextCondition(field, (raw,) if isinstance(raw, str) else tuple(raw))


def _by_work_type(name: str, category: str, *texts: str) -> Rule:
    return Rule(name, Effects(categories=(category,)), texts=(TextCondition("work_type", texts),))


DEFAULT_RULES: tuple[Rule, ...] = (
    _by_work_type("Travel", TRAVEL, "*travel*", "*trip charge*"),
    _by_work_type("On site", "onsite", "*onsite*", "*on-site*", "*on site*", "*site visit*"),
    _by_work_type(
        "After hours", "after_hours", "*after hours*", "*after-hours*", "*out of hours*", "*emergency*"
    ),
)


def not_named(agreement: Agreement, rules: Iterable[Rule], today: date) -> tuple[str, ...]:
    """The names of the newest terms' pools, but the first, into which no rule puts work; one that has ended by `today`,
    or is another retainer's, puts none here.
    """
    named = {
        rule.then.pool
        for rule in rules
        if rule.then.retainer in (None, agreement.key) and (rule.until is None or rule.until >= today)
    }
    _first, *others = agreement.terms[-1].pools
    return tuple(pool.name for pool in others if pool.key not in named)
