"""Days, moments and spans of days as one phrase each, for clients in their language and for staff in English.

Weekdays and months are Babel's; the order in which a language writes them is the pattern that its translation
gives (Unicode's date pattern letters). A day is a `date` on the provider's wall, `today` likewise.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from presentation.phrases import here, listed
from retainers.terms import Weekday

FAR_OFF = timedelta(weeks=8)
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


def _written(day: date, pattern: str) -> str:
    return _formatted(day, pattern, here())


@lru_cache(maxsize=4096)
def _formatted(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, language)


def cadence(days: Sequence[Weekday]) -> str:
    """The promised weekdays in words: Mondays and Thursdays."""
    ordered = [day for day in WEEKDAYS if day in days]
    if len(ordered) == len(WEEKDAYS):
        return _("every day")
    return _("every weekday") if ordered == WORKDAYS else listed([_(WEEKDAYS[day]) for day in ordered])


def long_date(day: date) -> str:
    """Tue 1 December."""
    return _written(day, _("ccc d MMMM"))


def dated(day: date) -> str:
    """1 December 2026: a date that stands in an agreement."""
    return _written(day, _("d MMMM y"))


def day_month(day: date, today: date) -> str:
    """17 December; with the year where it is another one."""
    return _written(day, _("d MMMM")) if day.year == today.year else dated(day)


def full_month(day: date) -> str:
    """November 2026: the month that the day lies in."""
    return _written(day, "LLLL y")


def short_date(day: date) -> str:
    """1 Dec."""
    return _written(day, _("d LLL"))


def weekday(day: date) -> str:
    """Tue."""
    return _written(day, "ccc")


def ordinal(day: int) -> str:
    """The day of a month, as a sentence names it: 1st, 22nd, 31st."""
    pattern = ORDINALS[0] if 11 <= day <= 13 else ORDINALS.get(day % 10, ORDINALS[0])
    return _(pattern) % {"day": day}


def _day_alone(day: date) -> str:
    """A day whose month another date beside it names: the 1 of 1–22 November."""
    return _written(day, _("d"))


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
        return full_month(starts)
    first = short_date(starts) if starts.year == ends.year else f"{short_date(starts)} {starts.year}"
    return f"{first} – {short_date(ends)} {ends.year}"


def short_span(starts: date, ends: date) -> str:
    """The same in little room, as history lists it: Nov 2026; 15 Nov – 14 Dec 2026; 15 Mar 2026 – 14 Mar 2027."""
    if _is_month(starts, ends):
        return _written(starts, "LLL y")
    first = short_date(starts) if starts.year == ends.year else _written(starts, _("d LLL y"))
    return f"{first} – {_written(ends, _('d LLL y'))}"


def _is_month(starts: date, ends: date) -> bool:
    return starts.day == 1 and starts.month == ends.month and (ends + timedelta(days=1)).day == 1


def full_day(day: date) -> str:
    """Sun 22 Nov 2026, for staff."""
    return _written(day, _("ccc d LLL y"))


def day_of(day: date, today: date) -> str:
    """Thu 19 Nov; with the year where it is another one: 3 Dec 2025."""
    return _written(day, _("d LLL y") if day.year != today.year else _("ccc d LLL"))


def plain_day(day: date, today: date) -> str:
    """The same without the weekday: 19 Nov."""
    return _written(day, _("d LLL") if day.year == today.year else _("d LLL y"))


def recently(day: date, today: date) -> str:
    """today, yesterday, Thu 19 Nov."""
    known = {0: "today", 1: "yesterday"}
    return known.get((today - day).days) or day_of(day, today)


def far(day: date, today: date) -> str:
    """Tue 1 Dec, in 9 days."""
    return f"{day_of(day, today)}, {in_days(today, day)}"


def between(first: date, last: date, today: date) -> str:
    """A range to come: 24–28 Nov; 28 Nov – 3 Dec; far off only its months: Feb – Jun 2027."""
    if last - today > FAR_OFF:
        return _months(first, last, today)
    if first == last:
        return plain_day(first, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_day_alone(first)}–{plain_day(last, today)}"
    return f"{plain_day(first, today)} – {plain_day(last, today)}"


def _months(first: date, last: date, today: date) -> str:
    """The same where a day would say more than is known."""
    end = _written(last, "LLL" if last.year == today.year else "LLL y")
    if (first.year, first.month) == (last.year, last.month):
        return end
    return f"{_written(first, 'LLL' if first.year == last.year else 'LLL y')} – {end}"


def period(starts: date, ends: date) -> str:
    """What a file covers: 1–22 November 2026; 28 Oct – 3 Nov 2026; one day alone."""
    if starts == ends:
        return dated(starts)
    if (starts.year, starts.month) == (ends.year, ends.month):
        return f"{_day_alone(starts)}–{dated(ends)}"
    first = _written(starts, _("d LLL") if starts.year == ends.year else _("d LLL y"))
    return f"{first} – {_written(ends, _('d LLL y'))}"


def run(days: Iterable[date]) -> str:
    """The first and the last of some days: 20 Nov; 2–20 Nov; 28 Oct – 3 Nov."""
    found = sorted(days)
    first, last = found[0], found[-1]
    if first == last:
        return short_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_day_alone(first)}–{short_date(last)}"
    return f"{short_date(first)} – {short_date(last)}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """22 Nov 2026, 14:05, on the provider's wall."""
    return format_datetime(at.astimezone(zone), _("d LLL y, HH:mm"), locale=here())
