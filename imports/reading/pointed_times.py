"""Times of day without a colon: "9.30", "9,30", "0930". What they are is proven over the whole file, or they are none.

"9.50" could be ten to ten or half past nine in hours with decimals; "0930" could count minutes. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

_TIME = re.compile(r"(?:([0-9]{1,2})[.,]([0-9]{2})|([0-9]{1,2})([0-9]{2}))", re.ASCII)
_QUARTERS = frozenset({0, 25, 50})  # minutes that parts of an hour would be as well
_TOLERANCE = Decimal("0.02")
_MOST_CHARS = 5


class Times(NamedTuple):
    """Start and end as they stand in a row, "" where they are empty; and its hours, where it has some."""

    start: str
    end: str
    hours: Decimal | None = None


def are_proven(shifts: Sequence[Times]) -> bool:
    """Whether all times without a colon are hours and minutes.

    >>> are_proven([Times("9.00", "14.30")]), are_proven([Times("9.50", "14.25", Decimal("4.75"))])
    (True, False)
    """
    texts = [text for shift in shifts for text in (shift.start, shift.end) if _lacks_colon(text)]
    if not texts or not all(_is_clock(text) for text in texts):
        return False
    as_clock, as_number = _fitting(shifts)
    return _look_like_clock(texts) if as_clock == as_number else as_clock > as_number


def _look_like_clock(texts: Sequence[str]) -> bool:
    """By how they are written: minutes that no quarters of an hour give, or all on the hour; 0830 without a point."""
    if any(text.isdigit() for text in texts):
        return any(text.isdigit() and text.startswith("0") and len(text) == 4 for text in texts)
    minutes = {int(text[-2:]) for text in texts}
    return bool(minutes - _QUARTERS) or minutes == {0}


def with_colon(text: str) -> str:
    """The same time with a colon; any other text as it is.

    >>> with_colon("9.30"), with_colon("0930"), with_colon("9:30")
    ('9:30', '09:30', '9:30')
    """
    found = _TIME.fullmatch(text.strip()) if len(text.strip()) <= _MOST_CHARS else None
    if found is None:
        return text
    return f"{found[1] or found[3]}:{found[2] or found[4]}"


def _lacks_colon(text: str) -> bool:
    """Whether it is none of the times that stand for themselves: 9:30, 9am."""
    return bool(text) and ":" not in text and not any(sign.isalpha() for sign in text)


def _is_clock(text: str) -> bool:
    hours, colon, minutes = with_colon(text).partition(":")
    if not colon or text == f"{hours}:{minutes}":
        return False
    return (int(hours) < 24 and int(minutes) < 60) or (hours, minutes) == ("24", "00")


def _fitting(shifts: Iterable[Times]) -> tuple[int, int]:
    """How many rows have the hours between their times, read as clock and as numbers; where these differ.

    Hours that are written as the times are ("1.30" beside 9.00 and 10.30) fit both ways, and prove neither.
    """
    as_clock = as_number = 0
    for shift in shifts:
        if shift.hours is None or not (_is_clock(shift.start) and _is_clock(shift.end)):
            continue
        clock = _of_clock(shift.end) - _of_clock(shift.start)
        number = _of_number(shift.end) - _of_number(shift.start)
        whole, part = divmod(shift.hours, 1)
        is_alike = part and abs(whole + part * 100 / 60 - clock) <= _TOLERANCE
        if clock != number and not is_alike:
            as_clock += abs(clock - shift.hours) <= _TOLERANCE
            as_number += abs(number - shift.hours) <= _TOLERANCE
    return as_clock, as_number


def _of_clock(text: str) -> Decimal:
    hours, _colon, minutes = with_colon(text).partition(":")
    return Decimal(hours) + Decimal(minutes) / 60


def _of_number(text: str) -> Decimal:
    """With a point parts of an hour, without one minutes since midnight."""
    return Decimal(text) / 60 if text.isdigit() else Decimal(text.replace(",", "."))
