"""The provider's own words by language: read from a file, judged, written as a document. Plain words stand beside.

Only what is said in another way stands there; whatever has no words in a language is read in the plain ones.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from retainers.agreements import readers
from retainers.agreements.problems import Finding, Place
from retainers.agreements.tables import Table
from retainers.terms import Terms, Words

Document = dict[str, Any]
LANGUAGE = re.compile(r"[a-z]{2,3}")
OF_POOLS = ("pools", "neutral_texts")  # by the key of a pool
OF_KINDS = "multipliers"  # by the category


def read_words(terms: Table) -> dict[str, Words]:
    """`words.de = { scope = "…", pools = { key = "…" }, … }`, as far as it can be read."""
    table = terms.table("words")
    if table is None:
        return {}
    found = {}
    for language in table.raw:
        inside = table.table(language)
        if not LANGUAGE.fullmatch(language):
            table.refuse(language, "that isn't a language: write its code, like de or fr")
        elif inside is not None:
            found[language] = _read(inside)
    return {language: words for language, words in found.items() if words != Words()}


def _read(table: Table) -> Words:
    words = Words(
        scope=table.get("scope", readers.prose, ""),
        pools=_by_key(table, "pools"),
        multipliers=_by_key(table, OF_KINDS),
        neutral_texts=_by_key(table, "neutral_texts"),
    )
    table.close()
    return words


def _by_key(table: Table, name: str) -> dict[str, str]:
    inside = table.table(name)
    if inside is None:
        return {}
    read = readers.line if name == "neutral_texts" else readers.name
    return {key: inside.need(key, read, "") for key in inside.raw}


def find_words_problems(terms: Terms, at: Place) -> Iterator[Finding]:
    """Words for what these terms don't have; `at` is the place of the terms."""
    pools = {pool.key for pool in terms.pools}
    kinds = {each.category for each in terms.multipliers}
    for language, words in terms.words.items():
        place = at.key("words").key(language)
        for name in OF_POOLS:
            yield from _unknown(getattr(words, name), pools, "pool", place.key(name))
        yield from _unknown(words.multipliers, kinds, "multiplier", place.key(OF_KINDS))


def _unknown(said: Mapping[str, str], known: set[str], what: str, at: Place) -> Iterator[Finding]:
    for key in said:
        if key not in known:
            yield at.key(key), f"these terms have no {what} {readers.seen(key)}: take its words out"


def words_document(words: Mapping[str, Words]) -> Document:
    """By language, without what is empty."""
    said = {language: _document(words[language]) for language in sorted(words)}
    return {language: each for language, each in said.items() if each}


def _document(words: Words) -> Document:
    said: Document = {
        "scope": words.scope,
        **{name: dict(sorted(getattr(words, name).items())) for name in (*OF_POOLS, OF_KINDS)},
    }
    return {name: value for name, value in said.items() if value}


def words_from_document(document: Mapping[str, Any]) -> dict[str, Words]:
    """The exact inverse of `words_document`."""
    return {
        language: Words(
            said.get("scope", ""),
            said.get("pools", {}),
            said.get("multipliers", {}),
            said.get("neutral_texts", {}),
        )
        for language, said in document.items()
    }
