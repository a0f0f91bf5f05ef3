"""Publishing without a person who looks first: from the command line, and for programs."""

from datetime import datetime

from accounts.access import zone_of
from accounts.models import User
from imports.models import Import
from imports.publishing.plan import Plan
from imports.publishing.preview import plan_import
from imports.publishing.publish import HinderedError, StaleError, publish

MOST_TRIES = 5  # others publish in between: the plan is made again on what they have left


def publish_whole(*, source: Import, by: User | None, at: datetime) -> Plan:
    """Publish all of the import or nothing of it. Raises `HinderedError`, and `UnreadableFileError`."""
    for _ in range(MOST_TRIES - 1):
        try:
            return _publish(source, by, at)
        except StaleError:
            continue
    return _publish(source, by, at)


def _publish(source: Import, by: User | None, at: datetime) -> Plan:
    plan = plan_import(source, today=at.astimezone(zone_of(source.provider)).date())
    if plan.hindrances:
        raise HinderedError(*plan.hindrances)
    publish(source=source, plan=plan, by=by, at=at)
    return plan
