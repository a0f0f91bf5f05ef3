"""Frozen values as bytes, and back: each comes back as it was, and what many rows say alike is written once."""

import gc
import json
import zlib
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import ClassVar, NamedTuple
from uuid import UUID, uuid4

import pytest

from imports import keeping
from imports.reading.rows import ParsedFile, Problem, Row, Spared

TODAY = date(2026, 2, 16)


def test_every_kind_of_value_comes_back_as_it_was():
    file = ParsedFile(
        format="generic",
        rows=(Row(line=2, date=TODAY, worked=Decimal("1.3333")), Row(line=3, date=TODAY, worked=None)),
        refused=(Problem(4, "Hours", "x", "no duration"),),
        present=frozenset({"ticket", "title"}),
    )

    assert keeping.unpack(keeping.pack(file), ParsedFile) == file


def test_what_all_rows_have_alike_is_written_once_and_comes_back_in_each():
    said = ("1.5", "1.50", "2")
    rows = tuple(
        Row(line=number, date=TODAY, worked=Decimal(hours), technician="Jo Marsh")
        for number, hours in enumerate(said)
    )
    data = keeping.pack(ParsedFile(format="generic", rows=rows))

    found = keeping.unpack(data, ParsedFile).rows
    assert found == rows
    assert [str(each.worked) for each in found] == list(said)
    assert zlib.decompress(data).count(b"Jo Marsh") == 1


def test_the_columns_of_a_class_without_a_value_are_not_gone_through(monkeypatch):
    gone_through = []
    columns = keeping._columns
    monkeypatch.setattr(
        keeping, "_columns", lambda kind, rows: gone_through.append(kind) or columns(kind, rows)
    )

    empty = ParsedFile(format="generic", rows=())

    assert keeping.unpack(keeping.pack(empty), ParsedFile) == empty
    assert gone_through == [ParsedFile, Spared]


class Hours(Decimal):
    def __str__(self) -> str:
        TURNED.append(self)
        return super().__str__()


TURNED: list[Hours] = []


def test_a_value_that_many_rows_refer_to_is_turned_once():
    hours = Hours("1.5"), Hours("1.50")
    rows = tuple(Row(line=number, date=TODAY, worked=hours[number % 2]) for number in range(100))
    file = ParsedFile(format="generic", rows=rows)
    TURNED.clear()

    kept = keeping.pack(file)

    assert list(map(id, TURNED)) == list(map(id, hours))
    assert keeping.unpack(kept, ParsedFile) == file


def test_days_times_and_marks_come_back_as_they_were():
    first, last = time(9), time(23, 59, 59, 999_999)
    rows = (
        Row(line=2, date=TODAY, worked=None, start=first, end=last, end_date=TODAY),
        Row(line=3, date=date(2026, 12, 31), worked=None, start=last, end=time(0, 0, 0, 500_000)),
        Row(line=4, date=TODAY, worked=None),
    )
    marks = tuple(Marked(uuid4(), date(2026, 1, day)) for day in range(1, 4))

    assert keeping.unpack(keeping.pack(ParsedFile(format="generic", rows=rows)), ParsedFile).rows == rows
    assert keeping.unpack(keeping.pack(Marks(marks)), Marks) == Marks(marks)


def test_rows_are_numbered_in_the_order_in_which_they_are_met_however_often():
    """Of a tuple, of a field of its own, and again."""
    leaf = [Leaf(number) for number in range(4)]
    boxes = tuple(
        Box(leaf[first], tuple(leaf[at] for at in more), leaf[last] if last is not None else None)
        for first, more, last in ((2, (), None), (0, (2, 0), 3), (2, (1,), 0), (0, (), 1))
    )
    data = keeping.pack(Boxes(boxes))

    assert keeping.unpack(data, Boxes) == Boxes(boxes)
    tables = json.loads(zlib.decompress(data))
    assert tables["Box"] == [[0, 1, 0, 1], [[], [0, 1], [2], []], [None, 3, 1, 2], [4]]
    assert tables["Leaf"] == [[2, 0, 1, 3], [4]]


def test_what_a_column_met_first_keeps_its_number_where_another_names_it_too():
    """A column whose values are all met for the first time gives them numbers without a look at any of them."""
    leaf = [Leaf(number) for number in range(5)]
    boxes = tuple(
        Box(leaf[first], tuple(leaf[at] for at in more), leaf[last])
        for first, more, last in ((3, (1, 4), 1), (1, (3, 2, 3), 0), (4, (), 2))
    )
    data = keeping.pack(Boxes((*boxes, boxes[1])))

    found = keeping.unpack(data, Boxes).boxes
    assert found == (*boxes, boxes[1])
    assert found[3] is found[1]
    assert found[1].first is found[0].last is found[0].more[0]
    tables = json.loads(zlib.decompress(data))
    assert tables["Boxes"] == [[[0, 1, 2, 1]], [1]]
    assert tables["Box"] == [[0, 1, 2], [[1, 2], [0, 3, 0], []], [1, 4, 3], [3]]
    assert tables["Leaf"] == [[3, 1, 4, 2, 0], [5]]


def test_what_is_equal_and_of_another_kind_is_not_written_once_for_both():
    boxes = Boxes(tuple(Box(Leaf(number), (), None) for number in (1, True, 1)))

    found = keeping.unpack(keeping.pack(boxes), Boxes)

    assert [type(box.first.number) for box in found.boxes] == [int, bool, int]


class Marked(NamedTuple):
    mark: UUID
    day: date


class Marks(NamedTuple):
    marked: tuple[Marked, ...]


@dataclass(frozen=True)
class Leaf:
    number: int


class Box(NamedTuple):
    first: Leaf
    more: tuple[Leaf, ...]
    last: Leaf | None


@dataclass(frozen=True)
class Boxes:
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Watched:
    """Says of each of its kind whether garbage was looked for while it was made."""

    seen: ClassVar[list[bool]] = []
    line: int

    def __post_init__(self):
        self.seen.append(gc.isenabled())


def test_nobody_looks_for_garbage_while_a_kept_value_is_read():
    data = keeping.pack(Watched(7))
    Watched.seen.clear()

    assert keeping.unpack(data, Watched) == Watched(7)

    assert Watched.seen == [False, True]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b'{"no": "zlib"}',
        zlib.compress(b"x"),
        zlib.compress(b'{"a": "\xff"}'),
        zlib.compress(b"[]"),
    ],
)
def test_bytes_that_hold_no_such_value_are_refused(data):
    with pytest.raises(ValueError, match="hold no ParsedFile"):
        keeping.unpack(data, ParsedFile)
