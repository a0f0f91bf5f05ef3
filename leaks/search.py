"""Searching a folded text: by RE2 patterns, linear in its length, and for known phrases, word by word.

However many phrases are known, a search takes as many steps as the text has words.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import re2

from leaks.folding import Folded
from leaks.hits import Finding, Kind


def matches(patterns: Iterable[re2._Regexp], plain: str) -> Iterator[re2._Match]:
    """Every match of every pattern, one pattern after the other."""
    for pattern in patterns:
        yield from pattern.finditer(plain)


def simple(kind: Kind, reason: str, patterns: Iterable[re2._Regexp], plain: str) -> Iterator[Finding]:
    """Every match of every pattern, as a finding of one kind."""
    for match in matches(patterns, plain):
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


TIGHT = 3  # no more than this many marks may stand between two words of one phrase
JOINTS = frozenset(" \n,.-'&/_+")


class Phrase(NamedTuple):
    """Words in small letters. `sort` says how sure a match is; the module that made the phrase judges it."""

    words: tuple[str, ...]
    sort: str


@dataclass(slots=True)
class Branch:
    """What may follow the words that led here; `phrase` is the one that they make up, if they do."""

    following: dict[str, "Branch"] = field(default_factory=dict)
    phrase: Phrase | None = None


class Index:
    """The phrases as a tree of words. Of two alike, the one that was named first stays."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._root = Branch()
        for phrase in phrases:
            branch = self._root
            for word in phrase.words:
                branch = branch.following.setdefault(word, Branch())
            branch.phrase = branch.phrase or phrase

    def touches(self, text: Folded) -> bool:
        """Whether any word of the text begins a phrase, to ask quickly whether there is anything to look for."""
        return not self._root.following.keys().isdisjoint(text.vocabulary)

    def at(self, text: Folded, number: int) -> list[Phrase]:
        """The phrases that begin at the word of that number, their words close together; the longest first."""
        found: list[Phrase] = []
        branch, words, place = self._root, text.words, number
        while place < len(words) and (place == number or is_tight(text.gap(place))):
            following = branch.following.get(words[place].lower)
            if following is None:
                break
            if following.phrase:
                found.append(following.phrase)
            branch, place = following, place + 1
        return found[::-1]

    def names_in(
        self, text: Folded, masked: frozenset[int], is_name: Callable[[Phrase, int, int], bool]
    ) -> Iterator[tuple[Phrase, int, int]]:
        """Each phrase that is a name, with the numbers of its first and last word; none inside another.

        Of those that begin at one word, the longest that `is_name` takes for one. None begins at a word of `masked`.
        """
        free_from = 0
        for first in range(len(text.words)):
            if first < free_from or first in masked:
                continue
            for phrase in self.at(text, first):
                last = first + len(phrase.words) - 1
                if is_name(phrase, first, last):
                    yield phrase, first, last
                    free_from = last + 1
                    break


def is_tight(gap: str) -> bool:
    return len(gap) <= TIGHT and JOINTS.issuperset(gap)
