"""The texts of an agreement and of what is granted beside it that a client reads, each with its place.

A new field that clients read gets its line here: then files and forms are checked for it.
"""

from collections.abc import Iterable, Iterator

from retainers.agreements.problems import Place
from retainers.terms import NEUTRAL_TEXT, Adjustment, Agreement, Rule, Terms, TopUp, Words

PlacedText = tuple[Place, str]
HERE = Place()


def agreement_texts(agreement: Agreement, at: Place = HERE) -> Iterator[PlacedText]:
    """Names, scope, fallback texts, and the wordings of the agreement's own rules.

    >>> from datetime import date
    >>> agreement = Agreement("support", "IT support", date(2026, 1, 1), ())
    >>> [(place.label, text) for place, text in agreement_texts(agreement)]
    [('name', 'IT support')]
    """
    yield at.key("name"), agreement.name
    for index, terms in enumerate(agreement.terms):
        yield from _terms_texts(terms, at.item("terms", index))
    yield from rule_texts(agreement.rules, at)


def _terms_texts(terms: Terms, at: Place) -> Iterator[PlacedText]:
    yield at.key("scope"), terms.scope
    for index, pool in enumerate(terms.pools):
        place = at.item("pools", index, pool.key)
        yield place.key("name"), pool.name
        if pool.neutral_text != NEUTRAL_TEXT:
            yield place.key("neutral_text"), pool.neutral_text
    for index, each in enumerate(terms.multipliers):
        yield at.item("multipliers", index, each.category).key("name"), each.name
    for language, words in terms.words.items():
        yield from _words_texts(words, at.key("words").key(language))


def _words_texts(words: Words, at: Place) -> Iterator[PlacedText]:
    yield at.key("scope"), words.scope
    for name in ("pools", "multipliers", "neutral_texts"):
        for key, text in getattr(words, name).items():
            yield at.key(name).key(key), text


def rule_texts(rules: Iterable[Rule], at: Place = HERE) -> Iterator[PlacedText]:
    """The words that rules give to entries."""
    for index, rule in enumerate(rules):
        if rule.then.wording:
            yield at.item("rules", index).key("then").key("wording"), rule.then.wording


def grant_texts(
    top_ups: Iterable[TopUp], adjustments: Iterable[Adjustment], at: Place = HERE
) -> Iterator[PlacedText]:
    """Notes and reasons of what is granted."""
    for index, top_up in enumerate(top_ups):
        yield at.item("top_ups", index).key("note"), top_up.note
    for index, adjustment in enumerate(adjustments):
        yield at.item("adjustments", index).key("reason"), adjustment.reason


def key_texts(agreement: Agreement, at: Place = HERE) -> Iterator[PlacedText]:
    """The keys that clients read in addresses and in JSON."""
    yield at.key("key"), agreement.key
    for index, terms in enumerate(agreement.terms):
        place = at.item("terms", index)
        for number, pool in enumerate(terms.pools):
            yield place.item("pools", number, pool.key).key("key"), pool.key
        for number, each in enumerate(terms.multipliers):
            yield place.item("multipliers", number, each.category).key("category"), each.category
