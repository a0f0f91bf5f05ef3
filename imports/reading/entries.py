"""The entries of a file by their columns: what is decided over all of them looks at these, and at one of each kind.

A file has few different cells in a column, though hardly two rows of it may agree in all.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from imports.reading.numbered import Numbered, numbered
from imports.reading.rows import EntryRecord, by_kind

MOST_REMEMBERED = 20_000
T = TypeVar("T")
Places = Mapping[str, Sequence[tuple[int, ...]]]  # of each field the columns (`Columns.places`)


class Kind(NamedTuple):
    """Entries with the same cells in some columns: the first of them, its place, and how many there are."""

    entry: EntryRecord
    place: int
    number: int


class Entries:
    """The entries of a file, in its order."""

    def __init__(self, records: Sequence[EntryRecord]) -> None:
        self._records = records
        self._columns: dict[int, list[str]] = {}
        self._found: dict[int, Collection[str]] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[EntryRecord]:
        return iter(self._records)

    def at(self, place: int) -> EntryRecord:
        return self._records[place]

    def texts(self, index: int) -> list[str]:
        """The cells of a column."""
        if (found := self._columns.get(index)) is None:
            found = self._columns[index] = self._column(index)
        return found

    def different(self, index: int) -> Collection[str]:
        """The different cells of a column, in the order in which they are met."""
        if (found := self._found.get(index)) is None:
            found = self._found[index] = self._different(index)
        return found

    def numbered(self, index: int) -> Numbered[str]:
        """The different cells of a column, and which each entry has."""
        return numbered(self.texts(index), self.different(index))

    def each(self, index: int) -> Mapping[str, tuple[int, int]]:
        """The different cells of a column, each with the place where it is first met, and how often it is there."""
        return by_kind(self.texts(index), range(len(self)))

    def _column(self, index: int) -> list[str]:
        return list(map(itemgetter(index), self._cells_of_each))

    def _different(self, index: int) -> Collection[str]:
        return dict.fromkeys(self.texts(index)).keys()

    @cached_property
    def _cells_of_each(self) -> list[Sequence[str]]:
        return [record.cells for record, _groups in self._records]

    def said(self, fields: Iterable[str], places: Places) -> Sequence[object]:
        """Of each entry the cells of all columns of these fields: entries with the same say the same in them."""
        columns = [self.texts(index) for index in indexes_of(fields, places)]
        return list(zip(*columns, strict=True)) if columns else [None] * len(self)

    def kinds(self, fields: Iterable[str], places: Places) -> list[Kind]:
        """The kinds of entries by the cells of all columns of these fields, in the order in which they are met."""
        found = by_kind(self.said(fields, places), range(len(self)))
        return [Kind(self.at(place), place, number) for place, number in found.values()]


def indexes_of(fields: Iterable[str], places: Places) -> list[int]:
    """All columns of these fields."""
    return sorted({index for name in fields for place in places.get(name, ()) for index in place})


class SomeCells:
    """The cells of some columns of records that have so many. `of` gives those of a record: those with the same say the
    same in these columns.
    """

    def __init__(self, indexes: Sequence[int], width: int) -> None:
        self.indexes, self._width = indexes, width
        self.of: Callable[[Sequence[str]], object] = itemgetter(*indexes) if indexes else lambda _cells: None

    def alone(self, said: object) -> list[str]:
        """A record of these cells; the others are None, so that whoever looks at one is told by an error."""
        cells: list[str] = [None] * self._width  # type: ignore[list-item]  # a None is to be seen by nobody
        texts = said if isinstance(said, tuple) else (said,)
        for index, text in zip(self.indexes, texts, strict=False):  # without columns there is one text, None
            cells[index] = text
        return cells


class ReadOnce(dict[object, T], Generic[T]):
    """What the cells of some fields say together, read once for all records that have the same. Never more are held
    than the bound says: where a cell says day and time, each record has its own.
    """

    def __init__(
        self, fields: Iterable[str], places: Places, width: int, read: Callable[[list[str]], T]
    ) -> None:
        super().__init__()
        self._cells, self._read = SomeCells(indexes_of(fields, places), width), read

    def __missing__(self, said: object) -> T:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        found = self[said] = self._read(self._cells.alone(said))
        return found

    def of(self, cells: Sequence[str]) -> T:
        return self[self._cells.of(cells)]

    def over(self, records: Iterable[Sequence[str]]) -> list[T]:
        """What the cells of each record say."""
        return list(map(self.__getitem__, map(self._cells.of, records)))
