"""A first look at a file that nothing recognises: its likely header, a few rows, and the copy that support may see."""

import csv
import io
import re
from collections.abc import Sequence

from imports.reading.formats import FORMATS
from imports.reading.formats.table import alternatives, key
from imports.reading.header_words import fields_of
from imports.reading.opening import open_tables
from imports.reading.records import Source, opening_records
from imports.reading.rows import MAX_COLUMNS, Problem, UnreadableFileError

_PROBED_RECORDS = 25
_FORMULA = re.compile(r"(?:^|[;\t\r\n])[\s'\"]*[=+\-@]")
_HEADER_CHARS = 60


def first_rows(
    data: bytes, count: int, encoding: str = ""
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The likely header, and the first rows below it, each as wide as the header.

    >>> first_rows(b"Wann,Was\\n2026-06-02,Backup\\n2026-06-03\\n", 5)
    (('Wann', 'Was'), (('2026-06-02', 'Backup'), ('2026-06-03', '')))
    """
    source = open_tables(data, encoding)[0].source
    cells, delimiter = _likely_header(source)
    records = opening_records(source, delimiter, _PROBED_RECORDS + count)
    at = next((number for number, record in enumerate(records) if record.cells == cells), len(records))
    header = tuple(cell.strip().lstrip("\ufeff") for cell in cells[:MAX_COLUMNS])
    below = [record.cells for record in records[at + 1 : at + 1 + count]]
    return header, tuple(tuple((*row, *[""] * len(header))[: len(header)]) for row in below)


def headers_only(data: bytes, encoding: str = "") -> bytes:
    """A copy of an export that holds its header and nothing else, as UTF-8 CSV, to send to support.

    Cells that are no headers (dates, figures, addresses, formulas, long texts) are left empty: a file that has no
    header gives nothing away.
    """
    cells, delimiter = _likely_header(open_tables(data, encoding)[0].source)
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerow("" if _is_content(cell) else cell for cell in cells)
    return written.getvalue().encode()


def _is_content(cell: str) -> bool:
    is_address = "@" in cell or "://" in cell
    is_formula = bool(_FORMULA.search(cell))
    return len(cell) > _HEADER_CHARS or is_address or is_formula or any(sign.isdigit() for sign in cell)


def _likely_header(source: Source) -> tuple[Sequence[str], str]:
    candidates = [
        (_headings_in(record.cells), len(record.cells), -number, record.cells, delimiter)
        for delimiter in source.delimiters
        for number, record in enumerate(opening_records(source, delimiter, _PROBED_RECORDS))
    ]
    if not candidates:
        sentence = "The file has no header: its first lines are empty. Export again."
        raise UnreadableFileError(Problem(0, "", "", sentence))
    _, _, _, cells, delimiter = max(candidates)
    return cells, delimiter


def _headings_in(cells: Sequence[str]) -> int:
    """How many cells are words that head columns, in a format or in a language."""
    return sum(bool(key(cell) in _KNOWN or fields_of(cell)) for cell in cells if key(cell))


_KNOWN = frozenset(
    key(part)
    for shape in FORMATS
    for aliases in shape.columns.values()
    for parts in alternatives(aliases)
    for part in parts
)
