"""Who did what: the deeds about one client for its page, and the whole trail for owners."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import owner, the_member, zone_of
from accounts.actors import COMMAND_LINE, role_name
from accounts.audit import ACTIONS
from accounts.models import ActorKind, AuditEvent
from presentation import days
from presentation.phrases import some
from retainers.models import Client, MergedClient

TOLD = ("label", "text", "hours", "day", "cycle", "reason", "role", "command_reason")
MOST_CHANGES = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """`clients` are the names of those that it is about."""

    what: str
    about: str
    when: str
    who: str
    clients: str = ""


def deeds_about(events: Iterable[AuditEvent], client_name: str, zone: ZoneInfo) -> tuple[Deed, ...]:
    """Those about one client, on its own page."""
    return tuple(_deed(event, zone, (client_name,)) for event in events)


def deeds(events: Iterable[AuditEvent], names: Mapping[str, str], zone: ZoneInfo) -> tuple[Deed, ...]:
    """Those about any client: `names` by slug; the events bring their `clients`."""
    for_each = (
        (event, [names.get(each.client, each.client) for each in event.clients.all()]) for event in events
    )
    return tuple(replace(_deed(event, zone, clients), clients=some(clients)) for event, clients in for_each)


def _deed(event: AuditEvent, zone: ZoneInfo, clients: Sequence[str]) -> Deed:
    return Deed(
        what=_(ACTIONS[event.action]) if event.action in ACTIONS else event.action,
        about=_about(event, clients),
        when=days.moment(event.at, zone),
        who=who(event),
    )


def who(event: AuditEvent) -> str:
    """Who did it, by name and kind; a member by the name that they have now."""
    if event.actor_kind == ActorKind.KEY:
        return _("API key “%(name)s”") % {"name": event.actor}
    if event.actor_kind == ActorKind.CONTACT:
        return _("%(name)s, a contact") % {"name": event.actor}
    if event.actor_kind == ActorKind.COMMAND and event.actor != COMMAND_LINE.name:
        return _("%(name)s, at the command line") % {"name": event.actor}
    if event.actor_kind == ActorKind.COMMAND:
        return _("command line")
    return str(event.member or event.actor)


def _about(event: AuditEvent, clients: Sequence[str]) -> str:
    """What it was done to, and what is on record of it; older events begin with their client's name."""
    detail, subject = event.detail, event.subject
    for name in clients:
        subject = "" if subject == name else subject.removeprefix(f"{name} · ")
    told = [subject, *(str(detail[name]) for name in TOLD if detail.get(name)), *_changes(event)]
    if event.action.startswith("link") and "link" in detail:
        told.insert(0, _("number %(number)s") % {"number": detail["link"]})
    return " · ".join(text for text in told if text)


def _changes(event: AuditEvent) -> list[str]:
    """What became what: roles, settings, and the first things that a saved agreement changed."""
    detail = event.detail
    if event.action == "role changed":
        return [
            _("%(before)s → %(after)s") % {name: _role(detail.get(name, "")) for name in ("before", "after")}
        ]
    changes = [str(each) for each in detail.get("changes") or detail.get("changed") or ()]
    more = len(changes) - MOST_CHANGES
    return [
        ", ".join(changes[:MOST_CHANGES]) + (_(" and %(count)d more") % {"count": more} if more > 0 else "")
    ]


def _role(name: str) -> str:
    return _("no member") if name in ("", "removed") else role_name(name)


A_PAGE = 25


@dataclass(frozen=True, slots=True)
class DeedKind:
    key: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class TrailPage:
    kinds: tuple[DeedKind, ...]
    chosen: str
    deeds: tuple[Deed, ...]
    rows: Page[AuditEvent]


def trail_page(query: QueryDict | Mapping[str, str], zone: ZoneInfo) -> TrailPage:
    chosen = query.get("what", "")
    events = AuditEvent.objects.select_related("member").prefetch_related("clients")
    if chosen in ACTIONS:
        events = events.filter(action=chosen)
    rows = Paginator(events, A_PAGE).get_page(query.get("page"))
    names = dict(MergedClient.objects.values_list("slug", "name")) | dict(
        Client.objects.values_list("slug", "name")
    )
    return TrailPage(_kinds(chosen), chosen, deeds(rows, names, zone), rows)


def _kinds(chosen: str) -> tuple[DeedKind, ...]:
    """The kinds of deeds that there are, by their words."""
    done = AuditEvent.objects.order_by().values_list("action", flat=True).distinct()
    named = {key: _(ACTIONS[key]) for key in done if key in ACTIONS}
    by_name = sorted(named.items(), key=lambda kind: kind[1])
    return tuple(DeedKind(key, name, key == chosen) for key, name in by_name)


@require_safe
@owner
def trail(request: HttpRequest) -> HttpResponse:
    page = trail_page(request.GET, zone_of(the_member(request).provider))
    return render(request, "desk/trail.html", {"page": page})
