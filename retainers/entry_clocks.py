"""When an entry was done, as it is kept: a clock from start to end, and the moments that it stands for. Pure.

An entry's day is a date, its clock a text beside it; work past midnight ends on the day after.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

Span = tuple[datetime, datetime]  # on the provider's wall
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=10_000)
def clock_of(
    day: date, start: time | None, end: time | None, end_date: date | None, worked: Decimal | None
) -> str:
    """What an entry keeps of its times; "" where they aren't known, or are a day or longer.

    >>> clock_of(date(2026, 6, 22), time(23, 10), time(1, 5), None, None)
    '23:10-01:05'
    >>> clock_of(date(2026, 6, 22), time(23, 10), None, None, Decimal("1.5"))
    '23:10-00:40'
    """
    if start is None:
        return ""
    begins = datetime.combine(day, start)
    ends = _end_of(begins, end, end_date, worked)
    if ends is None or not begins < ends < begins + ONE_DAY:
        return ""
    return f"{begins:%H:%M}-{ends:%H:%M}"


def _end_of(
    begins: datetime, end: time | None, end_date: date | None, worked: Decimal | None
) -> datetime | None:
    """When work ended: by the clock, past midnight where no day is said, else by how long it took."""
    if end is None:
        return None if worked is None else begins + timedelta(seconds=int(worked * 3600))
    ends = datetime.combine(end_date or begins.date(), end)
    return ends + ONE_DAY if ends <= begins and end_date is None else ends


def span_of(day: date, clock: str) -> Span | None:
    """The moments that an entry of that day keeps as its clock.

    >>> [str(moment) for moment in span_of(date(2026, 6, 22), "23:10-01:05")]
    ['2026-06-22 23:10:00', '2026-06-23 01:05:00']
    """
    if not clock:
        return None
    first, _dash, last = clock.partition("-")
    begins = datetime.combine(day, time.fromisoformat(first))
    ends = datetime.combine(day, time.fromisoformat(last))
    return begins, ends if ends > begins else ends + ONE_DAY


def meets(span: Span, others: Iterable[Span]) -> bool:
    """Whether they have any time in common."""
    return any(span[0] < last and first < span[1] for first, last in others)
