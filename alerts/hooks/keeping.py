"""A provider's webhooks: added, tried, paused, removed. The address and the secret are kept sealed."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction

from accounts.audit import record
from accounts.models import User
from accounts.seal import seal, unseal
from alerts.hooks.calling import place_of
from alerts.hooks.letters import PREFIX
from alerts.hooks.models import Delivery, Event, Webhook

MOST = 20  # of one provider
TEST = "test"
OVERLAP = timedelta(days=1)  # in which the secret before a renewal still signs
UNSEALED = "Its address was sealed with another HOURTAB_LINK_KEY: add it again."


class TooManyError(Exception):
    """The provider has as many as it may have."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """`before` is the secret that was renewed: deliveries bear its signature as well `until` its receiver has had
    time to learn the new one.
    """

    address: str
    secret: str
    before: str = ""
    until: str = ""

    def signing(self, at: datetime) -> list[str]:
        """The secrets that a delivery of that moment is signed with, the newest first."""
        if self.before and at < datetime.fromisoformat(self.until):
            return [self.secret, self.before]
        return [self.secret]


@transaction.atomic
def add(
    *, name: str, kind: str, address: str, events: Sequence[Event], by: User | None, at: datetime
) -> tuple[Webhook, str]:
    """A new one, and the secret that its deliveries are signed with. Raises `CallError` and `TooManyError`."""
    place_of(address, settings.WEBHOOK_NETWORKS)
    if live().count() >= MOST:
        raise TooManyError
    secret = _new_secret()
    row = Webhook.objects.create(
        name=name,
        kind=kind,
        host=urlsplit(address).netloc[:260],
        sealed=seal(json.dumps([address, secret])),
        events=[event.value for event in events],
        made_at=at,
        since=at,
        made_by=by,
    )
    record(by, "webhook added", name, host=row.host, webhook=row.pk, events=row.events)
    return row, secret


@transaction.atomic
def renew_secret(*, webhook: Webhook, by: User, at: datetime) -> str | None:
    """A new secret, which is returned; the one before signs beside it for a day. None where it can't be unsealed."""
    row = live().select_for_update(no_key=True).filter(pk=webhook.pk).first()
    known = secrets_of(row) if row else None
    if row is None or known is None:
        return None
    secret, until = _new_secret(), (at + OVERLAP).isoformat()
    row.sealed = seal(json.dumps([known.address, secret, known.secret, until]))
    row.save(update_fields=["sealed"])
    record(by, "webhook secret renewed", row.name, webhook=row.pk)
    return secret


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def live() -> models.QuerySet[Webhook]:
    rows: models.QuerySet[Webhook] = Webhook.objects.filter(removed_at=None)
    return rows


def deliveries_of(webhook: Webhook) -> models.QuerySet[Delivery]:
    """The newest first."""
    rows: models.QuerySet[Delivery] = Delivery.objects.filter(webhook=webhook)
    return rows.select_related("webhook").order_by("-pk")


@transaction.atomic
def pause(*, webhook: Webhook, by: User, at: datetime) -> bool:
    """Nothing is sent from now on; what happens meanwhile is told later. False where it rests already."""
    done: bool = live().filter(pk=webhook.pk, paused_at=None).update(paused_at=at) == 1
    if done:
        record(by, "webhook paused", webhook.name, webhook=webhook.pk)
    return done


@transaction.atomic
def go_on(*, webhook: Webhook, by: User, at: datetime) -> bool:
    """Send again, at once what waits; what was given up stays so."""
    done: bool = live().filter(pk=webhook.pk, paused_at__isnull=False).update(paused_at=None) == 1
    if done:
        Delivery.objects.filter(webhook=webhook, sent_at=None).update(next_try_at=at)
        record(by, "webhook resumed", webhook.name, webhook=webhook.pk)
    return done


@transaction.atomic
def remove(*, webhook: Webhook, by: User, at: datetime) -> bool:
    """Its address and secret are gone; what was sent stays on record."""
    done: bool = live().filter(pk=webhook.pk).update(removed_at=at, sealed=b"") == 1
    if done:
        Delivery.objects.filter(webhook=webhook, sent_at=None, given_up_at=None).update(given_up_at=at)
        record(by, "webhook removed", webhook.name, webhook=webhook.pk)
    return done


@transaction.atomic
def send_again(*, delivery: Delivery, by: User, at: datetime) -> bool:
    """Send what arrived, or was given up, once more under its own id. False where it is on its way already."""
    over = models.Q(sent_at__isnull=False) | models.Q(given_up_at__isnull=False)
    rows = Delivery.objects.filter(over, pk=delivery.pk, webhook__in=live()).exclude(event=TEST)
    done: bool = (
        rows.update(
            made_at=at,
            next_try_at=at,
            sent_at=None,
            given_up_at=None,
            claimed_until=None,
            attempts=0,
            status=None,
            last_error="",
        )
        == 1
    )
    if done:
        name = delivery.webhook.name
        record(by, "webhook told again", name, webhook=delivery.webhook_id, message=delivery.key)
    return done


def try_out(*, webhook: Webhook, at: datetime) -> Delivery:
    """A delivery that tells of nothing; the sender takes it within seconds."""
    row: Delivery = Delivery.objects.create(
        webhook=webhook,
        key=f"{TEST}:{secrets.token_hex(8)}",
        event=TEST,
        document={"data": {}, "path": "/"},
        happened_at=at,
        made_at=at,
        next_try_at=at,
    )
    return row


def secrets_of(webhook: Webhook) -> Secrets | None:
    """None where they were sealed with another key, or are gone."""
    opened = unseal(webhook.sealed) if webhook.sealed else None
    return None if opened is None else Secrets(*json.loads(opened))
