"""The shape of a title: what is left of it without machines' names, numbers, dates and addresses. Pure.

Titles of one shape take the same words. Whose name stands in a title can't be told from its letters; it is learned:
where titles that were worded alike differ in one place only, that place is open (`open_places`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from retainers.terms import collapse

ANY = "#"  # what was set aside
OPEN = "*"  # an open place, where any one word may stand
FEWEST_WORDS = 2  # less says nothing of the work: "# offline" is a printer or a server
SHORTEST_WORD = 2
MOST_WORDS = 40
_APART = re.compile(r"[\s,;:()\[\]|]+|(?<=\D)/(?=\D)")
_EDGES = " .,;:!?'\"“”‘’`*+&=<>#%-–—_"
_SET_ASIDE = re.compile(r"\d|@|\\|^[a-z]\.[a-z-]{2,}$")  # a number, an address, a path, j.doe
_NUMBER = re.compile(r"\d+")
_NAMES_OF_TIME = """
jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october
november december mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday
"""
_OF_TIME = frozenset(_NAMES_OF_TIME.split())


@lru_cache(maxsize=20_000)
def shape_of(title: str) -> str:
    """The title's words with `#` for what differs from case to case; "" where too little is left to tell it by.

    >>> shape_of("BWD-LT-001 no audio in Teams"), shape_of("no audio in Teams (OAK-LT-005, 12 Nov)")
    ('# no audio in teams', 'no audio in teams #')
    >>> shape_of("SRV02 disk 94% - cleanup") == shape_of("srv-1 disk 91 % - cleanup")
    True
    >>> shape_of("#48211"), shape_of("BWD-SRV01 offline")
    ('', '')
    """
    return _of_numbered(_NUMBER.sub("0", collapse(title)))


@lru_cache(maxsize=20_000)
def _of_numbered(title: str) -> str:
    """The shape of a collapsed title in which every number is the same one: which one it is decides nothing."""
    words = _words(title)
    said = [word for word in words if word != ANY and len(word) >= SHORTEST_WORD]
    return " ".join(words) if len(said) >= FEWEST_WORDS else ""


def _words(title: str) -> list[str]:
    found: list[str] = []
    for part in _APART.split(title)[:MOST_WORDS]:
        word = _word((part or "").strip(_EDGES), found)
        if word and not (word == ANY and found and found[-1] == ANY):
            found.append(word)
    return found


def _word(part: str, before: list[str]) -> str:
    """The part as the shape has it. A month or a weekday is set aside beside a number only: may is a word too."""
    if _SET_ASIDE.search(part):
        if before and before[-1] in _OF_TIME:
            before[-1] = ANY
        return ANY
    return ANY if part in _OF_TIME and before and before[-1] == ANY else part


def with_one_open(shape: str) -> Iterator[str]:
    """The shape with each of its words open in turn, as long as enough of it is left.

    >>> list(with_one_open("adobe licence swap nadia"))[-1]
    'adobe licence swap *'
    """
    words = shape.split()
    said = sum(word != ANY for word in words)
    if said > FEWEST_WORDS:
        for at, word in enumerate(words):
            if word != ANY:
                yield " ".join([*words[:at], OPEN, *words[at + 1 :]])


def of_one_mind(worded: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Words by shape, of titles with their words: only of shapes whose titles were all worded alike.

    >>> of_one_mind([("vpn down at site 4", "Connection restored"), ("VPN down at site 9", "Connection restored")])
    {'vpn down at site #': 'Connection restored'}
    """
    found: dict[str, set[str]] = defaultdict(set)
    for title, text in worded:
        shape = shape_of(title)
        if shape:
            found[shape].add(text)
    return {shape: texts.pop() for shape, texts in found.items() if len(texts) == 1}


def open_places(by_shape: Mapping[str, str]) -> dict[str, str]:
    """Words by shapes with an open place: several shapes differ there alone, and all of them were worded alike.

    >>> open_places({"licence swap for ann": "Licence moved", "licence swap for bob": "Licence moved"})
    {'licence swap for *': 'Licence moved'}
    """
    texts: dict[str, set[str]] = defaultdict(set)
    seen: dict[str, int] = defaultdict(int)
    for shape, text in by_shape.items():
        for opened in with_one_open(shape):
            texts[opened].add(text)
            seen[opened] += 1
    sure = (opened for opened, count in seen.items() if count > 1 and len(texts[opened]) == 1)
    return {opened: texts[opened].pop() for opened in sure}
