"""Owners are told by mail of a webhook whose messages don't arrive: once a day, and not at the first trouble."""

from datetime import datetime

from django.urls import reverse

from accounts import outbox
from accounts.models import Membership, Role
from alerts.hooks import keeping
from alerts.hooks.models import Delivery

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
