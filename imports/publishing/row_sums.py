"""What the rows of a client come to: the pages of a preview show that of every client, and few rows. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from imports.publishing.plan import HourSum, MovedRow, PlannedRow, RowSums
from imports.reading.rows import by_kind, worked_of
from retainers.hours import ZERO

Kind = tuple[PlannedRow, int]  # rows that are alike to the sums: the first one, and how many there are


def sums_of(rows: Iterable[PlannedRow]) -> RowSums:
    """What these rows of one client come to, in the order of the file."""
    every = list(rows)
    stood = list(filter(attrgetter("entry"), every))
    kinds = by_kind(_said(every), every).values()
    waiting = _counted(kinds, "kind", attrgetter("waits"))
    changes = any(row.kind != "unchanged" and row.classified.place.takes_part for row, _number in kinds)
    return RowSums(
        rows=len(every),
        kinds=_counted(kinds, "kind", lambda row: row.reason is None),
        excluded=_counted(kinds, "reason", lambda row: row.reason is not None),
        hours=_hours(kinds),
        waiting=sum(waiting.values()),
        flagged=tuple(row.line for row in every if row.words.hits and row.waits),
        waits_unchanged="unchanged" in waiting,
        reviews=sum(row.words.title_before is not None for row in every),
        changes=changes,
        rewords=changes or any(row.replaces for row in stood if row.classified.place.takes_part),
        moved=tuple(map(_moved, filter(attrgetter("moved_from"), stood))),
    )


def _said(rows: Sequence[PlannedRow]) -> list[tuple[Any, ...]]:
    """What the sums look at, of each row."""
    judged = list(map(attrgetter("classified"), rows))
    of_rows = map(_hours_of, map(attrgetter("row"), judged))
    return list(zip(map(_planned, rows), map(_place, judged), of_rows, strict=True))


_planned = attrgetter("kind", "reason", "counted", "words.worded.source", "words.hits")
_place = attrgetter("place.retainer", "place.exclusion")
_hours_of = attrgetter("worked", "billable", "deducted")


def _counted(kinds: Iterable[Kind], name: str, wanted: Callable[[PlannedRow], bool]) -> Counter[str]:
    """How many rows there are by that field, of those that are wanted."""
    found: Counter[str] = Counter()
    for row, number in kinds:
        if wanted(row):
            found[getattr(row, name)] += number
    return found


def _hours(kinds: Iterable[Kind]) -> tuple[HourSum, ...]:
    found: dict[tuple[str | None, str], tuple[int, Decimal, Decimal]] = {}
    for row, number in kinds:
        judged = row.classified
        mine = row.reason, judged.place.retainer or ""
        line, worked, counted = found.get(mine) or (judged.row.line, ZERO, ZERO)
        found[mine] = line, worked + worked_of(judged.row) * number, counted + row.counted * number
    return tuple(HourSum(line, *mine, worked, counted) for mine, (line, worked, counted) in found.items())


def _moved(row: PlannedRow) -> MovedRow:
    judged = row.classified
    return MovedRow(row.line, row.moved_from, judged.place.client or "", worked_of(judged.row))
