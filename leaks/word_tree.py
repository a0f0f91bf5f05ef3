"""Finding known phrases in a text word by word: as many steps as the text has words, whatever the phrases are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from leaks.folding import Folded

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


def is_tight(gap: str) -> bool:
    return len(gap) <= TIGHT and JOINTS.issuperset(gap)
