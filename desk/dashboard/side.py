"""What stands beside the dashboard's list: due today, incidents and wording, each in a few lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import zone_of
from desk.dashboard.rows import incident_detail
from desk.dashboard.states import ClientState
from desk.dashboard.status import ClientCase
from desk.incidents.page import FoundIncident, incidents_in
from presentation import days
from retainers.live import Live, live_from_document
from retainers.models import Notice

LINES = 3


@dataclass(frozen=True, slots=True)
class SideLine:
    text: str
    detail: str
    href: str


@dataclass(frozen=True, slots=True)
class Card:
    """`more` says how many are not among the lines; `href` leads to all of them."""

    title: str
    href: str
    lines: tuple[SideLine, ...]
    empty: str
    more: str


@dataclass(frozen=True, slots=True)
class Few:
    """The first lines of a card, and how many there are in all."""

    lines: tuple[SideLine, ...]
    count: int


def cards(cases: Sequence[ClientCase], today: date) -> tuple[Card, ...]:
    due = [client_line(case.slug, case.name) for case in cases if ClientState.DUE in case.states]
    incidents = [_incident(found, today) for found in incidents_in(cases)]
    return cards_of(running_lines(), few(due), few(incidents), few(_wording(cases)))


def few(lines: Sequence[SideLine]) -> Few:
    return Few(tuple(lines[:LINES]), len(lines))


def cards_of(running: Sequence[SideLine], due: Few, incidents: Few, wording: Few) -> tuple[Card, ...]:
    """`running`: the incidents that run now, before all others."""
    every = Few((*running, *incidents.lines), len(running) + incidents.count)
    return (
        _card(_("Due today"), "./?state=due", due, _("No update is promised for today.")),
        _card(_("Incidents"), reverse("incidents"), every, _("No tickets have used hours in this cycle.")),
        _card(_("Wording"), reverse("wording"), wording, _("Every line has words.")),
    )


def _card(title: str, href: str, found: Few, empty: str) -> Card:
    count = found.count - LINES
    more = ngettext("and %(count)d more", "and %(count)d more", count) % {"count": count} if count > 0 else ""
    return Card(title, href, found.lines[:LINES], empty, more)


def client_line(slug: str, name: str, detail: str = "") -> SideLine:
    return SideLine(name, detail, reverse("client", args=[slug]))


def running() -> QuerySet[Any, Any]:
    """The incidents that run now, the oldest first."""
    rows: QuerySet[Any, Any] = Notice.objects.filter(retired_in=None, running=True)
    return rows


def running_lines() -> tuple[SideLine, ...]:
    rows = running().select_related("retainer__client", "retainer__provider")
    return tuple(
        SideLine(
            row.retainer.client.name,
            _running_words(live_from_document(row.live), zone_of(row.retainer.provider)),
            reverse("live_incident", args=[row.retainer.client.slug, row.retainer.key]),
        )
        for row in rows
    )


def _running_words(live: Live, zone: ZoneInfo) -> str:
    since = {"since": days.moment(live.started, zone), "count": live.people}
    if not live.people:
        return _("paused, since %(since)s") % since
    return (
        ngettext(
            "running, %(count)d person since %(since)s",
            "running, %(count)d people since %(since)s",
            live.people,
        )
        % since
    )


def _incident(found: FoundIncident, today: date) -> SideLine:
    detail = incident_detail(found.incident, today)
    return incident_line(found.client.slug, found.client.name, found.key, found.incident.mark, detail)


def incident_line(slug: str, name: str, key: str, mark: str, detail: str) -> SideLine:
    return SideLine(name, detail, reverse("incident", args=[slug, key, mark]))


def _wording(cases: Sequence[ClientCase]) -> list[SideLine]:
    waiting = [(sum(each.waiting for each in case.retainers), case) for case in cases]
    waiting.sort(key=lambda each: -each[0])
    return [wording_line(case.slug, case.name, count) for count, case in waiting if count]


def wording_line(slug: str, name: str, count: int) -> SideLine:
    return client_line(slug, name, ngettext("%(count)d line", "%(count)d lines", count) % {"count": count})
