"""The smallest words of the import pages: hours, days, moments, and lists of lines, each as one phrase."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports.reading.formats import DISPLAY_NAMES
from retainers.hours import write_hours

MINUS = "\N{MINUS SIGN}"
MOST_SPANS = 40


def hours(value: Decimal) -> str:
    """Hours to the hundredth, with at least one decimal, as the balance page writes them.

    >>> hours(Decimal("6.50")), hours(Decimal("0")), hours(Decimal("-1.25"))
    ('6.5', '0', '−1.25')
    """
    text = write_hours(abs(value))
    if text == "0.00":
        return "0"
    return (MINUS if value < 0 else "") + (text[:-1] if text.endswith("0") else text)


def left(remaining: Decimal, over: Decimal) -> str:
    """What a page says is left; past the cap never with a minus sign: `0, 2.0 over`."""
    if over > 0:
        return _("%(left)s, %(over)s over") % {"left": hours(remaining), "over": hours(over)}
    return hours(remaining)


def day(value: date) -> str:
    """Sun 22 Nov 2026."""
    return dateformat.format(value, "D j M Y")


def short_day(value: date) -> str:
    """22 Nov."""
    return dateformat.format(value, "j M")


def moment(value: datetime, zone: ZoneInfo) -> str:
    """22 Nov 2026, 14:05, on the provider's wall."""
    return dateformat.format(value.astimezone(zone), "j M Y, H:i")


def span(starts: date, ends: date) -> str:
    """A period: 1–22 November 2026; 28 Oct – 3 Nov 2026; one day alone."""
    if starts == ends:
        return dateformat.format(starts, "j F Y")
    if (starts.year, starts.month) == (ends.year, ends.month):
        return f"{starts.day}–{dateformat.format(ends, 'j F Y')}"
    first = dateformat.format(starts, "j M" if starts.year == ends.year else "j M Y")
    return f"{first} – {dateformat.format(ends, 'j M Y')}"


def days(values: Iterable[date]) -> str:
    """The first and the last of some days: 20 Nov; 2–20 Nov; 28 Oct – 3 Nov."""
    found = sorted(values)
    first, last = found[0], found[-1]
    if first == last:
        return short_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_day(last)}"
    return f"{short_day(first)} – {short_day(last)}"


def lines(numbers: Iterable[int]) -> str:
    """Lines of a file, runs of them drawn together.

    >>> lines([3, 4, 5, 9])
    '3–5, 9'
    """
    ordered = sorted(set(numbers))
    runs = [
        [number for _index, number in run]
        for _distance, run in groupby(enumerate(ordered), lambda each: each[1] - each[0])
    ]
    spans = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    more = len(spans) - MOST_SPANS
    if more > 0:
        return _("%(lines)s and %(count)d more places") % {
            "lines": ", ".join(spans[:MOST_SPANS]),
            "count": more,
        }
    return ", ".join(spans)


def names(words: Sequence[str], most: int = 3) -> str:
    """Some names in a sentence: `a, b and 2 more`."""
    if len(words) > most + 1:
        return _("%(names)s and %(count)d more") % {
            "names": ", ".join(words[:most]),
            "count": len(words) - most,
        }
    if len(words) < 2:
        return "".join(words)
    return _("%(names)s and %(last)s") % {"names": ", ".join(words[:-1]), "last": words[-1]}


def rows(count: int) -> str:
    return ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}


def entries(count: int) -> str:
    return ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}


def clients(count: int) -> str:
    return ngettext("%(count)d client", "%(count)d clients", count) % {"count": count}


def counts(new: int, changed: int, unchanged: int, removed: int) -> str:
    """What happens to entries, without the zeros: `41 new, 3 changed`."""
    said = (
        (new, _("%(count)d new")),
        (changed, _("%(count)d changed")),
        (removed, _("%(count)d removed")),
        (unchanged, _("%(count)d unchanged")),
    )
    return ", ".join(text % {"count": count} for count, text in said if count)


def format_name(name: str) -> str:
    """A format as people call it; a saved mapping by its own name."""
    return DISPLAY_NAMES.get(name, name)


def date_order(order: str) -> str:
    """How the days of a file were read, where that was a question."""
    known = {
        "mdy": _("dates read as month/day/year"),
        "dmy": _("dates read as day/month/year"),
        "ymd": _("dates read as year-month-day"),
    }
    return known.get(order, "")
