"""To whom an alert is mailed: the members who want it, and the contacts who agreed to it.

What it says is `said`; when it is owed is `telling`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import outbox
from accounts.models import Membership, Provider, Role, User
from accounts.seal import unseal
from accounts.worked_out import WorkedOut
from alerts.consents import unsubscribe_path
from alerts.models import Consent, MailChoice
from portal.access import opening
from portal.models import ShareLink
from portal.selectors import client_name, provider_name
from retainers.gate.known import read_gate
from retainers.models import Client
from retainers.selectors import Standing

Said = Callable[[], dict[str, Any]]  # what the mail says, in the language that is set when it is called


def post_alert(provider: Provider, standing: Standing, key: str, said: Said, to_client: Said | None) -> None:
    """One alert, to everybody who is to get it; `key` names the occasion.

    `to_client` is what the client's contacts read of it; None where they are not to know of it.
    """
    client = standing.retainer.client
    words = {**said(), "client": client.name, "path": reverse("client", args=[client.slug])}
    post_to_members(provider, "alerts", "alert", f"alert:{key}", words)
    if to_client is None:
        return
    wanted = set(client.contacts.filter(alerts=True).values_list("email", flat=True))
    for consent in Consent.objects.filter(client=client):
        if consent.is_given and consent.email in wanted:
            post_to_contact(provider, standing, consent, f"client-alert:{key}:{consent.email}", to_client)


def post_to_contact(provider: Provider, standing: Standing, consent: Consent, key: str, said: Said) -> None:
    """A contact who has agreed, in the language in which they did.

    The address of the page is sealed until the mail is sent.
    """
    client, gate = standing.retainer.client, read_gate(provider)
    with override(consent.language or settings.LANGUAGE_CODE):
        context = {
            **said(),
            "provider": provider_name(provider, gate),
            "client": client_name(client, gate),
            "asks": asks(standing),
            "unsubscribe": unsubscribe_path(consent),
        }
    outbox.post(
        provider=provider,
        key=key,
        kind="client_alert",
        recipient=consent.email,
        context=context,
        secret=token_of(client, consent.email),
        language=consent.language,
    )


def asks(standing: Standing) -> list[dict[str, str]]:
    """What the client can do from the mail: each form that the agreement allows, behind its page's address."""
    names = {"top_up": _("Ask for a top-up"), "overage": _("Approve extra hours in advance")}
    key = standing.agreement.key
    return [
        {"name": name, "path": f"ask/{kind}/?retainer={key}"}
        for kind, name in names.items()
        if kind in standing.agreement.requests and standing.agreement.alive_on(standing.on)
    ]


def post_to_members(provider: Provider, choice: str, kind: str, key: str, context: Mapping[str, Any]) -> int:
    """One mail of that kind to each member who wants such as `choice` names; how many were new.

    `key` names the occasion.
    """
    return sum(
        outbox.post(
            provider=provider,
            key=f"{key}:{user.email}",
            kind=kind,
            recipient=user.email,
            context=context,
        )
        for user in members_who_want(provider, choice)
    )


def choice_of(user: User) -> MailChoice:
    """What a member wants of the provider in scope; everything where they never said."""
    found: MailChoice | None = MailChoice.objects.filter(user=user).first()
    return found or MailChoice(user=user)


def choose(user: User, wanted: Mapping[str, bool]) -> None:
    MailChoice.objects.update_or_create(user=user, defaults=dict(wanted))


def lacks(provider: Provider, choice: str, key: str) -> bool:
    """Whether anybody who wants such mails has not been written this occasion's."""
    keys = {f"{key}:{user.email}" for user in members_who_want(provider, choice)}
    return outbox.written(provider, keys) < len(keys)


def members_who_want(provider: Provider, kind: str) -> Iterator[User]:
    """Owners and managers of the provider who have not switched that kind of mail off."""
    at = MailChoice.KINDS.index(kind)
    refused = {user for user, *wanted in CHOICES.rows() if not wanted[at]}
    memberships: Iterable[Membership] = Membership.objects.filter(
        provider=provider, role__in=(Role.OWNER, Role.MANAGER), user__is_active=True
    ).select_related("user")
    return (each.user for each in memberships if each.user_id not in refused)


CHOICES = WorkedOut(lambda: MailChoice.objects.order_by().values_list("user_id", *MailChoice.KINDS))


def token_of(client: Client, email: str) -> str:
    """The secret of a link that opens today: the reader's own, else one that was mailed to nobody, else any."""
    return token_among(links_that_open([client.pk]).get(client.pk, ()), email)


def links_that_open(clients: Collection[int]) -> dict[int, list[ShareLink]]:
    """By client, the links that open today, the oldest first."""
    rows = ShareLink.objects.filter(client__in=clients).select_related("provider").order_by("pk")
    found: dict[int, list[ShareLink]] = {}
    for link in opening(list(rows)):
        found.setdefault(link.client_id, []).append(link)
    return found


def token_among(links: Sequence[ShareLink], email: str) -> str:
    """Of one client's links that open, the secret of the one that this reader is to get."""
    own = [link for link in reversed(links) if link.sent_to == email.casefold()]
    common = [link for link in links if not link.sent_to]
    tokens = (unseal(link.sealed) for link in (*own, *common, *links) if link.sealed)
    return next((token for token in tokens if token), "")
