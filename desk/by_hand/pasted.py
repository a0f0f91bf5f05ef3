"""Rows out of text that was pasted from a sheet, a mail or a note: split into cells, not read any further."""

import csv
from collections.abc import Sequence

from imports.by_hand import HandRow

ORDER = ("date", "hours", "work", "technician", "ticket", "work_type")
HEADS = frozenset({"date", "day", "datum", "hours", "stunden"})
MOST_LINES = 500


class TooManyLinesError(Exception):
    """More than a paste box is for."""


def rows_in(text: str) -> tuple[HandRow, ...]:
    """Each line as a row: date, hours, work done, then technician, ticket and work type where they stand.

    Columns are parted by tabs, else by semicolons, else by commas; a line of headings and blank lines are passed
    over. Raises `TooManyLinesError`.

    >>> [(row.date, row.hours, row.work) for row in rows_in("2026-11-27; 1,5; Moved a desk")]
    [('2026-11-27', '1,5', 'Moved a desk')]
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise TooManyLinesError
    cells = list(csv.reader(lines, delimiter=_parted_by(lines), skipinitialspace=True))
    return tuple(_row(each) for number, each in enumerate(cells) if number or not _is_heading(each))


def _parted_by(lines: Sequence[str]) -> str:
    return next((mark for mark in "\t;" if any(mark in line for line in lines)), ",")


def _is_heading(cells: Sequence[str]) -> bool:
    return bool({cell.strip().casefold() for cell in cells[:2]} & HEADS)


def _row(cells: Sequence[str]) -> HandRow:
    said = dict(zip(ORDER, (cell.strip() for cell in cells), strict=False))
    return HandRow(**{"date": "", "hours": "", **said})
