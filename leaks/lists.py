"""Word lists of the leak check, kept as text beside the module that judges by them, and read once.

`signs.txt` holds the lists of `signs.py`: a line `[name]` opens a list, words stand between spaces, a line that
begins with `#` says what the list is for. Everything is folded (`folding`) and in small letters.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with spaces between."""
    return frozenset(text.split())


@cache
def read_lists(name: str) -> Mapping[str, frozenset[str]]:
    """The lists of `name.txt`, by the names in their headings.

    >>> "thanks" in read_lists("signs")["labels"], sorted(read_lists("codes"))
    (False, ['other_codes'])
    """
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in lines_of(name):
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [])
        else:
            words += line.split()
    return {heading: frozenset(listed) for heading, listed in found.items()}


@cache
def read_table(name: str) -> Mapping[str, tuple[str, ...]]:
    """The lines of `name.txt`: a word, a colon, and the words that belong to it.

    >>> read_table("nicknames")["alfred"]
    ('alf', 'fred')
    """
    rows = (line.partition(":") for line in lines_of(name))
    return {word.strip(): tuple(others.split()) for word, _colon, others in rows}


def lines_of(name: str) -> list[str]:
    """The lines of a list's file, without remarks and blank ones."""
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
