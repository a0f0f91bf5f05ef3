"""Reads: what is published of a retainer, and what the ledger makes of it, in a constant number of queries.

A `Standing` is everything that the pages and commands show of one retainer on one date. The publication is
read first and everything else is selected by it, so that a log always adds up to its number even while an
import is being published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from retainers.agreements.fields import agreement_from_document
from retainers.balance import CycleBalance, Work
from retainers.coverage import Coverage, Freshness, is_provisional, pools_of
from retainers.cycles import next_update
from retainers.drawn import Unread
from retainers.gate.known import Gate
from retainers.gate.outgoing import outgoing_adjustments, outgoing_approvals, outgoing_top_ups, reworded
from retainers.hiding import hidden_pools, shown_agreement, shown_cycle, shown_grants, with_marks
from retainers.kept.handed import NOTHING, OfPublication, newest_cycles
from retainers.kept.reading import Reading, Wanted, closed_cycles, readings
from retainers.ledger import balance
from retainers.models import Client, Publication, Retainer
from retainers.published_rows import EXACT_AT_ONCE, Found, Spans, published
from retainers.spoken import spoken, spoken_cycle
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Agreement, Approval
from retainers.terms import TopUp as TopUpTerms


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
        return is_provisional(cycle.ends, self.freshness.through)


def retainers_of(client_slugs: Sequence[str] | None = None) -> QuerySet[Retainer]:
    """The published retainers of the provider in scope, by client and key."""
    rows: QuerySet[Retainer] = Retainer.objects.filter(publication__isnull=False)
    if client_slugs is not None:
        rows = rows.filter(client__slug__in=client_slugs)
    return rows.select_related("client", "publication__version").order_by("client__slug", "key")


def client_of_key(slug: str) -> Client | None:
    found: Client | None = Client.objects.filter(slug=slug).first()
    return found


def standings(
    retainers: Iterable[Retainer],
    *,
    on: date,
    zone: ZoneInfo,
    seen_on: date | None = None,
    as_published: bool = False,
    gate: Gate | None = None,
    with_hidden: bool = False,
    wanted: Wanted | None = None,
    handed: OfPublication = NOTHING,
) -> list[Standing]:
    """What each retainer's figures are `on` that date; freshness is what a reader on `seen_on` (default: `on`) knew.

    `as_published`: entries, grants and agreement are those published by the end of that day; who has none is left out.
    `gate`: for a client's eyes, with neutral words where a text leaks, without hidden pools (`with_hidden`, for staff:
    they stand there and say so). `wanted`: cycles are taken from `kept` or `handed`, without work but for those named.
    """
    rows, is_hiding = list(retainers), gate is not None and not with_hidden
    seen = publications_seen(rows, seen_on or on, zone)
    heads = seen if as_published else _newest(rows)
    rows = [row for row in rows if row.pk in heads]
    agreed = {row.pk: _agreement(row, heads[row.pk], gate, with_marks_of_hidden=with_hidden) for row in rows}
    read = _readings(rows, heads, agreed, on, wanted, is_hiding=is_hiding)
    found, known = _read(heads, agreed, read, on, zone, handed, as_published=as_published)
    whole = []
    for row in rows:
        told = (heads[row.pk], seen.get(row.pk)), _outgoing(row, found[row.pk], gate), on, zone
        whole.append(_standing(row, agreed[row.pk], *told, known.get(row.pk, Known())))
    return list(map(without_hidden, whole)) if is_hiding else whole


def _newest(rows: Iterable[Retainer]) -> dict[int, Publication]:
    return {row.pk: row.publication for row in rows if row.publication}


class Known(NamedTuple):
    """The closed cycles that are kept, the running one that was handed on, and whose days' work was read besides."""

    closed: tuple[CycleBalance, ...] = ()
    newest: CycleBalance | None = None
    days: Spans | None = None


def _read(
    heads: Mapping[int, Publication],
    agreed: Mapping[int, Agreement],
    read: dict[int, Reading],
    on: date,
    zone: ZoneInfo,
    handed: OfPublication,
    *,
    as_published: bool,
) -> tuple[dict[int, Found], dict[int, Known]]:
    """What is published at these publications without what `read` and `handed` have, and the cycles that these have."""
    newest = newest_cycles(heads, agreed, read, on, handed)
    days = {pk: each.days for pk, each in read.items()} | dict.fromkeys(newest, ())
    found = published(
        heads,
        zone,
        exact=as_published or len(heads) <= EXACT_AT_ONCE,
        days=days,
        counted={pk: each.counted for pk, each in read.items()},
        without_grants={pk for pk, each in read.items() if each.grants is not None},
    )
    closed = closed_cycles(read, heads, found, zone)
    newest = {pk: cycle for pk, cycle in newest.items() if pk in closed or pk not in read}
    return found, {pk: Known(closed.get(pk, ()), newest.get(pk), days.get(pk)) for pk in {*closed, *newest}}


def _readings(
    rows: Sequence[Retainer],
    heads: Mapping[int, Publication],
    agreed: Mapping[int, Agreement],
    on: date,
    wanted: Wanted | None,
    *,
    is_hiding: bool,
) -> dict[int, Reading]:
    """What may be taken from what is kept. Without its hidden pools a cycle is told by its draws: those are read."""
    if wanted is None:
        return {}
    whole = [row for row in rows if not is_hiding or shown_agreement(agreed[row.pk]) is agreed[row.pk]]
    return readings(whole, {row.pk: heads[row.pk] for row in whole}, agreed, on, wanted)


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
    found = published(heads, zone, exact=True)
    return [
        _standing(row, _agreement(row, head, None), (head, head), found[row.pk], on, zone, Known())
        for row in retainers
        for head in [heads[row.pk]]
    ]


def _outgoing(row: Retainer, found: Found, gate: Gate | None) -> Found:
    """What was granted, with the words that may leave the house."""
    if gate is None:
        return found
    slug = row.client.slug
    return replace(
        found,
        top_ups=list(outgoing_top_ups(found.top_ups, gate, slug)),
        adjustments=list(outgoing_adjustments(found.adjustments, gate, slug)),
        approvals=list(outgoing_approvals(found.approvals, gate, slug)),
    )


def in_language(standing: Standing, language: str) -> Standing:
    """The same, for a client's eyes, in the provider's words for that language."""
    cycles = tuple(spoken_cycle(cycle, language) for cycle in standing.cycles)
    return replace(standing, agreement=spoken(standing.agreement, language), cycles=cycles)


def publications_seen(rows: list[Retainer], on: date, zone: ZoneInfo) -> dict[int, Publication]:
    """The newest publication of each retainer that was made by the end of the local day `on`."""
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=zone)
    all_heads = _newest(rows)
    heads = {pk: head for pk, head in all_heads.items() if head.made_at < end}
    if older := [pk for pk in all_heads if pk not in heads]:
        before = Publication.objects.filter(retainer=OuterRef("retainer"), made_at__lt=end)
        newest = Subquery(before.order_by("-number").values("pk")[:1])
        seen = Publication.objects.filter(retainer__in=older, pk=newest).select_related("version")
        heads |= {publication.retainer_id: publication for publication in seen}
    return heads


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
    found: Found,
    on: date,
    zone: ZoneInfo,
    known: Known,
) -> Standing:
    """`heads`: the publication that is shown, and the newest that the reader knows of."""
    head, seen = heads
    cycles = _cycles(agreement, found, on, known)
    return Standing(
        retainer=row,
        publication=head,
        agreement=agreement,
        on=on,
        freshness=_freshness(agreement, seen, cycles, on, zone),
        cycles=cycles,
        works=tuple(found.works) if known.days is None and not found.alike else Unread(),
        top_ups=tuple(found.top_ups),
        adjustments=tuple(found.adjustments),
        approvals=tuple(found.approvals),
    )


def _cycles(agreement: Agreement, found: Found, on: date, known: Known) -> tuple[CycleBalance, ...]:
    if known.newest:
        return (*known.closed, known.newest)
    granted = found.top_ups, found.adjustments, on, found.approvals
    return balance(agreement, found.works, *granted, known.closed, found.counted(agreement, on, known.closed))


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
