"""Rows that say the same in some columns: a file has few kinds of them, and one of each kind is looked at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.rows import EntryRecord, by_kind

# the fields that decide how a file's rows are read
DECIDING = ("date", "start", "end", "pause", *HOURS_FIELDS)
Places = Mapping[str, Sequence[tuple[int, ...]]]  # of each field the columns (`Columns.places`)


class Kind(NamedTuple):
    """Entries with the same cells in some columns: the first of them, and how many there are."""

    entry: EntryRecord
    number: int


class Kinds:
    """The entries of a file by what they say in some columns, each looked at as often as a fact needs other columns:
    hardly two rows of a year say the same in all of them.
    """

    def __init__(self, entries: Sequence[EntryRecord], places: Places) -> None:
        self._entries, self._places = entries, places
        self._cells = [entry.record.cells for entry in entries]

    def of(self, fields: Iterable[str], *, and_of: Iterable[int] = ()) -> list[Kind]:
        """By the cells of all columns of these fields, and of more columns, in the order in which they are met."""
        said_of = _getter(sorted({*indexes_of(fields, self._places), *and_of}))
        kinds = by_kind(list(map(said_of, self._cells)), self._entries)
        return list(map(Kind._make, kinds.values()))

    def of_column(self, index: int) -> list[Kind]:
        return self.of((), and_of=[index])

    def texts(self, index: int) -> set[str]:
        """What the column's cells say."""
        return set(map(itemgetter(index), self._cells))


def cells_of(fields: Iterable[str], places: Places) -> Callable[[Sequence[str]], object]:
    """A function that gives the cells of all columns of these fields: rows with the same say the same in them."""
    return _getter(indexes_of(fields, places))


def indexes_of(fields: Iterable[str], places: Places) -> list[int]:
    """All columns of these fields."""
    return sorted({index for name in fields for place in places.get(name, ()) for index in place})


def _getter(indexes: Sequence[int]) -> Callable[[Sequence[str]], object]:
    return itemgetter(*indexes) if indexes else lambda _cells: None


class SomeCells:
    """The cells of some columns of records that have so many. `of` gives those of a record: those with the same say the
    same in these columns.
    """

    def __init__(self, indexes: Sequence[int], width: int) -> None:
        self._indexes, self._width = indexes, width
        self.of = _getter(indexes)

    def alone(self, said: object) -> list[str]:
        """A record of these cells; the others are None, so that whoever looks at one is told by an error."""
        cells: list[str] = [None] * self._width  # type: ignore[list-item]
        texts = said if isinstance(said, tuple) else (said,)
        for index, text in zip(self._indexes, texts, strict=False):  # without columns there is one text, None
            cells[index] = text
        return cells
