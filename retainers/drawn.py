"""What a cycle's work comes to: the hours of each day, which kinds drew on which pool, and what its incidents took.

A cycle that was worked out before is read without its entries. Its days and kinds are known all the same: who needs no
more than these asks here, of any cycle. Whoever asks such a cycle for its draws or its incidents gets an error and no
wrong figure.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from heapq import nlargest, nsmallest
from operator import attrgetter
from typing import Any, NamedTuple, NoReturn

from retainers.balance import CycleBalance, Draw, MultiplierUse
from retainers.hours import ZERO

BETWEEN = ";"  # days: a sign that JSON writes as it is, so that what is kept is read fast
Naming = Callable[[str], str]
Marks = Mapping[int, str]  # an entry's key → its incident; entries without a ticket have none
OfDays = Mapping[tuple[date, str], Decimal]  # the hours drawn on each day, by pool
Kind = tuple[frozenset[str], str]  # the categories of work that counted, and the pool that it drew on
Kinds = Collection[tuple[Iterable[str], str]]  # the same as they are kept


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

    _of_days: str | OfDays
    _kinds: Kinds

    def __new__(cls, days: str | OfDays, kinds: Kinds) -> "UnreadDraws":
        made = super().__new__(cls)
        made._of_days, made._kinds = days, kinds
        return made

    @property
    def days(self) -> str:
        return self._of_days if isinstance(self._of_days, str) else in_text(self._of_days)

    @property
    def kinds(self) -> Kinds:
        return self._kinds


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


def written(draws: Collection[Draw]) -> str:
    """The hours of each day and pool. Where work below zero makes their order matter, each draw by itself."""
    if min(map(attrgetter("hours"), draws), default=ZERO) < 0:
        return BETWEEN.join(f"{draw.work.day} {draw.pool} {draw.hours}" for draw in draws)
    return in_text(hours_by_day(draws))


def in_text(drawn: OfDays) -> str:
    """The hours of each day and pool, in their order.

    >>> day = date(2026, 1, 5)
    >>> in_text({(day, "web"): Decimal("1.50"), (day, "main"): Decimal("0.25")})
    '2026-01-05 main 0.25;2026-01-05 web 1.50'
    """
    return BETWEEN.join(f"{day} {pool} {hours}" for (day, pool), hours in sorted(drawn.items()))


def hours_by_day(draws: Iterable[Draw]) -> OfDays:
    """The hours drawn on each day from each pool, in the order in which they are met.

    >>> from types import SimpleNamespace as Its
    >>> day = Its(day=date(2026, 1, 5))
    >>> found = hours_by_day([Its(work=day, pool="main", hours=Decimal(each)) for each in ("1.50", "0.25")])
    >>> [(str(on), pool, str(hours)) for (on, pool), hours in found.items()]
    [('2026-01-05', 'main', '1.75')]
    """
    sums: dict[tuple[date, str], Decimal] = {}
    for draw in draws:
        key = draw.work.day, draw.pool
        sums[key] = sums[key] + draw.hours if key in sums else draw.hours
    return sums


def used_by_multiplier(draws: Iterable[Draw]) -> tuple[MultiplierUse, ...]:
    """The counted draws added up."""
    sums: dict[tuple[tuple[str, ...], Decimal | None], tuple[Decimal, Decimal]] = {}
    for draw in draws:
        if draw.reason is None:
            key = draw.multipliers, draw.factor
            counted, drawn = sums.get(key, (ZERO, ZERO))
            sums[key] = counted + draw.counted, drawn + draw.hours
    return uses_in_order(sums)


def uses_in_order(
    sums: Mapping[tuple[tuple[str, ...], Decimal | None], tuple[Decimal, Decimal]],
) -> tuple[MultiplierUse, ...]:
    """What was counted and drawn, by multipliers and factor; factor None comes last."""
    ordered = sorted(sums, key=lambda key: (key[0], key[1] is None, key[1] or ZERO))
    return tuple(MultiplierUse(*key, *sums[key]) for key in ordered)


@lru_cache(maxsize=64)
def _read(text: str) -> tuple[Drawn, ...]:
    found = (line.split(" ") for line in text.split(BETWEEN) if line)
    return tuple(Drawn(date.fromisoformat(day), pool, Decimal(hours)) for day, pool, hours in found)


class IncidentSum(NamedTuple):
    """What one incident took in a cycle, between its first and its last day.

    `account`: the key of the account that its first entry drew on; `since`: all that was drawn on that account from
    this entry on. `refs`: its counted entries, oldest first.
    """

    mark: str
    account: str
    hours: Decimal
    first: date
    last: date
    since: Decimal
    refs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Incidents:
    """The incidents of a cycle that took hours: how many there are, and what all of them took, or the longest."""

    sums: tuple[IncidentSum, ...] = ()
    count: int = 0


def incidents_of(
    cycle: CycleBalance, marks: Marks, longest: int | None = None, named: Naming | None = None
) -> Incidents:
    """Its work has to be there. `longest`: so many are enough, those with the most hours, alike ones by their marks.
    `named`: gives the mark of what `marks` has in its place; only those are made that the longest are told by.

    >>> from types import SimpleNamespace as Its
    >>> work = [Its(ref=1, day=date(2026, 1, 5)), Its(ref=2, day=date(2026, 1, 6))]
    >>> draws = [Its(work=each, reason=None, pool="main", hours=Decimal(each.ref)) for each in work]
    >>> found = incidents_of(Its(sharing="shared", draws=draws), {1: "a", 2: "b"}, longest=1)
    >>> [(each.mark, str(each.hours)) for each in found.sums], found.count
    ([('b', '2')], 2)
    """
    marked = [
        (mark, draw) for draw in cycle.draws if draw.reason is None and (mark := marks.get(draw.work.ref))
    ]
    hours: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for mark, draw in marked:
        hours[mark] += draw.hours
    found = {mark: its for mark, its in hours.items() if its > 0}
    if longest is None:
        return Incidents(tuple(_sums(cycle, marked, found)), len(found))
    names = longest_of(found, longest, named)
    sums = _sums(cycle, marked, {mark: found[mark] for mark in names})
    return Incidents(tuple(each._replace(mark=names[each.mark]) for each in sums), len(found))


def longest_of(hours: Mapping[str, Decimal], longest: int, named: Naming | None) -> dict[str, str]:
    """The longest of these incidents, with their marks."""
    least = min(nlargest(longest, hours.values()), default=ZERO)
    names = {mark: named(mark) if named else mark for mark, its in hours.items() if its >= least}
    first = nsmallest(longest, names, key=lambda mark: (-hours[mark], names[mark]))
    return {mark: names[mark] for mark in first}


def _sums(
    cycle: CycleBalance, marked: Sequence[tuple[str, Draw]], hours: Mapping[str, Decimal]
) -> Iterator[IncidentSum]:
    """What these incidents took; `marked` are the draws of all, oldest first."""
    draws: dict[str, list[Draw]] = {mark: [] for mark in hours}
    for mark, draw in marked:
        if mark in draws:
            draws[mark].append(draw)
    since = _since(cycle, {id(its[0]) for its in draws.values()})
    for mark, its in draws.items():
        yield IncidentSum(
            mark=mark,
            account=account_of(its[0].pool, cycle),
            hours=hours[mark],
            first=its[0].work.day,
            last=its[-1].work.day,
            since=since[id(its[0])],
            refs=tuple(dict.fromkeys(draw.work.ref for draw in its)),
        )


def _since(cycle: CycleBalance, wanted: Collection[int]) -> dict[int, Decimal]:
    """What the account of each of these draws was drawn on from it to the end of what is in."""
    running: dict[str, Decimal] = defaultdict(lambda: ZERO)
    found = {}
    for draw in reversed(cycle.draws):
        if draw.reason is None:
            key = account_of(draw.pool, cycle)
            running[key] += draw.hours
            if id(draw) in wanted:
                found[id(draw)] = running[key]
    return found


def account_of(pool: str, cycle: CycleBalance) -> str:
    """The account that what is drawn on a pool is taken from; "" is the one that all pools share."""
    return "" if cycle.sharing == "shared" else pool
