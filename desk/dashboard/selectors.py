"""Reads of the desk: every client's case, in as many queries for a thousand clients as for one.

A case is remembered by the process: a publication and a day say all that it depends on. Publications never change,
so nothing can grow stale; it only makes room. What is remembered is shown to whoever may read the publication that
names it, which the provider's own query has to find first.
"""

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.access import zone_of
from accounts.models import Provider
from desk.dashboard.states import LinkUse
from desk.dashboard.status import ClientCase, RetainerCase, client_case, retainer_case
from portal.models import ClientRequest
from retainers.balance import Draw, Work
from retainers.drawn import Incidents, incidents_of, is_read
from retainers.kept.handed import NOTHING, Handed, OfPublication
from retainers.kept.reading import no_earlier_work
from retainers.models import MAY_COUNT, Client, CompanyName, Entry, Retainer
from retainers.pricing import draws_of
from retainers.published_rows import Beside, beside
from retainers.row_values import works_of
from retainers.selectors import Standing, retainers_of, standings

AT_ONCE = 500  # rows that are looked up by their keys in one query


def client_cases(provider: Provider, today: date, client: Client | None = None) -> list[ClientCase]:
    """All clients of the provider in scope, by name; or the one."""
    cases = _retainer_cases(retainers_of([client.slug] if client else None), today, zone_of(provider))
    clients = Client.objects.filter(pk=client.pk) if client else Client.objects.all()
    return [
        client_case(slug, name, cases.get(pk, ()), links=LinkUse(*use), asked=asked, today=today)
        for pk, slug, name, asked, *use in _with_links_and_requests(clients, today)
    ]


def _with_links_and_requests(clients: QuerySet[Client], today: date) -> QuerySet[Client, tuple[Any, ...]]:
    """Each client with its open requests and the use of the links that open today, as `LinkUse` has it."""
    return with_use(clients, today).values_list("pk", "slug", "name", *USE)


USE = ("asked", "links", "openings", "opened_at", "made_at")


def with_use(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    counted = (
        unanswered()
        .filter(retainer__client=OuterRef("pk"))
        .values("retainer__client")
        .annotate(count=Count("pk"))
    )
    live = is_live(today, "share_links__")
    return clients.annotate(
        asked=Coalesce(Subquery(counted.values("count")), 0),
        links=Count("share_links", filter=live),
        openings=Coalesce(Sum("share_links__opened_count", filter=live), 0),
        opened_at=Max("share_links__last_opened_at", filter=live),
        made_at=Max("share_links__created_at", filter=live),
    )


def is_live(today: date, links: str = "") -> Q:
    """A link that is in use on that day; `links` leads to it, from rows that aren't links themselves."""
    in_use = Q(**{f"{links}revoked_at": None, f"{links}replaced_at": None})
    return in_use & (Q(**{f"{links}expires_on": None}) | Q(**{f"{links}expires_on__gte": today}))


def unanswered() -> QuerySet[ClientRequest]:
    rows: QuerySet[ClientRequest] = ClientRequest.objects.filter(answered_at=None, confirmed_at=None)
    return rows.order_by()


def _retainer_cases(
    retainers: QuerySet[Retainer], today: date, zone: ZoneInfo
) -> dict[int, list[RetainerCase]]:
    """The cases by client; those that the process does not remember are worked out together."""
    rows = list(retainers)
    found = {row.pk: recall((row.publication_id or 0, today, zone.key)) for row in rows}
    found |= _judged([row for row in rows if found[row.pk] is None], today, zone)
    cases: dict[int, list[RetainerCase]] = defaultdict(list)
    for row in rows:
        case = found[row.pk]
        if case is not None:
            cases[row.client_id].append(case)
    return cases


def _judged(rows: list[Retainer], today: date, zone: ZoneInfo) -> dict[int, RetainerCase]:
    """The cases of these retainers, remembered where nothing was published while they were read."""
    cases, moved = judged(rows, today, zone)
    for row in rows:
        if row.pk in cases and row.pk not in moved:
            remember((row.publication_id or 0, today, zone.key), cases[row.pk])
    return cases


def judged(
    rows: list[Retainer],
    today: date,
    zone: ZoneInfo,
    longest: int | None = None,
    handed: OfPublication = NOTHING,
) -> tuple[dict[int, RetainerCase], frozenset[int]]:
    """The cases of these retainers, by their keys, and those of which something was published meanwhile.

    `longest`: so many incidents of each are enough. `handed`: what was handed on of their publications.
    """
    if not rows:
        return {}, frozenset()
    found = standings(rows, on=today, zone=zone, with_hidden=True, wanted=no_earlier_work, handed=handed)
    about = _about_entries(found, _told(found, handed))
    cases = {
        standing.retainer.pk: retainer_case(
            standing, _waiting(standing, about), _incidents(standing, about, longest)
        )
        for standing in found
    }
    heads = dict(Retainer.objects.order_by().values_list("pk", "publication_id"))
    return cases, frozenset(row.pk for row in rows if row.publication_id != heads.get(row.pk))


@dataclass(frozen=True, slots=True)
class _AboutEntries:
    """What stands beside the live entries; `works`: the unworded ones by retainer, where some lie in cycles whose work
    was not read. `told`: what was handed on of those of which nothing needs to be read.
    """

    beside: Beside
    works: Mapping[int, Sequence[Work]]
    told: Mapping[int, Handed]


def _told(found: Iterable[Standing], handed: OfPublication) -> dict[int, Handed]:
    return {
        each.retainer.pk: its
        for each in found
        if (its := handed.get(each.publication.pk))
        and its.holds(each.on, each.publication.version_id)
        and not any(is_read(cycle) for cycle in each.cycles)
    }


def _about_entries(found: Sequence[Standing], told: Mapping[int, Handed]) -> _AboutEntries:
    rest = [each for each in found if each.retainer.pk not in told]
    starts = [each.current.starts for each in rest if each.current]
    about = beside([each.retainer.pk for each in rest], min(starts, default=None))
    return _AboutEntries(about, _not_read(rest) if about.unworded else {}, told)


def _not_read(found: Sequence[Standing]) -> Mapping[int, Sequence[Work]]:
    """The entries without words, by retainer, that lie in cycles whose work was not read."""
    unread = [cycle.ends for each in found for cycle in each.cycles if not is_read(cycle)]
    works: dict[int, list[Work]] = defaultdict(list)
    if unread:
        rows = Entry.objects.filter(MAY_COUNT, wording="", retired_in=None, day__lte=max(unread))
        if len(found) <= AT_ONCE:
            rows = rows.filter(retainer__in=[each.retainer.pk for each in found])
        for retainer_id, work in works_of(rows.order_by()):
            works[retainer_id].append(work)
    return works


def _incidents(standing: Standing, about: _AboutEntries, longest: int | None) -> Incidents:
    cycle = standing.current
    if standing.retainer.pk in about.told:
        return about.told[standing.retainer.pk].incidents
    return incidents_of(cycle, about.beside.marks, longest) if cycle and not cycle.closed else Incidents()


def _waiting(standing: Standing, about: _AboutEntries) -> int:
    """How many of them the client reads: what is not counted stands on no page."""
    if standing.retainer.pk in about.told:
        return about.told[standing.retainer.pk].unworded
    if not about.beside.unworded:
        return 0
    read = [draw for cycle in standing.cycles if is_read(cycle) for draw in cycle.draws]
    read += _drawn_before(standing, about.works.get(standing.retainer.pk, ()))
    return len({draw.work.ref for draw in read if draw.reason is None} & about.beside.unworded)


def _drawn_before(standing: Standing, works: Sequence[Work]) -> Iterator[Draw]:
    """What these entries draw in the cycles whose work was not read."""
    cycles = [cycle for cycle in standing.cycles if not is_read(cycle)]
    firsts = [cycle.starts for cycle in cycles]
    for work in works:
        at = bisect_right(firsts, work.day) - 1
        if at >= 0 and work.day <= cycles[at].ends:
            yield from draws_of([work], cycles[at].terms)


def company_names() -> dict[str, str]:
    """The names under which the PSA knows each client, in one text, by client."""
    names: dict[str, list[str]] = defaultdict(list)
    for slug, name in CompanyName.objects.values_list("client__slug", "name"):
        names[slug].append(name)
    return {slug: " ".join(known) for slug, known in names.items()}


Key = tuple[int, date, str]  # the publication, the day, the provider's time zone
MOST = 20_000

_cases: OrderedDict[Key, RetainerCase] = OrderedDict()
_lock = Lock()


def recall(key: Key) -> RetainerCase | None:
    with _lock:
        if key in _cases:
            _cases.move_to_end(key)
        return _cases.get(key)


def remember(key: Key, case: RetainerCase) -> None:
    with _lock:
        _cases[key] = case
        while len(_cases) > MOST:
            _cases.popitem(last=False)


def forget_all() -> None:
    with _lock:
        _cases.clear()
