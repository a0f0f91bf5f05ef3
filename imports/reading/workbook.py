"""An Excel workbook (.xlsx) to rows of texts, as a CSV file gives them: its visible sheets, each row by its number.

Reading the sheets is openpyxl's work, which asks defusedxml for every piece of XML: nothing outside of the file is
fetched, no entity is put in. Macros and links are never looked at. What a cell's text means is the business of the
later stages; here it only becomes a text that can be read in one way.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError  # the error alone; defusedxml parses

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from imports.reading.rows import (
    MAX_COLUMNS,
    MAX_ROWS,
    TOO_MANY_ROWS,
    Problem,
    Record,
    UnreadableFileError,
)
from imports.reading.sheet_cells import text_of
from imports.reading.workbook_size import Count, TooMuchError

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 5_000
_LAST_ROW = 1_048_576  # the last that a sheet can have
_SEALED = 0x1  # the flag of a part that needs a password
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError,
    AttributeError, EOFError, OSError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
_NO_RESULT = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]{0,500}/>)\s{0,20}"
    rb"(?P<empty><(?:\w+:)?v\s?/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s{0,20}</(?:\w+:)?c>"
)
_CELL = re.compile(rb"<(?:\w+:)?c\b[^<>]{0,500}>")
_SAVE_AS_CSV = "Export again, or open it, choose “Save as”, pick CSV, and upload that file."
_ENTITIES = (
    f"This workbook declares entities, which no spreadsheet program does, so it is not read. {_SAVE_AS_CSV}"
)
_DAMAGED = f"This seems to be an Excel workbook or a ZIP archive, but it is damaged. {_SAVE_AS_CSV}"
_TOO_MUCH = (
    "This workbook holds more than HourTab reads: more than a dozen columns in 200,000 rows, or what no export has. "
    "Export a shorter period, for example one month, or choose CSV."
)
_OTHERS = (
    ("xl/workbook.bin", "This is a binary Excel workbook (.xlsb). Open it and save it as .xlsx or CSV."),
    ("content.xml", "This is an OpenDocument file. Open it and save it as .xlsx or CSV."),
    ("word/document.xml", "This is a Word document. Upload the export of your PSA, as CSV or as an Excel workbook."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in which something stands; a record's line is its row's number."""

    name: str
    records: tuple[Record, ...]


def read_sheets(data: bytes) -> tuple[Sheet, ...]:
    """The visible sheets that hold anything, in the workbook's order. Raises `UnreadableFileError`."""
    with _in_one_sentence():
        _refuse_by_contents(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [Sheet(sheet.title, tuple(_records(sheet))) for sheet in _visible(book)]
        book.close()
    found = tuple(sheet for sheet in sheets if not all(record.is_blank for record in sheet.records))
    if not found:
        raise _unreadable("This workbook is empty. Export again, and look at it before you upload it.")
    return found


def _visible(book: Any) -> list[Any]:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len({sheet._worksheet_path for sheet in shown}) < len(shown):
        raise _unreadable(_DAMAGED)  # one part under many names would be read for each of them
    return shown


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """Whatever is wrong inside a workbook is one plain sentence."""
    try:
        yield
    except TooMuchError as error:
        raise _unreadable(_TOO_MUCH) from error
    except _DAMAGE as error:  # openpyxl wraps some of what is raised below it
        has_entities = isinstance(error, DefusedXmlException) or isinstance(
            error.__context__, DefusedXmlException
        )
        raise _unreadable(_ENTITIES if has_entities else _DAMAGED) from error


def _refuse_by_contents(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if any(part.flag_bits & _SEALED for part in parts):
            raise _unreadable(
                "This archive is protected by a password. Take the password off and upload it again."
            )
        _refuse_other_archives(names)
        # A part never unpacks to more than it states here: Python's reader stops there.
        if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise _unreadable(
                f"Unpacked, this workbook has more than {MAX_UNPACKED_BYTES // (1024 * 1024)} MB. Export a shorter "
                "period, for example one month, or choose CSV."
            )
        _refuse_by_parts(archive, sorted(names))


def _refuse_by_parts(archive: zipfile.ZipFile, names: Sequence[str]) -> None:
    if len(names) > MAX_PARTS:
        raise TooMuchError
    count, lengths = Count(), []
    for name in names:
        part = archive.read(name)
        filled = count.add(part)
        if name.startswith("xl/worksheets/"):
            lengths.append(filled)
            if _never_worked_out(part):
                raise _unreadable(
                    "This workbook has formulas whose results are not in it. Open it in Excel, save it, and "
                    "upload it again."
                )
    _refuse_by_lengths([length for length in lengths if length])


def _never_worked_out(part: bytes) -> bool:
    """Whether a formula was written by a program that didn't work it out. One that gives "" says that it is a text."""
    for found in _NO_RESULT.finditer(part):
        (*_before, cell) = _CELL.findall(part, max(0, found.start() - 10_000), found.start()) or [b""]
        if not (found["empty"] and b't="str"' in cell):
            return True
    return False


def _refuse_by_lengths(lengths: Sequence[int]) -> None:
    """Whichever sheet were chosen, it is too long: said before half a minute goes into reading it."""
    if lengths and min(lengths) > MAX_ROWS + 1:  # the header is one of them
        raise _unreadable(TOO_MANY_ROWS.format(MAX_ROWS))


def _refuse_other_archives(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    for part, sentence in _OTHERS:
        if part in names:
            raise _unreadable(sentence)
    if "[Content_Types].xml" not in names:
        raise _unreadable("This is a ZIP archive. Unpack it, and upload the CSV file or the workbook inside.")


def _records(sheet: Any) -> Iterator[Record]:
    """The rows in which anything stands, with a blank one where others are between: at most one more than may be.

    A gap in the sheet comes as the same row again and again.
    """
    sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
    filled, before = 0, None
    rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=MAX_COLUMNS + 1)
    for line, row in enumerate(rows, start=1):
        if row is before:
            continue
        before, cells = row, _texts(row)
        yield Record(line, cells)
        filled += bool(cells)
        if filled > MAX_ROWS + 1:
            return


def _texts(row: Sequence[Any]) -> list[str]:
    """The cells up to the last in which something stands."""
    cells = [text_of(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _unreadable(sentence: str) -> UnreadableFileError:
    return UnreadableFileError(Problem(0, "", "", sentence))
