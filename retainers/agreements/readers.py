"""Single values of an agreement file: what a key may hold, and the sentence that refuses anything else.

A reader takes what `tomllib` gives and returns a clean value or raises `RefusedValueError`. It judges types
and spelling only; whether a value makes sense in its agreement is for `checks`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar
from unicodedata import combining, normalize
from zlib import crc32

from retainers.hours import ZERO, round_half_up
from retainers.terms import REQUEST_KINDS, WEEKDAYS, Expiry, RequestKind, Weekday, collapse

T = TypeVar("T")
Reader = Callable[[object], T]

MIDNIGHT = time()
MAX_KEY_LENGTH = 60
_KEY = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_KEY_LENGTH}}}")
_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,7}(\.[0-9]{1,6})?")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class RefusedValueError(ValueError):
    """The sentence that says what was seen and what was wanted."""


def text_up_to(limit: int) -> Reader[str]:
    """A reader of text that may be empty and may have several lines."""

    def read(raw: object) -> str:
        if not isinstance(raw, str):
            raise RefusedValueError(f"{seen(raw)} isn't text: write it in quotes")
        if _UNPRINTABLE.search(raw):
            raise RefusedValueError("the text holds a control character: take it out")
        if len(raw) > limit:
            raise RefusedValueError(f"the text has {len(raw)} characters: shorten it to {limit}")
        return raw

    return read


def line_up_to(limit: int) -> Reader[str]:
    """A reader of one line that is not empty."""
    read_text = text_up_to(limit)

    def read(raw: object) -> str:
        text = read_text(raw)
        if not text.strip():
            raise RefusedValueError("the text is empty: write something, or leave it out")
        if "\n" in text or "\r" in text:
            raise RefusedValueError("the text has several lines: put it on one")
        return text

    return read


name = line_up_to(120)
line = line_up_to(200)
note = text_up_to(200)
wording = text_up_to(500)
prose = text_up_to(4000)


def or_empty(read: Reader[str]) -> Reader[str]:
    """The same reader, which takes "" too."""
    return lambda raw: "" if raw == "" else read(raw)


def company(raw: object) -> str:
    """A name that the PSA has for a client, as it is kept and as it is compared."""
    line(collapse(raw) if isinstance(raw, str) else raw)
    return line(raw)


def companies(raw: object) -> tuple[str, ...]:
    return list_of(company, "a list of names")(raw)


def lines(raw: object) -> tuple[str, ...]:
    return list_of(line, "a list of texts")(raw)


def key(raw: object) -> str:
    """A slug or key, as it stands in URLs and rules."""
    text = prose(raw)
    if not is_key(text):
        raise RefusedValueError(f"{seen(raw)} isn't a key: {KEY_WANTED}")
    return text


KEY_WANTED = f"use letters, digits, dashes and underscores, {MAX_KEY_LENGTH} at most"


def is_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def key_of(name: str) -> str:
    """A key made from a name, in letters without accents, digits and underscores; "" for an empty name.

    A name of which no such sign is left has a key of its own all the same.

    >>> key_of("On-site hours"), key_of("Büro Süd"), key_of("サポート"), key_of(" ")
    ('on_site_hours', 'buro_sud', 'named_3ac70f90', '')
    """
    bare = "".join(sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))
    key = _NOT_IN_KEY.sub("_", bare).strip("_")[:MAX_KEY_LENGTH]
    if key or not name.strip():
        return key
    return f"named_{crc32(name.strip().encode()):08x}"


def keys(raw: object) -> tuple[str, ...]:
    """One key, or a list of keys (a rule's `category`)."""
    return (key(raw),) if isinstance(raw, str) else list_of(key, "a key or a list of keys")(raw)


def email(raw: object) -> str:
    text = line(raw)
    if not _EMAIL.fullmatch(text):
        raise RefusedValueError(f"{seen(raw)} isn't an e-mail address: write it like dana@example.com")
    return text


def currency(raw: object) -> str:
    text = prose(raw)
    if not is_currency(text.upper()):
        raise RefusedValueError(f"{seen(raw)} isn't a currency: write its three letters, like USD")
    return text.upper()


def is_currency(text: str) -> bool:
    return re.fullmatch("[A-Z]{3}", text) is not None


def flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise RefusedValueError(f"{seen(raw)} is neither true nor false: write one of them, without quotes")
    return raw


def whole(raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise RefusedValueError(f"{seen(raw)} isn't a whole number: write digits, without quotes")
    return raw


def exact(raw: object) -> Decimal:
    """A number as it is written: hours, money or a factor."""
    if isinstance(raw, Decimal):
        raise RefusedValueError(f'{raw} has no quotes: write "{raw}", so that it stays exact')
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise RefusedValueError(f'{seen(raw)} isn’t a number HourTab can read: write it like "12.50"')
    return Decimal(text) or ZERO


def granted_hours(raw: object) -> Decimal:
    """Hours that make a lot, or limit one: two places, never rounded on the quiet."""
    value = exact(raw)
    if not has_two_places(value):
        raise RefusedValueError(too_exact(seen(raw)))
    return round_half_up(value)


def too_exact(shown: object) -> str:
    return f"{shown} has more than two decimals: hours are granted in hundredths"


def has_two_places(value: Decimal) -> bool:
    return round_half_up(value) == value


def day(raw: object) -> date:
    """A TOML date, or one in quotes as 2026-01-31."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str) and _DAY.fullmatch(raw):
        return _in_quotes(date.fromisoformat, raw, "isn't a day of the calendar")
    raise RefusedValueError(f"{seen(raw)} isn't a date: write it like 2026-01-31, without a time")


def days(raw: object) -> tuple[date, ...]:
    return list_of(day, "a list of dates")(raw)


def clock(raw: object) -> time:
    """A time of day: "08:00", or a TOML local time."""
    if isinstance(raw, time) and not raw.microsecond:
        return raw
    if isinstance(raw, str) and _CLOCK.fullmatch(raw):
        return _in_quotes(time.fromisoformat, raw, "isn't a time of day: 00:00 to 23:59")
    raise RefusedValueError(f'{seen(raw)} isn’t a time of day: write it like "08:00"')


def _in_quotes(read: Callable[[str], T], text: str, problem: str) -> T:
    """A text that looks right, and may still be none."""
    try:
        return read(text)
    except ValueError:
        raise RefusedValueError(f"{seen(text)} {problem}") from None


def weekdays(raw: object) -> tuple[Weekday, ...]:
    return list_of(one_of(WEEKDAYS), "a list of weekdays")(raw)


def request_kinds(raw: object) -> tuple[RequestKind, ...]:
    """What a client may ask for on the page; an empty list allows nothing."""
    return list_of(one_of(REQUEST_KINDS), "a list of requests")(raw)


def percents(raw: object) -> tuple[int, ...]:
    return list_of(whole, "a list of per cents")(raw)


def expiry(raw: object) -> Expiry:
    """`never`, `cycle`, a number of cycles, or a day."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, date) or (isinstance(raw, str) and _DAY.fullmatch(raw)):
        return day(raw)
    if raw == "never":
        return "never"
    if raw == "cycle":
        return "cycle"
    raise RefusedValueError(
        f'{seen(raw)} isn’t an expiry: write "never", "cycle", a date or a number of cycles without quotes'
    )


def one_of(options: Sequence[T]) -> Reader[T]:
    """A reader that takes just these options."""
    shown = ", ".join(str(option) for option in options)

    def read(raw: object) -> T:
        for option in options:
            if type(raw) is type(option) and raw == option:
                return option
        raise RefusedValueError(f"{seen(raw)} is not known here: choose one of {shown}")

    return read


def list_of(read: Reader[T], wanted: str, advice: str = "put it in square brackets") -> Reader[tuple[T, ...]]:
    def read_list(raw: object) -> tuple[T, ...]:
        if not isinstance(raw, list):
            raise RefusedValueError(f"{seen(raw)} is not {wanted}: {advice}")
        return tuple(read(item) for item in raw)

    return read_list


def seen(raw: object) -> str:
    """A value as a message shows it."""
    if isinstance(raw, str):
        return f"“{raw if len(raw) <= 60 else raw[:59] + '…'}”"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, Mapping):
        return "a table"
    return "a list" if isinstance(raw, list) else str(raw)
