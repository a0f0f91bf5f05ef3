"""A top-up, credit or charge that a manager grants by hand, or takes back: a publication, made once for one form."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.seen import Seen, digest_of
from retainers import publishing
from retainers.gate.requiring import require_passing
from retainers.models import Adjustment as AdjustmentRow
from retainers.models import Publication, Retainer
from retainers.models import TopUp as TopUpRow
from retainers.restating.models import Restatement
from retainers.restating.writing import Agreed, Deed, restating
from retainers.row_values import adjustment_terms, top_up_terms
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
    agreed: Agreed = "",
) -> Publication:
    """Publish what is granted; the caller has checked that it fits the agreement.

    `form` is the mark of what was in view. Raises `DoneError` where it was used before, `StaleError` where
    something was published since, `RestatingError` for closed cycles that `agreed` does not name.
    """
    locked = publishing.lock([retainer.pk])[retainer.pk]
    require(seen_of(locked, top_ups=top_ups, adjustments=adjustments), form, [locked])
    kind = Publication.Kind.TOP_UP if top_ups else Publication.Kind.ADJUSTMENT
    notes = [*(each.note for each in top_ups), *(each.reason for each in adjustments)]
    require_passing(locked.provider, locked.client.slug, notes)
    press = publishing.Press(kind, at, by, "; ".join(note for note in notes if note), digest_of(form))
    deed = Deed(Restatement.Cause.GRANT, agreed=agreed)
    with restating(locked.provider, [locked.pk], deed, by=by, at=at):
        publication = press.publication(locked)
        publishing.grant(publication=publication, top_ups=top_ups, adjustments=adjustments)
    return publication


def terms_of(grant: TopUpRow | AdjustmentRow) -> TopUp | Adjustment:
    """What was granted, as the ledger takes it."""
    return top_up_terms(grant) if isinstance(grant, TopUpRow) else adjustment_terms(grant)


def seen_taking_back(retainer: Retainer, grant: TopUpRow | AdjustmentRow) -> Seen:
    """What is in view where a grant is about to be taken back."""
    words = ["taken back", grant.pk, str(terms_of(grant))]
    return Seen(publications={retainer.pk: retainer.publication_id}, words=words)


@transaction.atomic
def take_back(
    *,
    grant: TopUpRow | AdjustmentRow,
    reason: str,
    form: str,
    by: User | None,
    at: datetime,
    agreed: Agreed = "",
) -> Publication:
    """Retire a grant, with the reason: the page counts it no longer, and what it said stays on record.

    `form` is the mark of what was in view. Raises `DoneError` where it was used before, `StaleError` where
    something was published since, `RestatingError` for closed cycles that `agreed` does not name.
    """
    locked = publishing.lock([grant.retainer_id])[grant.retainer_id]
    require(seen_taking_back(locked, grant), form, [locked])
    is_top_up = isinstance(grant, TopUpRow)
    kind = Publication.Kind.TOP_UP if is_top_up else Publication.Kind.ADJUSTMENT
    press = publishing.Press(kind, at, by, f"taken back: {reason}", digest_of(form))
    deed = Deed(Restatement.Cause.GRANT, agreed=agreed)
    with restating(locked.provider, [locked.pk], deed, by=by, at=at):
        publication = press.publication(locked)
        publishing.retire_grants(publication, [terms_of(grant)])
    return publication
