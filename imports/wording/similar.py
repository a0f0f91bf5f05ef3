"""Which of the titles that somebody worded before look most like another one: drafts are offered from their words.

Texts are compared by their shapes, word by word in any order (rapidfuzz); no model, nothing leaves the machine. What is
alike is measured in `bench/drafts.py`. Pure.
"""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from imports.wording.shapes import ANY, shape_of
from retainers.terms import collapse

ALIKE = 60.0  # of 100


class Titles:
    """Titles that somebody worded before, ready to be searched for one that looks alike."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._titles = list(dict.fromkeys(titles))
        self._looks = [_look(title) for title in self._titles]

    def similar(self, title: str, most: int = 3) -> list[str]:
        """The most similar titles, best first: never the same one, nor one that shares no word."""
        look, same = _look(title), collapse(title)
        found = process.extract(
            look, self._looks, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=most + 1
        )
        words = set(look.split()) - {ANY}
        near = [self._titles[at] for other, _score, at in found if words & set(other.split())]
        return [each for each in near if collapse(each) != same][:most]


def _look(title: str) -> str:
    return shape_of(title) or collapse(title)


def similar(title: str, titles: Iterable[str], most: int = 3) -> list[str]:
    """The titles that look most like `title`, best first. To search for many, keep a `Titles`.

    >>> similar("VPN down at branch", ["VPN down at main office", "Printer jam"])
    ['VPN down at main office']
    """
    return Titles(titles).similar(title, most)
