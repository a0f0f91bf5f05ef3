"""Which closed cycles may be taken from what is kept, and which days' work has to be read besides.

What is kept counts for the publication that it names, in the edition of the ledger that made it, and only as it was
sealed. Everything else is passed over and worked out from the entries; a seal that does not fit, and figures that the
entries do not add up to, are an event for whoever watches (docs/security-events.md).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.security import note
from accounts.worked_out import WorkedOut
from retainers.balance import CycleBalance, Work
from retainers.cycles import Cycle, cycles_until
from retainers.hiding import shown_agreement
from retainers.kept import edition
from retainers.kept.document import (
    cycles_of,
    granted_lines,
    grants_of,
    lines_of,
    read,
    used_in,
    with_draws,
)
from retainers.kept.ended import text_of as ended_text
from retainers.ledger import dated_in
from retainers.models import KeptFigures, Publication, Retainer
from retainers.pricing import draws_of, hours_drawn
from retainers.published_rows import EXACT_AT_ONCE, Found, Spans, are_many, published
from retainers.terms import Adjustment, Agreement, Approval, TopUp

ONE_DAY = timedelta(days=1)
RUNNING = ("running", "running_seal")  # what imports alone read (`retainers.kept.running`)

Wanted = Callable[[Retainer, Agreement, Sequence[Cycle]], Iterable[Cycle]]


def no_earlier_work(_retainer: Retainer, _agreement: Agreement, _cycles: Sequence[Cycle]) -> Iterable[Cycle]:
    """For whoever needs the work of running cycles alone."""
    return ()


def all_work(_retainer: Retainer, _agreement: Agreement, cycles: Sequence[Cycle]) -> Iterable[Cycle]:
    """For whoever needs that of closed cycles too, entry by entry."""
    return cycles


def work_of_hidden_pools(
    _retainer: Retainer, agreement: Agreement, cycles: Sequence[Cycle]
) -> Iterable[Cycle]:
    """For whoever also tells what a client sees: without its hidden pools a cycle is told by its draws."""
    return cycles if shown_agreement(agreement) is not agreement else ()


class DisagreesError(ValueError):
    """The entries of a closed cycle don't add up to what is kept of it."""


class Reading(NamedTuple):
    """`closed`: the first cycles as they are kept; `days`: whose work is read, None for all of it.

    `wanted`: the first days of those closed cycles of which the work is read too. `grants`: all that was bought,
    credited and charged, where nothing was approved; None: it is read too. `counted`: where nothing is kept, the days
    of the closed cycles whose work is counted instead.
    """

    closed: tuple[CycleBalance, ...] = ()
    days: Spans | None = None
    wanted: frozenset[date] = frozenset()
    grants: tuple[list[TopUp], list[Adjustment]] | None = None
    counted: Spans = ()

    def with_grants(self, found: Found) -> Found:
        """What was read, with the grants that are kept."""
        if self.grants is None:
            return found
        top_ups, adjustments = self.grants
        return replace(found, top_ups=top_ups, adjustments=adjustments)

    def with_work(self, works: Sequence[Work]) -> tuple[CycleBalance, ...]:
        """The closed cycles, those wanted with their draws. Raises `DisagreesError`."""
        if not self.wanted:
            return self.closed
        in_order = sorted(works, key=attrgetter("day", "ref"))
        parts = dated_in(self.closed, in_order, attrgetter("day"), self.closed[-1].ends)
        pairs = zip(self.closed, parts, strict=True)
        return tuple(_drawn(each, its) if each.starts in self.wanted else each for each, its in pairs)


ALL = Reading()


def closed_cycles(
    read: Mapping[int, Reading],
    heads: Mapping[int, Publication],
    found: dict[int, Found],
    zone: ZoneInfo,
) -> dict[int, tuple[CycleBalance, ...]]:
    """The closed cycles of each retainer that was read so; `found` is completed by the grants that are kept.

    Where the entries don't add up to what is kept nothing of it is taken, and all is read.
    """
    closed = {}
    for pk, each in read.items():
        try:
            closed[pk] = each.with_work(found[pk].works)
            found[pk] = each.with_grants(found[pk])
        except DisagreesError:
            disagrees(pk, "entries")
            found[pk] = published({pk: heads[pk]}, zone, exact=True)[pk]
    return closed


def readings(
    rows: Iterable[Retainer],
    heads: Mapping[int, Publication],
    agreements: Mapping[int, Agreement],
    on: date,
    wanted: Wanted,
) -> dict[int, Reading]:
    """How each retainer is read of which something is kept or counted, by its key. `wanted`: the cycles whose work is
    needed.
    """
    found = kept_figures(heads)
    read = {}
    for row in rows:
        agreement, kept = agreements[row.pk], found.get(row.pk)
        its = _reading(row, agreement, kept, on, wanted) if kept else _counting(row, agreement, on, wanted)
        if its.closed or (its.counted and len(heads) <= EXACT_AT_ONCE):
            read[row.pk] = its
    return read


def is_as_kept(
    head: Publication,
    agreed: tuple[Agreement, date | None],
    cycles: Sequence[CycleBalance],
    granted: tuple[Sequence[TopUp], Sequence[Adjustment], Sequence[Approval]],
) -> bool:
    """Whether what would be used of a publication is what its rows come to: `cycles` were worked out from these.

    `agreed`: the agreement, and the day that it is covered through. A cycle more may be kept than is closed, where the
    day has become an earlier one with another time zone.
    """
    kept = kept_figures({head.retainer_id: head}).get(head.retainer_id)
    if kept is None:
        return True
    lines, grants = read(kept.figures)
    closed = lines_of(cycles)
    whole = closed[: len(lines)]
    ended = kept.ended if len(lines) > len(closed) else ended_text(*agreed, whole, cycles, granted[0])
    same = lines[: len(closed)] == whole and grants == granted_lines(*granted)
    return same and kept.ended in ("", ended)


def kept_figures(heads: Mapping[int, Publication]) -> dict[int, KeptFigures]:
    """What is kept of these publications and may be used, by the retainer's key."""
    return {
        row.retainer_id: row
        for row in _rows(list(heads))
        if row.retainer_id in heads and row.publication_id == heads[row.retainer_id].pk and _is_whole(row)
    }


def _rows(retainers: Sequence[int]) -> Iterable[KeptFigures]:
    if len(retainers) == 1:
        return OF_ONE.rows(retainers[0], edition())
    rows: QuerySet[KeptFigures] = (
        KeptFigures.objects.filter(code=edition()).order_by().defer("ended", *RUNNING)
    )
    return rows.filter(retainer__in=retainers) if len(retainers) <= EXACT_AT_ONCE else rows


def _of_one(retainer: int, code: str) -> QuerySet[KeptFigures]:
    rows: QuerySet[KeptFigures] = KeptFigures.objects.filter(retainer=retainer, code=code).order_by()
    return rows.defer(*RUNNING)


OF_ONE = WorkedOut(_of_one)


def seal_of(row: KeptFigures) -> str:
    """The digest of all that the row says."""
    said = f"{row.retainer_id} {row.publication_id} {row.until} {row.code}\n{row.figures}"
    return hashlib.sha256(said.encode()).hexdigest()


def ended_seal_of(row: KeptFigures) -> str:
    """The digest of what the row says for a month's end."""
    return ended_digest(row.retainer_id, row.publication_id, row.until, row.ended)


def ended_digest(retainer_id: int, publication_id: int, until: date | None, text: str) -> str:
    return hashlib.sha256(f"{retainer_id} {publication_id} {until} {edition()}\n{text}".encode()).hexdigest()


def disagrees(row_id: int, why: str) -> None:
    note("kept figures refused", retainer=row_id, why=why)


def _is_whole(row: KeptFigures) -> bool:
    if row.seal == seal_of(row):
        return True
    disagrees(row.retainer_id, "seal")
    return False


def _reading(row: Retainer, agreement: Agreement, kept: KeptFigures, on: date, wanted: Wanted) -> Reading:
    days, (lines, granted) = cycles_until(agreement, on), read(kept.figures)
    over = [cycle for cycle in days if cycle.ends < on][: len(lines)]
    closed = cycles_of(lines, agreement, over)
    if closed is None:
        disagrees(row.pk, "days")
        return ALL
    if not closed:
        return ALL
    asked = {cycle.starts: cycle for cycle in wanted(row, agreement, days) if cycle.ends <= closed[-1].ends}
    grants = None if granted is None else grants_of(granted)
    spans = None if len(asked) == len(closed) else _spans(asked.values(), closed[-1].ends)
    return Reading(closed, spans, frozenset(asked), grants)


def _counting(row: Retainer, agreement: Agreement, on: date, wanted: Wanted) -> Reading:
    """Nothing is kept: the work of closed cycles that nobody needs is counted, where it is much."""
    days = cycles_until(agreement, on)
    over = [cycle for cycle in days if cycle.ends < on]
    asked = [cycle for cycle in wanted(row, agreement, days) if cycle.ends < on] if over else []
    others = [(cycle.starts, cycle.ends) for cycle in over if cycle not in asked]
    counted = _joined(others)
    return Reading(days=_spans(asked, over[-1].ends), counted=counted) if are_many(counted) else ALL


def _spans(asked: Iterable[Cycle], closed: date) -> Spans:
    """The days of these cycles, and all after the day `closed`."""
    return _joined([*((cycle.starts, cycle.ends) for cycle in asked), (closed + ONE_DAY, date.max)])


def _joined(spans: Iterable[tuple[date, date]]) -> Spans:
    """The same days in as few spans as can be."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if found and found[-1][1] + ONE_DAY == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(found)


def _drawn(cycle: CycleBalance, works: Sequence[Work]) -> CycleBalance:
    draws = draws_of(works, cycle.terms) if works else ()
    if hours_drawn(draws) != used_in(cycle):
        raise DisagreesError(f"the work of the cycle from {cycle.starts} is not what is kept of it")
    return with_draws(cycle, draws)
