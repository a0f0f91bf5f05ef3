"""Figures kept by publication: the closed cycles of a retainer, so that nobody adds up years of entries again.

Never a second truth: what is kept is what the ledger made of the entries of one publication, under its key and the
ledger's own code; anything else is worked out from the entries. `reading` finds what may be used, `keeping` writes it,
`document` is the form in which it stands in the database.
"""

from collections.abc import Callable, Iterable

AFTERWARDS: list[Callable[[Iterable[int]], object]] = []  # rooms above this one that keep words of them
