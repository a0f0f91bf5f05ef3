"""Mapping a header by hand: what is saved, how it is found again, and the copy that support may see.

What is proposed for a header is the business of `proposals`, reading by a mapping that of `parse`.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

from imports.reading.decode import decode
from imports.reading.durations import Unit
from imports.reading.formats import FORMATS, header_keys
from imports.reading.formats.table import Aliases, Format, alternatives, key
from imports.reading.header_words import fields_of
from imports.reading.records import MAX_COLUMNS, Source, open_source, opening_records
from imports.reading.rows import Problem, UnreadableFileError
from imports.reading.units import stated_unit

CLIENT_FACING_FIELDS = frozenset({"description"})
FIELDS = (
    "date", "worked", "worked_more", "billable", "deducted", "company", "agreement", "is_billable",
    "already_billed", "status", "start", "end_date", "end", "entry_id", "ticket", "ticket_type", "board", "title",
    "work_type", "work_role", "location", "technician", "first_name", "last_name", "notes", "internal_notes",
    "hidden", "description",
)  # fmt: skip
_PARTS = frozenset({"worked_more", "end_date", "first_name", "last_name", "already_billed"})
_PROBED_RECORDS = 25
_HEADER_CHARS = 60
_LEAST_SHARED = 0.6
_INTERNAL = re.compile(
    r"intern|private|hidden|confidential|staff|tech|agent|margin|cost|rate|price|amount|profit|resolution"
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A provider's own reading of one header, remembered by its set of headers.

    `columns`: field → header as written; beside the fields of `Row`, `worked_more` (a second column of the
    same duration: minutes beside hours), `end_date`, `first_name`, `last_name`, and `already_billed` (when an
    entry was invoiced, not whether it counts: known, and not read). `unit`: what bare numbers count where the
    header doesn't say. `flag_means`: what Yes says in the column of `is_billable`, "billable" or
    "non-billable". `hidden_means`: what Yes says in that of `hidden`, "hidden" or "shown"; `hidden_if`: the
    one cell of it that hides, where it is no yes and no.
    """

    name: str
    signature: frozenset[str]
    columns: MappingOf[str, str] = field(default_factory=dict)
    unit: Unit = Unit.OPEN
    date_order: str = ""
    flag_means: str = "billable"
    hidden_means: str = "hidden"
    hidden_if: str = ""

    def as_format(self) -> Format:
        """The mapping as a format that `parse` reads by."""
        said = {name: header for name, header in self.columns.items() if header}
        columns: dict[str, Aliases] = {name: (header,) for name, header in said.items() if name not in _PARTS}
        names = tuple(said[part] for part in ("first_name", "last_name") if part in said)
        if names:
            columns["technician"] = (*([said["technician"]] if "technician" in said else []), names)
        if "worked_more" in said and "worked" in said:
            columns["worked"] = ((said["worked"], said["worked_more"]),)
        if "end_date" in said and "end" in said:
            columns["end"] = ((said["end_date"], said["end"]),)
        return Format(
            name=self.name,
            shape="mapped by hand",
            needs=(),
            columns=columns,
            units=self._units(said),
            usual_unit=self.unit,
            is_unit_given=self.unit is not Unit.OPEN,
            date_order=self.date_order,
            flag_is_inverted=self.flag_means == "non-billable",
            yes_shows=self.hidden_means == "shown",
            hidden_if=self.hidden_if,
            passed_headers=(said["already_billed"],) if "already_billed" in said else (),
        )

    def _units(self, said: MappingOf[str, str]) -> dict[str, Unit]:
        """A second column of one duration counts minutes where its header says nothing else."""
        more = said.get("worked_more", "")
        return {more: Unit.MINUTES} if more and stated_unit(more) is None else {}

    def fits(self, keys: frozenset[str]) -> bool:
        """Whether it reads another header than its own: all its columns are there, and most of the others."""
        is_whole = any(self.columns.values()) and not self.lacking(keys)
        return is_whole and self.likeness(keys) >= _LEAST_SHARED

    def lacking(self, keys: frozenset[str]) -> list[str]:
        """The headers that it reads and another header lacks."""
        return [header for header in self.columns.values() if header and key(header) not in keys]

    def likeness(self, keys: frozenset[str]) -> float:
        """The share of its headers that another header has as well."""
        return len(self.signature & keys) / max(1, len(self.signature))


def fitting_mapping(mappings: Iterable[Mapping], keys: frozenset[str]) -> Mapping | None:
    """The mapping that still reads a header to which columns came, or of which unread ones went or changed.

    None where two fit equally well.
    """
    ranked = sorted(
        (found for found in mappings if found.fits(keys)), key=lambda found: -found.likeness(keys)
    )
    if len(ranked) > 1 and ranked[0].likeness(keys) == ranked[1].likeness(keys):
        return None
    return ranked[0] if ranked else None


def nearest_mapping(mappings: Iterable[Mapping], keys: frozenset[str]) -> Mapping | None:
    """The mapping whose header is most like another one, so that a renamed column is all that is to be said."""
    best = max(mappings, key=lambda found: found.likeness(keys), default=None)
    return best if best and best.likeness(keys) >= _LEAST_SHARED else None


def header_signature(header: Sequence[str]) -> frozenset[str]:
    """What a saved mapping is found by: the set of a header's keys, in no order.

    >>> header_signature(["Hours ", "date"]) == header_signature(["Date", "HOURS"])
    True
    """
    return header_keys(header)


def header_of(data: bytes, encoding: str = "") -> tuple[str, ...]:
    """The record that looks most like a header, for the page on which columns are mapped.

    Raises `UnreadableFileError` where the file is no text table.
    """
    cells, _ = _likely_header(open_source(decode(data, encoding).text))
    return tuple(cell.strip().lstrip("\ufeff") for cell in cells[:MAX_COLUMNS])


def first_rows(
    data: bytes, count: int, encoding: str = ""
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The likely header, and the first rows below it, each as wide as the header.

    >>> first_rows(b"Wann,Was\\n2026-06-02,Backup\\n2026-06-03\\n", 5)
    (('Wann', 'Was'), (('2026-06-02', 'Backup'), ('2026-06-03', '')))
    """
    source = open_source(decode(data, encoding).text)
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
    candidates = [
        (_headings_in(record.cells), len(record.cells), -number, record.cells, delimiter)
        for delimiter in source.delimiters
        for number, record in enumerate(opening_records(source, delimiter, _PROBED_RECORDS))
    ]
    if not candidates:
        sentence = "The file has no header: nothing stands in its first lines. Export again."
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
