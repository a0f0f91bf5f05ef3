"""Figures kept by publication: the closed cycles of a retainer, so that nobody adds up years of entries again.

Never a second truth: what is kept is what the ledger made of the entries of one publication, under its key and the
ledger's own code; anything else is worked out from the entries. `reading` finds what may be used, `keeping` writes it,
`handed` is what a plan knows already, `document` the form in which it all stands in the database.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOM = Path(__file__).parents[1]
MAKERS = (
    "*.py",
    "kept/document.py",
    "kept/ended.py",
    "agreements/*.py",
)  # what decides what a closed cycle comes to

# Rooms above this one that keep words of them: of these retainers, with what was handed on of their publications.
AFTERWARDS: list[Callable[[Iterable[int], Mapping[int, Any]], object]] = []


@cache
def edition() -> str:
    """Changes with the code that makes figures: what an earlier one kept is worked out again."""
    files = sorted(path for name in MAKERS for path in ROOM.glob(name))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
