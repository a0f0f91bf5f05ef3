"""Days of which a person says that there was no work: they fill a gap as a file would have."""

from datetime import date, datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from retainers import publishing
from retainers.agreements.fields import agreement_from_document
from retainers.coverage import Coverage, pools_of
from retainers.models import Publication, Retainer


class NoSuchDaysError(Exception):
    """The days can't be covered; the text says why."""


@transaction.atomic
def say_no_work(
    *, retainer: Retainer, starts: date, ends: date, today: date, by: User | None, at: datetime
) -> bool:
    """Cover the days from `starts` to `ends` in every pool; False where all of them were covered already.

    Nobody knows yet what happens after `today`, so later days are no such days; nor are days that no import
    came before: then there is nothing that the page says.
    """
    if ends < starts or ends > today:
        raise NoSuchDaysError("Choose days in the past, with the first before the last.")
    locked = publishing.lock([retainer.pk])[retainer.pk]
    last, version = locked.publication, locked.version
    if last is None or version is None or last.updated_at is None:
        raise NoSuchDaysError("Nothing has been imported for this agreement yet. Import a file first.")
    before = Coverage.read(last.coverage)
    agreement = agreement_from_document(version.document)
    after = before.saying_no_work(starts, ends)
    if all(after.of(pool) == before.of(pool) for pool in pools_of(agreement, today)):
        return False
    press = publishing.Press(Publication.Kind.COVERAGE, at, by, f"No work {_span(starts, ends)}")
    press.publication(locked, **publishing.covering(agreement, after, today))
    about, until = [locked.client.slug], ends.isoformat()
    record(by, "no work said", locked.key, about=about, day=starts.isoformat(), until=until)
    return True


def _span(starts: date, ends: date) -> str:
    return starts.isoformat() if starts == ends else f"{starts.isoformat()} to {ends.isoformat()}"
