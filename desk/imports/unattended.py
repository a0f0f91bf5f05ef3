"""Publishing without a person who looks first, by commands and by programs; and how much a key may send."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from accounts.access import zone_of
from accounts.models import ApiKey, User
from imports.keeping import without_collector
from imports.models import Import
from imports.publishing.hindrances import HinderedError, StalePlanError, hindrances
from imports.publishing.kept_plans import without_rows
from imports.publishing.plan import Plan
from imports.publishing.preview import plan_import, preview
from imports.publishing.publish import publish_within

MOST_TRIES = 5  # others publish in between: the plan is made again on what they have left


@without_collector()
def publish_unseen(*, source: Import, by: User | None, at: datetime, hold: bool = False) -> Plan:
    """Publish all of the import or nothing of it; with `hold`, the clients that nothing waits for. The plan of what is
    published comes back without its rows.

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
    today = at.astimezone(zone_of(source.provider)).date()
    plan = replace(plan_import(source, today=today), holds_refused=hold)
    waits = hindrances(plan)
    if waits and not (hold and plan.published_clients):
        raise HinderedError(*waits)
    with transaction.atomic():
        publish_within(source=source, plan=plan, by=by, at=at)
        if source.state == Import.State.PUBLISHED:
            plan = without_rows(plan)  # what is worked out when this ends needs the room
    if source.state != Import.State.PUBLISHED:
        # The preview is kept with the file: the mail about it says from that what it waits for.
        preview(source, today=today)
    return plan


FILES_AN_HOUR = 60  # files
BYTES_A_DAY = 1024**3  # bytes


def seconds_to_wait(key: ApiKey, at: datetime) -> int:
    """After how many seconds the key may drop off another file; 0: now."""
    mine = Import.objects.filter(uploaded_with=key)
    if mine.filter(uploaded_at__gt=at - timedelta(hours=1)).count() >= FILES_AN_HOUR:
        return 3600
    today = mine.filter(uploaded_at__gt=at - timedelta(days=1)).aggregate(size=Sum("size"))
    return 24 * 3600 if (today["size"] or 0) >= BYTES_A_DAY else 0
