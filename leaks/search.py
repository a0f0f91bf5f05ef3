"""Searching a folded text with RE2 patterns: linear in its length, whatever stands in it."""

from collections.abc import Iterable, Iterator

import re2

from leaks.hits import Finding, Kind


def simple(kind: Kind, reason: str, patterns: Iterable[re2._Regexp], plain: str) -> Iterator[Finding]:
    """Every match of every pattern, as a finding of one kind."""
    for pattern in patterns:
        for match in pattern.finditer(plain):
            yield Finding(kind, reason, *match.span())


def char_before(plain: str, start: int) -> str:
    return plain[start - 1 : start] if start else ""


def last_words(lower: str, start: int, reach: int) -> list[str]:
    """The words among the `reach` characters before `start`, without the marks around them."""
    bare = (word.strip(".:,()#\"'") for word in lower[max(0, start - reach) : start].split())
    return [word for word in bare if word]


def next_word(plain: str, end: int) -> str:
    """The first word after `end` in small letters, without marks; "" at the end of the text."""
    following = plain[end : end + 24].split()
    return following[0].lower().strip(".,;:)") if following else ""


def has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def has_letter(text: str) -> bool:
    return any(char.isalpha() for char in text)


def is_year(number: str) -> bool:
    return len(number) == len("2026") and number.startswith(("19", "20"))
