"""Hours as a person types them, wherever a client's page asks for some. Pure: text in, exact hours out."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from retainers.hours import ZERO

MOST = Decimal(1000)
HOUR = r"(?:h|hrs?|hours?|std\.?|stunden?)"
MINUTE = r"(?:m|mins?|minutes?|minuten?)"
DECIMAL = re.compile(rf"(?=[0-9.,])(?P<whole>[0-9]{{0,4}})(?:[.,](?P<decimals>[0-9]{{1,4}}))? ?{HOUR}?")
CLOCK = re.compile(rf"(?P<whole>[0-9]{{1,4}}):(?P<minutes>[0-5][0-9]) ?{HOUR}?")
IN_WORDS = re.compile(rf"(?P<whole>[0-9]{{1,4}}) ?{HOUR} ?(?P<minutes>[0-5]?[0-9]) ?{MINUTE}?")
MINUTES = re.compile(rf"(?P<minutes>[0-9]{{1,5}}) ?{MINUTE}")


def read_hours(typed: str) -> Decimal | None:
    """The hours meant; None for what is no number above 0, up to 1000.

    >>> [str(read_hours(typed)) for typed in ("1.5", "1,5", "1:30", "1 h 30", "1h30m", "90 min", "2 Std.")]
    ['1.5', '1.5', '1.5', '1.5', '1.5', '1.5', '2']
    >>> read_hours("a few"), read_hours("0")
    (None, None)
    """
    text = " ".join(typed.casefold().split())
    for pattern in (DECIMAL, CLOCK, IN_WORDS, MINUTES):
        if (found := pattern.fullmatch(text)) is not None:
            return _within(found.groupdict())
    return None


def no_hours(typed: str) -> str:
    """What to say of a text that is no number of hours."""
    words = _("“%(typed)s” is not a number of hours up to 1000. Write it like 1.5, 1:30 or 90 min.")
    return words % {"typed": typed}


def _within(parts: dict[str, str | None]) -> Decimal | None:
    whole, decimals, minutes = (parts.get(name) for name in ("whole", "decimals", "minutes"))
    value = Decimal(f"{whole or 0}.{decimals or 0}").normalize() + Decimal(minutes or 0) / 60
    return value if ZERO < value <= MOST else None
