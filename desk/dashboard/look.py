"""All clients with what is kept of them, as the database sees them: which state each is in, who is asked for, in which
order. What is counted comes in groups of clients that are alike: a query however many there are.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least, Lower
from django.db.models.lookups import GreaterThanOrEqual

from desk.dashboard.holding import heads_of, of_the_day
from desk.dashboard.keeping import NOTHING, SHARES
from desk.dashboard.query import DOWN, NEVER, DashboardQuery
from desk.dashboard.selectors import company_names, is_live, unanswered
from desk.dashboard.states import URGENCY, ClientState, LinkUse, all_states
from portal.models import ShareLink
from retainers.models import Client
from retainers.terms import collapse

NO_SHARE = 2 * 10**SHARES  # of a client without an agreement: behind every other
ONLY_ENDED = 1 << URGENCY[ClientState.ENDED]
WANTS_LINK = Q(kept__states__isnull=False) & ~Q(kept__states=ONLY_ENDED)
BY_NAME = (Lower("name"), F("slug"))

Rows = QuerySet[Any, Any]  # clients, with what `_look` annotates


@dataclass(frozen=True, slots=True)
class Group:
    """Clients that are alike in all that is counted."""

    states: frozenset[ClientState]
    bits: int
    fits: bool
    holds: bool
    opened: bool
    over: Decimal
    billed: Mapping[str, str]
    count: int
    incidents: int
    unworded: int


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the provider in scope: all clients with what is kept of them, and the groups that they form."""

    rows: Rows
    groups: tuple[Group, ...]
    question: DashboardQuery
    today: date
    zone: ZoneInfo

    def count(self, state: ClientState) -> int:
        return sum(group.count for group in self.groups if state in group.states)

    @property
    def fitting(self) -> list[Group]:
        state = self.question.state
        return [group for group in self.groups if group.fits and (not state or state in group.states)]


def look_at(question: DashboardQuery, today: date, zone: ZoneInfo) -> Look:
    kept = FilteredRelation("days", condition=of_the_day(today, zone, "days__"))
    rows: Rows = Client.objects.order_by().annotate(kept=kept)
    links = live_links(today).values("client")
    rows = rows.annotate(
        published=heads_of(OuterRef("pk")),
        holds=_is(Q(published=None) | Q(kept__heads=F("published"))),
        linked=_is(Q(pk__in=links)),
        used=_is(Q(pk__in=links.filter(last_opened_at__isnull=False))),
        asks=_is(Q(pk__in=unanswered().values("retainer__client"))),
        fits=_is(Q(pk__in=_searched(question, rows))) if question.words else Value(value=True),
    )
    return Look(rows, tuple(_groups(rows)), question, today, zone)


def live_links(today: date) -> QuerySet[ShareLink]:
    rows: QuerySet[ShareLink] = ShareLink.objects.filter(is_live(today))
    return rows.order_by()


def _is(condition: Q) -> Case:
    return Case(When(condition, then=Value(value=True)), default=Value(value=False))


def _searched(question: DashboardQuery, rows: Rows) -> list[int]:
    """The clients that the words fit: by their own names, the PSA's, and their agreements'."""
    words, more = collapse(question.words).split(), company_names()
    return [
        pk
        for pk, slug, name, names in rows.values_list("pk", "slug", "name", "kept__names")
        for said in [collapse(f"{name} {slug} {more.get(slug, '')} {names or ''}")]
        if all(word in said for word in words)
    ]


def _groups(rows: Rows) -> Iterator[Group]:
    alike = (
        "kept__states",
        "linked",
        "used",
        "asks",
        "fits",
        "holds",
        "kept__over",
        "kept__billed",
    )
    counted = rows.values_list(*alike).annotate(
        count=Count("pk"),
        incidents=Coalesce(Sum("kept__incidents"), 0),
        unworded=Count("pk", filter=Q(kept__waiting__gt=0)),
    )
    for bits, linked, used, asks, fits, holds, over, billed, *counts in counted:
        yield Group(
            states=states_of(bits, linked=linked, used=used, asks=asks),
            bits=bits or 0,
            fits=fits,
            holds=holds,
            opened=used,
            over=Decimal(over or 0),
            billed=json.loads(billed) if billed else {},
            count=counts[0],
            incidents=counts[1],
            unworded=counts[2],
        )


def states_of(bits: int | None, *, linked: bool, used: bool, asks: bool) -> frozenset[ClientState]:
    """All of a client's states; `bits`: those of its agreements, None without any."""
    of_agreements = [state for state, place in URGENCY.items() if (bits or 0) >> place & 1]
    use = LinkUse(count=int(linked), opened_at=NEVER if used else None)
    return all_states(of_agreements, has_agreements=bits is not None, links=use, asked=int(asks))


def in_state(look: Look) -> Q:
    """The clients in the state that is asked for."""
    state = look.question.state
    conditions = {
        "": Q(),
        ClientState.NO_AGREEMENT: Q(kept__states=None),
        ClientState.ASKED: Q(asks=True),
        ClientState.NO_LINK: WANTS_LINK & Q(linked=False),
        ClientState.NEVER_OPENED: WANTS_LINK & Q(linked=True, used=False),
        ClientState.FINE: Q(kept__states=0, asks=False, linked=True, used=True),
    }
    if state in conditions:
        return conditions[state]
    having = {group.bits for group in look.groups if group.bits >> URGENCY[ClientState(state)] & 1}
    return Q(kept__states__in=having)


def in_order(look: Look) -> list[Any]:
    """The order asked for; clients that are equal in it stand by name, whichever way it goes."""
    name, goes_down = look.question.order.removeprefix(DOWN), look.question.goes_down
    newest = live_links(look.today).filter(client=OuterRef("pk"), last_opened_at__isnull=False)
    keys: dict[str, list[Any]] = {
        "act": [_urgency(), Coalesce("kept__share", NO_SHARE)],
        "name": [Lower("name"), F("slug")],
        "left": [Coalesce("kept__share", NO_SHARE)],
        "through": [Coalesce("kept__through", Value(date.min))],
        "opened": [
            Coalesce(Subquery(newest.order_by("-last_opened_at").values("last_opened_at")[:1]), NEVER)
        ],
    }
    turned = [key.desc() if goes_down else key.asc() for key in keys[name]]
    return [*turned, *BY_NAME]


def _urgency() -> Case:
    """The place of the state to act on first."""
    links = Case(
        When(kept__states=None, then=URGENCY[ClientState.NO_AGREEMENT]),
        When(kept__states=ONLY_ENDED, then=NOTHING),
        When(linked=False, then=URGENCY[ClientState.NO_LINK]),
        When(used=False, then=URGENCY[ClientState.NEVER_OPENED]),
        default=NOTHING,
    )
    asks = Case(When(asks=True, then=URGENCY[ClientState.ASKED]), default=NOTHING)
    first = Least(Coalesce("kept__first", NOTHING, output_field=IntegerField()), links, asks)
    return Case(When(GreaterThanOrEqual(first, NOTHING), then=URGENCY[ClientState.FINE]), default=first)
