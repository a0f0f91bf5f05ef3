"""Lines of a file that were rows of the last one: of their cells only those are looked at that decide over the file.

What is decided over all rows (the order of dates, units, the clock, which columns are asked about) takes the same
columns as ever, with the cells of these lines in them. All that makes a file more than a list of rows is not: then, as
where anything has to be asked, the file is read without this.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import compress, islice, repeat
from operator import not_
from typing import Protocol

from imports.reading.columns import Columns
from imports.reading.entries import Entries, SomeCells, indexes_of
from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.records import MOST_SHARED, Source, Split
from imports.reading.rows import MAX_ROWS, NONE_SPARED, EntryRecord, ParsedFile, Record, Spared, is_blank

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


class NotOrdinaryError(Exception):
    """This file is more than a list of rows, or something in it has to be asked."""


class KnownRows(Protocol):
    """The rows that are known and need not be read again, each with what it is known as, by its mark (`row_marks`)."""

    def lines(self, format_name: str) -> Mapping[bytes, int]:
        """All rows of that format; none where the last file was more than a list of rows."""

    def rows(self, format_name: str, decided: str) -> Mapping[bytes, int]:
        """Those that were read as it is `decided` now."""


class KnownLines:
    """What was found of such rows."""

    def __init__(
        self, known: Mapping[bytes, int], columns: Columns, asked: Set[int], marks_of: MarksOf
    ) -> None:
        self._lines, self._places = array("I"), array("I")
        self._known, self._marks_of = known, marks_of
        self._width = len(columns.header.cells)
        looked_at = sorted({*asked, *indexes_of(_DECIDING, columns.places)})
        self._columns: dict[int, list[str]] = {index: [] for index in looked_at}
        self._is_known = bytearray()  # of each record
        self._shared: dict[str, str] = {}

    @property
    def spared(self) -> Spared:
        """Their lines, each with what it is known as."""
        return Spared(self._lines, self._places) if self._lines else NONE_SPARED

    def left(self, split: Iterator[Split]) -> Iterator[Split]:
        """The records that are not known. Raises `NotOrdinaryError`."""
        while part := list(islice(split, _TOGETHER)):
            is_left = self._take(*zip(*part, strict=True))
            left = list(compress(part, is_left))
            if any(is_blank(cells) for _line, cells, _text in left) or len(self._is_known) > MAX_ROWS + 1:
                raise NotOrdinaryError
            yield from left

    def _take(self, lines: Sequence[int], cells: Sequence[list[str]], texts: Sequence[str]) -> Sequence[bool]:
        """Which of these records are left, now that those that are known were taken."""
        found = zip(map(self._known.get, self._marks_of(texts), repeat(-1)), cells, strict=True)
        places = [place if len(own) == self._width else -1 for place, own in found]
        is_known = [place >= 0 for place in places]
        self._look_at(list(compress(cells, is_known)))
        self._is_known.extend(is_known)
        self._lines.extend(compress(lines, is_known))
        self._places.extend(compress(places, is_known))
        return list(map(not_, is_known))

    def _look_at(self, known: Sequence[list[str]]) -> None:
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
        return _Among(entries, bytearray(is_known), self._columns, self._width)


class _Among(Entries):
    """Entries that are read among those that are known, of which there are only the cells that are looked at."""

    def __init__(
        self,
        read: Sequence[EntryRecord],
        is_known: bytearray,
        known: Mapping[int, Sequence[str]],
        width: int,
    ) -> None:
        super().__init__(read)
        self._is_known, self._known = is_known, known
        self._looked_at = SomeCells(list(known), width)

    def __len__(self) -> int:
        return len(self._is_known)

    def __iter__(self) -> Iterator[EntryRecord]:
        known, read = zip(*self._known.values(), strict=True), super().__iter__()
        return (self._of_known(next(known)) if is_known else next(read) for is_known in self._is_known)

    def at(self, place: int) -> EntryRecord:
        before = self._is_known.count(1, 0, place)
        if not self._is_known[place]:
            return super().at(place - before)
        return self._of_known(tuple(column[before] for column in self._known.values()))

    def _of_known(self, said: tuple[str, ...]) -> EntryRecord:
        return EntryRecord(Record(0, self._looked_at.alone(said)), {})

    def _column(self, index: int) -> list[str]:
        known, read = iter(self._known[index]), iter(super()._column(index))
        return [next(known) if is_known else next(read) for is_known in self._is_known]


def known_lines(
    known: KnownRows | None, source: Source, columns: Columns, asked: Set[int], marks_of: MarksOf
) -> KnownLines | None:
    """None where too little is known of files of this format, or where it takes more than single lines to read one.

    `asked`: the columns that may have to be asked about.
    """
    shape, text = columns.shape, source.text
    if known is None or shape.is_printed or not shape.reads_each_row_alone:
        return None
    if _has_blank_lines(text[:_SEARCHED], text[-_SEARCHED:]):
        return None
    lines = known.lines(shape.name)
    return KnownLines(lines, columns, asked, marks_of) if lines else None


def _has_blank_lines(*parts: str) -> bool:
    return any(blank in part for blank in _BLANK_LINES for part in parts)
