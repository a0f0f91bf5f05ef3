"""Text to records: delimiter, quoting and the physical line at which each record starts.

Linear and lazy. It knows nothing of headers or formats, leaves short and long records as they are, and
refuses only what makes every later line doubtful: a quotation mark that is never closed.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import compress, islice, repeat
from operator import not_
from typing import Any, NamedTuple

from imports.reading.quoted_lines import Split as Split
from imports.reading.quoted_lines import line_by_line, sign_by_sign
from imports.reading.rows import (
    MAX_RECORDS,
    MAX_ROWS,
    NO_MARK,
    TOO_MANY_ROWS,
    Problem,
    Record,
    SetAside,
    UnreadableFileError,
    digests_at,
    is_blank,
)

DELIMITERS = (",", ";", "\t", "|")
_SEARCHED_RECORDS = 2_000
_SCORED_CHARS = 200_000
_SCORED_RECORDS = 100
_TOGETHER = 250  # records
MOST_SHARED = 20_000  # different cells that are remembered at a time


class Source(NamedTuple):
    """Text ready to be split: directives taken off, `first_line` being the line the rest starts at.

    `sheet`: the records of a workbook's sheet, which are split already; `has_lone_returns`: a line ends in a mere CR.
    """

    text: str
    first_line: int
    set_aside: tuple[SetAside, ...]
    delimiters: tuple[str, ...]
    sheet: tuple[Record, ...] | None = None
    has_lone_returns: bool = False


def sheet_source(records: tuple[Record, ...]) -> Source:
    """A sheet of a workbook: every row as wide as the widest, as it would be in a CSV file."""
    width = max((len(record.cells) for record in records), default=0)
    wide = (
        Record(record.line, [*record.cells, *repeat("", width - len(record.cells))]) for record in records
    )
    return Source("", 1, (), DELIMITERS[:1], tuple(wide))


def open_source(text: str) -> Source:
    """Take `sep=;` (Excel) and `#TYPE …` (PowerShell) off the top; rank the delimiters, best first.

    >>> open_source("sep=;\\nDate;Hours\\n").delimiters
    (';',)
    """
    set_aside: list[SetAside] = []
    declared = ""
    line = 1
    while (directive := _directive(text)) is not None:
        set_aside.append(SetAside(line, "preamble"))
        declared = directive or declared
        text = _after_first_line(text)
        line += 1
    ranked = (declared,) if declared else rank_delimiters(text)
    has_lone_returns = "\r" in text and text.count("\r") != text.count("\r\n")
    return Source(text, line, tuple(set_aside), ranked, has_lone_returns=has_lone_returns)


def _directive(text: str) -> str | None:
    """The delimiter that line 1 declares, "" for a `#TYPE` line, None for any other line."""
    first = text[:200].split("\n", 1)[0].split("\r", 1)[0].strip().strip('"')
    if first.startswith("#TYPE"):
        return ""
    if first.lower().startswith("sep=") and len(first) <= 5:
        return first[4:] or "\t"
    return None


def _after_first_line(text: str) -> str:
    ends = [position for position in (text.find("\n"), text.find("\r")) if position >= 0]
    if not ends:
        return ""
    end = min(ends)
    return text[end + 2 :] if text[end : end + 2] == "\r\n" else text[end + 1 :]


def rank_delimiters(text: str) -> tuple[str, ...]:
    """The delimiters by how many cells of equally wide records each explains, best first.

    >>> rank_delimiters("Date;Hours\\n2026-01-02;0,5\\n")[0]
    ';'
    """
    sample = text[:_SCORED_CHARS]
    return tuple(sorted(DELIMITERS, key=lambda delimiter: -_explained_cells(sample, delimiter)))


def _explained_cells(sample: str, delimiter: str) -> int:
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    with suppress(csv.Error):  # a wrong delimiter, or the sample's cut end: what was read so far counts
        widths.update(len(cells) for cells in islice(reader, _SCORED_RECORDS) if cells)
    return max((count * (width - 1) for width, count in widths.items()), default=0)


def split_records(source: Source, delimiter: str) -> Iterator[Record]:
    """Every record in file order, blank ones too, each with the physical line it starts at.

    Line ends are CRLF, LF or a lone CR; inside quotes they belong to the cell. Raises
    `UnreadableFileError` at a quotation mark that is never closed or stands where none may.

    >>> source = open_source('a,b\\n"x\\ny",2\\n3,4\\n')
    >>> [(record.line, record.cells) for record in split_records(source, ",")]
    [(1, ['a', 'b']), (2, ['x\\ny', '2']), (4, ['3', '4'])]
    """
    return (Record(line, cells) for line, cells, _text in split_of(source, delimiter))


def split_of(source: Source, delimiter: str) -> Iterator[Split]:
    if source.sheet is not None:
        return ((record.line, record.cells, "") for record in source.sheet)
    if source.has_lone_returns:
        return sign_by_sign(io.StringIO(source.text, newline=""), source.first_line, delimiter)
    return line_by_line(source.text, source.first_line, delimiter)


def read_records(
    source: Source,
    delimiter: str,
    look: Callable[[Iterable[str]], None] | None = None,
    marks_of: Callable[[Sequence[str]], Iterable[bytes]] = lambda _lines: repeat(NO_MARK),
    split: Callable[[Source, str], Iterator[Split]] = split_of,
) -> list[Record]:
    """All records that hold anything, and cells that are alike once; more than `MAX_ROWS` of them are refused.

    `look` is shown every cell, those that are alike now and then; `marks_of` gives lines their marks; `split` the
    records that are to be read. A record made before all cells stand would leave a hole among those that stay.
    """
    columns: tuple[list[Any], ...] = ([], [], [])  # of `Record`, but for the marks
    marks, number, is_after_blank = bytearray(), 0, False
    shared: dict[str, str] = {}
    found = split(source, delimiter)
    while (
        len(columns[0]) <= MAX_ROWS + 1 and number <= MAX_RECORDS and (part := list(islice(found, _TOGETHER)))
    ):
        lines, cells, texts = zip(*part, strict=True)
        blank = list(map(is_blank, cells))
        held_once = [tuple(map(shared.setdefault, each, each)) for each in cells]
        for column, its in zip(columns, (lines, held_once, (is_after_blank, *blank)), strict=True):
            column += compress(its, map(not_, blank))
        marks += b"".join(compress(marks_of(texts), map(not_, blank)))
        number, is_after_blank = number + len(part), blank[-1]
        _show(shared, look, MOST_SHARED)
    _show(shared, look)
    made = map(_made, zip(*columns, digests_at(bytes(marks), range(len(columns[0]))), strict=True))
    return _unless_too_many(list(made), number)


def _unless_too_many(found: list[Record], number: int) -> list[Record]:
    """`number`: of all records, blank ones too; the header is one of those that were found."""
    if len(found) > MAX_ROWS + 1 or number > MAX_RECORDS:
        last = found[: MAX_ROWS + 2][-1]
        raise UnreadableFileError(Problem(last.line, "", "", TOO_MANY_ROWS.format(MAX_ROWS)))
    return found


_made = partial(tuple.__new__, Record)


def _show(cells: dict[str, str], look: Callable[[Iterable[str]], None] | None, most: int = 0) -> None:
    """Show cells that were remembered, and forget them, once they are more than that."""
    if len(cells) > most:
        if look is not None:
            look(cells)
        cells.clear()


def opening_records(source: Source, delimiter: str, count: int) -> list[Record]:
    """The first `count` records that hold anything: where a header is looked for. Broken quotes end it."""
    found: list[Record] = []
    try:
        for record in islice(split_records(source, delimiter), _SEARCHED_RECORDS):
            if not record.is_blank:
                found.append(record)
            if len(found) == count:
                break
    except UnreadableFileError:
        return found
    return found
