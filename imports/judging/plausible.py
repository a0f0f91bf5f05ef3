"""Rows that can be read and are hardly true: what a person is asked about them before anything is published.

Pure functions over the rows that are new or changed; which of the answers are known already, and what they
hold back, is for `publishing`. Source: domain.md, "Questions".
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from imports.reading.dates import written
from imports.reading.rows import ACCEPT, Question, QuestionKind, Row
from presentation.counts import counted
from retainers.hours import ZERO, write_hours

A_DAY = Decimal(24)
TIMES_TOLERANCE = Decimal(1)
PROOF_TOLERANCE = Decimal("0.02")  # the seconds that an export leaves out
A_YEAR = timedelta(days=366)
_NAMED = 3


class Life(NamedTuple):
    """The first and the last day of a retainer; `ends` None: it goes on."""

    starts: date
    ends: date | None


_said_of_hours = attrgetter("worked", "billable", "deducted", "elapsed")
day_of_a_person = attrgetter("technician", "date", "worked")
_whose_day, _worked = attrgetter("technician", "date"), attrgetter("worked")


def odd(rows: Iterable[Row]) -> bool:
    """Whether any row has hours below zero or against its own times; of rows that say the same, one is looked at."""
    every = list(rows)
    alike = dict(zip(map(_said_of_hours, every), every, strict=True)).values()
    return any(least(row) < 0 or _contradicts_its_times(row) for row in alike)


def any_long(rows: Iterable[Row]) -> bool:
    """Whether any of these rows, or the day of any technician, may have more than 24 hours.

    Hours are added up only of days with so many rows that they may be more.
    """
    every = list(rows)
    longest = max((abs(worked or ZERO) for worked in set(map(_worked, every))), default=ZERO)
    days = Counter(map(_whose_day, every)).items()
    may_be = {whose for whose, number in days if whose[0] and number * longest > A_DAY}
    return longest > A_DAY or (bool(may_be) and _longest(may_be, every) > A_DAY)


def _longest(days: Collection[tuple[str, date]], rows: Iterable[Row]) -> Decimal:
    """The most hours, whatever their sign, of one of these days of technicians."""
    hours = dict.fromkeys(days, ZERO)
    for technician, day, worked in map(day_of_a_person, rows):
        if (technician, day) in hours:
            hours[technician, day] += abs(worked or ZERO)
    return max(hours.values())


def times(rows: Iterable[Row]) -> Question | None:
    """Hours that exceed the clock by more than an hour, or an end that the file puts before its start.

    >>> row = Row(line=2, date=date(2026, 7, 1), worked=Decimal("18.42"), elapsed=Decimal("0.31"))
    >>> times([row]).lines
    (2,)
    """
    found = [row for row in rows if _contradicts_its_times(row)]
    if not found:
        return None
    text = (
        f"{_rows(found)} of {_hours(found)} h in all {_say(found, 'has', 'have')} times that don’t fit "
        f"{_say(found, 'its', 'their')} hours{_example(found)}. Check the unit and the times."
    )
    return _question("times", text, found)


def _contradicts_its_times(row: Row) -> bool:
    if row.elapsed is None or row.worked is None:
        return False
    return row.elapsed < 0 or abs(row.worked) - row.elapsed > TIMES_TOLERANCE


def _example(rows: Sequence[Row]) -> str:
    row = next((row for row in rows if row.start and row.end), None)
    if row is None or row.start is None or row.end is None:
        return ""
    return f" (line {row.line}: {row.start:%H:%M} to {row.end:%H:%M}, {write_hours(row.worked or ZERO)} h)"


def long(rows: Iterable[Row]) -> Iterator[Question]:
    """Entries over 24 hours, and days of a technician over 24; those that their own times prove apart."""
    found = [row for row in rows if row.worked]
    entries = [row for row in found if _is_long(row)]
    proven = [row for row in entries if _is_proven(row)]
    if proven:
        text = (
            f"{_rows(proven)} of more than 24 hours, {_hours(proven)} h in all. Start and end of "
            f"{_say(proven, 'the entry', 'each')} say the same."
        )
        yield _question("long", text, proven, preset=ACCEPT, field="proven", technicians=_technicians(proven))
    rest = [row for row in entries if not _is_proven(row)]
    if rest:
        text = f"{_rows(rest)} of more than 24 hours, {_hours(rest)} h in all. Check the unit."
        yield _question("long", text, rest, field="entries", technicians=_technicians(rest))
    yield from _long_days(row for row in found if not _is_long(row))


def _is_long(row: Row) -> bool:
    return abs(row.worked or ZERO) > A_DAY


def _is_proven(row: Row) -> bool:
    return row.elapsed is not None and abs(row.elapsed - (row.worked or ZERO)) <= PROOF_TOLERANCE


def _long_days(rows: Iterable[Row]) -> Iterator[Question]:
    days = {day: found for day, found in _by_person(rows).items() if _sum(found) > A_DAY}
    if days:
        named = [f"{who} on {written(day)} ({_hours(found)} h)" for (who, day), found in days.items()]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        found = sorted((row for rows in days.values() for row in rows), key=lambda row: row.line)
        text = (
            f"More than 24 hours in one day: {', '.join(named[:_NAMED])}{more}. "
            "Check for duplicate entries, or for several people who share a name."
        )
        yield _question("long", text, found, field="days", technicians=_technicians(found))


def _by_person(rows: Iterable[Row]) -> dict[tuple[str, date], list[Row]]:
    """The rows of each technician on each day."""
    found: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for row in rows:
        if row.technician:
            found[row.technician, row.date].append(row)
    return found


def negative(rows: Iterable[tuple[str, Row]], standing: Iterable[tuple[str, Row]] = ()) -> Question | None:
    """Hours below zero that reverse no entry of the same client, ticket or technician.

    Both are (client, row); `standing` are the entries that are published and stay. What is reversed has at
    least the hours that are taken back.
    """
    asked = list(rows)
    below = [(client, row) for client, row in asked if least(row) < 0]
    if not below:
        return None
    reversible = _Reversible((*asked, *standing))
    found = [row for client, row in below if (row.worked or ZERO) > 0 or not reversible.has(client, row)]
    if not found:
        return None
    text = (
        f"{_rows(found)} of hours below zero, {_hours(found)} h in all, {_say(found, 'takes', 'take')} back "
        "work that is in no entry of the same client, ticket or technician."
    )
    return _question("negative", text, found)


def least(row: Row) -> Decimal:
    """The lowest of the hours that it says: what is billed of work may be below zero beside worked hours."""
    return min(
        (hours for hours in (row.worked, row.billable, row.deducted) if hours is not None), default=ZERO
    )


class _Reversible:
    """The longest entry of each client, by ticket, by technician, and by neither."""

    def __init__(self, rows: Iterable[tuple[str, Row]]) -> None:
        self._longest: dict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
        for client, row in rows:
            hours = max(filter(None, (row.worked, row.billable, row.deducted)), default=ZERO)
            for key in self._keys(client, row) if hours > 0 else ():
                self._longest[key] = max(self._longest[key], hours)

    def has(self, client: str, row: Row) -> bool:
        size = -least(row)
        return any(self._longest.get(key, ZERO) >= size for key in self._keys(client, row))

    @staticmethod
    def _keys(client: str, row: Row) -> Iterator[tuple[str, str, str]]:
        if row.ticket:
            yield client, "ticket", row.ticket
        if row.technician:
            yield client, "technician", row.technician.casefold()
        if not row.ticket and not row.technician:
            yield client, "", ""


def years(rows: Iterable[Row], lives: Iterable[Life]) -> Question | None:
    """Dates off every retainer's life by more than a year, as a wrong century or order of dates makes them."""
    spans = list(lives)
    off = _Off(spans)
    found = [row for row in rows if spans and off[row.date]]
    if not found:
        return None
    text = (
        f"{_rows(found)} of {_hours(found)} h in all {_say(found, 'is', 'are')} dated more than a year off "
        f"every retainer’s life, for example {found[0].date} in line {found[0].line}. "
        "Check the years."
    )
    return _question("years", text, found)


def any_off(days: Iterable[date], lives: Sequence[Life]) -> bool:
    """Whether one of these days is off every retainer's life by more than a year."""
    return bool(lives) and any(map(_Off(lives).__getitem__, days))


class _Off(dict[date, bool]):
    """Whether a day lies off every life by more than a year; found once for each day."""

    def __init__(self, lives: Sequence[Life]) -> None:
        super().__init__()
        self._lives = lives

    def __missing__(self, day: date) -> bool:
        self[day] = all(
            life.starts - day > A_YEAR or (life.ends is not None and day - life.ends > A_YEAR)
            for life in self._lives
        )
        return self[day]


def _question(
    kind: QuestionKind,
    text: str,
    rows: Sequence[Row],
    *,
    preset: str = "",
    field: str = "",
    technicians: tuple[str, ...] = (),
) -> Question:
    lines = tuple(row.line for row in rows)
    return Question(kind, text, lines, _sum(rows), preset=preset, field=field, technicians=technicians)


def _sum(rows: Iterable[Row]) -> Decimal:
    return sum((row.worked or ZERO for row in rows), ZERO)


def _hours(rows: Iterable[Row]) -> str:
    return write_hours(_sum(rows))


def _technicians(rows: Iterable[Row]) -> tuple[str, ...]:
    return tuple(sorted({row.technician for row in rows if row.technician}))


def _rows(rows: Sequence[Row]) -> str:
    return counted(len(rows), "row", "rows")


def _say(rows: Sequence[Row], one: str, several: str) -> str:
    return one if len(rows) == 1 else several
