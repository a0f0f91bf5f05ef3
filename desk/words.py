"""The smallest words of the desk: days and moments as staff read them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from presentation.phrases import in_days

FAR_OFF = timedelta(weeks=8)


def day(value: date, today: date) -> str:
    """Thu 19 Nov; with the year where it is another one: 3 Dec 2025."""
    if value.year != today.year:
        return dateformat.format(value, "j M Y")
    return dateformat.format(value, "D j M")


def plain_day(value: date, today: date) -> str:
    """The same without the weekday: 19 Nov."""
    return dateformat.format(value, "j M" if value.year == today.year else "j M Y")


def days(first: date, last: date, today: date) -> str:
    """A range: 24–28 Nov; 28 Nov – 3 Dec; far off only its months: Feb – Jun 2027."""
    if last - today > FAR_OFF:
        return _months(first, last, today)
    if first == last:
        return plain_day(first, today)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{plain_day(last, today)}"
    return f"{plain_day(first, last)} – {plain_day(last, today)}"


def _months(first: date, last: date, today: date) -> str:
    """The same where a day would say more than is known."""
    end = dateformat.format(last, "M" if last.year == today.year else "M Y")
    if (first.year, first.month) == (last.year, last.month):
        return end
    return f"{dateformat.format(first, 'M' if first.year == last.year else 'M Y')} – {end}"


def recently(value: date, today: date) -> str:
    """today, yesterday, Thu 19 Nov."""
    known = {0: _("today"), 1: _("yesterday")}
    return known.get((today - value).days) or day(value, today)


def moment(value: datetime, zone: ZoneInfo) -> str:
    """22 Nov 2026, 14:05, on the provider's wall."""
    return dateformat.format(value.astimezone(zone), "j M Y, H:i")


def times(count: int) -> str:
    return ngettext("once", "%(count)d times", count) % {"count": count}


def far(value: date, today: date) -> str:
    """Tue 1 Dec, in 9 days."""
    return _("%(day)s, %(away)s") % {"day": day(value, today), "away": in_days(today, value)}


def person(user: object) -> str:
    """Who did something; nobody stands for the command line."""
    return str(user) if user else _("command line")
