"""What stands beside the dashboard's list: due today, incidents and wording, each in a few lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import zone_of
from desk.dashboard.status import ClientCase, ClientState
from desk.incidents.page import FoundIncident, incidents_in
from presentation import days
from presentation.phrases import h
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


def cards(cases: Sequence[ClientCase], today: date) -> tuple[Card, ...]:
    return (
        _due(cases),
        _incidents(cases, today),
        _wording(cases),
    )


def _card(title: str, href: str, lines: Sequence[SideLine], empty: str) -> Card:
    count = len(lines) - LINES
    more = ngettext("and %(count)d more", "and %(count)d more", count) % {"count": count} if count > 0 else ""
    return Card(title, href, tuple(lines[:LINES]), empty, more)


def _client(case: ClientCase, detail: str = "") -> SideLine:
    return SideLine(case.name, detail, reverse("client", args=[case.slug]))


def _due(cases: Sequence[ClientCase]) -> Card:
    due = [_client(case) for case in cases if ClientState.DUE in case.states]
    return _card(_("Due today"), "./?state=due", due, _("No update is promised for today."))


def _incidents(cases: Sequence[ClientCase], today: date) -> Card:
    lines = [*_running(), *(_incident(found, today) for found in incidents_in(cases))]
    return _card(_("Incidents"), reverse("incidents"), lines, _("No ticket has taken hours in this cycle."))


def _running() -> list[SideLine]:
    """The incidents that run now, the oldest first."""
    rows = Notice.objects.filter(retired_in=None, running=True).select_related(
        "retainer__client", "retainer__provider"
    )
    return [
        SideLine(
            row.retainer.client.name,
            _running_words(live_from_document(row.live), zone_of(row.retainer.provider)),
            reverse("live_incident", args=[row.retainer.client.slug, row.retainer.key]),
        )
        for row in rows
    ]


def _running_words(live: Live, zone: ZoneInfo) -> str:
    since = {"since": days.moment(live.started, zone), "count": live.people}
    if not live.people:
        return _("paused, since %(since)s") % since
    return (
        ngettext(
            "runs: %(count)d person since %(since)s", "runs: %(count)d people since %(since)s", live.people
        )
        % since
    )


def _incident(found: FoundIncident, today: date) -> SideLine:
    incident = found.incident
    href = reverse("incident", args=[found.client.slug, found.key, incident.mark])
    detail = _("%(hours)s since %(day)s") % {
        "hours": h(incident.hours),
        "day": days.plain_day(incident.first, today),
    }
    return SideLine(found.client.name, detail, href)


def _wording(cases: Sequence[ClientCase]) -> Card:
    waiting = [(sum(each.waiting for each in case.retainers), case) for case in cases]
    waiting.sort(key=lambda each: -each[0])
    lines = [
        _client(case, ngettext("%(count)d line", "%(count)d lines", count) % {"count": count})
        for count, case in waiting
        if count
    ]
    return _card(_("Wording"), reverse("wording"), lines, _("Every line has words."))
