"""Things that belong together, and must go together."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

Mark = TypeVar("Mark", str, int)


def tied(some: Iterable[Mark], moves: Iterable[tuple[Mark, Mark]]) -> frozenset[Mark]:
    """Some clients with all those that moved entries tie to them: both pages change together or not at all.

    >>> sorted(tied({"acme"}, [("acme", "birch"), ("birch", "cobalt"), ("delta", "echo")]))
    ['acme', 'birch', 'cobalt']
    """
    neighbours: dict[Mark, set[Mark]] = defaultdict(set)
    for here, there in moves:
        neighbours[here].add(there)
        neighbours[there].add(here)
    found: set[Mark] = set()
    asked = list(some)
    while asked:
        mark = asked.pop()
        if mark not in found:
            found.add(mark)
            asked += neighbours[mark]
    return frozenset(found)
