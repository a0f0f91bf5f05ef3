"""What has to be decided once over a whole file before a single row is read: the `Plan` of `build`.

The order of day and month, the unit of each column of hours, the decimal mark.
"""

from collections.abc import Iterator, Sequence
from datetime import time
from zoneinfo import ZoneInfo

from imports.reading.build import Plan, span_hours
from imports.reading.columns import Columns
from imports.reading.dates import Moment, UndecidableOrderError, decide_order, look, parse_moment
from imports.reading.formats.table import key
from imports.reading.rows import Problem, UnreadableFileError
from imports.reading.set_aside import Entry
from imports.reading.units import Cell, Measure, measure, stated_unit
from imports.reading.values import BadValueError, decimal_mark, is_bare


def gather(
    entries: Sequence[Entry], columns: Columns, *, delimiter: str, date_order: str | None, zone: ZoneInfo
) -> Plan:
    """The plan for a file. Raises `UnreadableFileError` where day and month can't be told apart."""
    order = _order(entries, columns, date_order)
    whole_days = frozenset(index for index in _indexes(columns, "date") if _holds_days(entries, index))
    return Plan(
        columns=columns,
        order=order,
        zone=zone,
        measures={index: _measure(entries, columns, index, order, zone) for index in columns.hours_indexes},
        mark=_mark(entries, columns, delimiter),
        whole_days=whole_days,
    )


def _order(entries: Sequence[Entry], columns: Columns, configured: str | None) -> str:
    try:
        return decide_order(
            _dated_cells(entries, columns), fixed=columns.shape.date_order, configured=configured
        )
    except UndecidableOrderError as error:
        raise UnreadableFileError(_order_problem(error, columns)) from error


def _order_problem(error: UndecidableOrderError, columns: Columns) -> Problem:
    column = columns.title(columns.day_indexes[0])
    if error.is_contradiction:
        sentence = (
            f"The dates contradict each other: “{error.value}” in line {error.line} has day and month the "
            "other way "
            "round than other rows. Export again with one date format, and don't open the file in a "
            "spreadsheet first."
        )
    else:
        sentence = (
            f"The dates, for example “{error.value}” in line {error.line}, could be day/month or "
            "month/day: no date in the file "
            "has a part above 12. Say which order your exports use (the provider's date order), and upload "
            "again."
        )
    return Problem(error.line, column, error.value, sentence)


def _dated_cells(entries: Sequence[Entry], columns: Columns) -> Iterator[tuple[int, str]]:
    for entry in entries:
        for index in columns.day_indexes:
            text = entry.record.cells[index]
            if text:
                yield entry.record.line, text


def _indexes(columns: Columns, name: str) -> tuple[int, ...]:
    return tuple(place[0] for place in columns.places.get(name, ()))


def _holds_days(entries: Sequence[Entry], index: int) -> bool:
    """Whether every time in a column of dates is midnight: then it holds days, whatever zone is written."""
    seen = [look(entry.record.cells[index]) for entry in entries]
    return all(found.at in (None, time(0)) for found in seen if found)


def _measure(entries: Sequence[Entry], columns: Columns, index: int, order: str, zone: ZoneInfo) -> Measure:
    shape, title = columns.shape, columns.title(index)
    usual = {key(name): unit for name, unit in shape.units.items()}.get(key(title), shape.usual_unit)
    texts = [entry.record.cells[index] for entry in entries]
    if stated_unit(title) is None and shape.is_unit_given:
        return Measure(usual, is_stated=True)
    if stated_unit(title) is None and any(text and is_bare(text) for text in texts):
        cells = [
            Cell(text, span_hours(*_times(entry, columns, order, zone)))
            for text, entry in zip(texts, entries, strict=True)
        ]
        return measure(title, cells, usual, shape.whole_numbers)
    return measure(title, [Cell(text) for text in texts], usual, shape.whole_numbers)


def _times(entry: Entry, columns: Columns, order: str, zone: ZoneInfo) -> tuple[Moment | None, Moment | None]:
    return _time(entry, "start", columns, order, zone), _time(entry, "end", columns, order, zone)


def _time(entry: Entry, name: str, columns: Columns, order: str, zone: ZoneInfo) -> Moment | None:
    found = columns.figure(name, entry.record.cells)
    if found is None:
        return None
    try:
        return parse_moment(found[1], order, zone)
    except BadValueError:
        return None


def _mark(entries: Sequence[Entry], columns: Columns, delimiter: str) -> str:
    """The decimal mark of all columns of hours together; semicolons go with a decimal comma."""
    cells = [
        text for entry in entries for index in columns.hours_indexes if (text := entry.record.cells[index])
    ]
    mark = decimal_mark(cells)
    if mark or delimiter != ";" or any("." in text for text in cells if is_bare(text)):
        return mark
    return ","
