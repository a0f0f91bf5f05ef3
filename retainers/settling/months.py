"""A month that the provider closes: every complete cycle that ended in it is settled from then on."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.access import zone_of
from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import Seen, StaleError
from retainers.closings import cycles_ended
from retainers.models import ClosedMonth
from retainers.selectors import retainers_of

ONE_DAY = timedelta(days=1)
LONGEST_MONTH = timedelta(days=31)


class NotClosedError(Exception):
    """The act has no object: the month isn't over, or it is open already."""


def last_day(month: date) -> date:
    """Of the month that begins on that day.

    >>> last_day(date(2026, 2, 1))
    datetime.date(2026, 2, 28)
    """
    return (month + LONGEST_MONTH).replace(day=1) - ONE_DAY


def closed_month(month: date) -> ClosedMonth | None:
    """The act by which the month is closed, while it stands."""
    rows = ClosedMonth.objects.select_related("made_by").filter(month=month, taken_back_at=None)
    found: ClosedMonth | None = rows.first()
    return found


def seen_of(month: date) -> Seen:
    """What is in view where a month is about to be closed: what is published of each cycle that ended in it."""
    rows = list(retainers_of())
    ended = cycles_ended(rows, month, last_day(month))
    acts = ClosedMonth.objects.filter(month=month).count()
    return Seen(
        publications={row.pk: row.publication_id for row in rows if ended[row.pk]},
        versions={"month": [month.isoformat(), acts]},
    )


@transaction.atomic
def close_month(*, provider: Provider, month: date, form: str, by: User | None, at: datetime) -> bool:
    """Close the month that begins on that day; False where it is closed already.

    `form` is the digest of what was in view: raises `StaleError` where that is no longer so, `NotClosedError`
    while the month isn't over.
    """
    lock_provider(provider)
    if closed_month(month) is not None:
        return False
    if at.astimezone(zone_of(provider)).date() <= last_day(month):
        raise NotClosedError("Only a month that has ended can be closed.")
    if not constant_time_compare(form, seen_of(month).digest):
        raise StaleError
    ClosedMonth.objects.create(month=month, made_at=at, made_by=by)
    record(by, "month closed", f"{month:%Y-%m}")
    return True


@transaction.atomic
def open_month_again(*, closed: ClosedMonth, reason: str, by: User | None, at: datetime) -> None:
    """The month's close counts no longer. Raises `NotClosedError` where it is open already."""
    lock_provider(closed.provider)
    fresh = ClosedMonth.objects.select_for_update(no_key=True).get(pk=closed.pk)
    if fresh.taken_back_at is not None:
        raise NotClosedError("The month is already open.")
    fresh.taken_back_at, fresh.taken_back_by = at, by
    fresh.save(update_fields=["taken_back_at", "taken_back_by"])
    record(by, "month opened again", f"{fresh.month:%Y-%m}", reason=reason)
