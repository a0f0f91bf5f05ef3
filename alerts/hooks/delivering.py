"""What is owed to webhooks is written down, once for each, and sent until it arrives: by the sender, outside of any
request. One that fails waits longer and longer, and is given up after three days; it stops only itself.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from threading import Event as Stop

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import F, Q
from django.utils.timezone import now

from accounts.models import Provider
from accounts.providers import all_of_them
from accounts.tenancy import all_tenants, tenant_scope
from alerts.hooks import keeping, letters
from alerts.hooks.calling import CallError, place_of, post
from alerts.hooks.failing import tell_failing
from alerts.hooks.happened import happened
from alerts.hooks.models import Delivery, Webhook

log = logging.getLogger(__name__)
LOOKED_BACK = timedelta(days=7)  # a deed's own moment may lie before those that were on record earlier
KEPT = timedelta(days=30)
CLAIM = timedelta(minutes=2)
PAUSES = (1, 5, 15, 60, 240)  # minutes before the next try; the last one from then on
GIVES_UP_AFTER = timedelta(days=3)
MOST_A_ROUND = timedelta(seconds=60)
A_PROVIDERS_SHARE = timedelta(seconds=15)  # of a round: slow receivers of one keep nobody else waiting
BETWEEN_LOOKS = 5.0  # seconds
AFTER_TROUBLE = 60.0
GONE = 410  # the receiver wants nothing more


class DeliveryOutcome(Enum):
    SENT = "sent"
    FAILED = "failed"


def write_down(provider: Provider, at: datetime) -> int:
    """What happened since each webhook of the provider stands, and is not written down for it yet."""
    with tenant_scope(provider):
        webhooks = list(keeping.live())
        if not webhooks:
            return 0
        Delivery.objects.filter(made_at__lt=at - KEPT).delete()
        return sum(_write_down(each, at) for each in webhooks)


def _write_down(webhook: Webhook, at: datetime) -> int:
    found = list(happened(set(webhook.events), max(webhook.since, at - LOOKED_BACK)))
    keys = [each.key for each in found]
    known = set(Delivery.objects.filter(webhook=webhook, key__in=keys).values_list("key", flat=True))
    fresh = [each for each in found if each.key not in known]
    rows = [
        Delivery(
            webhook=webhook,
            key=each.key,
            event=each.event,
            document=each.document(),
            happened_at=each.at,
            made_at=at,
            next_try_at=at,
        )
        for each in fresh
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def deliver_due(clock: Callable[[], datetime] = now, *, stop: Stop | None = None) -> Counter[DeliveryOutcome]:
    """Write down what is owed, and send what is due. A webhook that fails, and a provider whose share of the round is
    used up, is left alone until the next one.
    """
    began, this_round = clock(), _Round(clock)
    _write_down_all(began)
    for delivery in _due(began):
        if clock() - began > MOST_A_ROUND or (stop is not None and stop.is_set()):
            break
        if this_round.takes(delivery):
            this_round.send(delivery)
    return this_round.done


def _write_down_all(at: datetime) -> None:
    with all_tenants("the sender sends everybody's deliveries"):
        providers = list(all_of_them()) if Webhook.objects.filter(removed_at=None).exists() else []
    for provider in providers:
        write_down(provider, at)


class _Round:
    """What was sent so far, which webhooks failed, and how much time each provider's took."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failing = set[int]()
        self._used = defaultdict[int, timedelta](timedelta)
        self.done: Counter[DeliveryOutcome] = Counter()

    def takes(self, delivery: Delivery) -> bool:
        is_used_up = self._used[delivery.provider_id] >= A_PROVIDERS_SHARE
        return delivery.webhook_id not in self._failing and not is_used_up

    def send(self, delivery: Delivery) -> None:
        """Send it, unless another process has taken it."""
        starts = self._clock()
        with tenant_scope(delivery.provider):
            outcome = _send(delivery, self._clock) if _claim(delivery, starts) else None
        self._used[delivery.provider_id] += self._clock() - starts
        if outcome is not None:
            self.done[outcome] += 1
        if outcome is DeliveryOutcome.FAILED:
            self._failing.add(delivery.webhook_id)


def _due(at: datetime) -> list[Delivery]:
    with all_tenants("the sender sends everybody's deliveries"):
        rows = Delivery.objects.filter(
            sent_at=None,
            given_up_at=None,
            next_try_at__lte=at,
            webhook__removed_at=None,
            webhook__paused_at=None,
        )
        return list(rows.select_related("provider", "webhook").order_by("next_try_at", "pk"))


def _claim(delivery: Delivery, at: datetime) -> bool:
    """Take it for this process; who dies while sending gives it back after `CLAIM`."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    mine = Delivery.objects.filter(free, pk=delivery.pk, sent_at=None, next_try_at=delivery.next_try_at)
    taken: bool = mine.update(claimed_until=at + CLAIM, attempts=F("attempts") + 1) == 1
    delivery.attempts += taken
    return taken


def _send(delivery: Delivery, clock: Callable[[], datetime]) -> DeliveryOutcome:
    status, problem = None, ""
    try:
        status = _called(delivery, clock())
    except CallError as error:
        problem = str(error)
    if status is not None and 200 <= status < 300:
        _note(delivery, sent_at=clock(), status=status, last_error="")
        return DeliveryOutcome.SENT
    at = clock()
    pause = timedelta(minutes=PAUSES[min(delivery.attempts, len(PAUSES)) - 1])
    is_over = status == GONE or at - delivery.made_at >= GIVES_UP_AFTER or delivery.event == keeping.TEST
    _note(
        delivery,
        status=status,
        last_error=problem or f"Answered with {status}.",
        next_try_at=at + pause,
        given_up_at=at if is_over else None,
    )
    tell_failing(delivery, at)
    return DeliveryOutcome.FAILED


def _called(delivery: Delivery, at: datetime) -> int:
    webhook = delivery.webhook
    known = keeping.secrets_of(webhook)
    if known is None:
        raise CallError(keeping.UNSEALED)
    body = letters.body_of(
        webhook.kind,
        delivery.event,
        delivery.document,
        key=delivery.key,
        at=delivery.happened_at,
        provider=delivery.provider.slug,
        base_url=settings.BASE_URL,
    )
    headers = {"Content-Type": "application/json", "User-Agent": "HourTab"}
    headers |= letters.signed(known.signing(at), delivery.key, at, body)
    networks = settings.WEBHOOK_NETWORKS
    return post(place_of(known.address, networks), body, headers, networks)


def _note(delivery: Delivery, **told: object) -> None:
    for name, value in {**told, "claimed_until": None}.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=[*told, "claimed_until"])


def keep_delivering(stop: Stop) -> None:
    """Round after round, until `stop` is set."""
    while not stop.is_set():
        stop.wait(_round(stop))
    connection.close()


def _round(stop: Stop) -> float:
    close_old_connections()
    try:
        deliver_due(stop=stop)
    except (OperationalError, InterfaceError) as error:
        log.warning("Webhooks could not be read: %s", error)
        connection.close()
        return AFTER_TROUBLE
    return BETWEEN_LOOKS
