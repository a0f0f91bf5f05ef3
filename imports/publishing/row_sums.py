"""What the rows of a client come to: the pages of a preview show that of every client, and few rows. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter

from imports.publishing.plan import HourSum, MovedRow, PlannedRow, RowSums
from imports.reading.rows import worked_of
from retainers.hours import ZERO


def sums_of(rows: Iterable[PlannedRow]) -> RowSums:
    """What these rows of one client come to, in the order of the file."""
    every = list(rows)
    stood = list(filter(attrgetter("entry"), every))
    alike = _Alike(every)
    waiting = [kind for kind, row in alike.first.items() if row.waits]
    changes = any(row.kind != "unchanged" and row.classified.takes_part for row in alike.first.values())
    return RowSums(
        rows=len(every),
        kinds=alike.counted("kind", lambda row: row.reason is None),
        excluded=alike.counted("reason", lambda row: row.reason is not None),
        hours=_hours(alike),
        waiting=sum(map(alike.times.__getitem__, waiting)),
        flagged=tuple(row.line for row in filter(attrgetter("hits"), every) if row.waits),
        waits_unchanged=any(alike.first[kind].kind == "unchanged" for kind in waiting),
        reviews=sum(map(attrgetter("review"), every)),
        changes=changes,
        rewords=changes or any(row.replaces for row in stood if row.classified.takes_part),
        moved=tuple(map(_moved, filter(attrgetter("moved_from"), stood))),
    )


_said = attrgetter(
    "kind", "reason", "counted", "worded.source", "hits", "classified.retainer", "classified.exclusion",
    "classified.row.worked", "classified.row.billable", "classified.row.deducted",
)  # fmt: skip


class _Alike:
    """Rows by what is added up of them: the first one of each kind, and how many there are."""

    def __init__(self, rows: Sequence[PlannedRow]) -> None:
        said = list(map(_said, rows))
        self.times = Counter(said)
        first = dict(zip(reversed(said), reversed(rows), strict=True))
        self.first = {kind: first[kind] for kind in self.times}

    def counted(self, name: str, wanted: Callable[[PlannedRow], bool]) -> Counter[str]:
        """How many rows there are by that field, of those that are wanted."""
        found: Counter[str] = Counter()
        for kind, row in self.first.items():
            if wanted(row):
                found[getattr(row, name)] += self.times[kind]
        return found


def _hours(alike: _Alike) -> tuple[HourSum, ...]:
    found: dict[tuple[str | None, str], tuple[int, Decimal, Decimal]] = {}
    for kind, row in alike.first.items():
        judged, times = row.classified, alike.times[kind]
        mine = row.reason, judged.retainer or ""
        line, worked, counted = found.get(mine) or (judged.row.line, ZERO, ZERO)
        found[mine] = line, worked + worked_of(judged.row) * times, counted + row.counted * times
    return tuple(HourSum(line, *mine, worked, counted) for mine, (line, worked, counted) in found.items())


def _moved(row: PlannedRow) -> MovedRow:
    judged = row.classified
    return MovedRow(row.line, row.moved_from, judged.client or "", worked_of(judged.row))
