"""The cells by which it was decided how a file is read, as they are kept for the next one: each different one once.

Rows that come again need not be split into cells then: what their deciding columns say stands here, by the place of the
entry in its file. A file with more different cells than its size is worth keeps none of them. Pure.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from msgspec import MsgspecError, msgpack

from imports.reading import numbered
from imports.reading.numbered import TWO_BYTES, Numbered

MOST_DIFFERENT = TWO_BYTES  # cells of a column
MOST_CHARS = 2_000_000  # of all different cells together
_Written = tuple[int, list[tuple[int, bytes, bytes]]]  # of each column what is different, and the numbers
_reading = msgpack.Decoder(_Written)
_reading_texts = msgpack.Decoder(list[str])


class Entries(Protocol):
    """The entries of a file by their columns (`entries`)."""

    def __len__(self) -> int: ...
    def numbered(self, index: int) -> Numbered[str]: ...


@dataclass(frozen=True, slots=True)
class DecidingCells:
    """Some columns, by their indexes."""

    count: int  # of entries
    columns: Mapping[int, Numbered[str]]

    def column(self, index: int) -> Numbered[str]:
        return self.columns[index]


def packed(entries: Entries, indexes: Sequence[int]) -> bytes:
    """The cells of these columns as bytes; none where there are too many different ones."""
    columns = [entries.numbered(index).used() for index in indexes]
    chars = sum(len(text) for texts, _numbers in columns for text in texts)
    if chars > MOST_CHARS or any(len(texts) > MOST_DIFFERENT for texts, _numbers in columns):
        return b""
    said = [
        (index, zlib.compress(msgpack.encode(texts), 1), numbered.packed(numbers))
        for index, (texts, numbers) in zip(indexes, columns, strict=True)
    ]
    return msgpack.encode((len(entries), said))


def unpacked(data: bytes) -> DecidingCells:
    """Raises `ValueError` for bytes that `packed` has not written."""
    try:
        number, columns = _reading.decode(data)
        values = [_reading_texts.decode(zlib.decompress(texts)) for _index, texts, _its in columns]
    except (zlib.error, MsgspecError) as error:
        raise ValueError("these bytes hold no cells") from error
    found = {
        index: Numbered(texts, numbered.unpacked(its, len(texts), number))
        for (index, _texts, its), texts in zip(columns, values, strict=True)
    }
    return DecidingCells(number, found)


class KeptCells(NamedTuple):
    """The cells of a file of which rows are known; `entries`: which entry of it each known row is, by what it is known
    as.
    """

    cells: DecidingCells
    entries: Sequence[int]

    def have(self, indexes: Sequence[int]) -> bool:
        return self.cells.columns.keys() >= set(indexes)
