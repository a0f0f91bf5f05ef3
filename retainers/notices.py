"""A manager's notice beside the number: posted, replaced, ended; each a publication of its own.

A notice also ends by itself, with the update that covers its day and with its cycle (`is_over`).
"""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from retainers import publishing
from retainers.gate.requiring import require_passing
from retainers.hours import to_units
from retainers.models import Notice, Publication, Retainer
from retainers.selectors import Standing


@transaction.atomic
def post_notice(
    *,
    retainer: Retainer,
    text: str,
    pending_hours: Decimal | None,
    by: User | None,
    at: datetime,
    pool: str = "",
) -> Notice:
    """Put a notice up, in place of the one that stands. `pending_hours`: not yet counted, where known; `pool`: whose.

    Raises `LeakError` for a text that must not reach the client.
    """
    locked = publishing.lock([retainer.pk])[retainer.pk]
    require_passing(locked.provider, locked.client.slug, [text])
    publication = publishing.Press(Publication.Kind.NOTICE, at, by, text).publication(locked)
    Notice.objects.filter(retainer=locked, retired_in=None).update(retired_in=publication)
    pending = None if pending_hours is None else to_units(pending_hours)
    notice: Notice = Notice.objects.create(
        retainer=locked, added_in=publication, text=text, pending_units=pending, pool=pool
    )
    record(by, "notice posted", locked.key, about=[locked.client.slug], text=text)
    return notice


def is_over(notice: Notice, standing: Standing, zone: ZoneInfo) -> bool:
    """Whether what it announced has come: an update made since covers its day, or its cycle is over."""
    day, current, head = posted_on(notice, zone), standing.current, standing.publication
    if current is None or current.closed or day < current.starts:
        return True
    covered = standing.freshness.by_pool.get(notice.pool, standing.freshness.through)
    updated = head.updated_at is not None and head.updated_at > notice.added_in.made_at
    return updated and covered is not None and covered >= day


def posted_on(notice: Notice, zone: ZoneInfo) -> date:
    """The provider's local day on which it was put up."""
    return notice.added_in.made_at.astimezone(zone).date()


@transaction.atomic
def end_notice(*, retainer: Retainer, by: User | None, at: datetime) -> bool:
    """Take the notice down; False when none stands."""
    locked = publishing.lock([retainer.pk])[retainer.pk]
    standing = Notice.objects.filter(retainer=locked, retired_in=None)
    if not standing.exists():
        return False
    publication = publishing.Press(Publication.Kind.NOTICE, at, by, "Notice taken down").publication(locked)
    standing.update(retired_in=publication)
    record(by, "notice ended", locked.key, about=[locked.client.slug])
    return True
