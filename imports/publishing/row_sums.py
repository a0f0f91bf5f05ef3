"""What the rows of a client come to: the pages of a preview show that of every client, and few rows. Pure."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter

from imports.publishing.plan import HourSum, MovedRow, PlannedRow, RowSums
from imports.reading.rows import worked_of
from retainers.hours import ZERO


def sums_of(rows: Iterable[PlannedRow]) -> RowSums:
    """What these rows of one client come to, in the order of the file."""
    every = list(rows)
    waiting = list(filter(attrgetter("waits"), every))
    changes, rewords = _effects(every)
    return RowSums(
        rows=len(every),
        kinds=Counter(row.kind for row in every if row.reason is None),
        excluded=Counter(row.reason for row in every if row.reason is not None),
        hours=_hours(every),
        waiting=len(waiting),
        flagged=tuple(row.line for row in waiting if row.hits),
        waits_unchanged="unchanged" in map(attrgetter("kind"), waiting),
        reviews=sum(map(attrgetter("review"), every)),
        changes=changes,
        rewords=rewords,
        moved=tuple(map(_moved, filter(attrgetter("moved_from"), every))),
    )


def _effects(every: Iterable[PlannedRow]) -> tuple[bool, bool]:
    """Whether an entry comes, changes or moves; whether one is replaced."""
    taken = [row for row in every if row.classified.takes_part]
    return any(row.kind != "unchanged" for row in taken), any(row.replaces for row in taken)


def _hours(rows: Iterable[PlannedRow]) -> tuple[HourSum, ...]:
    found: dict[tuple[str | None, str], tuple[int, Decimal, Decimal]] = {}
    for row in rows:
        judged = row.classified
        mine = row.reason, judged.retainer or ""
        line, worked, counted = found.get(mine) or (judged.row.line, ZERO, ZERO)
        found[mine] = line, worked + worked_of(judged.row), counted + row.counted
    return tuple(HourSum(line, *mine, worked, counted) for mine, (line, worked, counted) in found.items())


def _moved(row: PlannedRow) -> MovedRow:
    judged = row.classified
    return MovedRow(row.line, row.moved_from, judged.client or "", worked_of(judged.row))
