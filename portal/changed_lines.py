"""How the lines of a cycle differ between two publications: which read otherwise, came, or went.

An entry is the one of before where it bears the same mark, or came in its place (`Entry.replaces`), or reads the same.
Entries of before these marks were kept are paired as rows of exports are: by ticket, person and day, where one went
with the publication that brought the other.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from retainers.balance import CycleBalance
from retainers.models import Publication
from retainers.pricing import draws_under
from retainers.row_values import ENTRY_COLUMNS, work_of
from retainers.terms import Agreement

Part = tuple[date, str, Decimal, Decimal | None, tuple[str, ...]]
Seen = tuple[Part, ...]  # what a client sees of an entry: a line for each part, none where it isn't counted


class ShownEntry(NamedTuple):
    """An entry with what it came and went with: a page reads hundreds, and needs no more of each."""

    retainer_id: int
    day: date
    worked_units: int | None
    billable_units: int | None
    deducted_units: int | None
    is_billable: bool
    categories: list[str]
    pool: str
    exclusion: str
    parts: list[Any]
    pk: int
    wording: str
    incident: str
    person: str
    clock: str
    origin: UUID
    replaces: UUID | None
    added_in_id: int
    retired_in_id: int | None
    added_in: Publication
    retired_in: Publication | None


Line = tuple[ShownEntry, Seen]
Key = Callable[[Line], Hashable]
_columns = attrgetter(*ENTRY_COLUMNS)


@dataclass(frozen=True, slots=True)
class Difference:
    """Entries whose lines read otherwise, with what they read before; those that came; those that went."""

    changed: tuple[Line, ...]
    new: tuple[ShownEntry, ...]
    gone: tuple[ShownEntry, ...]


def lines_of(
    entries: Iterable[ShownEntry], agreement: Agreement, cycle: CycleBalance, hidden: frozenset[str]
) -> list[Line]:
    """The entries of which a client sees lines, each with what they read."""
    found = []
    for entry in entries:
        draws = draws_under(agreement, work_of(_columns(entry)))
        seen = tuple(
            (draw.work.day, draw.pool, draw.hours, draw.factor, draw.multipliers)
            for draw in draws
            if draw.reason is None and draw.hours and cycle.starts <= draw.work.day <= cycle.ends
            if draw.pool not in hidden
        )
        if seen:
            found.append((entry, seen))
    return found


def difference(before: Sequence[Line], now: Sequence[Line], known: Iterable[ShownEntry]) -> Difference:
    """What became of the lines of before; `known` are all entries that they may have come to stand for."""
    marks = _first_marks(known)
    changed: list[Line] = []
    gone, new = list(before), list(now)
    ways: tuple[tuple[Key, Key], ...] = (
        (lambda line: marks[line[0].origin], lambda line: marks[line[0].origin]),
        (lambda line: line[1], lambda line: line[1]),
        (_went, _came),
    )
    for of_gone, of_new in ways:
        gone, new, pairs = _paired(gone, new, of_gone, of_new)
        changed += [(entry, was) for (_was_entry, was), (entry, seen) in pairs if was != seen]
    return Difference(tuple(changed), tuple(entry for entry, _ in new), tuple(entry for entry, _ in gone))


def _first_marks(known: Iterable[ShownEntry]) -> Mapping[UUID, UUID]:
    """The mark of each entry → that of the first entry in whose place it came, as far as these are known."""
    replaced = {each.origin: each.replaces for each in known}
    first: dict[UUID, UUID] = {}
    for mark in replaced:
        place = mark
        while (before := replaced[place]) is not None and before in replaced:
            place = before
        first[mark] = place
    return first


def _paired(
    gone: Sequence[Line], new: Sequence[Line], of_gone: Key, of_new: Key
) -> tuple[list[Line], list[Line], list[tuple[Line, Line]]]:
    """What is left of both, and the pairs whose keys are equal; a key of None pairs with nothing."""
    waiting: dict[Hashable, list[Line]] = defaultdict(list)
    for line in gone:
        waiting[of_gone(line)].append(line)
    waiting.pop(None, None)
    left, pairs = [], []
    for line in new:
        found = waiting.get(of_new(line))
        if found:
            pairs.append((found.pop(0), line))
        else:
            left.append(line)
    taken = {entry.pk for (entry, _), _line in pairs}
    return [line for line in gone if line[0].pk not in taken], left, pairs


def _went(line: Line) -> Hashable:
    entry, _seen = line
    return (entry.retired_in_id, entry.incident, entry.person, entry.day) if entry.incident else None


def _came(line: Line) -> Hashable:
    entry, _seen = line
    return (entry.added_in_id, entry.incident, entry.person, entry.day) if entry.incident else None
