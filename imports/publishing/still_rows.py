"""Rows that are kept of a published file (`Still`), column by column: what many rows have alike is held once.

Nearly all that is asked of such rows is asked of all of them together, or of how many there are of a kind. So no
`Still` is made but for who looks at the rows one by one.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, overload

from imports.publishing.plan_marks import StillKind
from imports.reading.numbered import Pick, numbers_of, picker
from imports.reading.rows import MARK, digests_at


class Still(NamedTuple):
    """A row as its file was last published, known again by the `mark` of its cells: the entry that it is (by
    `origin`, with its words), and what became of it there.

    `entry_id` as ids are compared; `reason` says why it is not counted, `worked` are its hours, `counted` what is
    counted of them; `stands_in`: by another column than the terms name; `waits`: for words.
    """

    mark: bytes
    origin: str
    entry_id: str
    client: str
    retainer: str
    retainer_id: int
    date: date
    worked: Decimal
    counted: Decimal
    reason: str | None
    stands_in: bool
    waits: bool
    wording: str
    company: str
    technician: str
    ticket: str


StillLine = tuple[int, Still]  # with its line in the file


class Outcome(NamedTuple):
    """What became of rows (`Still`): a file has few of these."""

    client: str
    company: str
    retainer: str
    retainer_id: int
    worked: Decimal
    counted: Decimal
    reason: str | None
    stands_in: bool
    waits: bool


NUMBERED = ("outcome", "date", "wording", "technician", "ticket")  # of which many rows have the same
OWN = ("mark", "origin", "entry_id")  # each row has others of these
_kind = itemgetter(*map(Outcome._fields.index, StillKind._fields[2:]))


def _column_of(name: str) -> str:
    return "outcome" if name in Outcome._fields else name


@dataclass(frozen=True)
class StillTable:
    """All rows that are kept of a file. `values`: what the rows say in each of the columns `NUMBERED`, each different
    one once; `numbers`: which of them each row says.
    """

    marks: bytes
    origins: bytes
    ids: Sequence[str]
    values: Mapping[str, Sequence[Any]]
    numbers: Mapping[str, "array[int]"]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        return self.values["outcome"]

    def numbers_at(self, name: str, places: Sequence[int], pick: Pick | None = None) -> Sequence[int]:
        """Which values these rows say in the column of a field. `pick`: what picks them, where it is made already."""
        column, values = (its[_column_of(name)] for its in (self.numbers, self.values))
        if isinstance(places, range):
            return column
        return numbers_of((pick or picker(places))(column), len(values))

    def said(self, name: str, numbers: Iterable[int]) -> set[Any]:
        """What rows with these numbers say in a field that many have alike."""
        values = set(map(self.values[_column_of(name)].__getitem__, set(numbers)))
        return set(map(attrgetter(name), values)) if name in Outcome._fields else values

    def different(self, name: str, places: Sequence[int]) -> set[Any]:
        """What these rows say in a field that many have alike."""
        return self.said(name, self.numbers_at(name, places))

    def own(self, name: str, places: Sequence[int]) -> Iterable[Any]:
        """What each row alone has, in the order of these places."""
        if name == "entry_id":
            return picked(self.ids, places)
        if name == "mark":
            return digests_at(self.marks, places)
        said = self.origins.hex()
        return (said[at : at + 2 * MARK] for at in map((2 * MARK).__mul__, places))

    def column(self, name: str, places: Sequence[int]) -> Iterable[Any]:
        if name in OWN:
            return self.own(name, places)
        if name in Outcome._fields:
            return list(map(attrgetter(name), self.column("outcome", places)))
        return list(map(self.values[name].__getitem__, self.numbers_at(name, places)))

    def rows(self, places: Sequence[int]) -> Iterator[Still]:
        """The rows one by one."""
        return map(Still, *(self.column(name, places) for name in Still._fields))


NO_TABLE = StillTable(b"", b"", (), dict.fromkeys(NUMBERED, ()), dict.fromkeys(NUMBERED, array("I")))


class StillRows(Sequence[StillLine]):
    """Some of these rows, each with its line in a file. `places`: where they stand in the table, a range for all."""

    __slots__ = ("_numbers", "lines", "places", "table")

    def __init__(self, table: StillTable, places: Sequence[int], lines: Sequence[int]) -> None:
        self.table, self.places, self.lines = table, places, lines
        self._numbers: dict[str, Sequence[int]] = {}

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[StillLine]:
        return zip(self.lines, self.table.rows(self.places), strict=True)

    @overload
    def __getitem__(self, at: int) -> StillLine: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[StillLine, ...]: ...
    def __getitem__(self, at: int | slice) -> StillLine | tuple[StillLine, ...]:
        return tuple(self)[at]

    def numbers(self, name: str) -> Sequence[int]:
        if name not in self._numbers:
            self._numbers[name] = self.table.numbers_at(name, self.places)
        return self._numbers[name]

    def different(self, name: str) -> set[Any]:
        return self.table.said(name, self.numbers(_column_of(name)))


NO_ROWS = StillRows(NO_TABLE, (), ())


class LastEntries:
    """The entries of the last file that stand as it was published: those of `rows`, and those of its other rows, which
    are in `changed` places of the table. How many there are of each retainer (by its key); and which, of all but the
    first seldom asked.
    """

    def __init__(self, rows: StillRows = NO_ROWS, changed: Sequence[int] = ()) -> None:
        self._rows, self._changed, self._table = rows, changed, rows.table

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def numbers(self) -> Counter[int]:
        return self._numbers(self._changed) + self._still

    def numbers_within(self, first: date, last: date) -> Counter[int]:
        """Those of these days, in which all of `rows` are."""
        return self._numbers(self._within(first, last)) + self._still

    def left(self, first: date, last: date, ids: Collection[str]) -> set[str]:
        """The origins of the changed rows of these days, or with one of these ids."""
        said = zip(self._changed, self._table.own("entry_id", self._changed), strict=True)
        with_ids = {place for place, entry_id in said if entry_id in ids}
        return set(self._table.own("origin", sorted(with_ids.union(self._within(first, last)))))

    def left_of(self, origins: set[str]) -> set[str]:
        """Those of these origins that are of other entries than those of `rows`."""
        return origins.difference(self._table.own("origin", self._rows.places)) if origins else origins

    @cached_property
    def _still(self) -> Counter[int]:
        return self._numbers(self._rows.places)

    def _within(self, first: date, last: date) -> Sequence[int]:
        days = self._table.column("date", self._changed)
        return [place for place, day in zip(self._changed, days, strict=True) if first <= day <= last]

    def _numbers(self, places: Sequence[int]) -> Counter[int]:
        found: Counter[int] = Counter()
        for number, count in Counter(self._table.numbers_at("outcome", places)).items():
            found[self._table.outcomes[number].retainer_id] += count
        return found


NO_ENTRIES = LastEntries()


def different(rows: Sequence[StillLine], name: str) -> set[Any]:
    """What these rows say in a field that many have alike."""
    return (
        rows.different(name) if isinstance(rows, StillRows) else {getattr(row, name) for _line, row in rows}
    )


def by_client(rows: StillRows) -> dict[str, StillRows]:
    """The rows of each client, in their order."""
    found: dict[str, tuple[array[int], array[int]]] = defaultdict(lambda: (array("I"), array("I")))
    of_outcome = [found[outcome.client] for outcome in rows.table.outcomes]
    for number, place, line in zip(rows.numbers("outcome"), rows.places, rows.lines, strict=True):
        places, lines = of_outcome[number]
        places.append(place)
        lines.append(line)
    return {name: StillRows(rows.table, *its) for name, its in found.items() if its[0]}


def kinds_of(rows: StillRows) -> dict[str, tuple[StillKind, ...]]:
    """What the rows of each client come to, by kinds."""
    numbers = rows.numbers("outcome")
    first: dict[int, int] = {}
    for number, line in zip(numbers, rows.lines, strict=True):
        if line < first.get(number, line + 1):
            first[number] = line
    found: dict[str, dict[Any, tuple[int, int]]] = defaultdict(dict)
    for number, count in Counter(numbers).items():
        outcome, line = rows.table.outcomes[number], first[number]
        its, kind = found[outcome.client], _kind(outcome)
        other, before = its.get(kind, (line, 0))  # of another name of the client
        its[kind] = min(line, other), before + count
    return {
        client: tuple(StillKind(*counted, *kind) for kind, counted in its.items())
        for client, its in found.items()
    }


def picked(column: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    """What stands at these places; a range of them is all of the column."""
    return column if isinstance(places, range) else picker(places)(column)
