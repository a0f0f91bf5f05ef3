"""The rows that publications show, as the ledger's values: of many retainers in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache, reduce
from operator import itemgetter, or_
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import CharField, DateTimeField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from accounts.worked_out import WorkedOut
from retainers.alike import Alike, counted_in, may_be_counted
from retainers.balance import Work
from retainers.models import MAY_COUNT, Adjustment, Entry, Publication, TopUp
from retainers.models import Approval as ApprovalRow
from retainers.row_values import (
    adjustment_terms,
    alike_in,
    approval_terms,
    days_of_kinds,
    kinds_of,
    telling,
    top_up_terms,
    work_columns,
    works_in,
    works_of,
)
from retainers.tally import Worked
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Agreement, Approval
from retainers.terms import TopUp as TopUpTerms

AT_ONCE = 500  # retainers whose live rows are read by one query
LONG = 366  # days of which the work is counted rather than read, where that is enough
EXACT_AT_ONCE = 50  # retainers whose rows are read as of a named publication by one query

Grant = TopUp | Adjustment | ApprovalRow
TEXTS: dict[
    type[Any], tuple[str, str, str, str]
] = {  # what each kind calls the four texts; "" where it has none
    TopUp: ("pool", "expires", "note", "key"),
    Adjustment: ("pool", "expires", "reason", "key"),
    ApprovalRow: ("", "", "name", ""),
}
GRANTS = tuple(TEXTS)
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)  # the moment of what was never confirmed

Spans = tuple[tuple[date, date], ...]  # first and last days


@dataclass(frozen=True, slots=True)
class Found:
    works: list[Work]
    top_ups: list[TopUpTerms]
    adjustments: list[AdjustmentTerms]
    approvals: list[Approval]
    alike: list[Alike] = field(default_factory=list)

    def counted(self, agreement: Agreement, on: date, closed: Sized) -> Mapping[int, Worked]:
        """What the work comes to that was counted, for the ledger; `closed`: the first cycles, which need none."""
        return counted_in(agreement, self.alike, on, len(closed))

    def take(self, row: "Grant", zone: ZoneInfo) -> None:
        """Add what was granted."""
        if isinstance(row, TopUp):
            self.top_ups.append(top_up_terms(row))
        elif isinstance(row, Adjustment):
            self.adjustments.append(adjustment_terms(row))
        else:
            self.approvals.append(approval_terms(row, zone))


def published(
    heads: Mapping[int, Publication],
    zone: ZoneInfo,
    *,
    exact: bool,
    days: Mapping[int, Spans | None] | None = None,
    without_grants: Collection[int] = (),
    counted: Mapping[int, Spans] = MappingProxyType({}),
) -> dict[int, Found]:
    """What each retainer's publication in `heads` shows, by the retainer's key.

    `exact`: by the numbers of the publications, else what is alive. `days`: of which days a retainer's work is
    read, where not of all. `without_grants`: the retainers of which that alone is read. `counted`: of which other days
    it is counted instead; wherever that isn't enough it is read all the same.
    """
    found: dict[int, Found] = defaultdict(lambda: Found([], [], [], []))
    for part in _parts(heads, EXACT_AT_ONCE if exact else AT_ONCE):
        for retainer_id, work in _works(part, days or {}, exact=exact):
            found[retainer_id].works.append(work)
        _count(part, counted, found)
        granting = {pk: head for pk, head in part.items() if pk not in without_grants}
        for row in _granted(granting, exact=exact) if granting else ():
            found[row.retainer_id].take(row, zone)
    return found


class Beside(NamedTuple):
    """What stands beside the figures of live entries: the incidents that they are of, and which have no words and may
    be counted.
    """

    marks: Mapping[int, str]
    unworded: frozenset[int]


def beside(retainers: Collection[int], since: date | None) -> Beside:
    """Of all live entries of these retainers, in one query; incidents only from that day on, without one none."""
    if not retainers:
        return Beside({}, frozenset())
    unworded = MAY_COUNT & Q(wording="")
    wanted = unworded | (Q(day__gte=since) & ~Q(incident="")) if since else unworded
    rows = Entry.objects.filter(wanted, retired_in=None)
    if len(retainers) <= AT_ONCE:
        rows = rows.filter(retainer__in=retainers)
    columns = list(rows.order_by().values_list("pk", "incident", "wording"))
    return Beside(
        {pk: incident for pk, incident, _ in columns if incident},
        frozenset(pk for pk, _, wording in columns if not wording),
    )


def _works(
    heads: Mapping[int, Publication], days: Mapping[int, Spans | None], *, exact: bool
) -> Iterable[tuple[int, Work]]:
    """The work of these retainers, by day: of those for which no day is wanted, none."""
    spans = {pk: days.get(pk) for pk in heads}
    wanted = {pk: its for pk, its in spans.items() if its != ()}
    if not wanted:
        return ()
    if exact and (one := _one_span(wanted)):
        pk, (first, last) = one
        return works_in(OF_ONE.rows(pk, heads[pk].number, first, last))
    dated = _dated(wanted) if any(wanted.values()) else Q()
    rows = Entry.objects.filter(_standing({pk: heads[pk] for pk in wanted}, exact=exact) & dated)
    return works_of(rows.order_by("day", "pk"))


def are_many(days: Spans) -> bool:
    """Whether counting the work of these days takes less than reading it: it is a query more."""
    return sum((last - first).days for first, last in days) >= LONG


def _count(
    heads: Mapping[int, Publication], counted: Mapping[int, Spans], found: Mapping[int, Found]
) -> None:
    """Add the work of these days, which are days of the retainers' publications, as it is counted or else read."""
    days = {pk: counted[pk] for pk in heads if counted.get(pk)}
    alike: dict[int, list[Alike]] = defaultdict(list)
    for pk, its in _alike(heads, days) if days else ():
        alike[pk].append(its)
    read = dict.fromkeys(heads, ()) | {pk: days[pk] for pk, its in alike.items() if not _is_enough(its)}
    for pk, work in _works(heads, read, exact=True):
        found[pk].works.append(work)
    for pk in filter(lambda pk: not read[pk], alike):
        found[pk].alike.extend(alike[pk])


def _is_enough(alike: Iterable[Alike]) -> bool:
    return all(may_be_counted(each.work) for each in alike)


def _alike(heads: Mapping[int, Publication], days: Mapping[int, Spans]) -> Iterable[tuple[int, Alike]]:
    """First it is asked what the entries say, and then their days, by what tells them apart."""
    if one := _one_span(days):
        asked = one[0], heads[one[0]].number, *one[1]
        kinds = list(KINDS_OF_ONE.rows(*asked))
        names = telling(kinds)
        return alike_in(kinds, names, _days_of_one(names).rows(*asked))
    entries = Entry.objects.filter(_shown({pk: heads[pk] for pk in days}) & _dated(days))
    kinds = list(kinds_of(entries))
    names = telling(kinds)
    return alike_in(kinds, names, days_of_kinds(entries, names))


@lru_cache(maxsize=64)
def _days_of_one(names: tuple[str, ...]) -> WorkedOut:
    return WorkedOut(lambda *asked: days_of_kinds(_entries_of_one(*asked), names))


def _one_span(spans: Mapping[int, Spans | None]) -> tuple[int, tuple[date, date]] | None:
    """What most pages ask for, and what a query is put together once for: days in a row of a single retainer."""
    (only, its), *others = spans.items()
    if others or (its and len(its) > 1):
        return None
    return only, its[0] if its else (date.min, date.max)


def _entries_of_one(retainer: int, number: int, first: date, last: date) -> QuerySet[Entry]:
    found: QuerySet[Entry] = Entry.objects.filter(_shown_at(number, [retainer]), day__range=(first, last))
    return found


OF_ONE = WorkedOut(lambda *asked: work_columns(_entries_of_one(*asked).order_by("day", "pk")))
KINDS_OF_ONE = WorkedOut(lambda *asked: kinds_of(_entries_of_one(*asked)))


def _standing(heads: Mapping[int, Publication], *, exact: bool) -> Q:
    return _shown(heads) if exact else Q(retainer__in=list(heads), retired_in=None)


def _granted(heads: Mapping[int, Publication], *, exact: bool) -> Iterator[Grant]:
    """What was bought, credited, charged and approved, in one query: each kind in its own order."""
    for record in sorted(_grants(heads, exact=exact), key=itemgetter(0, 1, 2, 3)):
        kind, confirmed_at, day, pk, retainer_id, hours_units, *texts = record
        model = GRANTS[kind]
        said = {name: text for name, text in zip(TEXTS[model], texts, strict=True) if name}
        said |= {"cycle": day, "confirmed_at": confirmed_at} if model is ApprovalRow else {"day": day}
        yield model(pk=pk, retainer_id=retainer_id, hours_units=hours_units, **said)


def _grants(heads: Mapping[int, Publication], *, exact: bool) -> Iterable[tuple[Any, ...]]:
    """Of a single retainer, as most pages ask, by a query that is put together once."""
    if len(heads) > 1:
        return _every(_standing(heads, exact=exact))
    ((pk, head),) = heads.items()
    return GRANTED_TO_ONE.rows(pk, head.number) if exact else ALIVE_OF_ONE.rows(pk)


def _every(shown: Q) -> QuerySet[Any, tuple[Any, ...]]:
    first, *others = (_columns(kind, model, shown) for kind, model in enumerate(TEXTS))
    return first.union(*others, all=True)


GRANTED_TO_ONE = WorkedOut(lambda retainer, number: _every(_shown_at(number, [retainer])))
ALIVE_OF_ONE = WorkedOut(lambda retainer: _every(Q(retainer=retainer, retired_in=None)))


def _columns(kind: int, model: type[Any], shown: Q) -> QuerySet[Any, tuple[Any, ...]]:
    """The rows of one kind, in columns that every kind has."""
    is_approval = model is ApprovalRow
    texts = {
        f"text_{at}": Cast(F(name) if name else Value(""), CharField(max_length=200))
        for at, name in enumerate(TEXTS[model])
    }
    rows = (
        model._default_manager.filter(shown)
        .order_by()
        .annotate(
            kind_of=Cast(Value(kind), IntegerField()),
            moment=F("confirmed_at") if is_approval else Value(BEFORE_ALL, DateTimeField()),
            dated=F("cycle") if is_approval else F("day"),
            **texts,
        )
    )
    columns = ("kind_of", "moment", "dated", "pk", "retainer_id", "hours_units", *texts)
    found: QuerySet[Any, tuple[Any, ...]] = rows.values_list(*columns)
    return found


def _shown(heads: Mapping[int, Publication]) -> Q:
    """The rows that each retainer's publication shows: added by then, and not yet retired."""
    alike: dict[int, list[int]] = defaultdict(list)
    for retainer_id, head in heads.items():
        alike[head.number].append(retainer_id)
    return reduce(or_, (_shown_at(number, pks) for number, pks in alike.items()), Q(pk__in=[]))


def _shown_at(number: int, retainers: Sequence[int]) -> Q:
    """The rows of these retainers that are added by the publication of that number, and not yet retired.

    They are told by the publications that came later: those are few, and most often none, so no row looks its own up.
    """
    which = {"retainer": retainers[0]} if len(retainers) == 1 else {"retainer__in": retainers}
    later = Publication.objects.filter(**which, number__gt=number).order_by().values("pk")
    return Q(**which) & ~Q(added_in__in=later) & (Q(retired_in=None) | Q(retired_in__in=later))


def _dated(spans: Mapping[int, Spans | None]) -> Q:
    """Each retainer's work of its days; those that ask for the same days are asked for together."""
    alike: dict[Spans | None, list[int]] = defaultdict(list)
    for pk, its in spans.items():
        alike[its].append(pk)
    if len(alike) == 1:
        return _within(*alike)
    return reduce(or_, (Q(retainer__in=pks) & _within(its) for its, pks in alike.items()))


def _within(spans: Spans | None) -> Q:
    return reduce(or_, (Q(day__range=span) for span in spans)) if spans else Q()


def _parts(heads: Mapping[int, Publication], size: int) -> Iterator[dict[int, Publication]]:
    items = list(heads.items())
    for start in range(0, len(items), size):
        yield dict(items[start : start + size])
