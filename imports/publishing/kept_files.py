"""A published file as it is kept for the next one: what became of each of its rows, and what was read beside them.

No more than what makes the next file quick: it belongs to the publications under which its entries stood so, and to all
that decided how the file was read and judged. Whatever is read or judged otherwise, or was written by another release,
is not taken up (`last_files`).
"""

import sys
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from msgspec import msgpack

from imports.keeping import unpack
from imports.models import Import
from imports.publishing.still_rows import MARK, NO_TABLE, NUMBERED, Outcome, Still, StillRows, StillTable
from imports.reading.rows import ParsedFile

Columns = Sequence[Sequence[Any]]  # of `Still`, in the order of its fields
AT_ONCE = 5_000  # rows


class Kept(NamedTuple):
    """Rows, the publication of each retainer (keys) under which their entries stood so, how they were read (`decided`),
    and whether their file was plain: no more than a list of rows.
    """

    table: StillTable
    heads: Mapping[int, int]
    decided: str = ""
    is_plain: bool = False

    @property
    def rows(self) -> list[Still]:
        """The rows one by one."""
        return list(self.table.rows(range(len(self.table))))


NOTHING_KEPT = Kept(NO_TABLE, {})


@dataclass(frozen=True, slots=True)
class ReadFile:
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
    """What is worth being compressed: marks and origins are chance itself."""

    heads: dict[int, int]
    values: tuple[list[Outcome], list[date], list[str], list[str], list[str]]  # in the order of `NUMBERED`
    numbers: list[bytes]
    ids: list[str]
    decided: str
    is_plain: bool


_writing = msgpack.Encoder()
_reading = msgpack.Decoder(_Written)
_reading_all = msgpack.Decoder(tuple[bytes, bytes, bytes])


def packed(
    parts: Iterable[Columns | StillRows], heads: Mapping[int, int], decided: str, *, is_plain: bool
) -> bytes:
    """Rows as bytes, some of which stood in the last file already; the rest as in `Kept`."""
    table = _Table()
    for part in parts:
        table.add(part)
    values = [list(numbering) for numbering in table.numberings.values()]
    numbers = list(map(_as_bytes, table.numbers.values()))
    said = zlib.compress(_writing.encode((heads, values, numbers, table.ids, decided, is_plain)), 1)
    return _writing.encode((said, b"".join(table.marks), b"".join(table.origins)))


class _Table:
    """Rows that are put together, column by column."""

    def __init__(self) -> None:
        self.marks: list[bytes] = []
        self.origins: list[bytes] = []
        self.ids: list[str] = []
        self.numberings = {name: _Numbering() for name in NUMBERED}
        self.numbers = {name: array("I") for name in NUMBERED}

    def add(self, part: Columns | StillRows) -> None:
        if isinstance(part, StillRows):
            self._add_again(part)
        else:
            self._add(dict(zip(Still._fields, part, strict=True)))

    def _add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        outcomes = zip(*(columns[name] for name in Outcome._fields), strict=True)
        for name, numbers in self.numbers.items():
            said = outcomes if name == "outcome" else columns[name]
            numbers.extend(map(self.numberings[name].__getitem__, said))
        self.marks.append(bytes.fromhex("".join(columns["mark"])))
        self.origins.append(bytes.fromhex("".join(columns["origin"])))
        self.ids += columns["entry_id"]

    def _add_again(self, rows: StillRows) -> None:
        """Rows of another table: each different value is looked at once."""
        for name, numbers in self.numbers.items():
            numbering, values, others = self.numberings[name], rows.table.values[name], rows.numbers(name)
            again = {number: numbering[values[number]] for number in dict.fromkeys(others)}
            numbers.extend(map(again.__getitem__, others))
        self.marks += rows.table.bytes_of("mark", rows.places)
        self.origins += rows.table.bytes_of("origin", rows.places)
        self.ids += rows.table.own("entry_id", rows.places)


class _Numbering(defaultdict[Any, int]):
    """Different values, each with its number: a new one gets the next."""

    def __init__(self) -> None:
        super().__init__()
        self.default_factory = self.__len__


def _as_bytes(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(data: bytes, different: int, count: int) -> "array[int]":
    """Raises `ValueError` unless there is one of so many values for each row."""
    found = array("I")
    found.frombytes(data)
    if sys.byteorder == "big":
        found.byteswap()
    if len(found) != count or max(found, default=-1) >= different:
        raise ValueError("a number of no value")
    return found


def unpacked(data: bytes) -> Kept:
    """Raises `ValueError` for bytes that `packed` has not written."""
    try:
        said, marks, origins = _reading_all.decode(data)
        heads, said_of_each, numbers, ids, decided, is_plain = _reading.decode(zlib.decompress(said))
    except zlib.error as error:
        raise ValueError("these bytes hold no rows") from error
    if not len(marks) == len(origins) == MARK * len(ids):
        raise ValueError("there is not a mark for each row")
    values: Sequence[Sequence[Any]] = said_of_each
    columns = [_numbers(own, len(its), len(ids)) for own, its in zip(numbers, values, strict=True)]
    by_name = dict(zip(NUMBERED, values, strict=True)), dict(zip(NUMBERED, columns, strict=True))
    return Kept(StillTable(marks, origins, ids, *by_name), heads, decided, is_plain)
