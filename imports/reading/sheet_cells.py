"""A cell of a workbook as a text that can be read in one way only: ISO dates, a 24-hour clock, a decimal point."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

_HALF_A_SECOND = timedelta(milliseconds=500)
_EXACT = 10**15  # a spreadsheet keeps fifteen digits
_THOUSANDTHS = -3


def text_of(cell: Any) -> str:
    """What the cell holds (of a formula its last result), in words of a CSV file; "" where nothing stands in it.

    `cell` has a `value` and, where that is a date, a `number_format`.

    >>> from types import SimpleNamespace as Cell
    >>> text_of(Cell(value=timedelta(hours=37, minutes=30))), text_of(Cell(value=1.125))
    ('37:30:00', '1.1250')
    >>> text_of(Cell(value=datetime(2026, 6, 2), number_format="d.m.yy")), text_of(Cell(value=time(9, 30)))
    ('2026-06-02', '09:30:00')
    """
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return _moment(value, cell.number_format)
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    return str(value)


def _number(value: float) -> str:
    """Fifteen digits, as the spreadsheet shows; three decimals get a fourth, lest they be taken for thousands.

    A number too long for it is written with its exponent: its last digits are gone, and the reader says so.
    """
    if abs(value) >= _EXACT:
        return f"{Decimal(f'{value:.15g}').normalize():E}"
    exact = Decimal(f"{value:.15g}")
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}0" if Decimal(text).as_tuple().exponent == _THOUSANDTHS else text


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"


def _moment(value: datetime, number_format: str) -> str:
    """A day, and the time where the cell shows one: midnight is a time too."""
    value = _to_the_second(value)
    is_day = value.time() == time(0) and "h" not in number_format.lower()
    return value.date().isoformat() if is_day else f"{value.date().isoformat()} {_clock(value)}"


def _clock(value: datetime) -> str:
    return _to_the_second(value).strftime("%H:%M:%S")


def _to_the_second(value: datetime) -> datetime:
    rounded = value + _HALF_A_SECOND if value.microsecond else value
    return rounded.replace(microsecond=0)


def _time(value: time) -> str:
    return _clock(datetime.combine(date.min, value))


_WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "TRUE" if value else "FALSE"),  # a number too, so it comes first
    (int, _number),
    (float, _number),
    (timedelta, _duration),
    (time, _time),
)
