"""A second table below the first one: set aside as a table, with its lines, never read as entries.

It begins after a blank line with headers of its own, or with records of another shape throughout. A printed
report's headings between blank lines are no table: they are no headers, and entries follow them.
"""

from collections.abc import Sequence, Set
from operator import attrgetter

from imports.reading.columns import Columns
from imports.reading.dates import is_dated
from imports.reading.formats.table import key
from imports.reading.header_words import fields_of
from imports.reading.rows import Record, SetAside
from imports.reading.total_labels import loose_label

_TITLE_RECORDS = 3
_LEAST_HEADERS = 2


def without_second_tables(records: Sequence[Record], columns: Columns) -> tuple[list[Record], list[SetAside]]:
    """The records of the first table, and the lines of those below it; the first header ends a second one."""
    if not any(map(attrgetter("after_blank"), records)):
        return list(records), []
    first_header = _keys(columns.header)
    widths = {len(first_header), columns.width}
    kept: list[Record] = []
    tables: list[SetAside] = []
    inside = False
    for position, record in enumerate(records):
        if inside or record.after_blank:
            begins = inside or _begins_table(records, position, columns, widths)
            inside = begins and _keys(record) != first_header
        if inside:
            tables.append(SetAside(record.line, "table"))
        else:
            kept.append(record)
            widths.add(len(record.cells))
    return kept, tables


def _keys(record: Record) -> list[str]:
    return [key(cell) for cell in record.cells]


def _begins_table(records: Sequence[Record], position: int, columns: Columns, widths: Set[int]) -> bool:
    for record in records[position : position + _TITLE_RECORDS + 1]:
        filled = [cell.strip() for cell in record.cells if cell.strip()]
        if len(filled) >= _LEAST_HEADERS:
            is_header = _is_header(filled, columns) or _names_day_and_hours(record, columns)
            return is_header or _has_other_shape(records, position, widths)
        if loose_label(filled[0]):
            return False
    return False


def _is_header(filled: Sequence[str], columns: Columns) -> bool:
    """Whether most cells are words that head columns, and none is a figure or a date."""
    own = {key(cell) for cell in columns.header.cells}
    if any(_is_content(cell) for cell in filled):
        return False
    known = sum(bool(fields_of(cell)) or key(cell) in own for cell in filled)
    return known >= _LEAST_HEADERS and known * 2 >= len(filled)


def _names_day_and_hours(record: Record, columns: Columns) -> bool:
    """Whether words stand where the first table has its day and its hours: headers of other columns."""
    cells = [cell.strip() for cell in record.cells]

    def says_words(indexes: Sequence[int]) -> bool:
        texts = [cells[index] for index in indexes if index < len(cells) and cells[index]]
        return bool(texts) and not any(_is_content(text) or loose_label(text) for text in texts)

    return says_words(columns.day_indexes[:1]) and says_words(columns.hours_indexes[:1])


def _is_content(cell: str) -> bool:
    return is_dated(cell) or any(sign.isdigit() for sign in cell)


def _has_other_shape(records: Sequence[Record], position: int, widths: Set[int]) -> bool:
    """Whether the records up to the next blank line are as wide as each other, and as none before them."""
    block = [len(records[position].cells)]
    for record in records[position + 1 :]:
        if record.after_blank:
            break
        block.append(len(record.cells))
    widest = max(block)
    is_even = block.count(widest) >= len(block) - 1
    return len(block) > _LEAST_HEADERS and is_even and widths.isdisjoint(block)
