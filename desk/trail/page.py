"""The whole trail for owners: who did what, when, about which clients; of one kind of deed where one is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.audit import ACTIONS
from accounts.models import AuditEvent
from desk.trail.lines import Deed, deeds
from retainers.models import Client, MergedClient

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
