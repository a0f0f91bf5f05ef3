"""Figures kept by publication: the closed cycles of a retainer, so that nobody adds up years of entries again.

Never a second truth: what is kept is what the ledger made of the entries of one publication, under its key and the
ledger's own code; anything else is worked out from the entries. `reading` finds what may be used, `keeping` writes it,
of what a plan has `handed` on where it can; `document` is the form in which cycles stand in the database, `ended` the
one in which a month's end lists them, and `running` keeps the cycle that runs for the next file.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

# Rooms above this one that keep words of them: of these retainers, with what was handed on of their publications.
AFTERWARDS: list[Callable[[Iterable[int], Mapping[int, Any]], object]] = []


@cache
def edition() -> str:
    """Changes with the code that makes closed cycles and keeps them: what an earlier one kept is worked out again."""
    return edition_of("retainers/*.py", "retainers/agreements/*.py", "retainers/kept/*.py")


def edition_of(*makers: str, upon: str = "") -> str:
    """The digest of this code (patterns of files, from the root), and of the edition that it builds `upon`."""
    files = sorted(path for pattern in makers for path in ROOT.glob(pattern))
    return hashlib.sha256(upon.encode() + b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
