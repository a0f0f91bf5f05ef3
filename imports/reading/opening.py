"""Bytes of an upload to its tables: a CSV file has one, a workbook one a sheet. Content decides which it is."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from imports.reading.decode import decode, refuse_by_size
from imports.reading.records import Source, open_source, sheet_source
from imports.reading.rows import Problem, UnreadableFileError

WORKBOOK = "xlsx"
_ARCHIVE = b"PK"
Found = TypeVar("Found")


class Table(NamedTuple):
    """Records to be split, and how the file wrote them: an encoding, or `WORKBOOK`; `sheet`: the sheet's name."""

    source: Source
    encoding: str
    sheet: str = ""


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a ZIP archive, which is what a workbook is."""
    return data.startswith(_ARCHIVE)


def open_tables(data: bytes, encoding: str = "") -> tuple[Table, ...]:
    """The tables of a file, the longest first. Raises `UnreadableFileError`.

    >>> [table.source.text for table in open_tables(b"Date,Hours\\n")]
    ['Date,Hours\\n']
    """
    if not is_archive(data):
        decoded = decode(data, encoding)
        return (Table(open_source(decoded.text), decoded.encoding),)
    refuse_by_size(data)
    from imports.reading.workbook import read_sheets  # brings openpyxl, which no CSV needs

    tables = [Table(sheet_source(sheet.records), WORKBOOK, sheet.name) for sheet in read_sheets(data)]
    return tuple(sorted(tables, key=lambda table: -len(table.source.sheet or ())))


def the_one(tables: Sequence[Table], find: Callable[[Source], Found]) -> tuple[Table, Found]:
    """The table in which `find` finds what it looks for. Raises `UnreadableFileError` where it is in none of them,
    for the reason of the longest, or in several.
    """
    fitting: list[tuple[Table, Found]] = []
    refusals: list[UnreadableFileError] = []
    for table in tables:
        try:
            fitting.append((table, find(table.source)))
        except UnreadableFileError as error:
            refusals.append(error)
    if len(fitting) == 1:
        return fitting[0]
    raise _several([table.sheet for table, _found in fitting]) if fitting else _none(tables, refusals[0])


def _several(sheets: Sequence[str]) -> UnreadableFileError:
    names = " and ".join(f"“{name}”" for name in sheets)
    sentence = (
        f"The sheets {names} could each be the export. Keep the right one in the workbook and remove or "
        "hide the others, or save the right one as CSV and upload that."
    )
    return UnreadableFileError(Problem(0, "", "", sentence))


def _none(tables: Sequence[Table], refusal: UnreadableFileError) -> UnreadableFileError:
    """Why the longest can't be read; of several sheets it is said which one that is."""
    if len(tables) == 1:
        return refusal
    names = ", ".join(f"“{table.sheet}”" for table in tables)
    sentence = (
        f"None of the sheets {names} is an export HourTab knows. The following is about “{tables[0].sheet}”."
    )
    return UnreadableFileError(Problem(0, "", "", sentence), *refusal.problems, choice=refusal.choice)
