"""Writes: the closed cycles of retainers are worked out and kept, once a publication is through, and by `tick`.

Only what has changed since the figures kept before is worked out: from the first cycle on in which a later publication
added or retired anything. The rows of a publication never change, so whoever publishes meanwhile disturbs nothing; what
is kept of an older publication is simply not used.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from accounts.access import today_at, zone_of
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from retainers.agreements.fields import agreement_from_document
from retainers.coverage import Coverage
from retainers.cycles import Cycle, cycle_of, cycles_until
from retainers.kept import AFTERWARDS, document, edition, ended
from retainers.kept.document import Granted, Line
from retainers.kept.handed import NOTHING, OfPublication
from retainers.kept.reading import RUNNING, ended_seal_of, seal_of
from retainers.kept.running import running_seal, running_text
from retainers.ledger import balance
from retainers.models import Adjustment, Approval, Entry, KeptFigures, Publication, Retainer, TopUp
from retainers.published_rows import EXACT_AT_ONCE, Found, Spans, are_many, published
from retainers.terms import Agreement
from retainers.terms import TopUp as TopUpTerms

MOST_PUBLICATIONS = 500  # since the figures kept before; beyond it everything is worked out
DATED = ((Entry, "day"), (TopUp, "day"), (Adjustment, "day"), (Approval, "cycle"))


class _Work(NamedTuple):
    """One retainer whose figures are to be kept; `lines` are those of before that still hold.

    `told`: the lines of all closed cycles, where they were handed on, and `running` the cycle that runs. `ended`: of
    `lines` those for a month's end. `granted`: what was granted, where that is known; None: it is read.
    """

    row: Retainer
    head: Publication
    agreement: Agreement
    over: tuple[Cycle, ...]
    lines: list[Line]
    told: list[Line] | None = None
    ended: Sequence[str] = ()
    running: str = ""
    granted: Granted = None

    @property
    def missing(self) -> Spans:
        """The days of the closed cycles that have no line yet."""
        without = () if self.told is not None else self.over[len(self.lines) :]
        return ((without[0].starts, without[-1].ends),) if without else ()

    @property
    def is_known(self) -> bool:
        """Nothing is left to be read."""
        return not self.missing and self.granted is not None

    def with_grants(self, found: Found) -> Found:
        """What was read, with the grants that are known."""
        if self.granted is None:
            return found
        top_ups, adjustments = document.grants_of(self.granted)
        return replace(found, top_ups=top_ups, adjustments=adjustments)


def keep_of(provider_id: int, retainer_ids: Iterable[int], handed: OfPublication = NOTHING) -> int:
    """Keep the figures of these retainers, as they are published now; how many were written.

    `handed`: what their publications' plans have worked out.
    """
    ids = list(retainer_ids)
    with tenant_scope(Provider(pk=provider_id)):
        provider = Provider.objects.get(pk=provider_id)
        count = _keep(_due(today_at(provider)).filter(pk__in=ids), provider, handed)
        for follow in AFTERWARDS:
            follow(ids, handed)
        return count


def keep_all(provider: Provider) -> int:
    """The same for all retainers of the provider in scope whose figures are missing or no longer hold."""
    return _keep(_due(today_at(provider)), provider)


def _due(today: date) -> QuerySet[Retainer]:
    holds = KeptFigures.objects.filter(
        Q(until=None) | Q(until__gte=today),
        retainer=OuterRef("pk"),
        publication=OuterRef("publication"),
        code=edition(),
    )
    rows: QuerySet[Retainer] = Retainer.objects.filter(~Exists(holds), publication__isnull=False)
    return rows.select_related("publication__version").order_by("pk")


def _keep(due: QuerySet[Retainer], provider: Provider, handed: OfPublication = NOTHING) -> int:
    today, zone, rows = today_at(provider), zone_of(provider), list(due)
    for start in range(0, len(rows), EXACT_AT_ONCE):
        part = rows[start : start + EXACT_AT_ONCE]
        works = [_with_told(each, today, handed) for each in _works(part, today, handed)]
        _write(_made(works, today, zone))
    return len(rows)


def _write(rows: Sequence[KeptFigures]) -> None:
    KeptFigures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["retainer"],
        update_fields=["publication", "until", "code", "figures", "seal", "ended", "ended_seal", *RUNNING],
    )


def _made(works: Sequence[_Work], today: date, zone: ZoneInfo) -> list[KeptFigures]:
    heads = {each.row.pk: each.head for each in works if not each.is_known}
    days = {each.row.pk: each.missing for each in works}
    counted = {pk: spans for pk, spans in days.items() if are_many(spans)}
    found = published(
        heads,
        zone,
        exact=True,
        days=days | dict.fromkeys(counted, ()),
        without_grants={each.row.pk for each in works if each.granted is not None},
        counted=counted,
    )
    return [_row(each, each.with_grants(found[each.row.pk]), today) for each in works]


def _lines(work: _Work, found: Found, today: date) -> list[Line]:
    """All closed cycles: those that still hold, and what follows on them."""
    if work.told is not None:
        return work.told
    if not work.missing:
        return work.lines
    before = document.cycles_of(work.lines, work.agreement, work.over[: len(work.lines)]) or ()
    cycles = balance(
        work.agreement,
        found.works,
        found.top_ups,
        found.adjustments,
        today,
        found.approvals,
        closed=before,
        counted=found.counted(work.agreement, today, before),
    )
    return [*work.lines[: len(before)], *document.lines_of(cycles[len(before) :])]


def _row(work: _Work, found: Found, today: date) -> KeptFigures:
    running = cycle_of(work.agreement, max(today, work.agreement.starts))
    granted = document.granted_lines(found.top_ups, found.adjustments, found.approvals)
    lines = _lines(work, found, today)
    row = KeptFigures(
        provider_id=work.row.provider_id,
        retainer_id=work.row.pk,
        publication_id=work.head.pk,
        until=running.ends if running else None,
        code=edition(),
        figures=document.text_of(lines, granted),
        ended=_ended(work, lines, found.top_ups, today, running.ends if running else None),
    )
    row.seal, row.ended_seal = seal_of(row), ended_seal_of(row)
    row.running, row.running_seal = (
        work.running,
        running_seal(row.retainer_id, row.publication_id, work.running),
    )
    return row


def _ended(
    work: _Work, lines: Sequence[Line], top_ups: Sequence[TopUpTerms], today: date, until: date | None
) -> str:
    """The closed cycles for a month's end; "" where another day will be covered through before the row is over."""
    covered = Coverage.read(work.head.coverage) if work.head.updated_at else Coverage()
    through = set(ended.throughs(work.agreement, covered, today, until))
    if len(through) != 1:
        return ""
    same = (a is b for a, b in zip(work.lines, lines, strict=False))
    known = work.ended[: sum(takewhile(bool, same))]
    return ended.text_of(work.agreement, through.pop(), lines, work.over, top_ups, known)


def _works(rows: Sequence[Retainer], today: date, handed: OfPublication = NOTHING) -> list[_Work]:
    """Of all but those of which somebody has kept a later publication meanwhile."""
    known = {row.retainer_id: row for row in _kept_before(rows)}
    late = {row.pk for row in rows if row.pk in known and _number(row) < known[row.pk].publication.number}
    of_use = {row.pk: known[row.pk] for row in rows if row.pk in known and _is_of_use(known[row.pk], row)}
    changed = _changed(rows, of_use, today, handed)
    return [_work(row, of_use.get(row.pk), changed.get(row.pk), today) for row in rows if row.pk not in late]


def _changed(
    rows: Sequence[Retainer], kept: Mapping[int, KeptFigures], today: date, handed: OfPublication
) -> dict[int, date]:
    """Since which day anything has changed, by retainer: asked for where it wasn't handed on with the one publication
    that has been made since.
    """
    told = {row.pk: since for row in rows if (since := _told_since(row, kept.get(row.pk), today, handed))}
    asked = [row for row in rows if row.pk in kept and row.pk not in told]
    return told | _first_changes(asked, {row.pk: kept[row.pk] for row in asked})


def _told_since(row: Retainer, kept: KeptFigures | None, today: date, handed: OfPublication) -> date | None:
    head = row.publication
    its = handed.get(head.pk) if kept and head and head.number == kept.publication.number + 1 else None
    return its.since if its and head and its.holds(today, head.version_id) else None


def _with_told(work: _Work, today: date, handed: OfPublication) -> _Work:
    its = handed.get(work.head.pk)
    if its is None or not its.holds(today, work.head.version_id):
        return work
    told = its.closed_after([cycle.starts.isoformat() for cycle in work.over], work.lines)
    return work._replace(told=told, running=running_text(its))


def _number(row: Retainer) -> int:
    return row.publication.number if row.publication else 0


def _work(row: Retainer, kept: KeptFigures | None, changed: date | None, today: date) -> _Work:
    if row.publication is None:
        raise ValueError("only what is published is kept")
    agreement = agreement_from_document(row.publication.version.document)
    over = tuple(cycle for cycle in cycles_until(agreement, today) if cycle.ends < today)
    lines, granted = _as_kept(row.publication, kept)
    pairs = zip(lines, over, strict=False)
    holding = [line for line, cycle in pairs if not changed or cycle.ends < changed]
    if not document.are_of(holding, over[: len(holding)]):
        return _Work(row, row.publication, agreement, over, [])
    before = _ended_before(kept)[: len(holding)]
    return _Work(row, row.publication, agreement, over, holding, ended=before, granted=granted)


def _as_kept(head: Publication, kept: KeptFigures | None) -> tuple[list[Line], Granted]:
    """The lines of before, and what was granted, where nothing but an import was published since: it grants nothing."""
    if kept is None:
        return [], None
    lines, granted = document.read(kept.figures)
    is_import = head.kind == Publication.Kind.IMPORT and head.number == kept.publication.number + 1
    return lines, granted if is_import else None


def _ended_before(kept: KeptFigures | None) -> list[str]:
    return ended.lines_in(kept.ended) if kept and kept.ended_seal == ended_seal_of(kept) else []


def _kept_before(rows: Sequence[Retainer]) -> QuerySet[KeptFigures]:
    found: QuerySet[KeptFigures] = KeptFigures.objects.filter(retainer__in=[row.pk for row in rows])
    return found.select_related("publication")


def _is_of_use(kept: KeptFigures, row: Retainer) -> bool:
    """It was kept under the same version of the agreement, by the same ledger, and is whole."""
    same = row.publication is not None and kept.publication.version_id == row.publication.version_id
    return same and kept.code == edition() and kept.seal == seal_of(kept)


def _first_changes(rows: Sequence[Retainer], kept: Mapping[int, KeptFigures]) -> dict[int, date]:
    """The first day on which anything was added or retired since, by retainer; none where nothing was."""
    made = _made_since(rows, kept)
    return dict.fromkeys(kept, date.min) if len(made) > MOST_PUBLICATIONS else first_changes(made)


def first_changes(publications: Sequence[int]) -> dict[int, date]:
    """The first day on which these added or retired anything, by retainer; none where they did not."""
    found: dict[int, date] = {}
    for model, day in DATED if publications else ():
        touched = model._default_manager.filter(Q(added_in__in=publications) | Q(retired_in__in=publications))
        firsts = touched.order_by().values("retainer").annotate(first=Min(day))
        for pk, first in firsts.values_list("retainer", "first"):
            found[pk] = min(first, found.get(pk, first))
    return found


def _made_since(rows: Sequence[Retainer], kept: Mapping[int, KeptFigures]) -> list[int]:
    """The publications made since these figures were kept; rows between the same two are asked for together."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in rows:
        if row.pk in kept and row.publication:
            alike[kept[row.pk].publication.number + 1, row.publication.number].append(row.pk)
    between = Q(pk__in=[])
    for numbers, pks in alike.items():
        between |= Q(retainer__in=pks, number__range=numbers)
    return list(Publication.objects.filter(between).order_by().values_list("pk", flat=True)) if kept else []
