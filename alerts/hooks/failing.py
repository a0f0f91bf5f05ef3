"""Owners are told of a webhook whose messages don't arrive: by mail once a day, not at the first trouble, and among
what waits until one arrives, or it is paused or removed.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse, reverse_lazy

from accounts import outbox
from accounts.access import zone_of
from accounts.models import Membership, Provider, Role
from alerts.hooks import keeping
from alerts.hooks.models import Delivery
from desk.waiting import Thing
from presentation import days

TOLD_AT = 4  # tries: about twenty minutes after the first


def tell_failing(delivery: Delivery, at: datetime) -> int:
    """How many mails were new; none of a test, whose owner is looking."""
    if delivery.attempts != TOLD_AT or delivery.event == keeping.TEST:
        return 0
    owners = Membership.objects.filter(provider=delivery.provider, role=Role.OWNER, user__is_active=True)
    return sum(
        outbox.post(
            provider=delivery.provider,
            key=f"webhook-fails:{delivery.webhook_id}:{at.date()}:{each.user.email}",
            kind="webhook_fails",
            recipient=each.user.email,
            context={
                "name": delivery.webhook.name,
                "error": delivery.last_error,
                "path": reverse("webhook", args=[delivery.webhook_id]),
            },
        )
        for each in owners.select_related("user")
    )


def not_arriving(*_of: object) -> QuerySet[Delivery]:
    """Messages that were given up, or tried often, with none that arrived since."""
    arrived = Delivery.objects.filter(webhook=OuterRef("webhook")).order_by().values("webhook")
    rows: QuerySet[Delivery] = (
        Delivery.objects.filter(webhook__removed_at=None, webhook__paused_at=None, sent_at=None)
        .exclude(event=keeping.TEST)
        .annotate(arrived=Subquery(arrived.annotate(last=Max("sent_at")).values("last")))
        .filter(
            Q(given_up_at=None, attempts__gte=TOLD_AT)
            | Q(given_up_at__isnull=False, arrived=None)
            | Q(given_up_at__gt=F("arrived"))
        )
    )
    return rows


def dead_webhooks(provider: Provider, at: datetime) -> Iterator[Thing]:
    """Each webhook of the provider in scope that gets nothing through, with the newest message that didn't arrive."""
    zone, seen, rows = zone_of(provider), set[int](), not_arriving(provider, at.date())
    for row in rows.select_related("webhook").order_by("-pk"):
        if row.webhook_id in seen:
            continue
        seen.add(row.webhook_id)
        words = "given up" if row.given_up_at else f"tried {row.attempts} times"
        detail = f"{words} since {days.moment(row.made_at, zone)}: {row.last_error}"
        href = reverse_lazy("webhook", args=[row.webhook_id])
        mark = f"webhook:{row.webhook_id}:{row.pk}"
        yield Thing("webhooks", mark, f"“{row.webhook.name}”", detail, href, for_owners=True)
