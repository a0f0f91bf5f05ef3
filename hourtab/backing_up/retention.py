"""Which backups are kept: the newest of each of the last days, weeks and months that have one. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days, weeks and months keep their newest backup; the newest of all is always kept."""

    daily: int
    weekly: int
    monthly: int


def outdated(made_at: Iterable[datetime], keep: Retention) -> set[datetime]:
    """Those that no day, week or month keeps.

    >>> days = [datetime(2026, 11, day, 3) for day in (1, 2, 3)]
    >>> sorted(each.day for each in outdated(days, Retention(1, 0, 0)))
    [1, 2]
    """
    newest_first = sorted(made_at, reverse=True)
    kept = set(newest_first[:1])
    kept |= _newest(newest_first, keep.daily, lambda at: at.date())
    kept |= _newest(newest_first, keep.weekly, lambda at: at.isocalendar()[:2])
    kept |= _newest(newest_first, keep.monthly, lambda at: (at.year, at.month))
    return set(newest_first) - kept


def _newest(newest_first: list[datetime], count: int, period: Callable[[datetime], object]) -> set[datetime]:
    """The newest one of each of the last `count` periods that have any."""
    found: dict[object, datetime] = {}
    for at in newest_first:
        found.setdefault(period(at), at)
    return set(list(found.values())[:count])
