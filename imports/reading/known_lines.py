"""Lines of a file that were rows of the last one: of their cells only those are looked at that decide over the file.

What is decided over all rows (the order of dates, units, the clock, which columns are asked about) takes the same cells
of the same rows as ever, each kind of them once. All that makes a file more than a list of rows is not: then, as where
anything has to be asked, the file is read without this.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import compress, islice, repeat
from operator import not_
from typing import Protocol

from imports.reading.columns import Columns
from imports.reading.kinds import DECIDING, SomeCells, indexes_of
from imports.reading.records import Source, Split
from imports.reading.rows import MAX_ROWS, NONE_SPARED, EntryRecord, ParsedFile, Record, Spared, is_blank

_TOGETHER = 250  # lines
_BLANK_LINES = ("\n\n", "\n\r\n")
_SEARCHED = 20_000  # characters at both ends, where blank lines are
MarksOf = Callable[[Sequence[str]], list[str]]


def is_list(file: ParsedFile) -> bool:
    """Whether a file was no more than a list of rows, of which nothing was asked, and no cell told of."""
    is_more = file.set_aside or file.refused or file.grants or file.questions
    return not is_more and not any(problem.column for problem in file.warnings)


class NotOrdinaryError(Exception):
    """This file is more than a list of rows, or something in it has to be asked."""


class KnownRows(Protocol):
    """The rows that are known and need not be read again, each with what it is known as, by its mark (`row_marks`)."""

    def lines(self, format_name: str) -> Mapping[str, int]:
        """All rows of that format; none where the last file was more than a list of rows."""

    def rows(self, format_name: str, decided: str) -> Mapping[str, int]:
        """Those that were read as it is `decided` now."""


class KnownLines:
    """What was found of such rows."""

    def __init__(
        self, known: Mapping[str, int], columns: Columns, asked: Set[int], marks_of: MarksOf
    ) -> None:
        self._lines, self._places = array("I"), array("I")
        self._known, self._marks_of = known, marks_of
        self._width = len(columns.header.cells)
        self._kinds = _Kinds(columns, asked)
        self._looked_at: list[EntryRecord | None] = []  # of each record, None where it is read

    @property
    def spared(self) -> Spared:
        """Their lines, each with what it is known as."""
        return Spared(self._lines, self._places) if self._lines else NONE_SPARED

    def left(self, split: Iterator[Split]) -> Iterator[Split]:
        """The records that are not known. Raises `NotOrdinaryError`."""
        while part := list(islice(split, _TOGETHER)):
            is_left = self._take(*zip(*part, strict=True))
            left = list(compress(part, is_left))
            if any(is_blank(cells) for _line, cells, _text in left) or len(self._looked_at) > MAX_ROWS + 1:
                raise NotOrdinaryError
            yield from left

    def _take(self, lines: Sequence[int], cells: Sequence[list[str]], texts: Sequence[str]) -> Sequence[bool]:
        """Which of these records are left, now that those that are known were taken."""
        found = zip(map(self._known.get, self._marks_of(texts), repeat(-1)), cells, strict=True)
        places = [place if len(own) == self._width else -1 for place, own in found]
        is_known = [place >= 0 for place in places]
        kinds = self._kinds.of(compress(cells, is_known))
        self._looked_at += [next(kinds) if known else None for known in is_known]
        self._lines.extend(compress(lines, is_known))
        self._places.extend(compress(places, is_known))
        return list(map(not_, is_known))

    def among(self, entries: Sequence[EntryRecord]) -> list[EntryRecord]:
        """All entries of the file in its order, those that are read among those that are known.

        Raises `NotOrdinaryError` unless all below the header, which is its first record, are entries.
        """
        first, *order = self._looked_at
        if first is not None or order.count(None) != len(entries):
            raise NotOrdinaryError
        read = iter(entries)
        return [next(read) if known is None else known for known in order]


class _Kinds(dict[object, EntryRecord]):
    """Rows that say the same in all columns that are looked at, as one entry that has only these (`SomeCells`)."""

    def __init__(self, columns: Columns, asked: Set[int]) -> None:
        super().__init__()
        looked_at = sorted({*asked, *indexes_of(DECIDING, columns.places)})
        self._cells = SomeCells(looked_at, len(columns.header.cells))

    def of(self, rows: Iterable[Sequence[str]]) -> Iterator[EntryRecord]:
        return map(self.__getitem__, map(self._cells.of, rows))

    def __missing__(self, said: object) -> EntryRecord:
        found = self[said] = EntryRecord(Record(0, self._cells.alone(said)), {})
        return found


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
