"""A top-up, credit or charge that a manager grants by hand: a publication of its own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from retainers import publishing
from retainers.models import Publication, Retainer
from retainers.terms import Adjustment, TopUp


@transaction.atomic
def grant_hours(
    *,
    retainer: Retainer,
    top_ups: Sequence[TopUp] = (),
    adjustments: Sequence[Adjustment] = (),
    by: User | None,
    at: datetime,
) -> Publication:
    """Publish what is granted; the caller has checked that it fits the agreement."""
    locked = publishing.lock([retainer.pk])[retainer.pk]
    kind = Publication.Kind.TOP_UP if top_ups else Publication.Kind.ADJUSTMENT
    notes = [*(each.note for each in top_ups), *(each.reason for each in adjustments)]
    press = publishing.Press(kind, at, by, "; ".join(note for note in notes if note))
    publication = press.publication(locked)
    publishing.grant(publication=publication, top_ups=top_ups, adjustments=adjustments)
    return publication
