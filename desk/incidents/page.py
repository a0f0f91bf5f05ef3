"""The pages of the incidents, finished: the PSA's titles and names beside the hours, for staff only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.dashboard.status import ClientCase
from desk.incidents.figures import IncidentCase
from imports.publishing.published import rows_of_entries
from imports.reading.rows import Row
from presentation import days
from presentation.charts import Meter, plain_meter
from presentation.days import short_date, weekday
from presentation.explanations import Phrases, explain
from presentation.phrases import column, h, hours
from retainers.balance import CycleBalance, Draw
from retainers.hours import ZERO
from retainers.selectors import Standing
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident as the list has it; `retainer` is "" where the client has only one."""

    slug: str
    client: str
    key: str
    retainer: str
    mark: str
    title: str
    ticket: str
    hours: str
    people: str
    when: str
    against: str
    meter: Meter
    alerts: bool


@dataclass(frozen=True, slots=True)
class FoundIncident:
    """An incident with the client and the retainer that it belongs to."""

    client: ClientCase
    key: str
    retainer: str
    incident: IncidentCase


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an incident: who, when, what it counts, and the running total."""

    day: str
    weekday: str
    time: str
    technician: str
    beside: str
    why: str
    hours: str
    total: str
    left: str
    meter: Meter


@dataclass(frozen=True, slots=True)
class IncidentPage:
    title: str
    ticket: str
    hours: str
    against: str
    people: str
    threshold: str
    steps: tuple[Step, ...]


def incidents_in(cases: Iterable[ClientCase], *, order: str = "hours") -> list[FoundIncident]:
    """All incidents of the current cycles, by hours or the newest first."""
    found = [
        FoundIncident(case, each.key, each.name if len(case.retainers) > 1 else "", incident)
        for case in cases
        for each in case.retainers
        for incident in each.incidents
    ]
    if order == "newest":
        return sorted(found, key=lambda one: (one.incident.last, one.incident.hours), reverse=True)
    return sorted(found, key=lambda one: (-one.incident.hours, one.client.name, one.incident.mark))


def incident_lines(found: Sequence[FoundIncident], today: date) -> tuple[IncidentLine, ...]:
    """The lines of a page: the PSA's columns are read for these alone."""
    rows = rows_of_entries(ref for one in found for ref in one.incident.refs)
    return tuple(_line(one, [rows[ref] for ref in one.incident.refs if ref in rows], today) for one in found)


def _line(found: FoundIncident, rows: Sequence[Row], today: date) -> IncidentLine:
    incident = found.incident
    newest = rows[-1] if rows else None
    return IncidentLine(
        slug=found.client.slug,
        client=found.client.name,
        key=found.key,
        retainer=found.retainer,
        mark=incident.mark,
        title=newest.title if newest else "",
        ticket=newest.ticket if newest else "",
        hours=hours(incident.hours),
        people=_people(rows),
        when=_when(incident, today),
        against=_against(incident),
        meter=plain_meter(incident.hours, incident.left_before),
        alerts=incident.alerts,
    )


def incident_title(incident: IncidentCase) -> str:
    """The PSA's newest title of the incident, else its ticket: for staff only."""
    rows = rows_of_entries(incident.refs[-1:])
    return next((row.title or row.ticket for row in rows.values()), "")


def _people(rows: Sequence[Row]) -> str:
    count = len({row.technician for row in rows if row.technician})
    if not count:
        return ""
    said = ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
    return _("%(people)s, in parallel") % {"people": said} if _any_parallel(rows) else said


def _any_parallel(rows: Sequence[Row]) -> bool:
    return any(at_once(one, other) for one, other in combinations(rows, 2))


def at_once(one: Row, other: Row) -> bool:
    """Whether two people worked at the same time: their times overlap on one day.

    Without times nothing is claimed. An end before its start lies past midnight.
    """
    if one.technician == other.technician or one.date != other.date:
        return False
    if None in (one.start, one.end, other.start, other.end):
        return False
    return _minutes(one.start) < _until(other) and _minutes(other.start) < _until(one)


def _minutes(moment: time | None) -> int:
    return moment.hour * 60 + moment.minute if moment else 0


def _until(row: Row) -> int:
    end = _minutes(row.end)
    return end if end > _minutes(row.start) else end + 24 * 60


def _when(incident: IncidentCase, today: date) -> str:
    if incident.first == incident.last:
        return days.recently(incident.first, today)
    return days.between(incident.first, incident.last, today)


def _against(incident: IncidentCase) -> str:
    said = _("%(taken)s of the %(left)s h left when it began") % {
        "taken": hours(incident.hours),
        "left": hours(incident.left_before),
    }
    return f"{incident.account}: {said}" if incident.account else said


def incident_page(standing: Standing, case: ClientCase, key: str, mark: str) -> IncidentPage:
    """One incident, entry by entry. `LookupError` where the current cycle has no such incident."""
    cycle = standing.current
    found = next((one for one in incidents_in([case]) if (one.key, one.incident.mark) == (key, mark)), None)
    if cycle is None or found is None:
        raise LookupError("there is no such incident in the current cycle")
    incident = found.incident
    rows = rows_of_entries(incident.refs)
    draws = _counted_by_entry(cycle)
    in_order = sorted(incident.refs, key=lambda ref: _moment(draws[ref][0], rows.get(ref)))
    known = [rows[ref] for ref in in_order if ref in rows]
    return IncidentPage(
        title=known[-1].title if known else "",
        ticket=known[-1].ticket if known else "",
        hours=hours(incident.hours),
        against=_against(incident),
        people=_people(known),
        threshold=_threshold(incident, standing.agreement),
        steps=tuple(_steps(in_order, draws, rows, incident, standing)),
    )


def _counted_by_entry(cycle: CycleBalance) -> Mapping[int, list[Draw]]:
    draws = defaultdict[int, list[Draw]](list)
    for draw in cycle.draws:
        if draw.reason is None:
            draws[draw.work.ref].append(draw)
    return draws


def _threshold(incident: IncidentCase, agreement: Agreement) -> str:
    """Why it is an alert; "" where it is none."""
    past = agreement.incident_alert_hours
    if not incident.alerts or not past:
        return ""
    return _("Over the %(hours)s at which the agreement sends an alert.") % {"hours": h(past)}


def _moment(draw: Draw, row: Row | None) -> tuple[date, int, int]:
    return draw.work.day, _minutes(row.start) if row else 0, draw.work.ref


def _steps(
    in_order: Sequence[int],
    draws: Mapping[int, Sequence[Draw]],
    rows: Mapping[int, Row],
    incident: IncidentCase,
    standing: Standing,
) -> Iterable[Step]:
    """A line an entry, of one that is split at the boundary a line a part."""
    phrases, total = Phrases.here(), ZERO
    for draw in (draw for ref in in_order for draw in draws[ref]):
        row = rows.get(draw.work.ref)
        total += draw.hours
        yield Step(
            day=short_date(draw.work.day),
            weekday=weekday(draw.work.day),
            time=_times(row),
            technician=row.technician if row else "",
            beside=_beside(row, rows, in_order),
            why=explain(draw, standing.agreement.terms_on(draw.work.day), phrases),
            hours=column(draw.hours),
            total=column(total),
            left=_left(incident.left_before - total),
            meter=plain_meter(total, incident.left_before),
        )


def _times(row: Row | None) -> str:
    if row is None or row.start is None:
        return ""
    return f"{row.start:%H:%M}–{row.end:%H:%M}" if row.end else f"{row.start:%H:%M}"


def _beside(row: Row | None, rows: Mapping[int, Row], in_order: Sequence[int]) -> str:
    """Who worked on it at the same time."""
    if row is None:
        return ""
    others = {rows[ref].technician for ref in in_order if ref in rows and at_once(row, rows[ref])}
    return _("at the same time as %(people)s") % {"people": ", ".join(sorted(others))} if others else ""


def _left(left: Decimal) -> str:
    return (
        _("%(left)s left") % {"left": hours(left)}
        if left >= 0
        else _("%(over)s over") % {"over": hours(-left)}
    )
