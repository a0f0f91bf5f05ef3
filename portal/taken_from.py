"""Which pool a kind of work draws on, and how many hours of such work can be done before an account is empty. Pure.

The pool is what a rule says of the work, else what such work has drawn on so far. What fits is nothing but `pricing`
the other way round: what is said to fit here is drawn there.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import chain

from presentation.facts import RetainerFacts
from retainers.agreements.patterns import matcher
from retainers.agreements.rules import DEFAULT_RULES
from retainers.balance import Work
from retainers.drawn import kinds_in
from retainers.hours import DRAWN_PLACES, ZERO
from retainers.pricing import draw_of
from retainers.terms import Rule, Terms, TextCondition

Probe = tuple[str, str]  # a field and what might stand in it


def pools_drawn_on(facts: RetainerFacts, terms: Terms, kinds: frozenset[str]) -> frozenset[str]:
    """The keys of the pools that work of these categories draws on; empty where nothing is known of it.

    Ordinary work (no category) can be any pool's: nothing is known of it.
    """
    if not kinds or len(terms.pools) < 2:
        return frozenset()
    keys = {pool.key for pool in terms.pools}
    found = _by_rule(facts, kinds) & keys or _so_far(facts, terms, kinds) & keys
    return frozenset(found)


def pool_of(facts: RetainerFacts, terms: Terms, kinds: frozenset[str]) -> str:
    """The pool that such work is reckoned with where nobody says which: the first of those that it draws on."""
    known = pools_drawn_on(facts, terms, kinds)
    return next((pool.key for pool in terms.pools if pool.key in known), terms.pools[0].key)


def is_out_of_sight(facts: RetainerFacts, kinds: frozenset[str]) -> bool:
    """Whether rules send such work to pools alone that the client does not see: then nothing is said of it."""
    named = _by_rule(facts, kinds) if facts.hidden and kinds else set()
    return bool(named) and named <= facts.hidden


def _so_far(facts: RetainerFacts, terms: Terms, kinds: frozenset[str]) -> set[str]:
    """The pools that such work has drawn on in the cycles that are known, of the categories that matter here."""
    priced = {each.category for each in terms.multipliers} | set(terms.minimum)
    drawn = chain.from_iterable(kinds_in(cycle) for cycle in facts.cycles)
    return {pool for categories, pool in drawn if categories & priced == kinds & priced}


def _by_rule(facts: RetainerFacts, kinds: frozenset[str]) -> set[str]:
    """The pools that the agreement's rules name for such work, whatever else they ask."""
    rules = facts.agreement.rules
    named = {
        rule.then.pool for rule in rules if rule.then.pool is not None and kinds & set(rule.then.categories)
    }
    probes = [
        probe
        for rule in (*DEFAULT_RULES, *rules)
        if kinds & set(rule.then.categories)
        for probe in _probes(rule)
    ]
    tried = (_placed(rules, probe) for probe in probes)
    return named | {pool for pool in tried if pool is not None}


def _probes(rule: Rule) -> Iterator[Probe]:
    if rule.after_hours:
        yield ("time", "")
    for condition in rule.texts:
        for text in condition.texts:
            yield (condition.field, text.replace("*", " ").strip())


def _placed(rules: tuple[Rule, ...], probe: Probe) -> str | None:
    """The pool of the first rule that asks for nothing but what the probe has."""
    return next((rule.then.pool for rule in rules if rule.then.pool and _holds(rule, probe)), None)


def _holds(rule: Rule, probe: Probe) -> bool:
    field, text = probe
    if rule.billable is not None or rule.weekdays or rule.holiday is not None:
        return False
    if rule.after_hours:
        return field == "time" and not rule.texts
    return bool(rule.texts) and all(_meets(condition, field, text) for condition in rule.texts)


def _meets(condition: TextCondition, field: str, text: str) -> bool:
    return condition.field == field and matcher(condition)(text)


SMALLEST = Decimal(1).scaleb(-DRAWN_PLACES)


def drawn_by(terms: Terms, kinds: AbstractSet[str], worked: Decimal) -> Decimal:
    """What `worked` hours of work of these categories draw, done in one piece and recorded as worked."""
    return draw_of(Work(day=date.min, worked=worked, categories=frozenset(kinds)), terms).hours


def largest_fitting(terms: Terms, kinds: AbstractSet[str], left: Decimal) -> Decimal | None:
    """The most hours in steps of the increment whose draw is not above `left` (hours, two places).

    0 where not even one step fits, for its minimum's sake or otherwise; None where such work draws nothing, so
    that any amount fits. Source: domain.md, "Hours of one entry".

    >>> from retainers.terms import Multiplier, Pool
    >>> nights = (Multiplier("night", "Night", Decimal(2)),)
    >>> pools = (Pool("main", "Main", Decimal(20)),)
    >>> terms = Terms(date(2026, 1, 1), pools, increment=Decimal("0.25"), multipliers=nights)
    >>> str(largest_fitting(terms, {"night"}, Decimal("10.75")))
    '5.25'
    """
    step = terms.increment or SMALLEST
    enough = step * (1 + int(1 / step))  # an hour or more, so that rounding of the draw can't hide it
    if not drawn_by(terms, kinds, enough):
        return None
    if left <= 0 or drawn_by(terms, kinds, step) > left:
        return ZERO
    fits, too_many = 1, 2
    while drawn_by(terms, kinds, too_many * step) <= left:
        fits, too_many = too_many, 2 * too_many
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if drawn_by(terms, kinds, middle * step) <= left:
            fits = middle
        else:
            too_many = middle
    return (fits * step).quantize(SMALLEST, rounding=ROUND_DOWN)
