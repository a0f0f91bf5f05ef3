"""Contacts agree before they are mailed (double opt-in), and leave by a button that every mail leads to.

The addresses are sealed names of a consent: nothing is done by opening them, a POST from their page does it.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from accounts import actors, outbox
from accounts.access import zone_of
from accounts.audit import record
from accounts.models import Provider
from accounts.seal import name_of, named
from accounts.tenancy import all_tenants
from accounts.worked_out import WorkedOut
from alerts.models import Consent
from portal.selectors import client_name, provider_name
from retainers.gate.known import read_gate
from retainers.models import Contact
from retainers.selectors import retainers_of

AGREE, LEAVE = "alerts.agree", "alerts.leave"
FOR_EVER = "9999-12-31"
AGREE_WITHIN = timedelta(days=60)  # leaving is possible from the oldest mail


def _unasked() -> QuerySet[Contact]:
    asked = Consent.objects.filter(client=OuterRef("client"), email=OuterRef("email"))
    rows: QuerySet[Contact] = Contact.objects.filter(~Exists(asked), alerts=True)
    return rows.select_related("client")


UNASKED = WorkedOut(_unasked)


def ask_contacts(provider: Provider, at: datetime) -> int:
    """Ask each contact that is to get alerts, once, while there is an agreement; how many were asked now."""
    contacts, today = list(UNASKED.rows()), at.astimezone(zone_of(provider)).date()
    alive = _clients_with_hours({contact.client.slug for contact in contacts}, today) if contacts else set()
    due = [contact for contact in contacts if contact.client_id in alive]
    for contact in due:
        _ask(provider, contact, at)
    return len(due)


def every_consent(words: str = "") -> QuerySet[Consent]:
    """By client, each with it. `words`: a part of the address or of the client's name."""
    rows: QuerySet[Consent] = Consent.objects.select_related("client")
    found = rows.filter(Q(email__icontains=words) | Q(client__name__icontains=words))
    return found.order_by("client__name", "email", "pk")


def _clients_with_hours(slugs: Collection[str], today: date) -> set[int]:
    """Those of whose agreements one runs or is to come: of what is over there is nothing to be told."""
    rows = retainers_of(list(slugs)).select_related("publication__version")
    return {
        row.client_id
        for row in rows
        if row.publication and row.publication.version.document.get("ends", FOR_EVER) >= today.isoformat()
    }


@transaction.atomic
def _ask(provider: Provider, contact: Contact, at: datetime) -> None:
    consent, _created = Consent.objects.get_or_create(
        client=contact.client, email=contact.email, defaults={"asked_at": at}
    )
    gate = read_gate(provider)
    outbox.post(
        provider=provider,
        key=f"consent:{consent.pk}",
        kind="consent",
        recipient=contact.email,
        context={
            "provider": provider_name(provider, gate),
            "client": client_name(contact.client, gate),
            "name": contact.name,
        },
        secret=name_of(consent.pk, AGREE),
    )


def unsubscribe_path(consent: Consent) -> str:
    return reverse("leave_alerts", args=[name_of(consent.pk, LEAVE)])


def find(signed: str, salt: str) -> Consent | None:
    """The consent that a sealed name stands for; None for a name that is not ours, too old to agree by, or of a
    consent that is gone.
    """
    pk = named(signed, salt, AGREE_WITHIN if salt == AGREE else None)
    if pk is None:
        return None
    with all_tenants("a signed address is looked up before its provider is known"):
        found: Consent | None = Consent.objects.select_related("client", "provider").filter(pk=pk).first()
    return found


def agree(consent: Consent, at: datetime) -> None:
    """Write down that alerts may be mailed there; also of one who had left and agrees again."""
    Consent.objects.filter(pk=consent.pk).update(
        confirmed_at=at, unsubscribed_at=None, language=get_language() or ""
    )
    record(actors.contact(consent.email), "alerts agreed to", about=[consent.client.slug])


@transaction.atomic
def leave(consent: Consent, at: datetime) -> None:
    """From now on nothing is mailed there, whatever an agreement's file says of the contact."""
    left = Consent.objects.filter(pk=consent.pk, unsubscribed_at=None).update(unsubscribed_at=at)
    if left:
        record(actors.contact(consent.email), "alerts left", about=[consent.client.slug])
