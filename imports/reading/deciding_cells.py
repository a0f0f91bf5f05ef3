"""The cells by which it was decided how a file is read, as they are kept for the next one: each different one once.

Rows that come again need not be split into cells then: what their deciding columns say stands here, by the place of the
entry in its file. A file with more different cells than its size is worth keeps none of them. Pure.
"""

import sys
import zlib
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal, Protocol

from msgspec import MsgspecError, msgpack

MOST_DIFFERENT = 1 << 16  # cells of a column: their numbers are of two bytes
MOST_CHARS = 2_000_000  # of all different cells together
_Written = tuple[int, list[tuple[int, bytes, bytes]]]  # of each column what is different, and the numbers
_reading = msgpack.Decoder(_Written)
_reading_texts = msgpack.Decoder(list[str])


class Entries(Protocol):
    """The entries of a file by their columns (`entries`)."""

    def __len__(self) -> int: ...
    def texts(self, index: int) -> Sequence[str]: ...
    def different(self, index: int) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class DecidingCells:
    """Of some columns the different cells, and which of them each entry has, where there are several."""

    count: int  # of entries
    values: Mapping[int, Sequence[str]]
    numbers: Mapping[int, "array[int]"]

    def texts(self, index: int) -> list[str]:
        """The cells of a column."""
        values = self.values[index]
        if len(values) <= 1:
            return [*values] * self.count
        return list(map(values.__getitem__, self.numbers[index]))


def packed(entries: Entries, indexes: Sequence[int]) -> bytes:
    """The cells of these columns as bytes; none where there are too many different ones."""
    different = [list(entries.different(index)) for index in indexes]
    chars = sum(len(text) for texts in different for text in texts)
    if chars > MOST_CHARS or any(len(texts) > MOST_DIFFERENT for texts in different):
        return b""
    columns = [
        (index, zlib.compress(msgpack.encode(texts), 1), packed_numbers(_numbers(entries, index, texts)))
        for index, texts in zip(indexes, different, strict=True)
    ]
    return msgpack.encode((len(entries), columns))


def _numbers(entries: Entries, index: int, different: Sequence[str]) -> "array[int]":
    number_of = dict(zip(different, count()))
    return array("H", map(number_of.__getitem__, entries.texts(index)) if len(different) > 1 else ())


def packed_numbers(numbers: "array[int]") -> bytes:
    """Numbers that nobody needs any more, as bytes: the lower byte first, whatever the machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return zlib.compress(memoryview(numbers).cast("B"), 1)


def unpacked_numbers(data: bytes, kind: Literal["H", "I"], different: int, number: int) -> "array[int]":
    """Raises `ValueError` unless there are so many, each of one of so many different values."""
    found = array(kind)
    try:
        found.frombytes(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError("these bytes hold no numbers") from error
    if sys.byteorder == "big":
        found.byteswap()
    if len(found) != number or max(found, default=-1) >= different:
        raise ValueError("a number of no value")
    return found


def unpacked(data: bytes) -> DecidingCells:
    """Raises `ValueError` for bytes that `packed` has not written."""
    try:
        number, columns = _reading.decode(data)
        values = {index: _reading_texts.decode(zlib.decompress(texts)) for index, texts, _its in columns}
    except (zlib.error, MsgspecError) as error:
        raise ValueError("these bytes hold no cells") from error
    numbers = {
        index: unpacked_numbers(its, "H", len(values[index]), number if len(values[index]) > 1 else 0)
        for index, _texts, its in columns
    }
    return DecidingCells(number, values, numbers)


@dataclass(frozen=True, slots=True)
class KeptCells:
    """The cells of a file of which rows are known; `entries`: which entry of it each known row is, by what it is known
    as.
    """

    cells: DecidingCells
    entries: Sequence[int]

    def have(self, indexes: Sequence[int]) -> bool:
        return self.cells.values.keys() >= set(indexes)
