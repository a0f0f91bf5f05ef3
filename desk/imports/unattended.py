"""Publishing without a person who looks first, by commands and by programs; and schedules that fell silent.

A key that has pushed on at least three days has a rhythm: the longest pause between its last ten days (the second
longest, once there are seven days: one holiday is no rhythm). After a longer one it is told.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Sum

from accounts.access import zone_of
from accounts.models import ApiKey, Provider, User
from imports.models import Import
from imports.publishing.hindrances import hindrances
from imports.publishing.plan import Plan
from imports.publishing.preview import plan_import, without_collector
from imports.publishing.publish import HinderedError, StalePlanError, publish

MOST_TRIES = 5  # others publish in between: the plan is made again on what they have left


@without_collector()
def publish_unseen(*, source: Import, by: User | None, at: datetime, hold: bool = False) -> Plan:
    """Publish all of the import or nothing of it; with `hold`, the clients that nothing waits for.

    Raises `HinderedError` where nothing is published because somebody has to say something first, and
    `UnreadableFileError`.
    """
    for _ in range(MOST_TRIES - 1):
        try:
            return _publish(source, by, at, hold=hold)
        except StalePlanError:
            continue
    return _publish(source, by, at, hold=hold)


def _publish(source: Import, by: User | None, at: datetime, *, hold: bool) -> Plan:
    plan = plan_import(source, today=at.astimezone(zone_of(source.provider)).date())
    plan = replace(plan, holds_refused=hold)
    waits = hindrances(plan)
    if waits and not (hold and plan.published_clients):
        raise HinderedError(*waits)
    publish(source=source, plan=plan, by=by, at=at)
    return plan


AN_HOUR = 60  # files
A_DAY = 1024**3  # bytes


def seconds_to_wait(key: ApiKey, at: datetime) -> int:
    """After how many seconds the key may drop off another file; 0: now."""
    mine = Import.objects.filter(uploaded_with=key)
    if mine.filter(uploaded_at__gt=at - timedelta(hours=1)).count() >= AN_HOUR:
        return 3600
    today = mine.filter(uploaded_at__gt=at - timedelta(days=1)).aggregate(size=Sum("size"))
    return 24 * 3600 if (today["size"] or 0) >= A_DAY else 0


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
    return list(rows.select_related("uploaded_with").order_by("-pk")[:MOST_WAITING])


def silent_schedules(provider: Provider, today: date) -> list[Silent]:
    """The keys of the provider in scope that are in use and have fallen silent, the longest silence first."""
    zone = zone_of(provider)
    pushed = Import.objects.filter(
        uploaded_with__revoked_at=None,
        uploaded_with__isnull=False,
        uploaded_at__date__gte=today - LOOKED_BACK,
    )
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
