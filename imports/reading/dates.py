"""Dates and times of day in every style of formats.md, section 7.

`look` reads a cell's shape without deciding; `date_order` decides over the whole file; `resolve` then gives
the day. Zones and the provider's own are applied here; which column holds what is told by the formats.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from imports.reading.times import read_time
from imports.reading.values import BadValueError, Moment, plain

MAX_DATE_CHARS = 80
_NO_DAYS = frozenset(
    {date(1, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)}
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän jänner janv janvier ene enero januari",
            "feb february februar févr fevr fév fev février fevrier febr febrero februari",
            "mar march märz maerz mrz mars marzo mrt maart",
            "apr april avr avril abr abril",
            "may mai mayo mei",
            "jun june juni juin junio",
            "jul july juli juil juillet julio",
            "aug august août aout ago agosto augustus",
            "sep sept september septembre septiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember déc décembre decembre dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|die|mit|don|fre|sam|son|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|dim|"
    r"mié|mie|jue|vie|sáb|sab|dom|maa|din|woe|vri|zat|zon)[^\W\d_]{0,7}[.,]* +",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])", re.ASCII)
_DAY_NAME = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|er|\.)?[ ./-]{1,2}(?:de )?([^\W\d_]{3,10})\.?,?[ /-]{1,2}(?:de )?"
    r"([0-9]{4}|[0-9]{2})(?![0-9])"
)
_NAME_DAY = re.compile(
    r"([^\W\d_]{3,10})\.?[ -]{1,3}([0-9]{1,2})(?:st|nd|rd|th)?,?[ -]{1,2}([0-9]{4})(?![0-9])"
)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?(?:\.0+)?", re.ASCII)
_SERIAL = re.compile(r"(3[0-9]{4}|[4-6][0-9]{4})(?:[.,][0-9]{1,12})?", re.ASCII)
_FIRST_SERIAL = date(1899, 12, 30)


class Look(NamedTuple):
    """What a cell's shape says: a day that needs no order, or three numbers that do; a time; a zone."""

    day: date | None = None
    numbers: tuple[int, int, int] | None = None
    is_dotted: bool = False
    has_short_year: bool = False
    at: time | None = None
    zone: timezone | None = None
    is_next_day: bool = False  # 24:00 is the next day's midnight
    is_halved: bool = False  # AM or PM stands beside the time


def look(text: str) -> Look | None:
    """The shape of a date, a time or both; None where it is neither.

    >>> look("6/2/2026 9:00 AM").numbers, look("2 June 2026").day, look("soon")
    ((6, 2, 2026), datetime.date(2026, 6, 2), None)
    """
    return _look(text) if len(text) <= MAX_DATE_CHARS else None


@lru_cache(maxsize=50_000)
def _look(text: str) -> Look | None:
    value = _composed(" ".join(plain(text).split()))
    if _EPOCH.fullmatch(value):
        return _epoch(value)
    dated = _date_look(value)
    if dated is None and (found := _WEEKDAY.match(value)):
        value = value[found.end() :]
        dated = _date_look(value)
    if dated is None:
        return _with_clock(Look(), value)
    seen, end = dated
    rest = value[end:].lstrip(" ,T")
    if not rest:
        return seen
    return _with_clock(seen, rest) if end < len(value) and value[end] in " ,T" else None


def _composed(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _epoch(value: str) -> Look:
    """Seconds or milliseconds since 1970, as systems count time: an instant in UTC."""
    digits = value.partition(".")[0]
    seconds = int(digits[:10])
    at = datetime.fromtimestamp(seconds, UTC)
    return Look(day=at.date(), at=at.time(), zone=UTC)


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
    found = read_time(rest)
    return seen._replace(**found._asdict()) if found else None


def _full_year(year: int, *, short: bool) -> int:
    if not short:
        return year
    return year + (2000 if year < 70 else 1900)


def parse_moment(
    text: str, order: str, zone: tzinfo, *, is_utc: bool = False, is_day: bool = False
) -> Moment:
    """The day and time of a cell in `zone`; a stated zone is converted, `is_utc` says that bare ones are UTC.

    `is_day`: a whole day, whatever time and zone stand beside it.

    An empty day (1900-01-01 and its like) is None. Raises `BadValueError`.

    >>> moment = parse_moment("2026-07-01T02:40:00.000Z", "", timezone(timedelta(hours=-4)))
    >>> moment.day, moment.at
    (datetime.date(2026, 6, 30), datetime.time(22, 40))
    """
    if len(text) > MAX_DATE_CHARS:
        raise BadValueError(_no_date(text))
    return _moment(text, order, zone, is_utc, is_day)


@lru_cache(maxsize=50_000)
def _moment(text: str, order: str, zone: tzinfo, is_utc: bool, is_day: bool) -> Moment:
    seen = look(text)
    if seen is None:
        raise BadValueError(_no_date(text))
    day = _day_of(seen, order)
    if is_day:
        return Moment(day)
    if day and seen.is_next_day:
        day += timedelta(days=1)
    stated = seen.zone or (UTC if is_utc else None)
    if stated is None:
        return Moment(day, seen.at, None, seen.is_halved)
    return _in_zone(day, seen, stated, zone)


def _day_of(seen: Look, order: str) -> date | None:
    """The day that was seen; None for an empty one. Raises `BadValueError` for one that can't be."""
    day = seen.day
    if day is None and seen.numbers and not is_empty_year(seen):
        day = resolve(seen, order)
    if day is None or day in _NO_DAYS:
        return None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadValueError(f"the year {day.year} can't be right; wanted a date like 2026-06-30")
    return day


def _in_zone(day: date | None, seen: Look, stated: timezone, zone: tzinfo) -> Moment:
    """A time without a day is no instant, so its zone says nothing."""
    if day is None:
        return Moment()
    if seen.at is None:
        return Moment(day, None, None, seen.is_halved)
    instant = datetime.combine(day, seen.at, stated)
    local = instant.astimezone(zone)
    return Moment(local.date(), local.time(), instant)


def _no_date(text: str) -> str:
    serial = _SERIAL.fullmatch(plain(text[:MAX_DATE_CHARS]))
    if serial is None:
        return "not a date or time; wanted one like 2026-06-30 or 08:15"
    day = _FIRST_SERIAL + timedelta(days=int(serial[1]))
    return (
        f"{serial[1]} is how a spreadsheet counts the days: it means {day}. Show the column as a date "
        "there, or upload the export as it came"
    )


def is_empty_year(seen: Look) -> bool:
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


def written(day: date) -> str:
    """A date in a sentence for staff.

    >>> written(date(2026, 7, 1))
    '1 Jul 2026'
    """
    return f"{day.day} {day:%b %Y}"
