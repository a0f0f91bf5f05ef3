"""The lines of the work log by day: lines of one ticket on one day stand as one incident that opens.

An incident says how many people and entries it was, and what it had taken up to and with each line. Who the
people are, and which ticket it was, is not known here: an entry bears marks that mean nothing outside.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.days import dated, long_date, plain_day, weekday
from presentation.explanations import Phrases, explain
from presentation.facts import LogEntry
from presentation.phrases import column, h
from retainers.hours import ZERO
from retainers.terms import Terms


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or an incident of several: then `parts` are its lines, and `is_open` shows them from the start.

    `so_far` is what its ticket had taken up to and with it, where that is more than the line. A line's `number` tells
    it from others of its day.
    """

    text: str
    why: str
    pool: str
    hours: str
    corrected: str = ""
    so_far: str = ""
    ask_href: str = ""
    number: str = ""
    parts: tuple["Line", ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day's lines; `total` is "" where a single line already is the total."""

    date: str
    weekday: str
    lines: tuple[Line, ...]
    total_words: str
    total: str


class Placed(NamedTuple):
    """An entry of the log with its place in the day, from 1, and what its ticket had taken up to and with it."""

    entry: LogEntry
    place: int
    so_far: Decimal | None

    @property
    def day(self) -> date:
        return self.entry.draw.work.day


@dataclass(frozen=True, slots=True)
class Telling:
    """How a line is told: by which terms, in which words, under which pools' names (none where it needn't say).

    `newest` is the newest day of all.
    `asking` makes the address of the form for a question about the line, if questions are taken.
    """

    terms: Terms
    phrases: Phrases
    pools: Mapping[str, str]
    is_open: bool = False
    newest: date | None = None
    asking: Callable[["Placed"], str] | None = None


def placed(entries: Iterable[LogEntry]) -> tuple[Placed, ...]:
    """The counted entries, newest day first; within a day as they were recorded.

    A ticket's running total is told from its second line on.
    """
    counted = [entry for entry in entries if entry.draw.reason is None]
    counted.sort(key=lambda entry: entry.draw.work.day)
    places: Counter[date] = Counter()
    taken: dict[str, Decimal] = defaultdict(lambda: ZERO)
    found = []
    for entry in counted:
        day = entry.draw.work.day
        places[day] += 1
        before = taken[entry.incident]
        taken[entry.incident] = before + entry.draw.hours
        told = taken[entry.incident] if entry.incident and before else None
        found.append(Placed(entry, places[day], told))
    return tuple(sorted(found, key=lambda each: each.day, reverse=True))


def days(entries: Sequence[Placed], telling: Telling) -> tuple[Day, ...]:
    """The entries by day, in their order."""
    return tuple(_day(day, tuple(own), telling) for day, own in groupby(entries, key=lambda each: each.day))


def _day(day: date, own: Sequence[Placed], telling: Telling) -> Day:
    """With its year where it is not the newest one's."""
    lines = tuple(_incident(each, telling) for each in _by_incident(own))
    name = plain_day(day, telling.newest or day)
    if len(lines) == 1:
        return Day(name, weekday(day), lines, "", "")
    words = _("On %(day)s") % {"day": long_date(day)}
    return Day(name, weekday(day), lines, words, column(sum_of(own)))


def _by_incident(own: Sequence[Placed]) -> list[list[Placed]]:
    """The lines of a day, those of one ticket together where the first of them stands."""
    found: dict[str, list[Placed]] = {}
    for each in own:
        found.setdefault(each.entry.incident or f"alone {each.place}", []).append(each)
    return list(found.values())


def _incident(own: Sequence[Placed], telling: Telling) -> Line:
    if len(own) == 1:
        return _line(own[0], telling)
    parts, last = tuple(_line(each, telling) for each in own), own[-1].so_far
    total = sum_of(own)
    return Line(
        text=parts[0].text,
        why=_who(own),
        pool=_pool_of(parts),
        hours=column(total),
        so_far=_so_far(last) if last is not None and last != total else "",
        parts=parts,
        is_open=telling.is_open or any(each.corrected for each in parts),
    )


def _pool_of(parts: Sequence[Line]) -> str:
    """The pool that all of them are of."""
    (first, *others) = {each.pool for each in parts}
    return "" if others else first


def _who(own: Sequence[Placed]) -> str:
    """2 people, 3 entries; how many people it was is left out where one of them isn't known."""
    marks = {each.entry.person for each in own}
    count = len({each.entry.draw.work.ref for each in own})
    entries = ngettext("%(count)s entry", "%(count)s entries", count) % {"count": count}
    if "" in marks:
        return entries
    people = ngettext("%(count)s person", "%(count)s people", len(marks)) % {"count": len(marks)}
    return people if len(marks) == count else f"{people}, {entries}"


def _line(each: Placed, telling: Telling) -> Line:
    entry = each.entry
    return Line(
        text=entry.description,
        why=explain(entry.draw, entry.terms or telling.terms, telling.phrases),
        pool=telling.pools.get(entry.draw.pool, ""),
        hours=column(entry.draw.hours, telling.phrases.language),
        corrected=corrected_words(entry),
        so_far=_so_far(each.so_far),
        ask_href=telling.asking(each) if telling.asking else "",
        number=str(each.place),
    )


def _so_far(taken: Decimal | None) -> str:
    return "" if taken is None else _("%(hours)s so far") % {"hours": h(taken)}


def corrected_words(entry: LogEntry) -> str:
    """What a line says that reads otherwise than when its cycle was settled."""
    if entry.corrected_on is None:
        return ""
    values = {"day": dated(entry.corrected_on), "hours": column(entry.was or ZERO)}
    if entry.was is None:
        return _("added later, published on %(day)s") % values
    if entry.was == entry.draw.hours:
        return _("corrected, published on %(day)s") % values
    return _("was %(hours)s h, corrected on %(day)s") % values


def sum_of(entries: Iterable[Placed]) -> Decimal:
    return sum((each.entry.draw.hours for each in entries), ZERO)
