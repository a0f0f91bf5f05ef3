"""The dashboard from what is kept of each client: counted, filtered, put in order and paged by the database.

The same page as `page.dashboard_page` makes of every client's case, for a thousand clients in as many queries as for
one (`tests/desk/test_kept_dashboard.py` compares them). What isn't kept yet is worked out and kept first; where that
can't be written at once, or a row is not as it was sealed, the page is made of the cases.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Paginator
from django.db import OperationalError
from django.db.models import F, Q

from accounts.access import zone_of
from accounts.models import Provider
from accounts.security import note
from desk.dashboard.holding import COLUMNS, all_are_kept, edition, of_the_day, seal_of
from desk.dashboard.keeping import keep_clients
from desk.dashboard.look import BY_NAME, Group, Look, Rows, in_order, in_state, look_at, states_of
from desk.dashboard.page import A_PAGE, Listed
from desk.dashboard.query import DashboardQuery
from desk.dashboard.reasons import is_of_agreement, reason
from desk.dashboard.rows import ClientRow, PoolLine, RetainerLine, Update, chips, opened
from desk.dashboard.selectors import USE, client_cases, with_use
from desk.dashboard.side import LINES, Few, SideLine, cards_of, client_line, incident_line, wording_line
from desk.dashboard.states import URGENCY, ClientState, LinkUse
from desk.dashboard.status import ClientCase
from desk.models import ClientDay
from portal.openings import waiting_briefly
from presentation.charts import Meter
from retainers.hours import ZERO

NO_WORDS: Mapping[str, Any] = {"lines": (), "reason": "", "approved": ()}
KEPT = tuple(f"kept__{name}" for name in COLUMNS)


class RefusedError(Exception):
    """A row that is shown is not as it was sealed."""


def kept_list(
    provider: Provider, question: DashboardQuery, today: date, running: Sequence[SideLine] = ()
) -> Listed | None:
    """What the question finds; None where that can't be told from what is kept. `running`: incidents of now."""
    look = look_at(question, today, zone_of(provider))
    if not all(group.holds for group in look.groups):
        if not _kept_now(provider, today):
            return None
        look = look_at(question, today, zone_of(provider))
    try:
        return _listed(look, running) if all(group.holds for group in look.groups) else None
    except RefusedError:
        return None


def names_in(provider: Provider, state: ClientState, today: date) -> list[str]:
    """The clients of which an agreement is in that state, by name. Of what isn't kept it is worked out."""
    zone = zone_of(provider)
    if all_are_kept(today, zone=zone):
        of_today = ClientDay.objects.filter(of_the_day(today, zone)).annotate(
            is_in=F("states").bitand(1 << URGENCY[state])
        )
        rows = of_today.filter(is_in__gt=0).select_related("client").order_by("client__name", "client__slug")
        refused = [row for row in rows if row.seal != seal_of(row)]
        if not refused:
            return [row.client.name for row in rows]
        note("kept figures refused", client=refused[0].client_id, why="seal")
    return [case.name for case in client_cases(provider, today) if state in case.states]


def _kept_now(provider: Provider, today: date) -> bool:
    """Work out what is missing; False where somebody else writes: a page waits for nobody."""
    try:
        with waiting_briefly():
            keep_clients(provider, today)
    except OperationalError:
        return False
    return True


def _listed(look: Look, running: Sequence[SideLine]) -> Listed:
    found = sum(group.count for group in look.fitting)
    number = Paginator(range(found), A_PAGE).get_page(look.question.page).number
    page, leading = _records(look, number)
    return Listed(
        total=sum(group.count for group in look.groups),
        counts={state: look.count(state) for state in ClientState},
        found=found,
        number=number,
        rows=tuple(_row(record, look) for record in page),
        over=sum((group.over * group.count for group in look.fitting), ZERO),
        billed=_billed(look.fitting),
        cards=cards_of(running, *_cards(look, leading)),
        any_opened=any(group.opened for group in look.groups),
    )


def _billed(groups: Iterable[Group]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for group in groups:
        for currency, amount in group.billed.items():
            found[currency] = found.get(currency, ZERO) + Decimal(amount) * group.count
    return found


Record = dict[str, Any]


def _records(look: Look, number: int) -> tuple[list[Record], list[Record]]:
    """The clients of that page, and those that lead the cards: in one query, where the page is the first one."""
    order = in_order(look)
    start, leading = (number - 1) * A_PAGE, _leading(look)
    fitting = look.rows.filter(in_state(look), fits=True).order_by(*order).values("pk")
    page = Q(pk__in=fitting[start : start + A_PAGE])
    if number > 1:
        return list(_details(look, page, order)), list(_details(look, leading, BY_NAME))
    records = list(_details(look, page | leading, order))
    by_name = sorted(records, key=lambda record: (record["name"].lower(), record["slug"]))
    return [record for record in records if record["fits"] and _is_asked_for(record, look)][:A_PAGE], by_name


def _details(look: Look, which: Q, order: Sequence[Any]) -> Rows:
    rows: Rows = with_use(look.rows.filter(which), look.today).order_by(*order)
    return rows.values("pk", "slug", "name", "fits", *USE, "kept__seal", *KEPT)


def _is_asked_for(record: Record, look: Look) -> bool:
    return not look.question.state or look.question.state in _case(record).states


def _case(record: Record) -> ClientCase:
    """The client without its agreements: those stand in the words."""
    use = LinkUse(*(record[name] for name in USE[1:]))
    bits, asked, is_used = record["kept__states"], record["asked"], use.opened_at is not None
    states = states_of(bits, linked=bool(use.count), used=is_used, asks=bool(asked))
    return ClientCase(record["slug"], record["name"], (), use, asked, states)


def _row(record: Record, look: Look) -> ClientRow:
    """One client as finished strings: those that are kept, and those of its links and requests."""
    case, words = _case(record), _words(record, look)
    lines = tuple(_line(each) for each in words["lines"])
    return ClientRow(
        slug=case.slug,
        name=case.name,
        chips=chips(case, words["approved"]),
        reason=words["reason"] if is_of_agreement(case.first) else reason(case, look.today, look.zone),
        first=lines[0] if lines else None,
        rest=lines[1:],
        height=max(len(lines), 1),
        opened=opened(case.links, look.today, look.zone),
    )


def _words(record: Record, look: Look) -> Mapping[str, Any]:
    """The strings of a row that is as it was sealed."""
    if record["kept__seal"] is None:
        return NO_WORDS
    kept = {name: record[f"kept__{name}"] for name in COLUMNS}
    row = ClientDay(client_id=record["pk"], day=look.today, zone=look.zone.key, code=edition(), **kept)
    if record["kept__seal"] != seal_of(row):
        note("kept figures refused", client=record["pk"], why="seal")
        raise RefusedError
    words: Mapping[str, Any] = json.loads(row.words)
    return words


def _line(said: Mapping[str, Any]) -> RetainerLine:
    pools = tuple(PoolLine(**{**pool, "meter": Meter(**pool["meter"])}) for pool in said["pools"])
    return RetainerLine(said["name"], said["term"], pools, Update(**said["update"]))


def _cards(look: Look, records: Sequence[Record]) -> tuple[Few, Few, Few]:
    """What stands beside the list, of the few clients that lead each card: due today, incidents, wording."""
    counts = (
        look.count(ClientState.DUE),
        sum(group.incidents for group in look.groups),
        sum(group.unworded for group in look.groups),
    )
    due = [
        client_line(each["slug"], each["name"]) for each in records if ClientState.DUE in _case(each).states
    ]
    unworded = [each for each in records if each["kept__waiting"]]
    unworded.sort(key=lambda each: -each["kept__waiting"])
    wording = [wording_line(each["slug"], each["name"], each["kept__waiting"]) for each in unworded]
    lines = (due, list(_incidents(records, look)), wording)
    first, second, third = (Few(tuple(its[:LINES]), count) for its, count in zip(lines, counts, strict=True))
    return first, second, third


def _leading(look: Look) -> Q:
    """The first clients of each card."""
    bits = {group.bits for group in look.groups if ClientState.DUE in group.states}
    firsts = (
        look.rows.filter(kept__states__in=bits).order_by(*BY_NAME),
        look.rows.filter(kept__incidents__gt=0).order_by("-kept__longest", *BY_NAME),
        look.rows.filter(kept__waiting__gt=0).order_by("-kept__waiting", *BY_NAME),
    )
    return reduce(or_, (Q(pk__in=each.values("pk")[:LINES]) for each in firsts))


def _incidents(records: Sequence[Record], look: Look) -> Iterator[SideLine]:
    """Their longest incidents, the longest first."""
    found = [
        (-Decimal(hours), each["name"], mark, each["slug"], key, detail)
        for each in records
        if each["kept__incidents"]
        for hours, key, mark, detail in _words(each, look)["incidents"]
    ]
    for _hours, name, mark, slug, key, detail in sorted(found):
        yield incident_line(slug, name, key, mark, detail)
