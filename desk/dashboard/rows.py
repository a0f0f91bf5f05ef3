"""The dashboard's rows: a client's case as finished strings, ready to be printed.

The figures are the ones of the client's own page (`presentation.headlines`); the words about pace, updates and links
are for staff only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.dashboard.reasons import approved_chips, chip_name, reason
from desk.dashboard.states import ClientState, LinkUse
from desk.dashboard.status import ClientCase, Left, RetainerCase
from desk.incidents.figures import IncidentCase
from presentation import counts, days
from presentation.charts import Meter
from presentation.headlines import ShortNumber, short_numbers
from presentation.pace import RunOut
from presentation.phrases import h

OF_HOURS = (ClientState.OVER, ClientState.EMPTY, ClientState.RUNS_OUT, ClientState.LOW)
TONES = {
    ClientState.OVER: "red",
    ClientState.EMPTY: "amber",
    ClientState.RUNS_OUT: "amber",
    ClientState.LOW: "amber",
    ClientState.ENDING: "amber",
    ClientState.INCIDENT: "amber",
    ClientState.CLOSED_OVER: "amber",
    ClientState.LATE: "amber",
    ClientState.ASKED: "amber",
    ClientState.FINE: "",
}


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class PoolLine:
    """What is left in one account: the number, its meter, how it was used and how it goes on."""

    name: str
    left: str
    of: str
    over: str
    tone: str
    meter: Meter
    used: str
    pace: str


@dataclass(frozen=True, slots=True)
class Update:
    """How far the figures reach, and when they move next. `tone` is "late", "due" or ""."""

    through: str
    next: str
    tone: str


@dataclass(frozen=True, slots=True)
class RetainerLine:
    name: str
    term: str
    pools: tuple[PoolLine, ...]
    update: Update


@dataclass(frozen=True, slots=True)
class LinkOpened:
    when: str
    how_often: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    """`rest` are the lines after the first one: a client has as many lines as retainers."""

    slug: str
    name: str
    chips: tuple[Chip, ...]
    reason: str
    first: RetainerLine | None
    rest: tuple[RetainerLine, ...]
    height: int
    opened: LinkOpened


def client_row(case: ClientCase, today: date, zone: ZoneInfo) -> ClientRow:
    lines = tuple(retainer_line(each, today) for each in case.retainers)
    return ClientRow(
        slug=case.slug,
        name=case.name,
        chips=chips(case),
        reason=reason(case, today, zone),
        first=lines[0] if lines else None,
        rest=lines[1:],
        height=max(len(lines), 1),
        opened=opened(case.links, today, zone),
    )


def chips(case: ClientCase, approved: Sequence[str] | None = None) -> tuple[Chip, ...]:
    """The states to act on, the most urgent first; of those about hours only the first.

    `approved`: what is said of approved hours, where the case has no agreements to tell it from.
    """
    used = approved_chips(case) if approved is None else approved
    states = [state for state in ClientState if state in case.states]
    hours = [state for state in states if state in OF_HOURS]
    return tuple(
        Chip(words, TONES.get(state, "plain"))
        for state in states
        if state not in hours[1:]
        for words in (used if state is ClientState.APPROVED else (chip_name(state),))
    )


def retainer_line(case: RetainerCase, today: date) -> RetainerLine:
    return RetainerLine(
        name=case.name,
        term=_term(case, today),
        pools=pool_lines(case, today),
        update=_update(case, today),
    )


def pool_lines(case: RetainerCase, today: date) -> tuple[PoolLine, ...]:
    """The accounts as the client sees them, each with its pace."""
    cycle = case.cycle
    if cycle is None:
        return ()
    found = short_numbers([left.account for left in case.lefts], cycle, case.freshness.through)
    pairs = zip(found, case.lefts, strict=True)
    return tuple(_pool(number, left, case.until, today) for number, left in pairs)


def _pool(number: ShortNumber, left: Left, until: date | None, today: date) -> PoolLine:
    return PoolLine(
        name=number.name,
        left=number.left,
        of=number.short,
        over=number.over,
        tone=number.tone,
        meter=number.meter,
        used=f"{number.used} · {number.pace}" if number.pace else number.used,
        pace=pace_words(left, until, today),
    )


def pace_words(left: Left, until: date | None, today: date) -> str:
    """How long the hours last at the present pace, or since when they are gone."""
    if left.over_since:
        return _("over since %(day)s") % {"day": days.day_of(left.over_since, today)}
    match left.run_out and left.run_out.within(until):
        case None:
            return ""
        case RunOut(first=None):
            return _("lasts until the reset at this pace") if until else _("lasts for years at this pace")
        case RunOut(date() as first, None):
            return _("may run out from %(day)s") % {"day": days.day_of(max(first, today), today)}
        case RunOut(date() as first, date() as last) if last > today:
            return _("runs out %(days)s") % {"days": days.between(max(first, today), last, today)}
    return _("used up by now, at this pace")


def _term(case: RetainerCase, today: date) -> str:
    """Until when the number holds: "resets 1 Dec"."""
    cycle = case.cycle
    if cycle is None:
        return _("starts %(day)s") % {"day": days.plain_day(case.starts, today)}
    if case.renewed_on:
        return f"renewed from {days.plain_day(case.renewed_on, today)}"
    if cycle.closed:
        return _("ended %(day)s") % {"day": days.plain_day(cycle.ends, today)}
    if case.is_block:
        return _("no reset date")
    if cycle.resets:
        return _("resets %(day)s") % {"day": days.plain_day(cycle.resets, today)}
    return _("ends %(day)s") % {"day": days.plain_day(cycle.ends, today)}


def _update(case: RetainerCase, today: date) -> Update:
    fresh = case.freshness
    through = days.day_of(fresh.through, today) if fresh.through else ""
    if case.is_over:
        return Update(through, "", "")
    if fresh.next_update is None:
        return Update(through, _("no fixed days") if fresh.through else "", "")
    due = days.day_of(fresh.next_update, today)
    if fresh.late:
        return Update(through, _("was due %(day)s") % {"day": due}, "late")
    if fresh.next_update == today:
        return Update(through, _("update due today"), "due")
    return Update(through, _("next %(day)s") % {"day": due}, "")


def incident_detail(incident: IncidentCase, today: date) -> str:
    return _("%(hours)s since %(day)s") % {
        "hours": h(incident.hours),
        "day": days.plain_day(incident.first, today),
    }


def opened(links: LinkUse, today: date, zone: ZoneInfo) -> LinkOpened:
    """When a link was last opened, and how often they were opened in all."""
    if not links.count:
        return LinkOpened("", _("no link"))
    several = ngettext("%(count)d link", "%(count)d links", links.count) % {"count": links.count}
    if links.opened_at is None:
        return LinkOpened(_("never"), several if links.count > 1 else "")
    when = days.recently(links.opened_at.astimezone(zone).date(), today)
    often = counts.times(links.opened_count)
    return LinkOpened(when, f"{often}, {several}" if links.count > 1 else often)
