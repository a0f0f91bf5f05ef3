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


class Line(NamedTuple):
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


class Told(NamedTuple):
    """A line with what it takes to tell it among others of its day: the marks of its ticket, of who did the work and
    of its entry, and what its ticket had taken up to and with it.
    """

    line: Line
    hours: Decimal
    so_far: Decimal | None
    incident: str
    person: str
    entry: int


def placed(entries: Iterable[LogEntry]) -> tuple[Placed, ...]:
    """The counted entries, newest day first; within a day as they were recorded."""
    counted = [entry for entry in entries if entry.draw.reason is None]
    counted.sort(key=lambda entry: entry.draw.work.day)
    taken = so_far((entry.incident, entry.draw.hours) for entry in counted)
    places: Counter[date] = Counter()
    found = []
    for entry, told in zip(counted, taken, strict=True):
        day = entry.draw.work.day
        places[day] += 1
        found.append(Placed(entry, places[day], told))
    return tuple(sorted(found, key=lambda each: each.day, reverse=True))


def so_far(lines: Iterable[tuple[str, Decimal]]) -> list[Decimal | None]:
    """What the ticket of each line had taken up to and with it, the oldest first; told from its second line on.

    >>> [str(taken) for taken in so_far([("a", Decimal(1)), ("", Decimal(2)), ("a", Decimal(3))])]
    ['None', 'None', '4']
    """
    taken: dict[str, Decimal] = defaultdict(lambda: ZERO)
    found = []
    for incident, hours in lines:
        before = taken[incident]
        taken[incident] = before + hours
        found.append(taken[incident] if incident and before else None)
    return found


def days(entries: Sequence[Placed], telling: Telling) -> tuple[Day, ...]:
    """The entries by day, in their order."""
    return tuple(_day(day, tuple(own), telling) for day, own in groupby(entries, key=lambda each: each.day))


def _day(day: date, own: Sequence[Placed], telling: Telling) -> Day:
    """With its year where it is not the newest one's."""
    lines = by_incident([_told(each, telling) for each in own], is_open=telling.is_open)
    name = plain_day(day, telling.newest or day)
    if len(lines) == 1:
        return Day(name, weekday(day), lines, "", "")
    words = _("On %(day)s") % {"day": long_date(day)}
    return Day(name, weekday(day), lines, words, column(sum_of(own)))


def by_incident(own: Iterable[Told], *, is_open: bool) -> tuple[Line, ...]:
    """The lines of a day, those of one ticket together where the first of them stands."""
    found: dict[str, list[Told]] = {}
    for number, each in enumerate(own):
        found.setdefault(each.incident or f"alone {number}", []).append(each)
    return tuple(_incident(each, is_open=is_open) for each in found.values())


def _incident(own: Sequence[Told], *, is_open: bool) -> Line:
    if len(own) == 1:
        return own[0].line
    parts, last = tuple(each.line for each in own), own[-1].so_far
    total = sum((each.hours for each in own), ZERO)
    return Line(
        text=parts[0].text,
        why=_who(own),
        pool=_pool_of(parts),
        hours=column(total),
        so_far=so_far_words(last) if last is not None and last != total else "",
        parts=parts,
        is_open=is_open or any(each.corrected for each in parts),
    )


def _pool_of(parts: Sequence[Line]) -> str:
    """The pool that all of them are of."""
    (first, *others) = {each.pool for each in parts}
    return "" if others else first


def _who(own: Sequence[Told]) -> str:
    """2 people, 3 entries; how many people it was is left out where one of them isn't known."""
    marks = {each.person for each in own}
    count = len({each.entry for each in own})
    entries = ngettext("%(count)s entry", "%(count)s entries", count) % {"count": count}
    if "" in marks:
        return entries
    people = ngettext("%(count)s person", "%(count)s people", len(marks)) % {"count": len(marks)}
    return people if len(marks) == count else f"{people}, {entries}"


def _told(each: Placed, telling: Telling) -> Told:
    entry = each.entry
    line = Line(
        text=entry.description,
        why=explain(entry.draw, entry.terms or telling.terms, telling.phrases),
        pool=telling.pools.get(entry.draw.pool, ""),
        hours=column(entry.draw.hours, telling.phrases.language),
        corrected=corrected_words(entry),
        so_far=so_far_words(each.so_far),
        ask_href=telling.asking(each) if telling.asking else "",
        number=str(each.place),
    )
    return Told(line, entry.draw.hours, each.so_far, entry.incident, entry.person, entry.draw.work.ref)


def so_far_words(taken: Decimal | None) -> str:
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
