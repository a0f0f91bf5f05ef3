"""Finding known phrases in a text word by word: one look-up a word, whatever the length of the list."""

from collections.abc import Iterable
from typing import NamedTuple

from leaks.folding import Folded

TIGHT = 3  # no more than this many marks may stand between two words of one phrase
JOINTS = frozenset(" \n,.-'&/_+")


class Phrase(NamedTuple):
    """Words in small letters. `sort` says how sure a match is; the module that made the phrase judges it."""

    words: tuple[str, ...]
    sort: str


Index = dict[str, tuple[Phrase, ...]]  # by first word; the longest phrase comes first


def index_of(phrases: Iterable[Phrase]) -> Index:
    """The phrases by their first words; of two alike, the one named first stays."""
    kept: dict[tuple[str, ...], Phrase] = {}
    for phrase in phrases:
        kept.setdefault(phrase.words, phrase)
    by_first: dict[str, list[Phrase]] = {}
    for phrase in sorted(kept.values(), key=lambda each: -len(each.words)):
        by_first.setdefault(phrase.words[0], []).append(phrase)
    return {first: tuple(each) for first, each in by_first.items()}


def stands_at(text: Folded, index: int, phrase: Phrase) -> bool:
    """Whether the phrase begins at the word of that number, its words close together."""
    words = text.words
    if index + len(phrase.words) > len(words):
        return False
    for offset, wanted in enumerate(phrase.words):
        if words[index + offset].lower != wanted:
            return False
        if offset and not is_tight(text.gap(index + offset)):
            return False
    return True


def is_tight(gap: str) -> bool:
    return len(gap) <= TIGHT and JOINTS.issuperset(gap)
