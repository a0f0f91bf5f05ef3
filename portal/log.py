"""The work log: the counted entries of a cycle by day, newest first, and totals that add up.

Shown are date, client-facing words, counted hours with their explanation, and the pool: nothing else of an
entry gets this far. Entries that are not counted stay out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.days import dated, long_date, short_date, span, weekday
from presentation.explanations import Phrases, explain
from presentation.facts import LogEntry
from presentation.phrases import column
from retainers.balance import CycleBalance
from retainers.hours import ZERO
from retainers.terms import Terms


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    why: str
    pool: str
    hours: str
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's lines; `total` is "" where a single line already is the total."""

    date: str
    weekday: str
    lines: tuple[Line, ...]
    total_words: str
    total: str


@dataclass(frozen=True, slots=True)
class Total:
    name: str
    hours: str
    is_sum: bool


@dataclass(frozen=True, slots=True)
class PoolChoice:
    """One way to look at the log: all of it, or one pool."""

    name: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Log:
    """`part` is the id of its section, at which the links of the filter land.

    `taken_back` says which lines of a settled cycle are gone; `statement_href` leads to what was
    stated of the cycle.
    """

    part: str
    count: str
    days: tuple[Day, ...]
    totals: tuple[Total, ...]
    choices: tuple[PoolChoice, ...]
    empty: str
    csv_href: str
    taken_back: tuple[str, ...] = ()
    statement_href: str = ""


def pool_names(cycle: CycleBalance) -> dict[str, str]:
    return {pool.key: pool.name for pool in cycle.pools}


def shown_entries(entries: Sequence[LogEntry], pool: str) -> tuple[LogEntry, ...]:
    """The counted entries of one pool (or "" for all), newest first; within a day as they were recorded."""
    counted = [each for each in entries if each.draw.reason is None and pool in ("", each.draw.pool)]
    return tuple(sorted(counted, key=lambda entry: entry.draw.work.day, reverse=True))


def days(entries: Sequence[LogEntry], terms: Terms, names: Mapping[str, str]) -> tuple[Day, ...]:
    """The entries by day. `names` are the pools' names where a line should say its pool."""
    phrases = Phrases.here()
    found = []
    for day, group in groupby(entries, key=lambda entry: entry.draw.work.day):
        own = tuple(group)
        lines = (
            Line(
                text=entry.description,
                why=explain(entry.draw, terms, phrases),
                pool=names.get(entry.draw.pool, ""),
                hours=column(entry.draw.hours),
                corrected=_corrected(entry),
            )
            for entry in own
        )
        found.append(_day(day, own, tuple(lines)))
    return tuple(found)


def _day(day: date, entries: Sequence[LogEntry], lines: tuple[Line, ...]) -> Day:
    if len(lines) == 1:
        return Day(short_date(day), weekday(day), lines, "", "")
    words = _("On %(day)s") % {"day": long_date(day)}
    return Day(short_date(day), weekday(day), lines, words, column(_sum(entries)))


def _corrected(entry: LogEntry) -> str:
    """What a line says that reads otherwise than when its cycle was settled."""
    if entry.corrected_on is None:
        return ""
    values = {"day": dated(entry.corrected_on), "hours": column(entry.was or ZERO)}
    if entry.was is None:
        return _("added later, published on %(day)s") % values
    if entry.was == entry.draw.hours:
        return _("corrected, published on %(day)s") % values
    return _("was %(hours)s h, corrected on %(day)s") % values


def taken_back(counts: Sequence[tuple[date, int]]) -> tuple[str, ...]:
    """A sentence for each day on which lines were taken back."""
    return tuple(
        ngettext(
            "%(count)d line was taken back on %(day)s.", "%(count)d lines were taken back on %(day)s.", count
        )
        % {"count": count, "day": dated(on)}
        for on, count in counts
    )


def totals(entries: Sequence[LogEntry], cycle: CycleBalance) -> tuple[Total, ...]:
    """What the lines add up to: a sum for each pool that has work, and all of it together."""
    whole = Total(_("Hours used"), column(_sum(entries)), is_sum=True)
    names = pool_names(cycle)
    by_pool = {key: [each for each in entries if each.draw.pool == key] for key in names}
    with_work = {key: own for key, own in by_pool.items() if own}
    if len(with_work) < 2:
        return (whole,)
    parts = (Total(names[key], column(_sum(own)), is_sum=False) for key, own in with_work.items())
    return (*parts, whole)


def count_words(entries: Sequence[LogEntry], cycle: CycleBalance) -> str:
    count = ngettext("%(count)s entry", "%(count)s entries", len(entries)) % {"count": len(entries)}
    return f"{span(cycle.starts, cycle.ends)} · {count}"


def _sum(entries: Sequence[LogEntry]) -> Decimal:
    return sum((entry.draw.hours for entry in entries), ZERO)
