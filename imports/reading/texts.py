"""The texts of entries, cleaned. A file has few different cells: what a column's say is remembered, up to a bound."""

from collections.abc import Sequence
from typing import Any, cast

from imports.reading.clean import are_clean, clean_block, clean_line
from imports.reading.columns import Columns
from imports.reading.entries import ReadOnce
from imports.reading.formats.table import BLOCK_FIELDS
from imports.reading.rows import EntryRecord
from imports.reading.same_row import are_keys, id_key
from imports.reading.values import is_e_notation

_TEXT_FIELDS = (
    "entry_id", "company", "agreement", "technician", "ticket", "ticket_type", "board", "title", "work_type",
    "work_role", "location", "notes", "internal_notes", "description", "status",
)  # fmt: skip
_NUMBERS = ("entry_id", "ticket")
MOST_REMEMBERED = 5_000


class Texts:
    """The texts of the entries of one file."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        present = [name for name in _TEXT_FIELDS if name in columns.present]
        single = {name: columns.single[name] for name in present if columns.single.get(name)}
        self._first = [(name, each[0], each[1:], Cleaned(name, columns)) for name, each in single.items()]
        self._together = {name: self._read_together(name) for name in present if name not in single}
        self._without_column = frozenset(_TEXT_FIELDS) - frozenset(present)

    def of(self, entry: EntryRecord) -> dict[str, Any]:
        """Every text field that the file has a column for, or a heading above the entry names."""
        cells, groups = entry.record.cells, entry.groups
        found: dict[str, Any] = {}
        for name, index, rest, known in self._first:
            text = known[cells[index]]
            if text is None:
                text = known.first(rest, cells)
            found[name] = _clean(name, groups.get(name, "")) if text is None else text
        for name in self._together:
            found[name] = _clean(name, self._columns.text(name, cells) or groups.get(name, ""))
        for name in groups:
            if name in self._without_column:
                found[name] = _clean(name, groups[name])
        return found

    def columns(self, records: Sequence[Sequence[str]]) -> dict[str, list[str]]:
        """Every text field that the file has a column for, over the cells of many entries below no heading."""
        by_index = list(zip(*records, strict=False))  # cells beyond the header are blank
        found: dict[str, list[str]] = {}
        for name, index, rest, known in self._first:
            found[name] = known.over([by_index[each] for each in (index, *rest)])
        for name, together in self._together.items():
            found[name] = together.over(records)
        return found

    def _read_together(self, name: str) -> ReadOnce[str]:
        """A field of several columns."""
        columns = self._columns
        return ReadOnce(
            [name],
            columns.places,
            len(columns.header.cells),
            lambda cells: _clean(name, columns.text(name, cells)),
        )


class Cleaned(dict[str, str | None]):
    """What a field's cells say, None for one that says nothing in this format. Never more than so many are held."""

    def __init__(self, name: str, columns: Columns) -> None:
        super().__init__()
        self._name, self._empty = name, columns.empty

    def __missing__(self, raw: str) -> str | None:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        found = self[raw] = None if self._empty[raw] else _clean(self._name, raw)
        return found

    def first(self, indexes: Sequence[int], cells: Sequence[str]) -> str | None:
        """What the first of these columns says that says something."""
        return next((text for index in indexes if (text := self[cells[index]]) is not None), None)

    def over(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """Of each row the first of these columns that says something, "" where none does."""
        if self._stand_as_they_are(columns[0]):
            return list(columns[0])
        texts = [list(map(self.__getitem__, each)) for each in columns]
        if None not in texts[0]:
            return cast("list[str]", texts[0])
        return [next(filter(_says, each), None) or "" for each in zip(*texts, strict=True)]

    def _stand_as_they_are(self, cells: Sequence[str]) -> bool:
        """Whether none of these cells says nothing, and there is nothing to clean in any: a look at all at once."""
        different = set(cells)
        if self._name in _NUMBERS:  # a number stands, but for 0, which is none
            says_something = self._empty.words.isdisjoint(different)
            return says_something and are_keys(different) and "".join(different).isdecimal()
        return are_clean(different, self._empty.words, is_block=self._name in BLOCK_FIELDS)


def _says(text: str | None) -> bool:
    return text is not None


def _clean(name: str, raw: str) -> str:
    if not raw:
        return ""
    cleaned = clean_block(raw) if name in BLOCK_FIELDS else clean_line(raw)
    if name in _NUMBERS:
        cleaned = _ticket(cleaned) if name == "ticket" else _entry_id(cleaned)
    return raw if cleaned == raw else cleaned  # held once


def _entry_id(text: str) -> str:
    """An id without the zeros that a spreadsheet drops; 0 is none, and one in E notation has lost its digits."""
    found = id_key(text)
    return "" if found == "0" or is_e_notation(found) else found


def _ticket(text: str) -> str:
    """A ticket's number: 0 is none, a link to the ticket ends in it."""
    if text.strip("0") == "":
        return ""
    if text.startswith(("http://", "https://")):
        return text.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return text
