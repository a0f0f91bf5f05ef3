"""Which closed cycles are settled, read for many retainers in three queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from retainers.models import Publication, Statement
from retainers.selectors import Standing, publications_seen
from retainers.settled import DAYS, Closing, closing

Closings = Mapping[date, Closing]  # by the first day of a closed cycle


def closings(standings: Iterable[Standing], zone: ZoneInfo, *, after_days: int = DAYS) -> dict[int, Closings]:
    """The closed cycles of each retainer (by its key), as they stand on the standing's day.

    What was complete before the last `after_days` days is settled, so older publications are not looked at.
    """
    found = list(standings)
    if not found:
        return {}
    on = found[0].on
    reached = _reached(found, on, on - timedelta(days=after_days), zone)
    acts = _statements(found, zone)
    return {
        each.retainer.pk: {
            cycle.starts: closing(
                cycle.ends,
                reached[each.retainer.pk],
                acts=acts[each.retainer.pk, cycle.starts],
                after_days=after_days,
            )
            for cycle in each.cycles
            if cycle.closed
        }
        for each in found
    }


def _reached(
    found: list[Standing], on: date, since: date, zone: ZoneInfo
) -> dict[int, list[tuple[date, date | None]]]:
    """What each retainer covered at the end of the day `since`, and with each publication after it."""
    reached: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for pk, head in publications_seen([each.retainer for each in found], since, zone).items():
        reached[pk].append((since, head.through))
    day_after = datetime.combine(since + timedelta(days=1), time(), tzinfo=zone)
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=zone)
    rows = Publication.objects.filter(
        retainer__in=[each.retainer.pk for each in found], made_at__gte=day_after, made_at__lt=end
    ).order_by("number")
    for pk, made_at, through in rows.values_list("retainer_id", "made_at", "through"):
        reached[pk].append((made_at.astimezone(zone).date(), through))
    return reached


def _statements(found: list[Standing], zone: ZoneInfo) -> dict[tuple[int, date], list[date]]:
    issued: dict[tuple[int, date], list[date]] = defaultdict(list)
    rows = Statement.objects.filter(retainer__in=[each.retainer.pk for each in found])
    for pk, starts, issued_at in rows.values_list("retainer_id", "cycle_starts", "issued_at"):
        issued[pk, starts].append(issued_at.astimezone(zone).date())
    return issued
