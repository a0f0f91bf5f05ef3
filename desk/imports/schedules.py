"""Scheduled pushes: what of them waits for a person, and which have fallen silent.

A key that has pushed on at least three days has a rhythm: the longest pause between its last ten days (the second
longest, once there are seven days: one holiday is no rhythm). After a longer one it is told.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Exists, OuterRef, QuerySet

from accounts.access import zone_of
from accounts.models import Provider
from imports.models import Import

FEWEST_DAYS, MOST_DAYS, ENOUGH_TO_FORGIVE = 3, 10, 7
LOOKED_BACK = timedelta(days=400)
MOST_WAITING = 100


@dataclass(frozen=True, slots=True)
class Silent:
    """A key that used to push at least every `every` days, and has not since `last`."""

    key: int
    name: str
    last: date
    every: int


def waiting_imports() -> list[Import]:
    """The newest previews of the provider in scope that nobody has published or discarded."""
    rows = Import.objects.filter(state=Import.State.UPLOADED).defer("result")
    return list(rows.select_related("uploaded_with", "client").order_by("-pk")[:MOST_WAITING])


def _pushed(since: date) -> QuerySet[Import]:
    rows: QuerySet[Import] = Import.objects.filter(
        uploaded_with__revoked_at=None, uploaded_with__isnull=False, uploaded_at__date__gte=since
    )
    return rows


def not_pushed_lately(since: date, today: date) -> QuerySet[Import]:
    """Pushes of keys that have not pushed today: nobody else can have fallen silent, in any time zone."""
    pushed = Import.objects.filter(uploaded_at__date__gte=today, uploaded_with=OuterRef("uploaded_with"))
    return _pushed(since).filter(~Exists(pushed))


def silent_schedules(provider: Provider, today: date) -> list[Silent]:
    """The keys of the provider in scope that are in use and have fallen silent, the longest silence first."""
    zone, pushed = zone_of(provider), _pushed(today - LOOKED_BACK)
    names: dict[int, str] = {}
    came: dict[int, set[date]] = defaultdict(set)
    rows = pushed.order_by().values_list("uploaded_with", "uploaded_with__name", "uploaded_at")
    for key, names[key], at in rows:
        came[key].add(at.astimezone(zone).date())
    found = [
        Silent(key, names[key], max(on), every)
        for key, on in came.items()
        if (every := rhythm(sorted(on))) and (today - max(on)).days > every
    ]
    return sorted(found, key=lambda each: (each.last, each.name))


def rhythm(days: Sequence[date]) -> int:
    """The longest usual pause between these days, in days; 0 where there are too few to tell.

    >>> rhythm([date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)])
    7
    """
    last = days[-MOST_DAYS:]
    if len(last) < FEWEST_DAYS:
        return 0
    gaps = sorted((later - earlier).days for earlier, later in pairwise(last))
    return gaps[-2] if len(last) >= ENOUGH_TO_FORGIVE else gaps[-1]
