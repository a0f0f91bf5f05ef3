"""Lines of a file that were rows of the last one: of their cells only those are looked at that decide over the file.

What is decided over all rows (the order of dates, units, the clock, which columns are asked about) takes the same
columns as ever, with the cells of these lines in them: as they were kept of the last file (`deciding_cells`), or else
from the lines, which are split for it. All that makes a file more than a list of rows is not: then, as where anything
has to be asked, the file is read without this.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress, count, islice, repeat
from typing import Protocol

from imports.reading.columns import Columns
from imports.reading.deciding_cells import KeptCells
from imports.reading.entries import Entries, Places, SomeCells, indexes_of
from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.known_records import unknown_records
from imports.reading.numbered import Numbered, numbered, picker
from imports.reading.quoted_lines import Split
from imports.reading.records import MOST_SHARED, Source, split_of
from imports.reading.rows import (
    MAX_ROWS,
    NONE_SPARED,
    EntryRecord,
    ParsedFile,
    Record,
    Spared,
    by_kind,
    is_blank,
)
from imports.reading.unread import asked_about

_TOGETHER = 250  # lines
# the fields that decide how a file's rows are read
_DECIDING = ("date", "start", "end", "pause", *HOURS_FIELDS)
_BLANK_LINES = ("\n\n", "\n\r\n")
_SEARCHED = 20_000  # characters at both ends, where blank lines are
MarksOf = Callable[[Sequence[str]], list[bytes]]


def is_list(file: ParsedFile) -> bool:
    """Whether a file was no more than a list of rows, of which nothing was asked, and no cell told of."""
    is_more = file.set_aside or file.refused or file.grants or file.questions
    return not is_more and not any(problem.column for problem in file.warnings)


def deciding_columns(columns: Columns) -> list[int]:
    """The columns that are looked at in all rows of a file, also to tell whether one has to be asked about."""
    return sorted({*asked_about(columns), *indexes_of(_DECIDING, columns.places)})


class NotOrdinaryError(Exception):
    """This file is more than a list of rows, or something in it has to be asked."""


class KnownRows(Protocol):
    """The rows that are known and need not be read again, each with what it is known as, by its mark (`row_marks`)."""

    def lines(self, format_name: str) -> Mapping[bytes, int]:
        """All rows of that format; none where the last file was more than a list of rows."""

    def rows(self, format_name: str, decided: str) -> Mapping[bytes, int]:
        """Those that were read as it is `decided` now."""

    def cells(self) -> KeptCells | None:
        """What the deciding columns of `lines` say, where it is kept."""


class KnownLines:
    """What was found of such rows. `kept`: the cells that are looked at, where all of them are kept."""

    def __init__(
        self, known: Mapping[bytes, int], columns: Columns, marks_of: MarksOf, kept: KeptCells | None
    ) -> None:
        self._lines, self._places = array("I"), array("I")
        self._known, self._marks_of = known, marks_of
        self._width = len(columns.header.cells)
        self._looked_at = deciding_columns(columns)
        self._kept = kept if kept and kept.have(self._looked_at) else None
        self._columns: dict[int, list[str]] = {index: [] for index in self._looked_at}
        self._is_known = bytearray()  # of each record
        self._shared: dict[str, str] = {}

    @property
    def spared(self) -> Spared:
        """Their lines, each with what it is known as."""
        return Spared(self._lines, self._places) if self._lines else NONE_SPARED

    def left(self, source: Source, delimiter: str) -> Iterator[Split]:
        """The records that are not known. Raises `NotOrdinaryError`."""
        if self._kept and source.sheet is None and not source.has_lone_returns:
            left = unknown_records(source.text, source.first_line, delimiter, self)
        else:
            left = self._left_of_cells(split_of(source, delimiter))
        for each in left:
            if is_blank(each[1]):
                raise NotOrdinaryError
            yield each

    def places(self, texts: Sequence[str]) -> list[int]:
        """As what records with these texts are known, -1 where they aren't."""
        return list(map(self._known.get, self._marks_of(texts), repeat(-1)))

    def take(self, lines: Sequence[int], places: Sequence[int]) -> None:
        """Records that were found, by the lines at which they start, and as what they are known."""
        is_known = [place >= 0 for place in places]
        self._is_known.extend(is_known)
        self._lines.extend(compress(lines, is_known))
        self._places.extend(compress(places, is_known))
        if len(self._is_known) > MAX_ROWS + 1:
            raise NotOrdinaryError

    def _left_of_cells(self, split: Iterator[Split]) -> Iterator[Split]:
        """The same, where each record has to be split for its cells."""
        while part := list(islice(split, _TOGETHER)):
            lines, cells, texts = zip(*part, strict=True)
            found = zip(self.places(texts), cells, strict=True)
            places = [place if len(own) == self._width else -1 for place, own in found]
            self.take(lines, places)
            self._look_at([own for place, own in zip(places, cells, strict=True) if place >= 0])
            yield from compress(part, [place < 0 for place in places])

    def _look_at(self, known: Sequence[Sequence[str]]) -> None:
        """Keep the cells that are looked at, those that are alike once."""
        if len(self._shared) > MOST_SHARED:
            self._shared.clear()
        for index, column in self._columns.items():
            texts = [cells[index] for cells in known]
            column.extend(map(self._shared.setdefault, texts, texts))

    def among(self, entries: Sequence[EntryRecord]) -> Entries:
        """All entries of the file in its order, those that are read among those that are known.

        Raises `NotOrdinaryError` unless all below the header, which is its first record, are entries.
        """
        is_header_known, *is_known = self._is_known
        if is_header_known or is_known.count(0) != len(entries):
            raise NotOrdinaryError
        looked_at = SomeCells(self._looked_at, self._width)
        known: Iterator[int] = count()
        number, column = len(self._lines), self._known_cells
        if kept := self._kept:
            known = map(kept.entries.__getitem__, self._places)
            number, column = kept.cells.count, kept.cells.column
        read = count(number)
        order = [next(known) if each else next(read) for each in is_known]
        return _Among(entries, order, number, column, looked_at)

    def _known_cells(self, index: int) -> Numbered[str]:
        texts = self._columns[index]
        return numbered(texts, dict.fromkeys(texts))


class _Among(Entries):
    """Entries that are read among those that are known, of which there are only the cells that are looked at. `order`:
    which each entry is, first of so many (`number`) that may be known and say this in a column (`known`), then of those
    that are read. What they say is looked at by its numbers.
    """

    def __init__(
        self,
        read: Sequence[EntryRecord],
        order: Sequence[int],
        number: int,
        known: Callable[[int], Numbered[str]],
        looked_at: SomeCells,
    ) -> None:
        super().__init__(read)
        self._order, self._number, self._known, self._looked_at = order, number, known, looked_at
        self._pick, self._numbered = picker(order), dict[int, Numbered[str]]()

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[EntryRecord]:
        return map(self.at, range(len(self)))

    def at(self, place: int) -> EntryRecord:
        if (own := self._order[place] - self._number) >= 0:
            return super().at(own)
        columns = map(self.numbered, self._looked_at.indexes)
        said = tuple(values[numbers[place]] for values, numbers in columns)
        return EntryRecord(Record(0, self._looked_at.alone(said)), {})

    def numbered(self, index: int) -> Numbered[str]:
        if (found := self._numbered.get(index)) is None:
            found = self._known(index).among(super()._column(index), self._pick)
            self._numbered[index] = found
        return found

    def each(self, index: int) -> Mapping[str, tuple[int, int]]:
        values, numbers = self.numbered(index)
        return {values[number]: its for number, its in by_kind(numbers, range(len(self))).items()}

    def said(self, fields: Iterable[str], places: Places) -> Sequence[object]:
        columns = [self.numbered(index).numbers for index in indexes_of(fields, places)]
        return list(zip(*columns, strict=True)) if columns else [None] * len(self)

    def _column(self, index: int) -> list[str]:
        return self.numbered(index).each()

    def _different(self, index: int) -> Collection[str]:
        return self.numbered(index).different()


def known_lines(
    known: KnownRows | None, source: Source, columns: Columns, marks_of: MarksOf
) -> KnownLines | None:
    """None where too little is known of files of this format, or where it takes more than single lines to read one."""
    shape, text = columns.shape, source.text
    if known is None or shape.is_printed or not shape.reads_each_row_alone:
        return None
    if _has_blank_lines(text[:_SEARCHED], text[-_SEARCHED:]):
        return None
    lines = known.lines(shape.name)
    return KnownLines(lines, columns, marks_of, known.cells()) if lines else None


def _has_blank_lines(*parts: str) -> bool:
    return any(blank in part for blank in _BLANK_LINES for part in parts)
