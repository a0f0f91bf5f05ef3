"""Who did what: the deeds about one client for its page, and the whole trail for owners."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import owner, the_member, zone_of
from accounts.actors import role_name
from accounts.audit import ACTIONS, who_did
from accounts.models import AuditEvent
from portal.models import ShareLink
from presentation import days
from presentation.phrases import agreed_hours, some
from retainers.models import Client, MergedClient, Retainer

MOST_CHANGES = 3
# what a loaded file is on record to have changed: of which client, and of which of its agreements
LOADED = re.compile(r"(retainer|contacts of|company names of|client) ([^ /]+)(?:/(\S+))?(.*)")
COLUMNS = {
    "timezone": "time zone",
    "support_phone": "phone",
    "support_email": "e-mail",
    "date_order": "order of dates",
    "settles_after_days": "days for late entries",
    "trusted_notes": "formats whose notes clients may read",
    "shows_uncharged": "uncharged work that clients may see",
    "states_fee": "fee on statements",
    "accent": "colour",
}
MONTHLY = ("month closed", "month opened again", "statements mailed")  # their subject is a month


@dataclass(frozen=True, slots=True)
class Deed:
    """`clients` are the names of those that it is about."""

    what: str
    about: str
    when: str
    who: str
    clients: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What events name by a key, in words: clients by slug, their agreements by slug and key, links by number."""

    clients: Mapping[str, str]
    agreements: Mapping[tuple[str, str], str]
    links: Mapping[int, str]

    def agreement(self, slugs: Iterable[str], key: str) -> str:
        return next((name for slug in slugs if (name := self.agreements.get((slug, key)))), key)


def known_in(events: Sequence[AuditEvent], clients: Mapping[str, str]) -> Known:
    """What these events name: two queries, however many they are."""
    keys = {event.subject.rpartition(" · ")[2] for event in events}
    keys |= {said[3] for event in events for each in _changed(event) if (said := LOADED.match(each))}
    rows = Retainer.objects.filter(client__slug__in=clients, key__in=keys)
    named = rows.values_list("client__slug", "key", "publication__version__document__name")
    links = ShareLink.objects.filter(pk__in={event.detail.get("link") for event in events} - {None})
    return Known(
        clients=clients,
        agreements={(slug, key): str(name) for slug, key, name in named if name},
        links=dict(links.values_list("pk", "label")),
    )


def deeds_about(events: Sequence[AuditEvent], client: Client, zone: ZoneInfo) -> tuple[Deed, ...]:
    """Those about one client, on its own page."""
    known = known_in(events, {client.slug: client.name})
    return tuple(_deed(event, zone, [client.slug], known) for event in events)


def deeds(events: Sequence[AuditEvent], names: Mapping[str, str], zone: ZoneInfo) -> tuple[Deed, ...]:
    """Those about any client: `names` by slug; the events bring their `clients`."""
    known, found = known_in(events, names), []
    for event in events:
        slugs = [each.client for each in event.clients.all()]
        clients = some([names.get(slug, slug) for slug in slugs])
        found.append(replace(_deed(event, zone, slugs, known), clients=clients))
    return tuple(found)


def _deed(event: AuditEvent, zone: ZoneInfo, slugs: Sequence[str], known: Known) -> Deed:
    return Deed(
        what=_(ACTIONS[event.action]) if event.action in ACTIONS else event.action,
        about=_about(event, slugs, known),
        when=days.moment(event.at, zone),
        who=who_did(event),
    )


def _about(event: AuditEvent, slugs: Sequence[str], known: Known) -> str:
    """What it was done to, and what is on record of it."""
    told = [_subject(event, slugs, known), *_details(event, known), *_changes(event, slugs, known)]
    return " · ".join(dict.fromkeys(text for text in told if text))


def _subject(event: AuditEvent, slugs: Sequence[str], known: Known) -> str:
    """An agreement by its name and a month in words; older events begin with their client's name."""
    subject = event.subject
    for name in (known.clients.get(slug, slug) for slug in slugs):
        subject = "" if subject == name else subject.removeprefix(f"{name} · ")
    month = _day(f"{subject}-01") if event.action in MONTHLY else None
    return days.full_month(month) if month else known.agreement(slugs, subject)


def _details(event: AuditEvent, known: Known) -> Iterable[str]:
    detail = event.detail
    yield known.links.get(detail.get("link", 0), "")
    for name in ("label", "text"):
        yield str(detail.get(name) or "")
    yield _hours(str(detail.get("hours") or ""))
    yield _span(detail)
    if detail.get("cycle"):
        cycle = _day(str(detail["cycle"]))
        yield _("the cycle from %(day)s") % {"day": days.dated(cycle) if cycle else detail["cycle"]}
    for name in ("reason", "role", "command_reason"):
        yield str(detail.get(name) or "")


def _span(detail: Mapping[str, object]) -> str:
    """The day on record, or the first and the last of several."""
    said = [str(detail[name]) for name in ("day", "until") if detail.get(name)] if detail.get("day") else []
    return " – ".join(dict.fromkeys(days.dated(day) if (day := _day(each)) else each for each in said))


def _hours(said: str) -> str:
    try:
        return agreed_hours(Decimal(said)) if said else ""
    except InvalidOperation:
        return said


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _changed(event: AuditEvent) -> list[str]:
    return [str(each) for each in event.detail.get("changes") or event.detail.get("changed") or ()]


def _loaded(said: str, slugs: Sequence[str], known: Known) -> str:
    """One thing that was changed, in words; the client is named where the event is about several."""
    found = LOADED.fullmatch(said)
    if found is None:
        return ", ".join(COLUMNS.get(each, each) for each in said.removeprefix("provider: ").split(", "))
    what, slug, key, rest = found.groups()
    name = known.agreement([slug], key or "")
    words = {"contacts of": "contacts", "company names of": "names in the PSA", "client": f"client{rest}"}
    whose = f"{known.clients.get(slug, slug)}: " if len(slugs) > 1 else ""
    return whose + words.get(what, name)


def _changes(event: AuditEvent, slugs: Sequence[str], known: Known) -> list[str]:
    """What became what: roles, settings, and the first things that a saved agreement changed."""
    detail = event.detail
    if event.action == "role changed":
        return [
            _("%(before)s → %(after)s") % {name: _role(detail.get(name, "")) for name in ("before", "after")}
        ]
    changes = [_loaded(each, slugs, known) for each in _changed(event)]
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
    return TrailPage(_kinds(chosen), chosen, deeds(list(rows), names, zone), rows)


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
