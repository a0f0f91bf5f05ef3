"""The smallest words of every page: hours, money, factors and lists, each value as one phrase.

Figures, money and lists are written by Babel, in the reader's language; days are in `days`. Sentences about a
retainer are built from these in `sentences`, `explanations` and `plain_terms`.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from django.utils.translation import get_language, gettext_noop, ngettext, pgettext, to_locale
from django.utils.translation import gettext as _

from retainers.hours import ZERO, round_half_up, write_factor

T = TypeVar("T")

MINUS = "\N{MINUS SIGN}"
NO_SERIAL_COMMA = {"en": "en_GB"}  # `a, b and c`, whatever the figures' own country does
TIMES = {
    "0.5": gettext_noop("counted half"),
    "1": gettext_noop("counted once"),
    "1.5": gettext_noop("counted one and a half times"),
    "2": gettext_noop("counted twice"),
    "3": gettext_noop("counted three times"),
}


def here() -> str:
    """The reader's language, as Babel names it."""
    return _locale(get_language() or "en")


_locale = lru_cache(maxsize=64)(to_locale)


@lru_cache(maxsize=8192)
def _figure(value: Decimal, pattern: str, language: str) -> str:
    return format_decimal(value, pattern, language).replace("-", MINUS)


@lru_cache(maxsize=256)
def _money_pattern(currency: str, language: str, *, whole: bool) -> str:
    """How the language writes an amount of this currency: a symbol of letters is kept apart from the figures."""
    pattern = str(Locale.parse(language).currency_formats["standard"].pattern)
    if get_currency_symbol(currency, language)[-1:].isalpha():
        pattern = pattern.replace("¤#", "¤\N{NO-BREAK SPACE}#")
    return pattern.replace(".00", "") if whole else pattern


def hours(value: Decimal, language: str = "") -> str:
    """Hours that were measured, exact to the hundredth, with at least one decimal: 6.5, 3.25, 15.0, 0.

    >>> hours(Decimal("6.50")), hours(Decimal("15.00")), hours(Decimal("0.00"))
    ('6.5', '15.0', '0')
    """
    exact = round_half_up(value)
    return _figure(exact, "#,##0.0#", language or here()) if exact else "0"


def h(value: Decimal, language: str = "") -> str:
    """Hours with their unit, `6.5 h`; the symbol is the same in every language."""
    return f"{hours(value, language)} h"


def column(value: Decimal, language: str = "") -> str:
    """Hours in a column that adds up: always two decimals.

    >>> column(Decimal("2")), column(Decimal("-0.5"))
    ('2.00', '−0.50')
    """
    return _figure(round_half_up(value) or ZERO, "#,##0.00", language or here())


def signed(value: Decimal) -> str:
    """A figure of such a column with its sign: `+ 12.00`, `− 5.50`."""
    return f"{MINUS if value < 0 else '+'} {column(abs(value))}"


def agreed(value: Decimal) -> str:
    """Hours that were agreed (caps, increments), at their shortest: 12, 0.25.

    >>> agreed(Decimal("12.00")), agreed(Decimal("0.25"))
    ('12', '0.25')
    """
    return _figure(round_half_up(value) or ZERO, "#,##0.##", here())


def left(remaining: Decimal, over: Decimal) -> str:
    """What is left in little room, for staff; past the cap never with a minus sign: `0, 2.0 over`."""
    if over > 0:
        return f"{hours(remaining)}, {hours(over)} over"
    return hours(remaining)


def factor(value: Decimal) -> str:
    """A multiplier as a figure, at its shortest: 2, 1.5."""
    return _figure(Decimal(write_factor(value)), "#,##0.##########", here())


def times(value: Decimal) -> str:
    """A multiplier as a sign and a figure: × 1.5."""
    return f"× {factor(value)}"


def agreed_hours(value: Decimal) -> str:
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if value == 1 else 2) % {"hours": agreed(value)}


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency: $412.50, CHF 120.00."""
    return _amount(round_half_up(amount), currency, whole=False)


def price(amount: Decimal, currency: str) -> str:
    """A rate, without cents where there are none: $165, $141.50."""
    return _amount(round_half_up(amount), currency, whole=amount == amount.to_integral_value())


def _amount(amount: Decimal, currency: str, *, whole: bool) -> str:
    language = here()
    pattern = _money_pattern(currency, language, whole=whole)
    return format_currency(amount, currency, pattern, language, currency_digits=False)


def lower_first(name: str) -> str:
    """A name in the middle of a sentence: `After hours` → `after hours`, but `VIP` stays.

    Not in languages that write nouns large wherever they stand.
    """
    small = pgettext("names of things begin small within a sentence: yes or no", "yes") == "yes"
    return name[:1].lower() + name[1:] if small and name[1:2].islower() else name


def counted_times(value: Decimal) -> str:
    """What a multiplier does to an hour, in words: counted twice, counted one and a half times."""
    known = TIMES.get(write_factor(value))
    return _(known) if known else _("counted × %(factor)s") % {"factor": factor(value)}


def listed(words: Sequence[str]) -> str:
    """A list in a sentence: `a`, `a and b`, `a, b and c`."""
    language = here()
    return format_list(list(words), locale=NO_SERIAL_COMMA.get(language, language))


def one_stop(sentence: str) -> str:
    """A sentence in which a name stands last, in whatever language: one full stop ends both the name and the sentence.

    >>> one_stop("It is for <bdi>Cobalt Freight Co.</bdi>. It counts."), one_stop("Wait ...")
    ('It is for <bdi>Cobalt Freight Co.</bdi> It counts.', 'Wait ...')
    """
    return _TWO_STOPS.sub(r".\1", sentence)


_TWO_STOPS = re.compile(r"(?<!\.)\.((?:</\w+>)*)\.(?=\s|$)")


def some(each: Sequence[T], most: int = 3, said: Callable[[T], str] = str) -> str:
    """Some names in a sentence, for staff: `a, b and 2 more`; `said` puts those that are named into words."""
    if len(each) <= most + 1:
        return listed(list(map(said, each)))
    return f"{', '.join(map(said, each[:most]))} and {len(each) - most} more"
