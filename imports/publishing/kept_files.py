"""A published file as it is kept for the next one: what became of each of its rows, and what was read beside them.

No more than what makes the next file quick: it belongs to the publications under which its entries stood so, and to all
that decided how the file was read and judged. Whatever is read or judged otherwise, or was written by another release,
is not taken up (`last_files`).
"""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec import json

from imports.keeping import unpack
from imports.models import Import
from imports.reading.rows import ParsedFile
from imports.stages import Still

Columns = Sequence[Sequence[Any]]  # of `Still`, in the order of its fields
AT_ONCE = 5_000  # rows
IN_A_BYTE = 256


class Kept(NamedTuple):
    """Rows, and the publication of each retainer (keys) under which their entries stood so."""

    rows: Sequence[Still]
    heads: Mapping[int, int]


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


_OWN = frozenset({"mark", "origin", "entry_id"})  # each row has others of these
_SPELT: Mapping[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "date": (date.isoformat, date.fromisoformat),
    "worked": (str, Decimal),
    "counted": (str, Decimal),
}


def packed(parts: Iterable[Columns], heads: Mapping[int, int]) -> bytes:
    """As bytes, a part of the rows a line: a column each field, and of most columns the different values with the
    number of each row's.
    """
    packer = zlib.compressobj(1)
    found = [packer.compress(_line(list(heads.items())))]
    for part in parts:
        columns = zip(Still._fields, part, strict=True)
        said = [column if name in _OWN else _numbered(name, column) for name, column in columns]
        found.append(packer.compress(_line(said)))
    return b"".join((*found, packer.flush()))


def _line(said: object) -> bytes:
    return json.encode(said) + b"\n"


def unpacked(data: bytes) -> Kept:
    """Raises `ValueError` for bytes that `packed` has not written."""
    rows: list[Still] = []
    try:
        heads, *lines = zlib.decompress(data).splitlines()
        for line in lines:
            columns = zip(Still._fields, json.decode(line), strict=True)
            told = (column if name in _OWN else _told(name, *column) for name, column in columns)
            rows += map(Still, *told)
        return Kept(rows, dict(json.decode(heads)))
    except (zlib.error, TypeError, IndexError, ArithmeticError) as error:
        raise ValueError("these bytes hold no rows") from error


def _numbered(name: str, column: Sequence[Any]) -> tuple[list[Any], list[int] | str]:
    """The different values, and the number of each row's: of few values as two digits a row."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(column))}
    write = _SPELT[name][0] if name in _SPELT else None
    values = list(map(write, numbers) if write else numbers)
    each = map(numbers.__getitem__, column)
    return values, bytes(each).hex() if len(values) <= IN_A_BYTE else list(each)


def _told(name: str, values: Sequence[Any], numbers: Sequence[int] | str) -> list[Any]:
    found = list(map(_SPELT[name][1], values)) if name in _SPELT else values
    return list(map(found.__getitem__, bytes.fromhex(numbers) if isinstance(numbers, str) else numbers))
