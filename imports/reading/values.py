"""What one cell says: numbers, durations and yes or no (formats.md, section 7).

Nothing is guessed: a cell that could mean two things raises `BadValueError`, whose text says what was
seen and what to write instead. Which unit a column is in is the business of `units`, dates of `dates`.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from retainers.hours import WORKED_PLACES, ZERO, round_half_up

MAX_VALUE_CHARS = 60
MAX_ENTRY_HOURS = Decimal(24)
MAX_HOURS = Decimal(1_000_000)


class BadValueError(ValueError):
    """A cell that doesn't say what its column needs; the text is the sentence for a manager."""


class Unit(StrEnum):
    """What a bare number in a column of hours counts. OPEN: nothing says so."""

    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"
    OPEN = "open"


PER_HOUR = {Unit.HOURS: Decimal(1), Unit.MINUTES: Decimal(60), Unit.SECONDS: Decimal(3600)}

_SPACES = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u2009": " ", "\t": " ", "\u2212": "-"}
)
_NUMBER = re.compile(r"([+-]?) ?([0-9.,' ’]*[0-9][0-9.,' ’]*)", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ’][0-9]{3})+", re.ASCII)
_CURRENCY = re.compile(r"(?:[A-Z]{3} |[$€£¥] ?)?(.*?)(?: [A-Z]{3}| ?[$€£¥])?", re.ASCII | re.DOTALL)
_CLOCK = re.compile(r"([0-9]{1,5}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)? ?h?", re.ASCII)
_ISO = re.compile(
    r"P(?:([0-9]{1,4})D)?(?:T(?:([0-9.,]{1,12})H)?(?:([0-9.,]{1,12})M)?(?:([0-9.,]{1,12})S)?)?", re.ASCII
)
_WORDS = re.compile(
    r"(?:([0-9.,]{1,12}) ?(?:h|hrs?|hours?|std\.?|stunden?))? ?,?(?:and )?"
    r"(?:([0-9.,]{1,12}) ?(?:m|min\.?|mins?|minutes?|minuten))? ?,?"
    r"(?:([0-9.,]{1,12}) ?(?:s|secs?|seconds?|sekunden?))?",
    re.ASCII,
)
_SHORT_WORDS = re.compile(r"([0-9]{1,5}) ?h ?([0-9]{2})", re.ASCII)

_YES = frozenset(
    {
        "yes",
        "y",
        "true",
        "t",
        "1",
        "x",
        "on",
        "ja",
        "wahr",
        "oui",
        "si",
        "sí",
        "sim",
        "billable",
        "b",
        "chargeable",
    }
)
_NO = frozenset(
    {
        "no",
        "n",
        "false",
        "f",
        "0",
        "off",
        "nein",
        "falsch",
        "non",
        "nee",
        "não",
        "nb",
        "nc",
        "donotbill",
        "nocharge",
        "nodefault",
    }
    | {"nonbillable", "unbillable", "notbillable", "nonchargeable", "notchargeable", "unchargeable"}
)


def plain(text: str) -> str:
    """A cell for the number grammar: every kind of space a space, outer ones off, the minus a hyphen."""
    return text.translate(_SPACES).strip().lstrip("\ufeff")


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark that a column's cells give away: "." or ",", "" where they don't or disagree.

    >>> decimal_mark(["1,250", "0,75"]), decimal_mark(["1,250"])
    (',', '')
    """
    seen = {mark for mark in (_mark_of(plain(cell)) for cell in cells) if mark}
    return seen.pop() if len(seen) == 1 else ""


def _mark_of(text: str) -> str:
    marks = [sign for sign in text if sign in ".,"]
    if not marks or not is_bare(text):
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return "," if last == "." else "."
    whole, _, part = text.rstrip(") ").rpartition(last)
    return last if len(part) != 3 or whole.strip("(+- ") in ("", "0") else ""


def parse_number(text: str, mark: str = "") -> Decimal:
    """An exact number; `mark` is the file's decimal mark where one is known ("." or ",").

    A currency before or after it is passed over. Raises `BadValueError`.

    >>> parse_number("1.050,00"), parse_number("(0.50)"), parse_number("1 234,5")
    (Decimal('1050.00'), Decimal('-0.50'), Decimal('1234.5'))
    """
    value = plain(text)
    if len(value) > MAX_VALUE_CHARS:
        raise BadValueError("far too long for a number")
    negative = value.startswith("(") and value.endswith(")")
    inner = value[1:-1].strip() if negative else value
    stripped = _CURRENCY.fullmatch(inner)
    number = _NUMBER.fullmatch(stripped[1].strip() if stripped else inner)
    if not number:
        raise BadValueError("not a number; wanted one like 1.25")
    amount = Decimal(_undressed(number[2].strip(), mark))
    return -amount if negative or number[1] == "-" else amount


def _undressed(body: str, mark: str) -> str:
    """The digits with a dot as decimal mark and no marks of thousands."""
    decimal = _decimal_in(body, mark)
    whole, _, part = body.rpartition(decimal) if decimal else (body, "", "")
    if not whole.isdigit() and whole and not _GROUPED.fullmatch(whole):
        raise BadValueError("not a number; wanted one like 1.25")
    digits = "".join(sign for sign in whole if sign.isdigit())
    if part and not part.isdigit():
        raise BadValueError("not a number; wanted one like 1.25")
    return f"{digits or '0'}.{part or '0'}" if decimal else digits


def _decimal_in(body: str, mark: str) -> str:
    """Which sign of a number is its decimal mark; "" where it has none."""
    marks = [sign for sign in body if sign in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    if len(marks) > 1:
        return last if marks.count(last) == 1 else ""
    whole, _, part = body.rpartition(last)
    if len(part) != 3 or whole.lstrip("0") == "" or len(whole) > 3:
        return last
    if mark:
        return last if mark == last else ""
    if last == ",":
        raise BadValueError(
            "could be a thousand or a decimal comma; write it with a decimal point, like 1.25"
        )
    return last


A_DAY = Decimal(24)


def parse_duration(text: str, unit: Unit, mark: str = "") -> Decimal:
    """Hours at four places, half up; `unit` is what a bare number counts. Raises `BadValueError`.

    >>> parse_duration("1:30", Unit.HOURS), parse_duration("1h 15m", Unit.OPEN)
    (Decimal('1.5000'), Decimal('1.2500'))
    >>> parse_duration("90", Unit.MINUTES)
    Decimal('1.5000')
    """
    value = plain(text)
    if len(value) > MAX_VALUE_CHARS:
        raise BadValueError("far too long for a duration")
    return _hours(value, unit, mark)


@lru_cache(maxsize=10_000)
def _hours(value: str, unit: Unit, mark: str) -> Decimal:
    sign, body = _signed(value)
    hours = _spelled_hours(body)
    if hours is None:
        hours = _bare_hours(body, unit, mark)
    if hours > MAX_HOURS:
        raise BadValueError("more hours than a file can hold; wanted a duration like 1.25")
    return round_half_up(sign * hours, WORKED_PLACES) + ZERO  # never -0


def is_bare(text: str) -> bool:
    """Whether a cell is a number with no unit of its own, so that its column has to know the unit.

    >>> is_bare("40"), is_bare("40 min"), is_bare("0:40")
    (True, False, False)
    """
    return bool(_NUMBER.fullmatch(_signed(plain(text[: MAX_VALUE_CHARS + 1]))[1]))


def _signed(value: str) -> tuple[int, str]:
    if value.startswith("(") and value.endswith(")"):
        return -1, value[1:-1].strip()
    if value[:1] in ("-", "+"):
        return (-1 if value[0] == "-" else 1), value[1:].strip()
    return 1, value


def _spelled_hours(body: str) -> Decimal | None:
    """Hours of a duration that names its own units; None for a bare number."""
    if clock := _CLOCK.fullmatch(body):
        hours = _from_parts(clock[1], clock[2], clock[3])
        if hours > A_DAY:
            raise BadValueError("longer than a day; wanted a duration like 1:30, or a number of hours")
        return hours
    if iso := _ISO.fullmatch(body):
        return Decimal(iso[1] or 0) * 24 + _loose_parts(iso[2], iso[3], iso[4])
    lowered = body.lower()
    if short := _SHORT_WORDS.fullmatch(lowered):
        return _from_parts(short[1], short[2], None)
    if (words := _WORDS.fullmatch(lowered)) and any(words.groups()):
        return _loose_parts(words[1], words[2], words[3])
    return None


def _from_parts(hours: str, minutes: str, seconds: str | None) -> Decimal:
    if int(minutes) > 59 or int(seconds or 0) > 59:
        raise BadValueError("not a duration: minutes and seconds go up to 59; wanted one like 1:45")
    return Decimal(hours) + Decimal(minutes) / 60 + Decimal(seconds or 0) / 3600


def _loose_parts(hours: str | None, minutes: str | None, seconds: str | None) -> Decimal:
    parts = [None if part is None else parse_number(part) for part in (hours, minutes, seconds)]
    if all(part is None for part in parts):
        raise BadValueError("not a duration; wanted one like 1.25, 1:15 or 75 min")
    if parts[0] is not None and (parts[1] or ZERO) >= 60:
        raise BadValueError("not a duration: after hours, minutes go up to 59; wanted one like 1h 45m")
    return (parts[0] or ZERO) + (parts[1] or ZERO) / 60 + (parts[2] or ZERO) / 3600


def _bare_hours(body: str, unit: Unit, mark: str) -> Decimal:
    if body[:1] in ("-", "+") or not _NUMBER.fullmatch(body):
        raise BadValueError("not a duration; wanted one like 1.25, 1:15 or 75 min")
    amount = parse_number(body, mark)
    if unit is not Unit.OPEN:
        return amount / PER_HOUR[unit]
    if amount and amount == amount.to_integral_value() and not ("." in body or "," in body):
        raise BadValueError(
            f"could be minutes or hours; write {body} min or {body} h, or say which unit the column is in"
        )
    return amount


def parse_flag(text: str) -> bool:
    """Yes or no in any of the exports' spellings; ConnectWise's B is yes, NB and NC are no.

    >>> parse_flag("Yes"), parse_flag("DoNotBill"), parse_flag("Non-Billable")
    (True, False, False)
    """
    value = "".join(sign for sign in plain(text[: MAX_VALUE_CHARS + 1]).casefold() if sign not in " -_")
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise BadValueError("neither yes nor no; wanted Yes or No")


def parse_rate_name(text: str) -> bool:
    """Whether a charge rate's name bills: any name does, but for those that say they don't.

    >>> parse_rate_name("Remote Support"), parse_rate_name("No Charge")
    (True, False)
    """
    value = "".join(sign for sign in plain(text).casefold() if sign.isalpha())
    return value not in _NO | {"free", "freeofcharge", "foc", "none", "dontbill", "dontinvoice", "na"}
