"""Frozen dataclasses and named tuples as bytes, and back: what was read and planned once is not read and planned again.

Each class is one table of columns and each value stands in it once, however often it is referred to. What a
field may hold is what its annotation says: texts, numbers, days, times, marks, tuples, sets, mappings from
text, and other such classes. Pure; where the bytes are kept is for `originals`.
"""

import gc
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from itertools import count, repeat
from operator import attrgetter
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

T = TypeVar("T")
LISTS = (tuple, Sequence)
Codec = Callable[[Any], Any]

PLAIN = {str, int, bool, bytes, NoneType, UUID, date, time}  # as the writer of JSON takes them
_LEAST = 1  # the level of compression: half the size at a tenth of the time
_READ: dict[Any, Codec] = {
    Decimal: Decimal, UUID: UUID, bytes: b64decode, date: date.fromisoformat, time: time.fromisoformat,
}  # fmt: skip


@contextmanager
def without_collector() -> Iterator[None]:
    """For work of which nearly all that is made is kept until its end, as in reading and planning a file. Looking for
    garbage in it, again and again, finds none and takes up to a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def pack(value: Any) -> bytes:
    """The value and all that it refers to.

    >>> from imports.reading.rows import SetAside
    >>> unpack(pack(SetAside(4, "total")), SetAside)
    SetAside(line=4, what='total')
    """
    tables = _Tables(type(value))
    tables.number(value)
    return zlib.compress(msgspec.json.encode(tables.written()), _LEAST)


@without_collector()
def unpack(data: bytes | memoryview, kind: type[T]) -> T:
    """The value again. Raises `ValueError` for bytes that are no such value."""
    try:
        found: T = _rebuilt(msgspec.json.decode(zlib.decompress(data)), kind)
    except (zlib.error, msgspec.MsgspecError, KeyError, TypeError, IndexError, ArithmeticError) as error:
        raise ValueError(f"these bytes hold no {kind.__name__}") from error
    return found


class _Tables:
    """The values of every class below the first one, numbered in the order in which they were met."""

    def __init__(self, first: type) -> None:
        self._rows: dict[type, list[Any]] = {kind: [] for kind in _kinds(first)}
        self._numbers: dict[type, dict[int, int]] = {kind: {} for kind in self._rows}

    def number(self, value: Any) -> int:
        rows, known = self._rows[type(value)], self._known(type(value))
        found = known.setdefault(id(value), len(rows))
        if found == len(rows):
            rows.append(value)
        return found

    def numbers(self, column: Sequence[Any]) -> list[int]:
        """Those of a whole column, all of one class."""
        marks, rows = list(map(id, column)), self._rows[type(column[0])] if column else []
        if not rows and len(set(marks)) == len(marks):  # most often: they are met for the first time
            rows += column
            return list(range(len(marks)))
        known, met = self._known(type(column[0])), dict(zip(marks, column, strict=True))
        new = [mark for mark in met if mark not in known]
        known.update(zip(new, count(len(rows)), strict=False))
        rows += map(met.__getitem__, new)
        return list(map(known.__getitem__, marks))

    def _known(self, kind: type) -> dict[int, int]:
        """The numbers of a class by the marks of its values: those that nobody asked for again get theirs now."""
        known, rows = self._numbers[kind], self._rows[kind]
        if len(known) < len(rows):
            known.update(zip(map(id, rows), count(), strict=False))
        return known

    def written(self) -> dict[str, list[Sequence[Any]]]:
        """Tables in an order in which a class stands before those that it refers to: by then all are numbered."""
        return {kind.__name__: [*self._columns(kind), [len(rows)]] for kind, rows in self._rows.items()}

    def _columns(self, kind: type) -> Iterable[Sequence[Any]]:
        if not self._rows[kind]:  # as of a client without a row in the file
            return repeat((), len(_fields(kind)))
        return map(_written, _fields(kind).values(), _columns(kind, self._rows[kind]), repeat(self))


def _columns(kind: type, rows: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """The values of each field."""
    if rows and issubclass(kind, tuple):
        return list(zip(*rows, strict=True))
    return [list(map(attrgetter(name), rows)) for name in _fields(kind)]


def _written(annotation: Any, column: Sequence[Any], tables: _Tables) -> Sequence[Any]:
    """A column as JSON takes it: plain values stay as they are, and what all rows have alike is written once."""
    said = column if _is_plain(annotation) else _turned(annotation, column, tables)
    if not said or said[0] != said[-1] or said.count(said[0]) != len(said):
        return said
    return said[:1] if len(set(map(type, column))) == 1 else said


@cache
def _is_plain(annotation: Any) -> bool:
    """Whether all that may stand there is written as it is."""
    inner = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return all(each in PLAIN or get_origin(each) is Literal for each in inner)


def _turned(annotation: Any, column: Sequence[Any], tables: _Tables) -> Sequence[Any]:
    """A value that many rows refer to is turned once."""
    kinds = set(map(type, column))
    if kinds <= PLAIN:
        return column
    if get_origin(annotation) in (Union, UnionType) and NoneType not in kinds:
        annotation = _only(annotation)
    if _is_table(annotation) and len(kinds) == 1:
        return tables.numbers(column)
    write = _writer(annotation, tables) or _same
    marks = list(map(id, column))
    known = {mark: write(value) for mark, value in dict(zip(marks, column, strict=True)).items()}
    return list(map(known.__getitem__, marks))


def _rebuilt(tables: Mapping[str, list[list[Any]]], first: Any) -> Any:
    built: dict[type, list[Any]] = {}
    for kind in reversed(_kinds(first)):
        *columns, (count,) = tables[kind.__name__]
        readers = (_reader(annotation, built) for annotation in _fields(kind).values())
        cells = [_read_again(*said, count) for said in zip(columns, readers, strict=True)]
        built[kind] = list(map(kind, *cells)) if cells else [kind() for _ in range(count)]
    return built[first][0]


def _read_again(column: list[Any], read: Codec | None, count: int) -> Iterable[Any]:
    """The values of a column for so many rows: what was written once is read once."""
    found = column if read is None else list(map(read, column))
    return found * count if len(found) == 1 else found


@cache
def _kinds(first: Any) -> tuple[type, ...]:
    """The class and all that its fields refer to, each before those that it refers to itself."""
    order: list[type] = []

    def visit(kind: Any) -> None:
        if kind not in order:
            parts = (part for annotation in _fields(kind).values() for part in _parts(annotation))
            for part in filter(_is_table, parts):
                visit(part)
            order.append(kind)

    visit(first)
    return tuple(reversed(order))


@cache
def _fields(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = getattr(kind, "_fields", None) or [field.name for field in fields(kind)]
    return {name: hints[name] for name in names}


@cache
def _is_table(kind: Any) -> bool:
    """Whether it is a class whose values have named fields."""
    return is_dataclass(kind) or hasattr(kind, "_fields")


def _parts(annotation: Any) -> set[Any]:
    """Every class that an annotation names."""
    inner = () if get_origin(annotation) is Literal else get_args(annotation)
    return {annotation, *(part for each in inner for part in _parts(each))}


def _writer(annotation: Any, tables: _Tables) -> Codec | None:
    """How a value of that annotation is written; None: as it is."""
    if _is_table(annotation):
        return tables.number
    if annotation is Decimal:
        return str
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _unless_none(_writer(_only(annotation), tables))
    if origin in (*LISTS, frozenset):
        return _listed(origin, inner, tables)
    if _is_mapping(origin):
        write = _writer(inner[1], tables) or _same
        return lambda value: {key: write(each) for key, each in value.items()}
    return None


def _listed(origin: Any, inner: tuple[Any, ...], tables: _Tables) -> Codec:
    writers = [_writer(each, tables) for each in inner if each is not Ellipsis]
    if _is_fixed(origin, inner):
        return _each_in_place(list, writers)
    (write,) = writers
    if write is None:
        return sorted if origin is frozenset else list
    if _is_table(inner[0]):
        return lambda value: tables.numbers(tuple(value))
    return lambda value: [write(each) for each in value]


def _is_fixed(origin: Any, inner: tuple[Any, ...]) -> bool:
    """Whether it is a tuple with a kind of its own in each place."""
    return origin is tuple and Ellipsis not in inner


def _each_in_place(kind: Codec, codecs: Sequence[Codec | None]) -> Codec:
    if not any(codecs):
        return kind
    each_by = [codec or _same for codec in codecs]
    return lambda value: kind([codec(each) for codec, each in zip(each_by, value, strict=True)])


def _reader(annotation: Any, built: Mapping[type, list[Any]]) -> Codec | None:
    """How a value of that annotation is read again; None: it is as it stands."""
    if _is_table(annotation):
        return built[annotation].__getitem__
    if annotation in _READ:
        return _once(_READ[annotation])
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _unless_none(_reader(_only(annotation), built))
    if origin in (*LISTS, frozenset):
        return _listed_again(origin, inner, built)
    if _is_mapping(origin):
        read = _reader(inner[1], built) or _same
        return lambda value: MappingProxyType({key: read(each) for key, each in value.items()})
    return None


def _listed_again(origin: Any, inner: tuple[Any, ...], built: Mapping[type, list[Any]]) -> Codec:
    readers = [_reader(each, built) for each in inner if each is not Ellipsis]
    if _is_fixed(origin, inner):
        return _each_in_place(tuple, readers)
    (read,), made = readers, frozenset if origin is frozenset else tuple
    return made if read is None else lambda value: made(map(read, value))


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _only(annotation: Any) -> Any:
    """What may stand there beside None."""
    kinds = [each for each in get_args(annotation) if each is not NoneType]
    if len(kinds) != 1:
        raise TypeError(f"{annotation} could be several things")
    return kinds[0]


def _unless_none(codec: Codec | None) -> Codec | None:
    return None if codec is None else lambda value: None if value is None else codec(value)


def _once(read: Codec) -> Codec:
    """Each text is read once: a file has few days and few different hours."""
    known: dict[str, Any] = {}

    def cached(text: str) -> Any:
        found = known.get(text)
        if found is None:
            found = known[text] = read(text)
        return found

    return cached


def _same(value: Any) -> Any:
    return value
