"""On which weekdays updates usually came: what a cadence could promise. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from retainers.terms import WEEKDAYS, Weekday

WEEKS = 8
FEWEST_WEEKS = 4
OFTEN = 75  # per cent of the weeks


def usual_days(updates: Iterable[date], today: date) -> tuple[Weekday, ...]:
    """The weekdays on which updates came in three of four weeks, of the eight weeks that end today; in their order.

    The weeks since the first of these updates are counted, and at least four. Nothing is usual that came less often.

    >>> mondays = [date(2026, 6, 1) - timedelta(weeks=back) for back in range(6)]
    >>> usual_days([*mondays, date(2026, 5, 27)], date(2026, 6, 3))
    ('mon',)
    >>> usual_days(mondays[:2], date(2026, 6, 3))
    ()
    """
    weeks: dict[Weekday, set[int]] = defaultdict(set)
    first = today - timedelta(weeks=WEEKS) + timedelta(days=1)
    names = tuple(WEEKDAYS)
    for day in updates:
        if first <= day <= today:
            weeks[names[day.weekday()]].add((today - day).days // 7)
    oldest = max((week for found in weeks.values() for week in found), default=0)
    wanted = max(oldest + 1, FEWEST_WEEKS) * OFTEN
    return tuple(name for name in names if len(weeks[name]) * 100 >= wanted)
