"""Approvals and requests: what was confirmed is published once, and nothing else is; an answer has its moment."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet

from hourtab.verifying.places import place, portions
from portal.models import ClientRequest, ShareLink
from retainers.models import Approval

WHAT = ("retainer__client__slug", "retainer__key")


def faults() -> Iterator[str]:
    yield from _confirmed()
    rows = ClientRequest.objects.select_related("retainer__client").order_by("pk")
    for row in portions(rows.filter(may_approve=False, confirmed_at__isnull=False)):
        yield f"{place(row.retainer)}: request {row.pk} was confirmed by who may not approve"
    for row in portions(rows.filter(Q(answered_at=None) ^ Q(answer=None))):
        yield f"{place(row.retainer)}: request {row.pk} has an answer without its moment, or a moment without one"
    for row in portions(rows.filter(top_up__isnull=False).exclude(top_up__retainer=F("retainer"))):
        yield f"{place(row.retainer)}: request {row.pk} was answered with the hours of another agreement"
    for row in portions(rows.exclude(link__client=F("retainer__client"))):
        yield f"{place(row.retainer)}: request {row.pk} came over another client's link"
    twice = ShareLink.objects.filter(replaced_at__lt=F("created_at")) | ShareLink.objects.filter(
        revoked_at__lt=F("created_at")
    )
    for link in portions(twice.select_related("client")):
        yield f"{link.client.slug}: link {link.pk} ended before it was made"


def _confirmed() -> Iterator[str]:
    """Each confirmed request is one approval, and each approval one confirmed request."""
    asked = _counted(
        ClientRequest.objects.filter(confirmed_at__isnull=False),
        "cycle_starts",
        "hours_units",
        "confirmed_at",
    )
    given = _counted(Approval.objects.all(), "cycle", "hours_units", "confirmed_at")
    for (client, key, cycle, *_), count in (asked - given).items():
        yield f"{client}/{key}: hours that were confirmed for the cycle from {cycle} are on no page ({count})"
    for (client, key, cycle, *_), count in (given - asked).items():
        yield f"{client}/{key}: hours are approved for the cycle from {cycle} that nobody confirmed ({count})"


def _counted(rows: QuerySet[Any], *columns: str) -> Counter[tuple[Any, ...]]:
    """A few a year and client: these are counted at once."""
    return Counter(rows.order_by().values_list(*WHAT, *columns).iterator(chunk_size=1000))
