"""The smallest words of the balance page: hours, money, factors, dates, spans of days.

Everything here turns one value into one phrase, in the reader's language. Sentences about a retainer are
built from these in `sentences`, `explain` and `plain_terms`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from retainers.hours import round_half_up, write_factor, write_hours
from retainers.terms import Weekday

MINUS = "\N{MINUS SIGN}"
TIMES = {
    "0.5": gettext_noop("counted half"),
    "1": gettext_noop("counted once"),
    "1.5": gettext_noop("counted one and a half times"),
    "2": gettext_noop("counted twice"),
    "3": gettext_noop("counted three times"),
}
WEEKDAYS: Mapping[Weekday, str] = {
    "mon": gettext_noop("Mondays"),
    "tue": gettext_noop("Tuesdays"),
    "wed": gettext_noop("Wednesdays"),
    "thu": gettext_noop("Thursdays"),
    "fri": gettext_noop("Fridays"),
    "sat": gettext_noop("Saturdays"),
    "sun": gettext_noop("Sundays"),
}
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
ORDINALS = {
    0: gettext_noop("%(day)sth"),
    1: gettext_noop("%(day)sst"),
    2: gettext_noop("%(day)snd"),
    3: gettext_noop("%(day)srd"),
}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def hours(value: Decimal) -> str:
    """Hours that were measured, exact to the hundredth, with at least one decimal: 6.5, 3.25, 15.0, 0.

    >>> hours(Decimal("6.50")), hours(Decimal("15.00")), hours(Decimal("0.00"))
    ('6.5', '15.0', '0')
    """
    text = write_hours(value)
    if text == "0.00":
        return "0"
    if text.endswith("0"):
        text = text[:-1]
    return _local(MINUS + text[1:] if text.startswith("-") else text)


def h(value: Decimal) -> str:
    """Hours with their unit, `6.5 h`; the symbol is the same in every language."""
    return f"{hours(value)} h"


def column(value: Decimal) -> str:
    """Hours in a column that adds up: always two decimals.

    >>> column(Decimal("2")), column(Decimal("-0.5"))
    ('2.00', '−0.50')
    """
    text = write_hours(value)
    return _local(MINUS + text[1:] if text.startswith("-") else text)


def agreed(value: Decimal) -> str:
    """Hours that were agreed (caps, increments), at their shortest: 12, 0.25.

    >>> agreed(Decimal("12.00")), agreed(Decimal("0.25"))
    ('12', '0.25')
    """
    return _local(write_factor(round_half_up(value))) if value else "0"


def times(factor: Decimal) -> str:
    """A multiplier as a sign and a figure: × 1.5."""
    return f"× {_local(write_factor(factor))}"


def _local(digits: str) -> str:
    """Figures with the reader's own signs for the decimals and the thousands."""
    signs = {".": str(get_format("DECIMAL_SEPARATOR")), ",": str(get_format("THOUSAND_SEPARATOR"))}
    return "".join(signs.get(sign, sign) for sign in digits)


def agreed_hours(value: Decimal) -> str:
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if value == 1 else 2) % {"hours": agreed(value)}


def money(amount: Decimal, currency: str) -> str:
    """An amount with its currency: $412.50, CHF 120.00."""
    return _with_currency(f"{amount.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):,}", currency)


def price(amount: Decimal, currency: str) -> str:
    """A rate, without cents where there are none: $165, $141.50."""
    whole = amount == amount.to_integral_value()
    return _with_currency(f"{amount:,.0f}", currency) if whole else money(amount, currency)


def _with_currency(digits: str, currency: str) -> str:
    symbol, figure = SYMBOLS.get(currency), _local(digits)
    if symbol is None:
        words = _("%(currency)s %(amount)s") % {"currency": currency, "amount": figure}
    else:
        words = _("%(symbol)s%(amount)s") % {"symbol": symbol, "amount": figure}
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def lower_first(name: str) -> str:
    """A name in the middle of a sentence: `After hours` → `after hours`, but `VIP` stays.

    Not in languages that write nouns large wherever they stand.
    """
    small = pgettext("names of things begin small within a sentence: yes or no", "yes") == "yes"
    return name[:1].lower() + name[1:] if small and name[1:2].islower() else name


def counted_times(factor: Decimal) -> str:
    """What a multiplier does to an hour, in words: counted twice, counted one and a half times."""
    text = write_factor(factor)
    known = TIMES.get(text)
    return _(known) if known else _("counted × %(factor)s") % {"factor": _local(text)}


def listed(words: Sequence[str]) -> str:
    """A list in a sentence: `a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def cadence(days: Sequence[Weekday]) -> str:
    """The promised weekdays in words: Mondays and Thursdays."""
    ordered = [day for day in WEEKDAYS if day in days]
    if len(ordered) == len(WEEKDAYS):
        return _("every day")
    return _("every weekday") if ordered == WORKDAYS else listed([_(WEEKDAYS[day]) for day in ordered])


def long_date(day: date) -> str:
    """Tue 1 December."""
    parts = {"weekday": weekday(day), "day": day.day, "month": MONTHS[day.month]}
    return _("%(weekday)s %(day)s %(month)s") % parts


def dated(day: date) -> str:
    """1 December 2026: a date that stands in an agreement."""
    return _("%(day)s %(month)s %(year)s") % {"day": day.day, "month": MONTHS[day.month], "year": day.year}


def short_date(day: date) -> str:
    """1 Dec."""
    return _("%(day)s %(short_month)s") % {"day": day.day, "short_month": _month_abbr(day)}


def weekday(day: date) -> str:
    return str(WEEKDAYS_ABBR[day.weekday()])


def _month_abbr(day: date) -> str:
    return str(MONTHS_3[day.month]).title()


def ordinal(day: int) -> str:
    """The day of a month, as a sentence names it: 1st, 22nd, 31st."""
    pattern = ORDINALS[0] if 11 <= day <= 13 else ORDINALS.get(day % 10, ORDINALS[0])
    return _(pattern) % {"day": day}


def in_days(today: date, day: date) -> str:
    """How far off a day is: today, tomorrow, in 9 days."""
    days = (day - today).days
    if days <= 0:
        return _("today")
    return _("tomorrow") if days == 1 else _("in %(days)s days") % {"days": days}


def span(starts: date, ends: date) -> str:
    """A cycle's name: the month where it is one, else its first and last day.

    >>> span(date(2026, 11, 15), date(2026, 12, 14))
    '15 Nov – 14 Dec 2026'
    """
    if _is_month(starts, ends):
        return f"{MONTHS[starts.month]} {starts.year}"
    first = short_date(starts) if starts.year == ends.year else f"{short_date(starts)} {starts.year}"
    return f"{first} – {short_date(ends)} {ends.year}"


def short_span(starts: date, ends: date) -> str:
    """The same in little room: Nov 2026; 15 Nov – 14 Dec."""
    if _is_month(starts, ends):
        return f"{_month_abbr(starts)} {starts.year}"
    return f"{short_date(starts)} – {short_date(ends)}"


def _is_month(starts: date, ends: date) -> bool:
    return starts.day == 1 and starts.month == ends.month and (ends + timedelta(days=1)).day == 1
