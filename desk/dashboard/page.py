"""The dashboard, finished: today's tiles, the choices of the form, and one page of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.dashboard.first_steps import CheckList
from desk.dashboard.query import DOWN, DashboardQuery, chosen
from desk.dashboard.reasons import chip_name, state_name
from desk.dashboard.rows import ClientRow, client_row
from desk.dashboard.saved_views import ViewTab
from desk.dashboard.side import Card, cards
from desk.dashboard.states import ClientState
from desk.dashboard.status import ClientCase, past_the_caps
from presentation.phrases import h, money
from presentation.phrases import listed as in_a_row

A_PAGE = 50
ALWAYS_SHOWN = (
    ClientState.DUE,
    ClientState.OVER,
    ClientState.RUNS_OUT,
    ClientState.LOW,
    ClientState.LATE,
    ClientState.ASKED,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number of clients with the address that lists them."""

    count: int
    words: str
    href: str
    tone: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FilterChoice:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading; `href` sorts by it, "" where it can't be sorted by."""

    name: str
    href: str
    sort: str


@dataclass(frozen=True, slots=True)
class DashboardPage:
    today: str
    total: str
    tiles: tuple[Tile, ...]
    words: str
    states: tuple[FilterChoice, ...]
    orders: tuple[FilterChoice, ...]
    narrows: bool
    headings: tuple[Heading, ...]
    rows: tuple[ClientRow, ...]
    is_empty: bool
    found: str
    newer_href: str
    older_href: str
    csv_href: str
    order: str
    state: str
    cards: tuple[Card, ...]
    sums: str
    views: tuple[ViewTab, ...] = ()
    first: CheckList | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a question found: how many clients there are in all and in each state, and the page of those it fits."""

    total: int
    counts: Mapping[ClientState, int]
    found: int
    number: int
    rows: tuple[ClientRow, ...]
    over: Decimal
    billed: Mapping[str, Decimal]
    cards: tuple[Card, ...]
    any_opened: bool


def dashboard_page(
    cases: Sequence[ClientCase],
    question: DashboardQuery,
    *,
    today: date,
    zone: ZoneInfo,
    names: Mapping[str, str],
) -> DashboardPage:
    """The page that `question` asks for. `names` are further names to search in, by client."""
    return page_of(listed(cases, question, today=today, zone=zone, names=names), question, today=today)


def listed(
    cases: Sequence[ClientCase],
    question: DashboardQuery,
    *,
    today: date,
    zone: ZoneInfo,
    names: Mapping[str, str],
) -> Listed:
    """What the question finds among all clients' cases."""
    found = chosen(cases, question, names)
    page = Paginator(found, A_PAGE).get_page(question.page)
    over, billed = past_the_caps(found)
    return Listed(
        total=len(cases),
        counts={state: sum(state in case.states for case in cases) for state in ClientState},
        found=len(found),
        number=page.number,
        rows=tuple(client_row(case, today, zone) for case in page.object_list),
        over=over,
        billed=billed,
        cards=cards(cases, today),
        any_opened=any(case.links.opened_at for case in cases),
    )


def page_of(listed: Listed, question: DashboardQuery, *, today: date) -> DashboardPage:
    """The page, finished, without the views of the member and without the first steps."""
    first = (listed.number - 1) * A_PAGE + 1
    last = first + len(listed.rows) - 1
    return DashboardPage(
        today=dateformat.format(today, "l j F Y"),
        total=ngettext("%(count)d client", "%(count)d clients", listed.total) % {"count": listed.total},
        tiles=tuple(_tile(state, listed.counts[state], question) for state in ALWAYS_SHOWN),
        words=question.words,
        states=_states(listed.counts, question, listed.total),
        orders=_orders(question),
        narrows=question.narrows,
        headings=_headings(question),
        rows=listed.rows,
        is_empty=not listed.total,
        found=_found(listed.found, first, last),
        newer_href=_page_href(question, listed.number - 1) if first > 1 else "",
        older_href=_page_href(question, listed.number + 1) if last < listed.found else "",
        csv_href=f"clients.csv{question.address().removeprefix('./')}" if listed.rows else "",
        order=question.order,
        state=question.state,
        cards=listed.cards,
        sums=_sums(listed.over, listed.billed),
    )


def _orders(question: DashboardQuery) -> tuple[FilterChoice, ...]:
    names = _order_names(question)
    return tuple(FilterChoice(order, name, order == question.order) for order, name in names.items())


def _sums(over: Decimal, billed: Mapping[str, Decimal]) -> str:
    """The list's totals.

    What is left is not added up: hours of one client are of no use to another.
    """
    if not over:
        return _("No client is over.")
    said = _("%(over)s over in all") % {"over": h(over)}
    amounts = [money(amount, currency) for currency, amount in sorted(billed.items())]
    return (
        _("%(said)s, %(amounts)s to invoice so far.") % {"said": said, "amounts": in_a_row(amounts)}
        if amounts
        else f"{said}."
    )


def _tile(state: ClientState, count: int, question: DashboardQuery) -> Tile:
    is_chosen = question.state == state
    return Tile(
        count=count,
        words=chip_name(state),
        href=DashboardQuery(state="" if is_chosen else state).address(),
        tone="" if not count or state is ClientState.DUE else "red" if state is ClientState.OVER else "amber",
        chosen=is_chosen,
    )


def _states(
    counts: Mapping[ClientState, int], question: DashboardQuery, total: int
) -> tuple[FilterChoice, ...]:
    """Every state that some client is in, with how many, and the one asked for."""
    every = FilterChoice("", _("All (%(count)d)") % {"count": total}, not question.state)
    known = (
        FilterChoice(state, f"{state_name(state)} ({counts[state]})", state == question.state)
        for state in ClientState
        if counts[state] or state == question.state
    )
    return (every, *known)


def _order_names(question: DashboardQuery) -> dict[str, str]:
    """The orders to choose from; one that goes down, by its column's heading, stands among them while it holds."""
    names = {
        "act": _("Act first"),
        "name": _("Client, A to Z"),
        "left": _("Least left"),
        "through": _("Oldest figures"),
        "opened": _("Longest not opened"),
    }
    down = {
        "name": _("Client, Z to A"),
        "left": _("Most left"),
        "through": _("Newest figures"),
        "opened": _("Recently opened"),
        "act": _("Act last"),
    }
    if question.goes_down:
        names[question.order] = down[question.order.removeprefix(DOWN)]
    return names


def _headings(question: DashboardQuery) -> tuple[Heading, ...]:
    names = {
        "name": _("Client"),
        "left": _("What is left"),
        "through": _("Covers work through"),
        "opened": _("Link opened"),
    }
    return tuple(
        Heading(name, question.address(order=question.turned(order)), _sort(question, order))
        for order, name in names.items()
    )


def _sort(question: DashboardQuery, order: str) -> str:
    """How the column sorts the table now, as screen readers say it."""
    if question.order.removeprefix(DOWN) != order:
        return ""
    return "descending" if question.goes_down else "ascending"


def _page_href(question: DashboardQuery, number: int) -> str:
    return question.address(page=str(number))


def _found(count: int, first: int, last: int) -> str:
    if not count:
        return _("No clients match.")
    if first == 1 and last == count:
        return ngettext("%(count)d client", "%(count)d clients", count) % {"count": count}
    return _("%(first)d–%(last)d of %(count)d clients") % {"first": first, "last": last, "count": count}
