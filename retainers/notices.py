"""A manager's notice beside the number: posted, replaced, ended; each a publication of its own.

A notice also ends by itself, with the update that covers its day and with its cycle (`is_over`).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.seen import StaleError
from retainers import publishing
from retainers.gate.letting import require_passing
from retainers.hours import to_units
from retainers.live import Live, live_from_document
from retainers.living import RunsError
from retainers.models import Notice, Publication, Retainer
from retainers.selectors import Standing

SEEN_FOR = timedelta(days=7)  # the fact beside the estimate, once an incident is counted


@transaction.atomic
def post_notice(
    *,
    retainer: Retainer,
    text: str,
    pending_hours: Decimal | None,
    by: User | None,
    at: datetime,
    pool: str = "",
    seen: int | None = None,
) -> Notice:
    """Put a notice up, in place of the one that stands; the same one again on its day stays as it is.

    `pending_hours`: not yet counted, where known; `pool`: whose; `seen`: the key of the one that its author saw, 0 for
    none. Raises `LeakError` for a text that must not reach the client, `RunsError` in the place of an incident that
    runs, and `StaleError` where another notice stands than was seen.
    """
    locked = publishing.lock([retainer.pk])[retainer.pk]
    require_passing(locked.provider, locked.client.slug, [text])
    pending = None if pending_hours is None else to_units(pending_hours)
    said = {"text": text, "pool": pool, "pending_units": pending}
    standing = _posted_that_day(locked, said, at)
    if standing is not None:
        return standing
    if Notice.objects.filter(retainer=locked, retired_in=None, running=True).exists():
        raise RunsError
    _require_seen(locked, seen)
    return _put_up(locked, said, by, at)


def _put_up(retainer: Retainer, said: Mapping[str, Any], by: User | None, at: datetime) -> Notice:
    publication = publishing.Press(Publication.Kind.NOTICE, at, by, said["text"]).publication(retainer)
    Notice.objects.filter(retainer=retainer, retired_in=None).update(retired_in=publication)
    notice: Notice = Notice.objects.create(retainer=retainer, added_in=publication, **said)
    record(by, "notice posted", retainer.key, about=[retainer.client.slug], text=said["text"])
    return notice


def _require_seen(retainer: Retainer, seen: int | None) -> None:
    stands = Notice.objects.filter(retainer=retainer, retired_in=None).values_list("pk", flat=True).first()
    if seen is not None and seen != (stands or 0):
        raise StaleError


def _posted_that_day(retainer: Retainer, said: Mapping[str, Any], at: datetime) -> Notice | None:
    """The notice that stands, where it says just this and was put up on the day of that moment."""
    rows = Notice.objects.filter(retainer=retainer, retired_in=None, live__isnull=True, **said)
    standing: Notice | None = rows.select_related("added_in").first()
    zone = ZoneInfo(retainer.provider.timezone)
    is_of_that_day = standing is not None and posted_on(standing, zone) == at.astimezone(zone).date()
    return standing if is_of_that_day else None


def is_over(notice: Notice, standing: Standing, zone: ZoneInfo) -> bool:
    """Whether what it announced has come: an update made since covers its day, or its cycle is over.

    A live incident stands while it runs; once it has ended and is counted, for a week.
    """
    if notice.live is not None:
        return _incident_is_over(live_from_document(notice.live), standing, zone)
    day, current, head = posted_on(notice, zone), standing.current, standing.publication
    if current is None or current.closed or day < current.starts:
        return True
    covered = standing.freshness.by_pool.get(notice.pool, standing.freshness.through)
    updated = head.updated_at is not None and head.updated_at > notice.added_in.made_at
    return updated and covered is not None and covered >= day


def _incident_is_over(live: Live, standing: Standing, zone: ZoneInfo) -> bool:
    if live.ended is None:
        return standing.current is None or standing.current.closed
    ended = live.ended.astimezone(zone).date()
    return standing.current is None or max(standing.current.starts, standing.on - SEEN_FOR) > ended


def is_counted(live: Live, standing: Standing, zone: ZoneInfo) -> bool:
    """Whether an update made since it ended covers its last day."""
    updated, through = standing.publication.updated_at, standing.freshness.through
    if live.ended is None or updated is None or through is None:
        return False
    return updated > live.ended and through >= live.ended.astimezone(zone).date()


def posted_on(notice: Notice, zone: ZoneInfo) -> date:
    """The provider's local day on which it was put up."""
    return notice.added_in.made_at.astimezone(zone).date()


@transaction.atomic
def end_notice(*, retainer: Retainer, by: User | None, at: datetime, seen: int | None = None) -> bool:
    """Take the notice down; False when none stands. Raises `StaleError` where another one stands than was `seen`."""
    locked = publishing.lock([retainer.pk])[retainer.pk]
    standing = Notice.objects.filter(retainer=locked, retired_in=None)
    if not standing.exists():
        return False
    _require_seen(locked, seen)
    publication = publishing.Press(Publication.Kind.NOTICE, at, by, "Notice taken down").publication(locked)
    standing.update(retired_in=publication)
    record(by, "notice ended", locked.key, about=[locked.client.slug])
    return True
