"""Figures kept by publication: the closed cycles of a retainer, so that nobody adds up years of entries again.

Never a second truth: what is kept is what the ledger made of the entries of one publication, under its key and the
ledger's own code; anything else is worked out from the entries. `reading` finds what may be used, `keeping` writes it,
`handed` is what a plan knows already, `document` the form in which it all stands in the database.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

# Rooms above this one that keep words of them: of these retainers, with what was handed on of their publications.
AFTERWARDS: list[Callable[[Iterable[int], Mapping[int, Any]], object]] = []
