"""An agreement in the words of one language: the provider's own for it, the plain ones where there are none. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from retainers.agreements.words import words_from_document
from retainers.balance import CycleBalance
from retainers.terms import Agreement, Terms, Words

NONE = Words()


def spoken(agreement: Agreement, language: str) -> Agreement:
    """The agreement as a reader of that language reads it; a country's words fall back to the language's.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from retainers.terms import Pool
    >>> words = {"de": Words(pools={"main": "Wartung"})}
    >>> terms = Terms(date(2026, 1, 1), (Pool("main", "Maintenance", Decimal(8)),), words=words)
    >>> agreement = Agreement("it", "IT", date(2026, 1, 1), (terms,))
    >>> [spoken(agreement, code).terms[0].pools[0].name for code in ("de-at", "en")]
    ['Wartung', 'Maintenance']
    """
    if not any(terms.words for terms in agreement.terms):
        return agreement
    return replace(agreement, terms=tuple(_terms(terms, language) for terms in agreement.terms))


def spoken_cycle(cycle: CycleBalance, language: str) -> CycleBalance:
    """The same with the names of its pools and kinds of work in that language."""
    if not cycle.terms.words:
        return cycle
    terms = _terms(cycle.terms, language)
    names = {pool.key: pool.name for pool in terms.pools}
    pools = tuple(pool._replace(name=names.get(pool.key, pool.name)) for pool in cycle.pools)
    return replace(cycle, terms=terms, pools=pools)


def spoken_document(document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A statement's whole document in the words that it was issued with for that language."""
    said = _words_in(words_from_document(document.get("words", {})), language)
    if said == NONE:
        return dict(document)
    kinds = {
        name: said.multipliers.get(category) or name for category, name in document["multipliers"].items()
    }
    plain = document.get("neutral_texts", {})
    return {
        **document,
        "pools": {key: said.pools.get(key) or name for key, name in document["pools"].items()},
        "log": [_spoken_line(line, said, kinds, plain) for line in document["log"]],
    }


def _spoken_line(
    line: Mapping[str, Any], said: Words, kinds: Mapping[str, str], plain: Mapping[str, str]
) -> dict[str, Any]:
    """A line of the log; `plain` are the pools' neutral texts that stand where nobody wrote one."""
    pool, description = line["pool"], line["description"]
    if description == plain.get(pool):
        description = said.neutral_texts.get(pool, description)
    multipliers = [kinds.get(name, name) for name in line["multipliers"]]
    return {**line, "multipliers": multipliers, "description": description}


def _words_in(words: Mapping[str, Words], language: str) -> Words:
    """What is said in that language, else in the one that it belongs to."""
    return words.get(language) or words.get(language.partition("-")[0]) or NONE


def _terms(terms: Terms, language: str) -> Terms:
    said = _words_in(terms.words, language)
    if said == NONE:
        return terms
    return replace(
        terms,
        scope=said.scope or terms.scope,
        pools=tuple(
            replace(
                pool,
                name=said.pools.get(pool.key) or pool.name,
                neutral_text=said.neutral_texts.get(pool.key) or pool.neutral_text,
            )
            for pool in terms.pools
        ),
        multipliers=tuple(
            replace(each, name=said.multipliers.get(each.category) or each.name) for each in terms.multipliers
        ),
    )
