"""Publishing without a person who looks first: from the command line, and for programs."""

from dataclasses import replace
from datetime import datetime

from accounts.access import zone_of
from accounts.models import User
from imports.collector import without_collector
from imports.models import Import
from imports.publishing.hindrances import hindrances
from imports.publishing.plan import Plan
from imports.publishing.preview import plan_import
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
