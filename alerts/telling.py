"""Alerts: one mail for a crossing, to the members who want it and to the contacts who agreed to it.

A crossing is written down before it is told, under a key that the database keeps unique: two runs at the
same time, and any number of runs afterwards, tell it once. Where several are reached at once, one mail names
the highest. Only the cycle that runs is looked at: what a late entry does to a closed one is no alarm.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from accounts import outbox
from accounts.access import zone_of
from accounts.models import Membership, Provider, Role, User
from accounts.seal import unseal
from alerts.consents import unsubscribe_path
from alerts.crossings import Reached, reached
from alerts.models import Consent, Crossing, MailChoice
from desk.incidents.figures import incident_cases, marks_of
from desk.incidents.page import incident_title
from portal.access import opens
from portal.models import ShareLink
from portal.selectors import client_name, provider_name
from presentation.accounts import Account, accounts, is_block
from presentation.days import long_date
from presentation.phrases import agreed, hours
from retainers.gate.known import read_gate
from retainers.models import Retainer
from retainers.selectors import Standing, retainers_of, standings


def tell_crossings(provider: Provider, at: datetime) -> int:
    """Write down what was reached since the last time and mail it; how many crossings were new."""
    today = at.astimezone(zone_of(provider)).date()
    known = set(
        Crossing.objects.order_by().values_list("retainer_id", "account", "cycle_starts", "threshold")
    )
    told = 0
    gate = read_gate(provider)
    for standing in standings(retainers_of(), on=today, zone=zone_of(provider), gate=gate):
        cycle = standing.current
        if cycle is None or cycle.closed or standing.freshness.through is None:
            continue
        for account in accounts(standing.cycles, cycle):
            fresh = [
                each
                for each in reached(account, standing.agreement.alerts)
                if (standing.retainer.pk, account.key, *_occasion(standing, account, each)) not in known
            ]
            told += _tell(provider, standing, account, fresh, at) if fresh else 0
        told += _tell_incidents(provider, standing, known, at)
    return told


def _occasion(standing: Standing, account: Account, each: Reached) -> tuple[date, str]:
    """When a threshold is armed again: with the next cycle, or with the next hours bought of a block."""
    cycle = standing.current
    if cycle is not None and is_block(cycle.terms):
        return standing.agreement.starts, f"{each.name}@{agreed_plain(account)}"
    return (cycle.starts if cycle else standing.agreement.starts), each.name


def agreed_plain(account: Account) -> str:
    return f"{account.granted.normalize():f}"


@transaction.atomic
def _tell(
    provider: Provider,
    standing: Standing,
    account: Account,
    fresh: list[Reached],
    at: datetime,
) -> int:
    made = [
        each
        for each in fresh
        if _remember(standing.retainer, account.key, *_occasion(standing, account, each), at)
    ]
    if made:
        highest = made[-1]
        starts, threshold = _occasion(standing, account, highest)
        key = f"{standing.retainer.pk}:{account.key}:{starts}:{threshold}"
        said = _said(standing, account, highest)
        client = standing.retainer.client
        for user in members_who_want(provider, "alerts"):
            path = reverse("client", args=[client.slug])
            outbox.post(
                provider=provider,
                key=f"alert:{key}:{user.email}",
                kind="alert",
                recipient=user.email,
                context={**said, "path": path},
            )
        _tell_contacts(provider, standing, key, lambda: _said(standing, account, highest))
    return len(made)


def _remember(retainer: Retainer, account: str, starts: date, threshold: str, at: datetime) -> bool:
    """Write the crossing down; False where it stands already."""
    _, created = Crossing.objects.get_or_create(
        retainer=retainer,
        account=account,
        cycle_starts=starts,
        threshold=threshold,
        defaults={"reached_at": at},
    )
    return bool(created)


def _said(standing: Standing, account: Account, highest: Reached) -> dict[str, Any]:
    """What the mail says: only what the client's own page says."""
    cycle = standing.current
    through = standing.freshness.through
    resets = cycle.resets if cycle and not is_block(cycle.terms) else None
    return {
        "client": standing.retainer.client.name,
        "agreement": standing.agreement.name,
        "account": account.name,
        "percent": highest.percent,
        "hours_left": None if highest.hours_left is None else agreed(highest.hours_left),
        "left": hours(account.remaining),
        "granted": agreed(account.granted),
        "over": hours(account.overage) if account.overage else "",
        "resets": long_date(resets) if resets else "",
        "through": long_date(through) if through else "",
    }


def _tell_contacts(
    provider: Provider, standing: Standing, key: str, said: Callable[[], dict[str, Any]]
) -> None:
    """Contacts who are to get alerts and have agreed, each in the language in which they did.

    The address of the page is sealed until the mail is sent.
    """
    client, gate = standing.retainer.client, read_gate(provider)
    wanted = set(client.contacts.filter(alerts=True).values_list("email", flat=True))
    token = _token_of(client.pk)
    for consent in Consent.objects.filter(client=client):
        if consent.is_given and consent.email in wanted:
            with override(consent.language or settings.LANGUAGE_CODE):
                named = {"provider": provider_name(provider, gate), "client": client_name(client, gate)}
                context = {**said(), **named, "unsubscribe": unsubscribe_path(consent)}
            outbox.post(
                provider=provider,
                key=f"client-alert:{key}:{consent.email}",
                kind="client_alert",
                recipient=consent.email,
                context=context,
                secret=token,
                language=consent.language,
            )


def _token_of(client_id: int) -> str:
    """The secret of a link of the client that opens today; "" where there is none."""
    for link in ShareLink.objects.filter(client=client_id).order_by("pk"):
        token = unseal(link.sealed) if opens(link) and link.sealed else None
        if token:
            return token
    return ""


def _tell_incidents(provider: Provider, standing: Standing, known: set[Any], at: datetime) -> int:
    """Long incidents, where the agreement names how long that is; for members only."""
    cycle, threshold = standing.current, standing.agreement.incident_alert_hours
    if cycle is None or threshold is None:
        return 0
    found = incident_cases(cycle, accounts(standing.cycles, cycle), marks_of(standing), threshold)
    fresh = [
        each
        for each in found
        if each.alerts
        and (standing.retainer.pk, "", cycle.starts, f"incident:{each.mark}") not in known
        and _remember(standing.retainer, "", cycle.starts, f"incident:{each.mark}", at)
    ]
    for each in fresh:
        client = standing.retainer.client
        path = reverse("incident", args=[client.slug, standing.agreement.key, each.mark])
        for user in members_who_want(provider, "alerts"):
            outbox.post(
                provider=provider,
                key=f"incident:{standing.retainer.pk}:{cycle.starts}:{each.mark}:{user.email}",
                kind="incident",
                recipient=user.email,
                context={
                    "client": client.name,
                    "title": incident_title(each),
                    "hours": hours(each.hours),
                    "left_before": hours(each.left_before),
                    "path": path,
                },
            )
    return len(fresh)


def members_who_want(provider: Provider, kind: str) -> Iterator[User]:
    """Owners and managers of the provider who have not switched that kind of mail off."""
    refused = set(MailChoice.objects.filter(**{kind: False}).order_by().values_list("user_id", flat=True))
    memberships: Iterable[Membership] = Membership.objects.filter(
        provider=provider, role__in=(Role.OWNER, Role.MANAGER), user__is_active=True
    ).select_related("user")
    return (each.user for each in memberships if each.user_id not in refused)
