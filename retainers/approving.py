"""Hours past the cap that a client agrees to in advance: given, and withdrawn, each in a publication.

Who may approve, and how that is proven, is the portal's business. Source: domain.md, "Approvals".
"""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.seen import Seen, digest_of
from retainers import publishing
from retainers.hours import from_units, to_units
from retainers.models import Approval, Contact, Publication, Restatement, Retainer
from retainers.restating.changes import Law
from retainers.restating.writing import Agreed, Deed, restating
from retainers.seen import require


@transaction.atomic
def approve(
    *, retainer: Retainer, cycle: date, hours: Decimal, contact: Contact, at: datetime
) -> Publication:
    """Publish that the contact agrees to so many hours past the cap of the cycle that begins on `cycle`."""
    locked = publishing.lock([retainer.pk])[retainer.pk]
    press = publishing.Press(Publication.Kind.APPROVAL, at, None, f"{hours} h by {contact.name}")
    publication = press.publication(locked)
    Approval.objects.create(
        retainer=locked,
        added_in=publication,
        cycle=cycle,
        hours_units=to_units(hours),
        name=contact.name,
        email=contact.email,
        confirmed_at=at,
    )
    return publication


def seen_of(approval: Approval) -> Seen:
    """What is in view where an approval is about to be withdrawn."""
    return Seen(
        publications={approval.retainer_id: approval.retainer.publication_id},
        words=["withdraw", approval.pk],
    )


@transaction.atomic
def withdraw(
    *, approval: Approval, form: str, by: User | None, at: datetime, agreed: Agreed = ""
) -> Publication:
    """Take an approval back; it counts no longer. `form` is the mark of what was in view.

    Raises `DoneError` where the form was sent before, `StaleError` where something was published since, and
    `RestatingError` for settled cycles that `agreed` does not name.
    """
    locked = publishing.lock([approval.retainer_id])[approval.retainer_id]
    fresh = Approval.objects.select_for_update(no_key=True).get(pk=approval.pk)
    fresh.retainer = locked
    require(seen_of(fresh), form, [locked])
    hours = from_units(fresh.hours_units)
    press = publishing.Press(Publication.Kind.APPROVAL, at, by, f"{hours} h withdrawn", digest_of(form))
    deed = Deed(Restatement.Cause.APPROVAL, Law.SETTLED, agreed)
    with restating(locked.provider, [locked.pk], deed, press):
        publication = press.publication(locked)
        fresh.retired_in = publication
        fresh.save(update_fields=["retired_in"])
    about = [locked.client.slug]
    record(by, "approval withdrawn", locked.key, about=about, hours=str(hours), cycle=str(fresh.cycle))
    return publication
