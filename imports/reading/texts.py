"""The texts of an entry, cleaned. A file has few different cells: each short one of a column is cleaned once."""

from typing import Any

from imports.reading.clean import clean_block, clean_line
from imports.reading.columns import Columns, EntryRecord
from imports.reading.formats.table import BLOCK_FIELDS

_TEXT_FIELDS = (
    "company", "agreement", "technician", "ticket", "ticket_type", "board", "title", "work_type", "work_role",
    "location", "notes", "internal_notes", "description", "status",
)  # fmt: skip
_SHORT = 80  # what is longer stands in one row


class Texts:
    """The texts of the entries of one file."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known = {name: _Cleaned(name, columns) for name in _TEXT_FIELDS}

    def of(self, entry: EntryRecord) -> dict[str, Any]:
        """Every text field that the file has a column for, or a heading above the entry names."""
        present, groups = self._columns.present, entry.groups
        return {name: self._text(name, entry) for name in _TEXT_FIELDS if name in present or name in groups}

    def _text(self, name: str, entry: EntryRecord) -> str:
        cells, known = entry.record.cells, self._known[name]
        indexes = self._columns.single.get(name)
        if indexes is None:  # columns that are read together, or none at all
            return _clean(name, self._columns.text(name, cells) or entry.groups.get(name, ""))
        for index in indexes:
            found = known[cells[index]]
            if found is not None:
                return found
        return _clean(name, entry.groups.get(name, ""))


class _Cleaned(dict[str, str | None]):
    """What a field's cells say, None for one that says nothing in this format."""

    def __init__(self, name: str, columns: Columns) -> None:
        super().__init__()
        self._name, self._columns = name, columns

    def __missing__(self, raw: str) -> str | None:
        found = None if self._columns.is_empty(raw) else _clean(self._name, raw)
        if len(raw) <= _SHORT:
            self[raw] = found
        return found


def _clean(name: str, raw: str) -> str:
    if not raw:
        return ""
    cleaned = clean_block(raw) if name in BLOCK_FIELDS else clean_line(raw)
    return _ticket(cleaned) if name == "ticket" else cleaned


def _ticket(text: str) -> str:
    """A ticket's number: 0 is none, a link to the ticket ends in it."""
    if text.strip("0") == "":
        return ""
    if text.startswith(("http://", "https://")):
        return text.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return text
