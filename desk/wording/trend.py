"""How many published lines have words of their own, by month: whether fewer fall back on the text of their pool."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desk.wording.published_lines import days_that_count
from presentation.days import full_month
from retainers.models import MAY_COUNT, Entry

MONTHS = 6  # the running one among them


@dataclass(frozen=True, slots=True)
class WordedMonth:
    """The lines of one month's work on clients' pages, and how many of them have words.

    >>> WordedMonth("May 2026", 300, 299).percent  # never 100 while a line waits
    99
    """

    name: str
    lines: int
    worded: int

    @property
    def percent(self) -> int:
        """In whole per cent, rounded down."""
        return self.worded * 100 // self.lines


def worded_months(today: date, client: str = "") -> tuple[WordedMonth, ...]:
    """The newest months of the provider in scope that have lines, the newest first; those of one client (its slug)."""
    first = _months_before(today, MONTHS - 1)
    rows = Entry.objects.filter(MAY_COUNT, retired_in=None, day__gte=first)
    if client:
        rows = rows.filter(retainer__client__slug=client)
    without = _by_month(days_that_count(rows.filter(wording="")))
    worded = _by_month(days_that_count(rows.exclude(wording="")))
    return tuple(
        WordedMonth(full_month(month), worded[month] + without[month], worded[month])
        for month in sorted({*worded, *without}, reverse=True)
    )


def _by_month(days: Mapping[date, int]) -> Counter[date]:
    months: Counter[date] = Counter()
    for day, lines in days.items():
        months[day.replace(day=1)] += lines
    return months


def _months_before(day: date, count: int) -> date:
    """The first day of the month that lies so many before.

    >>> _months_before(date(2026, 2, 9), 5)
    datetime.date(2025, 9, 1)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, 1)
