"""Which closed cycles are settled, and since when cycles are open to late entries: for many retainers at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.access import zone_of
from accounts.models import Provider
from retainers.agreements.fields import agreement_from_document
from retainers.balance import CycleBalance
from retainers.cycles import cycles_until
from retainers.models import Publication, Retainer
from retainers.selectors import Standing, publications_seen
from retainers.settled import Closing, closing
from retainers.settling.acts import settling_days

Closings = Mapping[date, Closing]  # by the first day of a closed cycle
Span = tuple[date, date]  # a cycle's first and last day


def closings(standings: Iterable[Standing], provider: Provider) -> dict[int, Closings]:
    """The closed cycles of each of the provider's retainers (by its key), as they stand on the standing's day.

    What was published after the standing's own publication is not looked at.
    """
    found = list(standings)
    if not found:
        return {}
    closed = {each.retainer.pk: _closed(each.cycles) for each in found}
    heads = {each.retainer.pk: each.publication for each in found}
    return _closings([each.retainer for each in found], heads, closed, found[0].on, provider)


def closings_of(
    cycles: Mapping[int, Sequence[CycleBalance]], retainers: Iterable[Retainer], on: date, provider: Provider
) -> dict[int, Closings]:
    """The same of cycles that somebody has worked out already, by retainer (its key)."""
    rows = [row for row in retainers if row.publication]
    heads = {row.pk: row.publication for row in rows if row.publication}
    return _closings(rows, heads, {row.pk: _closed(cycles[row.pk]) for row in rows}, on, provider)


def _closed(cycles: Iterable[CycleBalance]) -> list[Span]:
    return [(cycle.starts, cycle.ends) for cycle in cycles if cycle.closed]


def first_open(standing: Standing, closed: Closings) -> date | None:
    """The first day of the retainer's earliest cycle that isn't settled, of its closed cycles as they stand."""
    cycles = (
        each for each in standing.cycles if not each.closed or not closed[each.starts].is_settled(standing.on)
    )
    return next((each.starts for each in cycles), None)


def open_since(retainers: Iterable[Retainer], on: date, provider: Provider) -> dict[int, date]:
    """The first day of each retainer's earliest cycle that isn't settled: from when on to export.

    Retainers that have not begun, or of which every cycle is settled, are left out.
    """
    rows = [row for row in retainers if row.publication]
    cycles = {row.pk: _cycles(row, on) for row in rows}
    closed = {pk: [span for span in spans if span[1] < on] for pk, spans in cycles.items()}
    heads = {row.pk: row.publication for row in rows if row.publication}
    known = _closings(rows, heads, closed, on, provider)
    opened = ((pk, _first_unsettled(spans, known[pk], on)) for pk, spans in cycles.items())
    return {pk: starts for pk, starts in opened if starts}


def _first_unsettled(spans: Iterable[Span], closed: Closings, on: date) -> date | None:
    return next((starts for starts, ends in spans if ends >= on or not closed[starts].is_settled(on)), None)


def cycles_ended(retainers: Iterable[Retainer], first: date, last: date) -> dict[int, tuple[Span, ...]]:
    """The cycles of each retainer (by its key) whose last day lies between these days, both included."""
    return {
        row.pk: tuple(span for span in _cycles(row, last) if first <= span[1] <= last) for row in retainers
    }


def _cycles(row: Retainer, on: date) -> list[Span]:
    if row.publication is None:
        return []
    agreement = agreement_from_document(row.publication.version.document)
    return [(cycle.starts, cycle.ends) for cycle in cycles_until(agreement, on)]


def _closings(
    retainers: Sequence[Retainer],
    heads: Mapping[int, Publication],
    closed: Mapping[int, Iterable[Span]],
    on: date,
    provider: Provider,
) -> dict[int, Closings]:
    """What was complete before the last days of grace is settled: older publications are not looked at."""
    zone, after_days = zone_of(provider), provider.settles_after_days
    reached = _reached(retainers, heads, on, on - timedelta(days=after_days), zone)
    acts = settling_days(closed.keys(), zone)
    return {
        pk: {
            starts: closing(ends, reached[pk], acts=acts.of(pk, starts, ends), after_days=after_days)
            for starts, ends in spans
        }
        for pk, spans in closed.items()
    }


def _reached(
    retainers: Sequence[Retainer], heads: Mapping[int, Publication], on: date, since: date, zone: ZoneInfo
) -> dict[int, list[tuple[date, date | None]]]:
    """What each retainer covered at the end of the day `since`, and with each publication after it."""
    reached: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for pk, head in publications_seen(list(retainers), since, zone).items():
        shown = min(head, heads[pk], key=lambda row: row.number)
        reached[pk].append((since, shown.through))
    day_after = datetime.combine(since + timedelta(days=1), time(), tzinfo=zone)
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=zone)
    rows = Publication.objects.filter(
        retainer__in=[row.pk for row in retainers], made_at__gte=day_after, made_at__lt=end
    ).order_by("number")
    for pk, number, made_at, through in rows.values_list("retainer_id", "number", "made_at", "through"):
        if number <= heads[pk].number:
            reached[pk].append((made_at.astimezone(zone).date(), through))
    return reached
