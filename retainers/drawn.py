"""What is known of a cycle's work without its entries: the hours of each day, and which kinds drew on which pool.

A cycle that was worked out before is read without its entries. Whoever asks such a cycle for its draws all the same
gets an error and no wrong figure; who needs no more than this asks here, of any cycle.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from retainers.balance import CycleBalance, Draw

Kind = tuple[frozenset[str], str]  # the categories of work that counted, and the pool that it drew on


class Drawn(NamedTuple):
    """Hours drawn on a pool on a day; zero for work that isn't counted."""

    day: date
    pool: str
    hours: Decimal


class NotReadError(RuntimeError):
    """Work was asked for that was not read: nothing may be reckoned without it."""


class Unread(tuple[Any, ...]):
    """In the place of work that was not read: it can be handed on, and not looked into."""

    __slots__ = ()

    def _refuse(self, *_anything: object) -> NoReturn:
        raise NotReadError("the work of these days was not read")

    __iter__ = __len__ = __bool__ = __contains__ = __getitem__ = __reversed__ = _refuse
    __add__ = __mul__ = count = index = _refuse


class UnreadDraws(Unread):
    """The draws of a cycle that was read without its entries; `days` and `kinds` as `written` wrote them."""

    days: str
    kinds: tuple[tuple[tuple[str, ...], str], ...]

    def __new__(cls, days: str, kinds: Iterable[tuple[Iterable[str], str]]) -> "UnreadDraws":
        made = super().__new__(cls)
        made.days = days
        made.kinds = tuple((tuple(categories), pool) for categories, pool in kinds)
        return made


def drawn_in(cycle: CycleBalance) -> Iterable[Drawn]:
    """The hours of its work, oldest first.

    >>> from types import SimpleNamespace
    >>> unread = SimpleNamespace(draws=UnreadDraws("2026-01-05 main 1.50", ()))
    >>> [f"{each.day} {each.hours}" for each in drawn_in(unread)]
    ['2026-01-05 1.50']
    """
    if isinstance(cycle.draws, UnreadDraws):
        return _read(cycle.draws.days)
    return (Drawn(draw.work.day, draw.pool, draw.hours) for draw in cycle.draws)


def kinds_in(cycle: CycleBalance) -> Iterable[Kind]:
    """Which categories of counted work drew on which pool in it."""
    if isinstance(cycle.draws, UnreadDraws):
        return ((frozenset(categories), pool) for categories, pool in cycle.draws.kinds)
    return {(draw.work.categories, draw.pool) for draw in cycle.draws if draw.reason is None}


def is_read(cycle: CycleBalance) -> bool:
    """Whether its draws are there."""
    return not isinstance(cycle.draws, UnreadDraws)


def written(draws: Iterable[Draw]) -> str:
    """The hours of each day and pool. Where work below zero makes their order matter, each draw by itself."""
    every = [Drawn(draw.work.day, draw.pool, draw.hours) for draw in draws]
    if not any(each.hours < 0 for each in every):
        every = list(_by_day(every))
    return "\n".join(f"{each.day} {each.pool} {each.hours}" for each in every)


def _by_day(every: Iterable[Drawn]) -> Iterator[Drawn]:
    sums: dict[tuple[date, str], Decimal] = {}
    for each in every:
        key = each.day, each.pool
        sums[key] = sums[key] + each.hours if key in sums else each.hours
    return (Drawn(*key, hours) for key, hours in sums.items())


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[Drawn, ...]:
    found = (line.split(" ") for line in text.splitlines())
    return tuple(Drawn(date.fromisoformat(day), pool, Decimal(hours)) for day, pool, hours in found)
