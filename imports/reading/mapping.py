"""Mapping a header by hand: what is saved, what is suggested, and the copy that support may see.

Suggestions come from the alias tables and from spelling; a column that sounds internal is never suggested
for text that a client sees. Reading by a mapping is the business of `parse`.
"""

import csv
import difflib
import io
import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field

from imports.reading.decode import decode
from imports.reading.durations import Unit
from imports.reading.formats import FORMATS, header_keys
from imports.reading.formats.table import Format, alternatives, key
from imports.reading.records import MAX_COLUMNS, Source, open_source, opening_records
from imports.reading.rows import Problem, UnreadableFileError

CLIENT_FACING_FIELDS = frozenset({"description"})
FIELDS = (
    "date", "worked", "billable", "deducted", "company", "agreement", "is_billable", "start", "end",
    "entry_id", "ticket", "ticket_type", "board", "title", "work_type", "work_role", "location",
    "technician", "notes", "internal_notes", "description",
)  # fmt: skip
_PROBED_RECORDS = 25
_HEADER_CHARS = 60
_CLOSE_ENOUGH = 0.82
_INTERNAL = re.compile(
    r"intern|private|hidden|confidential|staff|tech|agent|margin|cost|rate|price|amount|profit|resolution"
)
_NEVER = re.compile(
    r"cost|price|amount|amt\b|profit|margin|currency|\binvoice|e-?mail|"
    r"^rate\b|(?:hourly|billable|overage|internal|bill|pay) rate|staff number"
)
_OWN_NAMES = {
    "description": (
        "Client description",
        "Client-facing description",
        "Customer description",
        "Public description",
    ),
    "company": ("Customer Name", "Business Name"),
    "worked": ("Time", "Time spent", "Total hours", "Duration"),
    "technician": ("Employee", "Engineer", "Staff"),
}


@dataclass(frozen=True, slots=True)
class Mapping:
    """A provider's own reading of one header, remembered by its set of headers.

    `columns`: field of `Row` → header as written. `unit`: what bare numbers count where the header doesn't
    say. `flag_means`: what Yes says in the column of `is_billable`, "billable" or "non-billable".
    """

    name: str
    signature: frozenset[str]
    columns: MappingOf[str, str] = field(default_factory=dict)
    unit: Unit = Unit.OPEN
    date_order: str = ""
    flag_means: str = "billable"

    def as_format(self) -> Format:
        """The mapping as a format that `parse` reads by."""
        return Format(
            name=self.name,
            shape="mapped by hand",
            needs=(),
            columns={name: (header,) for name, header in self.columns.items() if header},
            usual_unit=self.unit,
            is_unit_given=self.unit is not Unit.OPEN,
            date_order=self.date_order,
            flag_is_inverted=self.flag_means == "non-billable",
        )


def header_signature(header: Sequence[str]) -> frozenset[str]:
    """What a saved mapping is found by: the set of a header's keys, in no order.

    >>> header_signature(["Hours ", "date"]) == header_signature(["Date", "HOURS"])
    True
    """
    return header_keys(header)


def suggest(header: Sequence[str]) -> dict[str, str]:
    """For each field the header that seems to hold it; fields without one are left out.

    >>> suggest(["When was it", "Work Date", "Customer", "Internal Notes"])
    {'date': 'Work Date', 'company': 'Customer', 'internal_notes': 'Internal Notes'}
    """
    free = [cell.strip() for cell in header if key(cell) and not _NEVER.search(_spaced(cell))]
    found: dict[str, str] = {}
    for match in (_by_alias, _by_spelling):
        for name in FIELDS:
            if name not in found and (chosen := match(name, free)) is not None:
                found[name] = chosen
                free.remove(chosen)
    return {name: found[name] for name in FIELDS if name in found}


def _spaced(header: str) -> str:
    return " ".join(header[:200].replace("_", " ").split()).casefold()


def _by_alias(name: str, free: Sequence[str]) -> str | None:
    known = {key(alias) for alias in _aliases(name)}
    return next((cell for cell in free if key(cell) in known and _may_hold(name, cell)), None)


def _by_spelling(name: str, free: Sequence[str]) -> str | None:
    known = sorted({key(alias) for alias in _aliases(name)})
    for cell in free:
        if _may_hold(name, cell) and difflib.get_close_matches(key(cell), known, 1, _CLOSE_ENOUGH):
            return cell
    return None


def _may_hold(name: str, header: str) -> bool:
    return not (sounds_internal(header) and name in CLIENT_FACING_FIELDS | {"notes"})


def _aliases(name: str) -> list[str]:
    if name in CLIENT_FACING_FIELDS:
        return list(_OWN_NAMES[name])
    tables = [alternatives(shape.columns[name]) for shape in FORMATS if name in shape.columns]
    single = (parts[0] for table in tables for parts in table if len(parts) == 1)
    return [*dict.fromkeys(single), *_OWN_NAMES.get(name, ())]


def header_of(data: bytes) -> tuple[str, ...]:
    """The record that looks most like a header, for the page on which columns are mapped.

    Raises `UnreadableFileError` where the file is no text table.
    """
    cells, _ = _likely_header(open_source(decode(data).text))
    return tuple(cell.strip().lstrip("\ufeff") for cell in cells[:MAX_COLUMNS])


def first_rows(data: bytes, count: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The likely header, and the first rows below it, each as wide as the header.

    >>> first_rows(b"Wann,Was\\n2026-06-02,Backup\\n2026-06-03\\n", 5)
    (('Wann', 'Was'), (('2026-06-02', 'Backup'), ('2026-06-03', '')))
    """
    source = open_source(decode(data).text)
    cells, delimiter = _likely_header(source)
    records = opening_records(source, delimiter, _PROBED_RECORDS + count)
    at = next((number for number, record in enumerate(records) if record.cells == cells), len(records))
    header = tuple(cell.strip().lstrip("\ufeff") for cell in cells[:MAX_COLUMNS])
    below = [record.cells for record in records[at + 1 : at + 1 + count]]
    return header, tuple(tuple((*row, *[""] * len(header))[: len(header)]) for row in below)


def sounds_internal(header: str) -> bool:
    """Whether a header sounds like something that no client should read.

    >>> sounds_internal("Internal notes"), sounds_internal("Client description")
    (True, False)
    """
    return bool(_INTERNAL.search(key(header)))


def headers_only(data: bytes) -> bytes:
    """A copy of an export that holds its header and nothing else, as UTF-8 CSV, to send to support.

    Cells that are no headers (dates, figures, addresses, long texts) are left empty: a file that has no
    header gives nothing away.
    """
    cells, delimiter = _likely_header(open_source(decode(data).text))
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerow("" if _is_content(cell) else cell for cell in cells)
    return written.getvalue().encode()


def _is_content(cell: str) -> bool:
    is_address = "@" in cell or "://" in cell
    return len(cell) > _HEADER_CHARS or is_address or any(sign.isdigit() for sign in cell)


def _likely_header(source: Source) -> tuple[list[str], str]:
    known = {key(alias) for name in FIELDS for alias in _aliases(name)}
    candidates = [
        (len(header_keys(record.cells) & known), len(record.cells), -number, record.cells, delimiter)
        for delimiter in source.delimiters
        for number, record in enumerate(opening_records(source, delimiter, _PROBED_RECORDS))
    ]
    if not candidates:
        sentence = "The file has no header: nothing stands in its first lines. Export again."
        raise UnreadableFileError(Problem(0, "", "", sentence))
    _, _, _, cells, delimiter = max(candidates)
    return cells, delimiter
