"""How many published lines have words of their own, by month: whether fewer fall back on the text of their pool."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth

from presentation.days import full_month
from retainers.models import MAY_COUNT, Entry

MONTHS = 6  # the running one among them


@dataclass(frozen=True, slots=True)
class WordedMonth:
    """The lines of one month's work, and how many of them have words.

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


def worded_months(today: date, waiting: Iterable[date], client: str = "") -> tuple[WordedMonth, ...]:
    """The newest months of the provider in scope that have lines, the newest first; those of one client (its slug).

    `waiting`: the day of each line that has no words.
    """
    first = _months_before(today, MONTHS - 1)
    without = Counter(day.replace(day=1) for day in waiting if day >= first)
    rows = Entry.objects.filter(MAY_COUNT, retired_in=None, day__gte=first).exclude(wording="").order_by()
    if client:
        rows = rows.filter(retainer__client__slug=client)
    by_month = rows.annotate(month=TruncMonth("day")).values_list("month")
    worded = dict(by_month.annotate(lines=Count("pk")))
    return tuple(
        WordedMonth(full_month(month), worded.get(month, 0) + without[month], worded.get(month, 0))
        for month in sorted({*worded, *without}, reverse=True)
    )


def _months_before(day: date, count: int) -> date:
    """The first day of the month that lies so many before.

    >>> _months_before(date(2026, 2, 9), 5)
    datetime.date(2025, 9, 1)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, 1)
