"""A link on its way: one mail in the provider's name, with how often the page is updated and how to keep it.

The address is made at sending; the mail that waits holds the token sealed.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import outbox
from accounts.access import zone_of
from accounts.audit import record
from accounts.models import User
from accounts.seal import unseal
from portal.links import EndedError
from portal.models import ShareLink
from portal.selectors import client_name, provider_facts
from presentation.days import cadence
from retainers.gate.known import read_gate
from retainers.models import Client
from retainers.selectors import retainers_of
from retainers.terms import WEEKDAYS, Weekday


class KeyGoneError(Exception):
    """The key that sealed the link's address is gone: only replacing the link helps."""


@transaction.atomic
def send_link(*, link: ShareLink, to: str, language: str, by: User | None, at: datetime) -> bool:
    """Mail the link to that address; False where that was done today already.

    Raises `EndedError` where the link was replaced or revoked, and `KeyGoneError`.
    """
    fresh = ShareLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    if fresh.revoked_at or fresh.replaced_at:
        raise EndedError
    token = unseal(fresh.sealed)
    if token is None:
        raise KeyGoneError
    provider, today = link.provider, at.astimezone(zone_of(link.provider)).date()
    posted = outbox.post(
        provider=provider,
        key=f"welcome:{link.pk}:{today}:{to.casefold()}",
        kind="welcome",
        recipient=to,
        context=_told(link, language),
        secret=token,
        language=language,
    )
    if posted:
        ShareLink.objects.filter(pk=link.pk).update(sent_to=to.casefold())
        record(by, "link sent", about=[link.client.slug], link=link.pk, to=to)
    return posted


def _told(link: ShareLink, language: str) -> dict[str, str]:
    gate = read_gate(link.provider)
    with override(language or None):
        who, days = provider_facts(link.provider, gate), promised_days(link.client)
        return {
            "provider": who.name,
            "client": client_name(link.client, gate),
            "updates": _("The page is updated %(days)s.") % {"days": cadence(days)} if days else "",
            "phone": who.phone,
            "email": who.email,
        }


def promised_days(client: Client) -> list[Weekday]:
    """The weekdays on which an agreement of the client promises an update."""
    rows = retainers_of([client.slug]).select_related("version")
    promised = {day for row in rows if row.version for day in row.version.document["updates_on"]}
    return [day for day in WEEKDAYS if day in promised]
