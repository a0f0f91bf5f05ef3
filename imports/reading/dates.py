"""Dates and times of day in every style of formats.md, section 7; day and month are told apart once a file.

`look` reads a cell's shape without deciding; `decide_order` decides over the whole file; `resolve` then
gives the day. Zones and the provider's own are applied here; which column holds what is told by the formats.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from imports.reading.values import BadValueError, plain

MAX_DATE_CHARS = 80
_NO_DAYS = frozenset(
    {date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)}
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_CONTRADICTING_SHARE = 10

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar", "feb february februar", "mar march märz mrz", "apr april", "may mai",
            "jun june juni", "jul july juli", "aug august", "sep sept september", "oct october okt oktober",
            "nov november", "dec december dez dezember",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]* +", re.ASCII | re.IGNORECASE)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])", re.ASCII)
_DAY_NAME = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[ ./-]{1,2}([A-Za-zä]{3,9})\.?,?[ /-]{1,2}([0-9]{4}|[0-9]{2})(?![0-9])"
)
_NAME_DAY = re.compile(
    r"([A-Za-zä]{3,9})\.?[ -]{1,3}([0-9]{1,2})(?:st|nd|rd|th)?,?[ -]{1,2}([0-9]{4})(?![0-9])"
)
_CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,:][0-9]{1,9})?)?(?: ?([AaPp])\.?[Mm]\.?)?", re.ASCII
)
_ZONE = re.compile(r" ?(?:(Z|UTC|GMT)|([+-])([01][0-9]):?([0-5][0-9]))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell's shape says: a day that needs no order, or three numbers that do; a time; a zone."""

    day: date | None = None
    numbers: tuple[int, int, int] | None = None
    is_dotted: bool = False
    has_short_year: bool = False
    at: time | None = None
    zone: timezone | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a time of day, or both, in the provider's zone."""

    day: date | None = None
    at: time | None = None


class UndecidableOrderError(ValueError):
    """Day and month can't be told apart (`is_contradiction`: the file says both)."""

    def __init__(self, line: int, value: str, *, is_contradiction: bool) -> None:
        super().__init__(value)
        self.line = line
        self.value = value
        self.is_contradiction = is_contradiction


def look(text: str) -> Look | None:
    """The shape of a date, a time or both; None where it is neither.

    >>> look("6/2/2026 9:00 AM").numbers, look("2 June 2026").day, look("soon")
    ((6, 2, 2026), datetime.date(2026, 6, 2), None)
    """
    return _look(text) if len(text) <= MAX_DATE_CHARS else None


@lru_cache(maxsize=50_000)
def _look(text: str) -> Look | None:
    value = " ".join(plain(text).split())
    value = value[found.end() :] if (found := _WEEKDAY.match(value)) else value
    dated = _date_look(value)
    if dated is None:
        return _with_clock(Look(), value)
    seen, end = dated
    rest = value[end:].lstrip(" ,T")
    if not rest:
        return seen
    return _with_clock(seen, rest) if end < len(value) and value[end] in " ,T" else None


def _date_look(value: str) -> tuple[Look, int] | None:
    """The date at the start of a text, and where it ends."""
    if found := _NUMERIC.match(value):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        numbers = (first, second, year)
        return Look(
            numbers=numbers, is_dotted=found[2] == ".", has_short_year=len(found[4]) == 2
        ), found.end()
    found = _YEAR_FIRST.match(value)
    if found:
        return _fixed(int(found[1]), int(found[3]), int(found[4]), found.end())
    if found := _COMPACT.match(value):
        return _fixed(int(found[1]), int(found[2]), int(found[3]), found.end())
    return _named_look(value)


def _named_look(value: str) -> tuple[Look, int] | None:
    if found := _DAY_NAME.match(value):
        day, name, year = found[1], found[2], found[3]
    elif found := _NAME_DAY.match(value):
        name, day, year = found[1], found[2], found[3]
    else:
        return None
    month = _MONTHS.get(name.lower())
    return (
        _fixed(_full_year(int(year), short=len(year) == 2), month, int(day), found.end()) if month else None
    )


def _fixed(year: int, month: int, day: int, end: int) -> tuple[Look, int] | None:
    try:
        return Look(day=date(year, month, day)), end
    except ValueError:
        return None


def _with_clock(seen: Look, rest: str) -> Look | None:
    found = _CLOCK.match(rest)
    if not found:
        return None
    zone = _ZONE.fullmatch(rest[found.end() :]) if found.end() < len(rest) else None
    at = _clock_time(int(found[1]), int(found[2]), int(found[3] or 0), (found[4] or "").lower())
    if at is None or (found.end() < len(rest) and zone is None):
        return None
    return Look(seen.day, seen.numbers, seen.is_dotted, seen.has_short_year, at, _offset(zone))


def _clock_time(hour: int, minute: int, second: int, half: str) -> time | None:
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _offset(found: re.Match[str] | None) -> timezone | None:
    if found is None:
        return None
    if found[1]:
        return timezone.utc  # noqa: UP017
    shift = timedelta(hours=int(found[3]), minutes=int(found[4]))
    return timezone(-shift if found[2] == "-" else shift)


def _full_year(year: int, *, short: bool) -> int:
    if not short:
        return year
    return year + (2000 if year < 70 else 1900)


def decide_order(cells: Iterable[tuple[int, str]], *, fixed: str, configured: str | None) -> str:
    """The order of day and month for a whole file: "mdy", "dmy", "ymd", or "" where it has no dates.

    A part above 12 anywhere decides; then dots (day first); then the format's own order, then the
    provider's. `cells` are (line, text). Raises `UndecidableOrderError`.

    >>> decide_order([(2, "6/2/2026"), (3, "6/30/2026")], fixed="", configured="dmy")
    'mdy'
    """
    census = _Census(allows_year_first=configured == "ymd")
    for line, text in cells:
        census.count(line, text)
    return census.verdict(fixed, configured)


class _Census:
    """What the dates of a file say about their order, counted."""

    def __init__(self, *, allows_year_first: bool) -> None:
        self.allows_year_first = allows_year_first
        self.mdy = self.dmy = self.year_first = 0
        self.dotted = self.has_fixed = False
        self.open: tuple[int, str] | None = None  # the first date that could be two days
        self.first: dict[str, tuple[int, str]] = {}

    def count(self, line: int, text: str) -> None:
        seen = look(text)
        if seen is None or seen.numbers is None or _is_empty_year(seen):
            self.has_fixed = self.has_fixed or bool(seen and seen.day)
            return
        first, second, _ = seen.numbers
        if self.allows_year_first and seen.has_short_year:
            self.year_first += 1
        elif first <= 12 < second <= 31:
            self.mdy += 1
            self.first.setdefault("mdy", (line, text))
        elif second <= 12 < first <= 31:
            self.dmy += 1
            self.first.setdefault("dmy", (line, text))
        elif 1 <= first <= 12 and 1 <= second <= 12:
            self.first.setdefault("any", (line, text))
            self.dotted = self.dotted or seen.is_dotted
            self.open = self.open or ((line, text) if first != second else None)

    def verdict(self, fixed: str, configured: str | None) -> str:
        if self.mdy and self.dmy:
            return self._outvoted()
        if self.mdy or self.dmy:
            return "mdy" if self.mdy else "dmy"
        if "any" not in self.first:
            return "ymd" if self.has_fixed or self.year_first else ""
        for order in ("dmy" if self.dotted else "", fixed, configured):
            if order in ("mdy", "dmy"):
                return str(order)
        if self.open is None:
            return "mdy"
        raise UndecidableOrderError(*self.open, is_contradiction=False)

    def _outvoted(self) -> str:
        """A stray date against many others is a bad row; as many of each are a broken file."""
        most, least = ("mdy", "dmy") if self.mdy >= self.dmy else ("dmy", "mdy")
        if min(self.mdy, self.dmy) * _CONTRADICTING_SHARE > max(self.mdy, self.dmy):
            raise UndecidableOrderError(*self.first[least], is_contradiction=True)
        return most


def parse_moment(
    text: str, order: str, zone: tzinfo, *, is_utc: bool = False, is_day: bool = False
) -> Moment:
    """The day and time of a cell in `zone`; a stated zone is converted, `is_utc` says that bare ones are UTC.

    `is_day`: a whole day, whatever time and zone stand beside it.

    An empty day (1900-01-01 and its like) is None. Raises `BadValueError`.

    >>> parse_moment("2026-07-01T02:40:00.000Z", "", timezone(timedelta(hours=-4)))
    Moment(day=datetime.date(2026, 6, 30), at=datetime.time(22, 40))
    """
    seen = look(text)
    if seen is None:
        raise BadValueError("not a date or time; wanted one like 2026-06-30 or 08:15")
    day = seen.day or (resolve(seen, order) if seen.numbers and not _is_empty_year(seen) else None)
    if day in _NO_DAYS:
        day = None
    if day and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadValueError(f"the year {day.year} can't be right; wanted a date like 2026-06-30")
    if is_day:
        return Moment(day)
    stated = seen.zone or (timezone.utc if is_utc else None)  # noqa: UP017
    if stated and not day:
        return Moment()
    if day and seen.at and stated:
        local = datetime.combine(day, seen.at, stated).astimezone(zone)
        return Moment(local.date(), local.time())
    return Moment(day, seen.at)


def _is_empty_year(seen: Look) -> bool:
    """A spreadsheet's time without a day: 1/0/1900, 12/30/1899."""
    return seen.numbers is not None and seen.numbers[2] in (1899, 1900)


def resolve(seen: Look, order: str) -> date:
    """The day of three numbers in the file's order. Raises `BadValueError`."""
    first, second, third = seen.numbers or (0, 0, 0)
    year, month, day = third, second, first
    if order == "mdy":
        month, day = first, second
    elif order == "ymd":
        year, day = first, third
    try:
        return date(_full_year(year, short=seen.has_short_year), month, day)
    except ValueError:
        wanted = {"mdy": "month/day/year", "dmy": "day/month/year", "ymd": "year/month/day"}[order or "dmy"]
        raise BadValueError(f"no date; the dates of this file are {wanted}") from None


def is_dated(text: str) -> bool:
    """Whether a cell holds a date in some style, whatever its order."""
    seen = look(text)
    return bool(seen and (seen.day or seen.numbers))
