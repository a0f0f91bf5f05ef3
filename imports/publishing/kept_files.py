"""A published file as it is kept for the next one: what became of each of its rows, and what was read beside them.

No more than what makes the next file quick: it belongs to the publications under which its entries stood so, and to all
that decided how the file was read and judged. Whatever is read or judged otherwise, or was written by another release,
is not taken up (`last_files`).
"""

import zlib
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from msgspec import msgpack

from imports.keeping import unpack
from imports.models import Import
from imports.publishing.source_rows import Columns
from imports.publishing.still_rows import NO_TABLE, NUMBERED, Outcome, Still, StillRows, StillTable
from imports.reading import deciding_cells, numbered
from imports.reading.deciding_cells import KeptCells
from imports.reading.numbered import picker
from imports.reading.rows import MARK, ParsedFile, digests_at


class Kept(NamedTuple):
    """Rows, the publication of each retainer (keys) under which their entries stood so, how they were read (`decided`),
    and whether their file was plain: no more than a list of rows. Of a plain file also the cells by which that was
    decided (`ParsedFile.deciding`), and which entry of the file each row is, as bytes.
    """

    table: StillTable
    heads: Mapping[int, int]
    decided: str = ""
    is_plain: bool = False
    deciding: bytes = b""
    entries: bytes = b""

    @property
    def rows(self) -> list[Still]:
        """The rows one by one."""
        return list(self.table.rows(range(len(self.table))))

    def cells(self) -> KeptCells | None:
        """Those cells. Raises `ValueError` where these are none."""
        if not self.deciding:
            return None
        found = deciding_cells.unpacked(self.deciding)
        return KeptCells(found, numbered.unpacked(self.entries, found.count, len(self.table)))


NOTHING_KEPT = Kept(NO_TABLE, {})


class ReadFile(NamedTuple):
    """What was read of a file, but for the rows that are kept as `Still`; `lines`: where those are, in their order."""

    file: ParsedFile
    lines: tuple[int, ...]


def whose_file(source: Import) -> str:
    """The client (slug) that such files are for, "" for all."""
    return source.client.slug if source.client else ""


def read_again(data: bytes) -> ReadFile | None:
    try:
        return unpack(data, ReadFile)
    except ValueError:  # written by another release
        return None


class _Written(NamedTuple):
    """What is kept beside the numbers, the origins and the marks of rows. These are compressed each by itself, so that
    they are never there as one more large value; but for the marks, which are chance itself.
    """

    heads: dict[int, int]
    values: tuple[list[Outcome], list[date], list[str], list[str], list[str]]  # in the order of `NUMBERED`
    ids: list[str]
    decided: str
    is_plain: bool


_writing = msgpack.Encoder()
_reading = msgpack.Decoder(_Written)
_reading_all = msgpack.Decoder(tuple[bytes, list[bytes], bytes, bytes, bytes, bytes])


class NewTable:
    """The table of a file that is published now, put together some rows at a time."""

    def __init__(self) -> None:
        self._marks, self._origins = bytearray(), bytearray()
        self._ids: list[str] = []
        self._numberings = {name: _Numbering() for name in NUMBERED}
        self._numbers = {name: array("I") for name in NUMBERED}

    def add(self, columns: Columns) -> None:
        """Rows by the columns of `Still`."""
        outcomes = zip(*(columns[name] for name in Outcome._fields), strict=True)
        for name, numbers in self._numbers.items():
            said = outcomes if name == "outcome" else columns[name]
            numbers.extend(map(self._numberings[name].__getitem__, said))
        self._marks += b"".join(columns["mark"])
        self._origins += bytes.fromhex("".join(columns["origin"]))
        self._ids += columns["entry_id"]

    def add_again(self, rows: StillRows) -> None:
        """Rows of the last file's table: each different value is looked at once."""
        pick = picker(rows.places)
        for name, numbers in self._numbers.items():
            numbering, values = self._numberings[name], rows.table.values[name]
            others = rows.table.numbers_at(name, rows.places, pick)
            again = {number: numbering[values[number]] for number in dict.fromkeys(others)}
            numbers.extend(map(again.__getitem__, others))
        self._marks += b"".join(digests_at(rows.table.marks, rows.places))
        self._origins += b"".join(digests_at(rows.table.origins, rows.places))
        self._ids += rows.table.own("entry_id", rows.places)

    def packed(
        self,
        heads: Mapping[int, int],
        decided: str,
        *,
        is_plain: bool,
        deciding: bytes = b"",
        entries: "array[int] | None" = None,
    ) -> bytes:
        """All of them as bytes; the rest as in `Kept`."""
        values = [list(numbering) for numbering in self._numberings.values()]
        said = zlib.compress(_writing.encode((heads, values, self._ids, decided, is_plain)), 1)
        numbers = [
            numbered.packed(numbered.numbers_of(each, len(its)))
            for each, its in zip(self._numbers.values(), values, strict=True)
        ]
        places = numbered.packed(entries or array("I"))
        return _writing.encode(
            (said, numbers, zlib.compress(self._origins, 1), self._marks, deciding, places)
        )


class _Numbering(defaultdict[Any, int]):
    """Different values, each with its number: a new one gets the next."""

    def __init__(self) -> None:
        super().__init__()
        self.default_factory = self.__len__


def _decompressed(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise ValueError("these bytes hold no rows") from error


def unpacked(data: bytes) -> Kept:
    """Raises `ValueError` for bytes that `packed` has not written."""
    said, numbers, origins, marks, deciding, entries = _reading_all.decode(data)
    heads, said_of_each, ids, decided, is_plain = _reading.decode(_decompressed(said))
    origins = _decompressed(origins)
    if not len(marks) == len(origins) == MARK * len(ids):
        raise ValueError("there is not a mark for each row")
    values: Sequence[Sequence[Any]] = said_of_each
    columns = [numbered.unpacked(own, len(its), len(ids)) for own, its in zip(numbers, values, strict=True)]
    by_name = dict(zip(NUMBERED, values, strict=True)), dict(zip(NUMBERED, columns, strict=True))
    return Kept(StillTable(marks, origins, ids, *by_name), heads, decided, is_plain, deciding, entries)
