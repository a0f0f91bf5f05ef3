"""What stands beside the dashboard's list: due today, incidents, requests and wording, each in a few lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import zone_of
from accounts.models import Provider
from desk.dashboard.status import ClientCase, ClientState
from desk.imports.schedules import silent_schedules, waiting_imports
from desk.incidents.page import FoundIncident, incidents_in
from imports.models import Import
from presentation import days
from presentation.phrases import h

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


def cards(cases: Sequence[ClientCase], today: date, provider: Provider) -> tuple[Card, ...]:
    return (
        _due(cases),
        _imports(provider, today),
        _incidents(cases, today),
        _requests(cases),
        _wording(cases),
    )


def _imports(provider: Provider, today: date) -> Card:
    """Schedules that fell silent, then previews that wait."""
    zone = zone_of(provider)
    silent = [
        SideLine(
            _("No file from “%(name)s”") % {"name": each.name},
            _("since %(day)s") % {"day": days.plain_day(each.last, today)},
            reverse("imports"),
        )
        for each in silent_schedules(provider, today)
    ]
    waiting = [
        SideLine(row.file_name, days.moment(row.uploaded_at, zone), reverse("import", args=[row.pk]))
        for row in waiting_imports()
    ]
    href = f"{reverse('imports')}?state={Import.State.UPLOADED}"
    return _card(_("Files that wait"), href, [*silent, *waiting], _("No preview waits to be published."))


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
    lines = [_incident(found, today) for found in incidents_in(cases)]
    return _card(_("Incidents"), reverse("incidents"), lines, _("No ticket has taken hours in this cycle."))


def _incident(found: FoundIncident, today: date) -> SideLine:
    incident = found.incident
    href = reverse("incident", args=[found.client.slug, found.key, incident.mark])
    detail = _("%(hours)s since %(day)s") % {
        "hours": h(incident.hours),
        "day": days.plain_day(incident.first, today),
    }
    return SideLine(found.client.name, detail, href)


def _requests(cases: Sequence[ClientCase]) -> Card:
    asked = sorted((case for case in cases if case.asked), key=lambda case: -case.asked)
    lines = [
        SideLine(
            case.name,
            ngettext("%(count)d waits", "%(count)d wait", case.asked) % {"count": case.asked},
            reverse("requests"),
        )
        for case in asked
    ]
    return _card(_("Requests"), reverse("requests"), lines, _("No request waits for an answer."))


def _wording(cases: Sequence[ClientCase]) -> Card:
    waiting = [(sum(each.waiting for each in case.retainers), case) for case in cases]
    waiting.sort(key=lambda each: -each[0])
    lines = [
        _client(case, ngettext("%(count)d line", "%(count)d lines", count) % {"count": count})
        for count, case in waiting
        if count
    ]
    return _card(_("Wording"), reverse("wording"), lines, _("Every line has words."))
