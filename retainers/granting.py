"""A top-up, credit or charge that a manager grants, corrects or takes back: a publication, once for one form."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.seen import Seen, digest_of
from retainers import publishing
from retainers.gate.letting import require_passing
from retainers.models import Adjustment as AdjustmentRow
from retainers.models import Publication, Restatement, Retainer
from retainers.models import TopUp as TopUpRow
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
    notes = [*(each.note for each in top_ups), *(each.reason for each in adjustments)]
    require_passing(locked.provider, locked.client.slug, notes)
    press = _press("; ".join(note for note in notes if note), form, by, at, is_top_up=bool(top_ups))
    deed = Deed(Restatement.Cause.GRANT, agreed=agreed)
    with restating(locked.provider, [locked.pk], deed, press):
        publication = press.publication(locked)
        publishing.grant(publication=publication, top_ups=top_ups, adjustments=adjustments)
    return publication


def terms_of(grant: TopUpRow | AdjustmentRow) -> TopUp | Adjustment:
    """What was granted, as the ledger takes it."""
    return top_up_terms(grant) if isinstance(grant, TopUpRow) else adjustment_terms(grant)


def seen_correcting(retainer: Retainer, grant: TopUpRow | AdjustmentRow, becomes: TopUp | Adjustment) -> Seen:
    """What is in view where a grant is about to become another one."""
    words = ["corrected", grant.pk, str(terms_of(grant)), str(becomes)]
    return Seen(publications={retainer.pk: retainer.publication_id}, words=words)


@transaction.atomic
def correct(
    *,
    grant: TopUpRow | AdjustmentRow,
    becomes: TopUp | Adjustment,
    reason: str,
    form: str,
    by: User | None,
    at: datetime,
    agreed: Agreed = "",
) -> Publication:
    """Retire a grant and let another one stand in its place; the caller has checked that it fits the agreement.

    `reason`: why; a client reads it where a closed cycle changes. `form` is the mark of what was in view. Raises
    as `take_back` does.
    """
    locked = publishing.lock([grant.retainer_id])[grant.retainer_id]
    require(seen_correcting(locked, grant, becomes), form, [locked])
    said = becomes.note if isinstance(becomes, TopUp) else becomes.reason
    require_passing(locked.provider, locked.client.slug, [said, reason])
    press = _press(f"corrected: {reason}", form, by, at, is_top_up=isinstance(becomes, TopUp))
    deed = Deed(Restatement.Cause.GRANT, agreed=agreed, reason=reason)
    with restating(locked.provider, [locked.pk], deed, press):
        publication = press.publication(locked)
        publishing.retire_grant(publication, grant)
        publishing.grant(
            publication=publication,
            top_ups=[becomes] if isinstance(becomes, TopUp) else [],
            adjustments=[] if isinstance(becomes, TopUp) else [becomes],
        )
    return publication


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

    A client reads the reason where a closed cycle changes. `form` is the mark of what was in view. Raises
    `DoneError` where it was used before, `StaleError` where something was published since, `RestatingError`
    for closed cycles that `agreed` does not name.
    """
    locked = publishing.lock([grant.retainer_id])[grant.retainer_id]
    require(seen_taking_back(locked, grant), form, [locked])
    require_passing(locked.provider, locked.client.slug, [reason])
    press = _press(f"taken back: {reason}", form, by, at, is_top_up=isinstance(grant, TopUpRow))
    deed = Deed(Restatement.Cause.GRANT, agreed=agreed, reason=reason)
    with restating(locked.provider, [locked.pk], deed, press):
        publication = press.publication(locked)
        publishing.retire_grant(publication, grant)
    return publication


def _press(note: str, form: str, by: User | None, at: datetime, *, is_top_up: bool) -> publishing.Press:
    kind = Publication.Kind.TOP_UP if is_top_up else Publication.Kind.ADJUSTMENT
    return publishing.Press(kind, at, by, note, digest_of(form))
