"""The requests that a client's page tells of: those that wait, and those that were answered lately."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from portal.models import ClientRequest
from presentation.requested import Requested
from retainers.gate.known import Gate
from retainers.hours import from_units
from retainers.selectors import Standing

WAITS_IN_SIGHT = timedelta(days=30)
ANSWERED_IN_SIGHT = timedelta(days=14)


def requests_shown(found: Sequence[Standing], zone: ZoneInfo, gate: Gate) -> dict[int, tuple[Requested, ...]]:
    """By retainer, newest first. An answer that may not leave is left out, its request is not."""
    slugs = {each.retainer.pk: each.retainer.client.slug for each in found}
    start = datetime.combine(found[0].on, time.min, zone)
    waits = Q(answered_at=None, made_at__gte=start - WAITS_IN_SIGHT)
    answered = Q(answered_at__gte=start - ANSWERED_IN_SIGHT)
    rows = ClientRequest.objects.filter(waits | answered, retainer__in=slugs, confirmed_at=None)
    shown: dict[int, list[Requested]] = defaultdict(list)
    for row in rows.select_related("top_up"):
        shown[row.retainer_id].append(_requested(row, zone, gate, slugs[row.retainer_id]))
    return {pk: tuple(each) for pk, each in shown.items()}


def _requested(row: ClientRequest, zone: ZoneInfo, gate: Gate, slug: str) -> Requested:
    return Requested(
        kind=row.kind,
        hours=None if row.hours_units is None else from_units(row.hours_units),
        on=row.made_at.astimezone(zone).date(),
        answered_on=row.answered_at.astimezone(zone).date() if row.answered_at else None,
        answer=gate.out(row.answer or "", slug),
        granted=from_units(row.top_up.hours_units) if row.top_up else None,
    )
