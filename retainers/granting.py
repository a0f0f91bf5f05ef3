"""A top-up, credit or charge that a manager grants by hand: a publication of its own, made once for one form."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.seen import Seen, digest_of
from retainers import publishing
from retainers.gate.requiring import require_passing
from retainers.models import Publication, Retainer
from retainers.seen import require
from retainers.terms import Adjustment, TopUp


def seen_of(
    retainer: Retainer, *, top_ups: Sequence[TopUp] = (), adjustments: Sequence[Adjustment] = ()
) -> Seen:
    """What is in view where these hours are about to be granted: they, and the page as it is published."""
    return Seen(
        publications={retainer.pk: retainer.publication_id},
        words=[str(each) for each in (*top_ups, *adjustments)],
    )


@transaction.atomic
def grant_hours(
    *,
    retainer: Retainer,
    top_ups: Sequence[TopUp] = (),
    adjustments: Sequence[Adjustment] = (),
    form: str,
    by: User | None,
    at: datetime,
) -> Publication:
    """Publish what is granted; the caller has checked that it fits the agreement.

    `form` is the mark of what was in view. Raises `DoneError` where it was used before, `StaleError` where
    something was published since.
    """
    locked = publishing.lock([retainer.pk])[retainer.pk]
    require(seen_of(locked, top_ups=top_ups, adjustments=adjustments), form, [locked])
    kind = Publication.Kind.TOP_UP if top_ups else Publication.Kind.ADJUSTMENT
    notes = [*(each.note for each in top_ups), *(each.reason for each in adjustments)]
    require_passing(locked.provider, locked.client.slug, notes)
    press = publishing.Press(kind, at, by, "; ".join(note for note in notes if note), digest_of(form))
    publication = press.publication(locked)
    publishing.grant(publication=publication, top_ups=top_ups, adjustments=adjustments)
    return publication
