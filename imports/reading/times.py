"""A time of day as a cell writes it, and the zone beside it: 9:00 AM, 24:00, 9 Uhr 30, 08:15:00+02:00."""

import re
from datetime import time, timedelta, timezone
from typing import NamedTuple

_CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,:][0-9]{1,9})?)?(?: ?([AaPp])\.?[Mm]\.?)?", re.ASCII
)
_SPOKEN = re.compile(  # 9am, 9.30 Uhr, 9 Uhr 30, 9h30
    r"([0-9]{1,2})(?:[.:]([0-9]{2}))? ?(?:([AaPp])\.?[Mm]\.?|Uhr(?: ([0-9]{2}))?|h(?: ?([0-9]{2}))?)",
    re.ASCII,
)
_ZONE = re.compile(r" ?(?:([A-Z]{1,4})|(?:UTC|GMT)?([+-])([01]?[0-9]):?([0-5][0-9])?)", re.ASCII)
_ZONES = {  # hours from UTC; what names two zones (IST, BST's other one) is none
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9,
    "AKDT": -8, "HST": -10, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip


class ClockTime(NamedTuple):
    at: time
    zone: timezone | None = None
    is_next_day: bool = False  # 24:00 is the next day's midnight
    is_halved: bool = False  # AM or PM stands beside the time


def read_time(text: str) -> ClockTime | None:
    """The time that a text is; None where it is none, or has a zone beside it that nobody knows.

    >>> read_time("9.30 Uhr").at, read_time("12:05 am").at, read_time("24:00").is_next_day, read_time("9:00 XYZ")
    (datetime.time(9, 30), datetime.time(0, 5), True, None)
    """
    if spoken := _SPOKEN.fullmatch(text):
        return _spoken(spoken)
    found = _CLOCK.match(text)
    return _shown(found, text[found.end() :]) if found and _is_zone(text[found.end() :]) else None


def _shown(found: re.Match[str], after: str) -> ClockTime | None:
    """A time with a colon; after it stands its zone, or nothing."""
    hour, minute, second = (int(part or 0) for part in found.group(1, 2, 3))
    is_midnight = (hour, minute, second) == (24, 0, 0) and not found[4]
    at = _time(0 if is_midnight else hour, minute, second, found[4])
    return ClockTime(at, _zone(after), is_midnight, bool(found[4])) if at else None


def _spoken(found: re.Match[str]) -> ClockTime | None:
    """A time as it is said, in words that leave no doubt."""
    hour, minute, half, *after = found.groups()
    at = _time(int(hour), int(minute or next(filter(None, after), 0)), 0, half)
    return ClockTime(at, is_halved=bool(half)) if at else None


def _time(hour: int, minute: int, second: int, half: str | None) -> time | None:
    """`half`: the A or P of AM and PM."""
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half in "Pp" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _is_zone(after: str) -> bool:
    """Whether what stands after a time is nothing, or a zone that is known."""
    zone = _ZONE.fullmatch(after)
    return not after or (zone is not None and zone[1] in (None, *_ZONES))


def _zone(after: str) -> timezone | None:
    """How far a zone that `_is_zone` knows is from UTC; None where none is written."""
    found = _ZONE.fullmatch(after)
    if not after or found is None:
        return None
    if found[1]:
        return timezone(timedelta(hours=_ZONES[found[1]]))
    shift = timedelta(hours=int(found[3]), minutes=int(found[4] or 0))
    return timezone(-shift if found[2] == "-" else shift)
