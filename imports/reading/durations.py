"""What a cell of hours says: clocks, ISO and spelled durations in five languages, and bare numbers.

Nothing is guessed: a cell that could mean two things raises `BadValueError`. What a column's bare numbers
count is the business of `units`.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache

from imports.reading.formats.table import Unit
from imports.reading.values import MAX_VALUE_CHARS, NUMBER, BadValueError, parse_number, plain
from retainers.hours import WORKED_PLACES, ZERO, round_half_up

MAX_ENTRY_HOURS = Decimal(24)
MAX_HOURS = Decimal(1_000_000)


PER_HOUR = {
    Unit.HOURS: Decimal(1),
    Unit.MINUTES: Decimal(60),
    Unit.SECONDS: Decimal(3_600),
    Unit.MILLISECONDS: Decimal(3_600_000),
    Unit.QUARTERS: Decimal(4),
}
HOURS_A_WORKDAY = Decimal(8)
_A_DAY = Decimal(24)
HOURS_EACH = {Unit.DAYS: HOURS_A_WORKDAY, Unit.WHOLE_DAYS: _A_DAY}
_WORKDAYS_A_WEEK = 5
_WANTED = "wanted one like 1.25, 1:15 or 75 min"

_H = r"(?:h\.?|hrs?\.?|hours?|std\.?|stunden?|uur|uren|u|heures?|horas?)"
_M = r"(?:m\.?|min\.?|mins\.?|minutes?|minuten|minuut|minutos?|'|′)"
_S = r"(?:s|secs?\.?|seconds?|sek\.?|sekunden?|secondes?|seconden?|segundos?|\"|″)"
_D = r"(?:d|days?|tage?|jours?|d[ií]as?|dagen|dag)"
_W = r"(?:w|wks?|weeks?|wochen?|semaines?|semanas?|weken|week)"
_N = r"([0-9]{1,12}(?:[.,][0-9]{1,12})?|[.,][0-9]{1,12})"
_AND = r"[ ,]*(?:and |und |et |y |en )?"
_CLOCK = re.compile(
    r"([0-9]{1,5}):([0-9]{2,3})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?(?: ?(" + _H + "|" + _M + "))?", re.ASCII
)
_DAYS_CLOCK = re.compile(
    rf"([0-9]{{1,3}})(?: {_D},? ?|\.)([0-9]{{1,2}}):([0-9]{{2}}):([0-9]{{2}})(?:[.,][0-9]{{1,9}})?"
)
_ISO = re.compile(
    r"p(?:([0-9]{1,4})d)?(?:t(?:([0-9.,]{1,12})h)?(?:([0-9.,]{1,12})m)?(?:([0-9.,]{1,12})s)?)?", re.ASCII
)
_WORDS = re.compile(
    rf"(?:{_N} ?{_W})?{_AND}(?:{_N} ?{_D})?{_AND}(?:{_N} ?{_H})?{_AND}(?:{_N} ?{_M})?{_AND}(?:{_N} ?{_S})?"
)
_HOURS_THEN_MINUTES = re.compile(rf"([0-9]{{1,5}}) ?{_H} ?([0-9]{{2}})")
_MILLISECONDS = re.compile(r"([0-9]{1,15}) ?(?:ms|milliseconds?|millisekunden?)")
_IN_DAYS = re.compile(rf"[0-9] ?(?:{_D}|{_W})(?![a-z])")
_SIGNS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_FRACTION = re.compile(r"(?:\b([0-9]{1,4}) ?)?(?:([½¼¾⅓⅔⅛])|(?<![0-9/])([1-9])/([1-9])(?![0-9/]))")
_FLOAT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?e-[0-9]{1,2}", re.ASCII)


def parse_duration(text: str, unit: Unit, mark: str = "") -> Decimal:
    """Hours at four places, half up; `unit` is what a bare number counts. Raises `BadValueError`.

    >>> parse_duration("1:30", Unit.HOURS), parse_duration("1 Std. 15 Min.", Unit.OPEN)
    (Decimal('1.5000'), Decimal('1.2500'))
    >>> parse_duration("90", Unit.MINUTES), parse_duration("18:25 min", Unit.OPEN)
    (Decimal('1.5000'), Decimal('0.3069'))
    """
    value = text if len(text) <= MAX_VALUE_CHARS else plain(text)
    if len(value) > MAX_VALUE_CHARS:
        raise BadValueError("far too long for a duration")
    return _hours(value, unit, mark)


@lru_cache(maxsize=10_000)
def _hours(text: str, unit: Unit, mark: str) -> Decimal:
    value = plain(text)
    sign, body = _signed(value)
    body = _without_fractions(body)
    hours = _spelled_hours(body.lower(), mark)
    if hours is None:
        hours = _bare_hours(body, unit, mark)
    if hours > MAX_HOURS:
        raise BadValueError("more hours than a file can hold; wanted a duration like 1.25")
    return round_half_up(sign * hours, WORKED_PLACES) + ZERO  # never -0


@lru_cache(maxsize=20_000)
def is_bare(text: str) -> bool:
    """Whether a cell is a number with no unit of its own, so that its column has to know the unit.

    >>> is_bare("40"), is_bare("40 min"), is_bare("0:40"), is_bare("1½")
    (True, False, False, True)
    """
    if len(text) > MAX_VALUE_CHARS + 1:
        return False
    body = _without_fractions(_signed(plain(text))[1]).lower()
    return bool(NUMBER.fullmatch(body) or _FLOAT.fullmatch(body))


def counts_days(text: str) -> bool:
    """Whether a duration counts days or weeks of work, which may have eight hours or not ("1d 2h").

    >>> counts_days("1d 2h"), counts_days("P1DT2H"), counts_days("1 day, 2:30:00")
    (True, False, False)
    """
    body = plain(text[: MAX_VALUE_CHARS + 1]).lower()
    return bool(_IN_DAYS.search(body)) and ":" not in body and not body.startswith("p")


def bare_amount(text: str, mark: str = "") -> Decimal | None:
    """The number of a cell that is nothing but one; None for any other."""
    return _bare_amount(text, mark) if text and is_bare(text) else None


@lru_cache(maxsize=20_000)
def _bare_amount(text: str, mark: str) -> Decimal | None:
    sign, body = _signed(plain(text))
    try:
        return sign * _number(_without_fractions(body), mark)
    except BadValueError:
        return None


def _signed(value: str) -> tuple[int, str]:
    if value.startswith("(") and value.endswith(")"):
        return -1, value[1:-1].strip()
    if value[:1] in ("-", "+"):
        return (-1 if value[0] == "-" else 1), value[1:].strip()
    return 1, value


def _spelled_hours(body: str, mark: str) -> Decimal | None:
    """Hours of a duration that names its own units; None for a bare number."""
    for pattern, hours_of in _SPELLED:
        if found := pattern.fullmatch(body):
            return hours_of(found, mark)
    return None


def _from_clock(clock: re.Match[str], _mark: str) -> Decimal:
    """h:mm, h:mm:ss, or mm:ss where minutes are named; 0:90 is an hour and a half."""
    hours, minutes, seconds, unit = clock.groups()
    if unit and re.fullmatch(_M, unit):
        if seconds:
            raise BadValueError(f"not a duration; {_WANTED}")
        return _from_parts("0", hours, minutes)
    return _from_parts(hours, minutes, seconds)


def _from_days_and_clock(found: re.Match[str], _mark: str) -> Decimal:
    days, *parts = found.groups()
    return Decimal(days) * _A_DAY + _from_parts(*parts)


def _from_iso(found: re.Match[str], mark: str) -> Decimal:
    days, *parts = found.groups()
    return Decimal(days or 0) * _A_DAY + _loose_parts(parts, mark)


def _from_hours_then_minutes(found: re.Match[str], _mark: str) -> Decimal:
    return _from_parts(found[1], found[2], None)


def _from_milliseconds(found: re.Match[str], _mark: str) -> Decimal:
    return Decimal(found[1]) / PER_HOUR[Unit.MILLISECONDS]


def _from_words(found: re.Match[str], mark: str) -> Decimal | None:
    """Weeks and days are those of work. All parts may be missing: then there are no words."""
    if not any(found.groups()):
        return None
    weeks, days, *parts = found.groups()
    whole = _part(weeks, mark) * _WORKDAYS_A_WEEK + _part(days, mark)
    return whole * HOURS_A_WORKDAY + (_loose_parts(parts, mark) if any(parts) else ZERO)


_SPELLED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Decimal | None]], ...] = (
    (_CLOCK, _from_clock),
    (_DAYS_CLOCK, _from_days_and_clock),
    (_ISO, _from_iso),
    (_HOURS_THEN_MINUTES, _from_hours_then_minutes),
    (_MILLISECONDS, _from_milliseconds),
    (_WORDS, _from_words),
)


def _from_parts(hours: str, minutes: str, seconds: str | None) -> Decimal:
    if int(seconds or 0) > 59 or (int(hours) and int(minutes) > 59):
        raise BadValueError("not a duration: minutes and seconds go up to 59; wanted one like 1:45")
    return Decimal(hours) + Decimal(minutes) / 60 + Decimal(seconds or 0) / 3600


def _part(text: str | None, mark: str) -> Decimal:
    return parse_number(text, mark) if text else ZERO


def _loose_parts(parts: Sequence[str | None], mark: str) -> Decimal:
    if not any(parts):
        raise BadValueError(f"not a duration; {_WANTED}")
    hours, minutes, seconds = (_part(part, mark) for part in parts)
    if parts[0] and minutes >= 60:
        raise BadValueError("not a duration: after hours, minutes go up to 59; wanted one like 1h 45m")
    return hours + minutes / 60 + seconds / 3600


def _bare_hours(body: str, unit: Unit, mark: str) -> Decimal:
    if body[:1] in ("-", "+"):
        raise BadValueError(f"not a duration; {_WANTED}")
    amount = _number(body, mark)
    if unit is Unit.OPEN and amount and amount == amount.to_integral_value() and body.isdigit():
        raise BadValueError(
            f"could be minutes or hours; write {body} min or {body} h, or say which unit the column is in"
        )
    if unit in HOURS_EACH:
        return amount * HOURS_EACH[unit]
    return amount / PER_HOUR.get(unit, Decimal(1))


def _number(body: str, mark: str) -> Decimal:
    if _FLOAT.fullmatch(body.lower()):
        return Decimal(body)
    if not NUMBER.fullmatch(body):
        raise BadValueError(f"not a duration; {_WANTED}")
    return parse_number(body, mark)


def _without_fractions(body: str) -> str:
    """1½ and 1 1/2 as decimals; whatever else stands there stays.

    >>> _without_fractions("1½ h"), _without_fractions("1 1/2"), _without_fractions("1:30")
    ('1.5 h', '1.5', '1:30')
    """
    if "/" not in body and body.isascii():
        return body
    return _FRACTION.sub(_as_decimal, body)


def _as_decimal(found: re.Match[str]) -> str:
    above, below = _SIGNS[found[2]].split("/") if found[2] else (found[3], found[4])
    amount = Decimal(found[1] or 0) + Decimal(above) / Decimal(below)
    return f"{amount:.6f}".rstrip("0").rstrip(".")
