"""How many of something, and which lines of a file: for staff, in English."""

from collections.abc import Iterable
from itertools import islice, pairwise
from operator import sub

MOST_SPANS = 40


def lines(numbers: Iterable[int]) -> str:
    """Lines of a file, runs of them drawn together.

    >>> lines([3, 4, 5, 9])
    '3–5, 9'
    """
    ordered = sorted(numbers)
    steps = list(map(sub, ordered[1:], ordered))
    breaks = (at for at, step in enumerate(steps, 1) if step > 1)  # where a new run begins
    edges = [0, *islice(breaks, MOST_SPANS), len(ordered)] if ordered else [0]
    runs = [(ordered[first], ordered[after - 1]) for first, after in pairwise(edges[: MOST_SPANS + 1])]
    spans = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
    more = len(steps) - steps.count(1) - steps.count(0) + 1 - MOST_SPANS
    return f"{spans} and {counted(more, 'more place')}" if more > 0 else spans


def counted(count: int, one: str, many: str = "") -> str:
    """So many of something: `1 row`, `2 rows`, `3 entries`.

    >>> counted(1, "row"), counted(0, "row"), counted(3, "entry", "entries")
    ('1 row', '0 rows', '3 entries')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def rows(count: int) -> str:
    return counted(count, "row")


def entries(count: int) -> str:
    return counted(count, "entry", "entries")


def clients(count: int) -> str:
    return counted(count, "client")


def times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def changes(new: int, changed: int, unchanged: int, removed: int) -> str:
    """What happens to entries, without the zeros.

    >>> changes(1041, 3, 0, 0)
    '1,041 new, 3 changed'
    """
    kinds = ((new, "new"), (changed, "changed"), (removed, "removed"), (unchanged, "unchanged"))
    return ", ".join(f"{count:,} {kind}" for count, kind in kinds if count)
