"""Reads: what is published of a retainer, and what the ledger makes of it, in a constant number of queries.

A `Standing` is everything that the pages and commands show of one retainer on one date. The publication is
read first and everything else is selected by it, so that a log always adds up to its number even while an
import is being published.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery

from retainers.agreements.documents import agreement_from_document
from retainers.balance import CycleBalance, Work
from retainers.coverage import Coverage, Days, pools_of
from retainers.cycles import next_update
from retainers.gate.known import Gate
from retainers.gate.outgoing import (
    outgoing_adjustments,
    outgoing_approvals,
    outgoing_top_ups,
    reworded,
)
from retainers.hiding import hidden_pools, shown_agreement, shown_cycle, shown_grants, with_marks
from retainers.ledger import balance
from retainers.models import Adjustment, Entry, Publication, Retainer, TopUp
from retainers.models import Approval as ApprovalRow
from retainers.row_values import adjustment_terms, approval_terms, top_up_terms, works_of
from retainers.spoken import spoken, spoken_cycle
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Agreement, Approval
from retainers.terms import TopUp as TopUpTerms

AT_ONCE = 500  # retainers whose live rows are read by one query
EXACT_AT_ONCE = 50  # retainers whose rows are read as of a named publication by one query


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the figures reach: `through` and `next_update` are None before the first import.

    `by_pool`: the day of each pool, of which `through` is the earliest. `starts_on`: the first covered day of
    the running cycle where its own first days are in no file, else None. `gaps`: days between that no file
    speaks for. `coverage`: all covered days, for any other cycle.
    """

    through: date | None
    updated_on: date | None
    next_update: date | None
    late: bool
    by_pool: Mapping[str, date | None] = field(default_factory=dict)
    starts_on: date | None = None
    gaps: Days = ()
    coverage: Coverage = field(default_factory=Coverage)


@dataclass(frozen=True, slots=True)
class Standing:
    """One retainer on one date; `cycles` are those that have begun, oldest first.

    `hidden`: for a client's eyes, the pools of that day that are left out.
    """

    retainer: Retainer
    publication: Publication
    agreement: Agreement
    on: date
    freshness: Freshness
    cycles: tuple[CycleBalance, ...]
    works: tuple[Work, ...]
    top_ups: tuple[TopUpTerms, ...]
    adjustments: tuple[AdjustmentTerms, ...]
    approvals: tuple[Approval, ...] = ()
    hidden: frozenset[str] = frozenset()

    @property
    def current(self) -> CycleBalance | None:
        return self.cycles[-1] if self.cycles else None

    def is_provisional(self, cycle: CycleBalance) -> bool:
        """Until the covers-through date has reached its last day, closed or not (domain.md)."""
        return self.freshness.through is None or self.freshness.through < cycle.ends


def retainers_of(client_slugs: Sequence[str] | None = None) -> QuerySet[Retainer]:
    """The published retainers of the provider in scope, by client and key."""
    rows: QuerySet[Retainer] = Retainer.objects.filter(publication__isnull=False)
    if client_slugs is not None:
        rows = rows.filter(client__slug__in=client_slugs)
    return rows.select_related("client", "publication__version").order_by("client__slug", "key")


def standings(
    retainers: Iterable[Retainer],
    *,
    on: date,
    zone: ZoneInfo,
    seen_on: date | None = None,
    as_published: bool = False,
    gate: Gate | None = None,
    with_hidden: bool = False,
) -> list[Standing]:
    """What each retainer's figures are `on` that date.

    Freshness is what a reader on `seen_on` (default: `on`) knew. With `as_published` the entries, grants and
    agreement are also those that were published by the end of that day; a retainer without a publication by
    then is left out. `gate`: for a client's eyes, so that neutral words stand where a text leaks, and pools that
    are hidden from the client are left out (`with_hidden`, for staff: stand there and say so).
    """
    rows = list(retainers)
    seen = publications_seen(rows, seen_on or on, zone)
    heads = seen if as_published else {row.pk: row.publication for row in rows if row.publication}
    found = _published(heads, zone, exact=as_published or len(rows) <= EXACT_AT_ONCE)
    whole = [
        _standing(
            row,
            _agreement(row, heads[row.pk], gate, with_marks_of_hidden=with_hidden),
            (heads[row.pk], seen.get(row.pk)),
            _outgoing(row, found[row.pk], gate),
            on,
            zone,
        )
        for row in rows
        if row.pk in heads
    ]
    return whole if gate is None or with_hidden else [without_hidden(each) for each in whole]


def without_hidden(standing: Standing) -> Standing:
    """The same without the pools that are hidden from the client: their figures, work and grants are left out."""
    agreement = shown_agreement(standing.agreement)
    if agreement is standing.agreement:
        return standing
    cycles = tuple(
        shown_cycle(each, hidden_pools(standing.agreement, each.starts)) for each in standing.cycles
    )
    return replace(
        standing,
        agreement=agreement,
        cycles=cycles,
        works=(),
        top_ups=shown_grants(standing.agreement, standing.top_ups),
        adjustments=shown_grants(standing.agreement, standing.adjustments),
        hidden=hidden_pools(standing.agreement, standing.on),
        freshness=_covering(standing.freshness, agreement, cycles, standing.on),
    )


def standings_at(
    heads: Mapping[int, Publication], retainers: Iterable[Retainer], *, on: date, zone: ZoneInfo
) -> list[Standing]:
    """What each of these retainers' figures are on that date, as its publication in `heads` (by key) shows them."""
    found = _published(dict(heads), zone, exact=True)
    return [
        _standing(row, _agreement(row, head, None), (head, head), found[row.pk], on, zone)
        for row in retainers
        for head in [heads[row.pk]]
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    works: list[Work]
    top_ups: list[TopUpTerms]
    adjustments: list[AdjustmentTerms]
    approvals: list[Approval]


def _outgoing(row: Retainer, found: _Found, gate: Gate | None) -> _Found:
    """What was granted, with the words that may leave the house."""
    if gate is None:
        return found
    slug = row.client.slug
    return _Found(
        found.works,
        list(outgoing_top_ups(found.top_ups, gate, slug)),
        list(outgoing_adjustments(found.adjustments, gate, slug)),
        list(outgoing_approvals(found.approvals, gate, slug)),
    )


def in_language(standing: Standing, language: str) -> Standing:
    """The same, for a client's eyes, in the provider's words for that language."""
    agreement = spoken(standing.agreement, language)
    cycles = tuple(spoken_cycle(cycle, language) for cycle in standing.cycles)
    return replace(standing, agreement=agreement, cycles=cycles)


def publications_seen(rows: list[Retainer], on: date, zone: ZoneInfo) -> dict[int, Publication]:
    """The newest publication of each retainer that was made by the end of the local day `on`."""
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=zone)
    all_heads = {row.pk: row.publication for row in rows if row.publication}
    heads = {pk: head for pk, head in all_heads.items() if head.made_at < end}
    older = [pk for pk in all_heads if pk not in heads]
    if older:
        newest = Publication.objects.filter(retainer=OuterRef("retainer"), made_at__lt=end).order_by(
            "-number"
        )
        seen = Publication.objects.filter(
            retainer__in=older, pk=Subquery(newest.values("pk")[:1])
        ).select_related("version")
        heads |= {publication.retainer_id: publication for publication in seen}
    return heads


def _published(heads: dict[int, Publication], zone: ZoneInfo, *, exact: bool) -> dict[int, _Found]:
    found: dict[int, _Found] = defaultdict(lambda: _Found([], [], [], []))
    for part in _parts(heads, EXACT_AT_ONCE if exact else AT_ONCE):
        shown = _shown(part) if exact else Q(retainer__in=part, retired_in=None)
        for retainer_id, work in works_of(Entry.objects.filter(shown).order_by("day", "pk")):
            found[retainer_id].works.append(work)
        for top_up in TopUp.objects.filter(shown):
            found[top_up.retainer_id].top_ups.append(top_up_terms(top_up))
        for adjustment in Adjustment.objects.filter(shown):
            found[adjustment.retainer_id].adjustments.append(adjustment_terms(adjustment))
        for approval in ApprovalRow.objects.filter(shown):
            found[approval.retainer_id].approvals.append(approval_terms(approval, zone))
    return found


def _shown(heads: dict[int, Publication]) -> Q:
    """The rows that each retainer's publication shows: added by then, and not yet retired."""
    shown = Q(pk__in=[])
    for retainer_id, head in heads.items():
        standing = Q(retired_in=None) | Q(retired_in__number__gt=head.number)
        shown |= Q(retainer=retainer_id, added_in__number__lte=head.number) & standing
    return shown


def _parts(heads: dict[int, Publication], size: int) -> Iterator[dict[int, Publication]]:
    items = list(heads.items())
    for start in range(0, len(items), size):
        yield dict(items[start : start + size])


def _agreement(
    row: Retainer, head: Publication, gate: Gate | None, *, with_marks_of_hidden: bool = False
) -> Agreement:
    """What was agreed by that publication, in words for whoever is to read them."""
    agreement = replace(agreement_from_document(head.version.document), key=row.key)
    if gate is not None:
        agreement = reworded(agreement, gate, row.client.slug)
    return with_marks(agreement) if with_marks_of_hidden else agreement


def _standing(
    row: Retainer,
    agreement: Agreement,
    heads: tuple[Publication, Publication | None],
    found: _Found,
    on: date,
    zone: ZoneInfo,
) -> Standing:
    """`heads`: the publication that is shown, and the newest that the reader knows of."""
    head, seen = heads
    cycles = balance(agreement, found.works, found.top_ups, found.adjustments, on, found.approvals)
    return Standing(
        retainer=row,
        publication=head,
        agreement=agreement,
        on=on,
        freshness=_freshness(agreement, seen, cycles, on, zone),
        cycles=cycles,
        works=tuple(found.works),
        top_ups=tuple(found.top_ups),
        adjustments=tuple(found.adjustments),
        approvals=tuple(found.approvals),
    )


def _freshness(
    agreement: Agreement,
    seen: Publication | None,
    cycles: Sequence[CycleBalance],
    on: date,
    zone: ZoneInfo,
) -> Freshness:
    if seen is None or seen.updated_at is None:
        return Freshness(None, None, None, late=False, by_pool=dict.fromkeys(pools_of(agreement, on)))
    updated_on = seen.updated_at.astimezone(zone).date()
    due = next_update(agreement.updates_on, updated_on)
    is_late = due is not None and on > due
    read = Freshness(None, updated_on, due, late=is_late, coverage=Coverage.read(seen.coverage))
    return _covering(read, agreement, cycles, on)


def _covering(read: Freshness, agreement: Agreement, cycles: Sequence[CycleBalance], on: date) -> Freshness:
    """How far the files reach in the agreement's pools."""
    pools, covered = pools_of(agreement, on), read.coverage
    if read.updated_on is None:
        return replace(read, by_pool=dict.fromkeys(pools))
    return replace(
        read,
        through=covered.through(pools),
        by_pool=covered.through_by_pool(pools),
        starts_on=covered.starts_in(pools, (cycles[-1].starts, cycles[-1].ends)) if cycles else None,
        gaps=covered.gaps(pools, (agreement.starts, agreement.ends)),
    )
