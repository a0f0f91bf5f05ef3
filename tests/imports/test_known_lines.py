"""Lines that were rows of the last file are not read again: what is said of the file is what reading all of it says."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.reading import deciding_cells, known_records, quoted_lines
from imports.reading import parse as parsing
from imports.reading.deciding_cells import KeptCells
from imports.reading.known_lines import is_list
from imports.reading.known_records import unknown_records
from imports.reading.parse import parse
from imports.reading.records import open_source, split_of
from imports.reading.rows import NO_MARK, ParsedFile, UnreadableFileError, digests_at
from tests.imports.reading import NEW_YORK, SAMPLES, TODAY

HEADER = "Entry ID,Client,Date,Start,End,Hours,Ticket,Title,Room"


def rows_of(random: Random) -> list[str]:
    """Rows of the kind that technicians enter."""
    return [
        f"{number},{random.choice(('Acme', 'Birch'))},6/{random.randint(1, 14)}/2026,{begins}:00,{begins + 2}:00,"
        f"{random.choice(('2', '2.00', '1.5'))},{random.choice(('', '4711'))},{random.choice(('VPN', 'Printer'))}"
        f"{random.choice((',2', ',hall', ',yes', ''))}"
        for number in range(1, random.randint(2, 12))
        for begins in (random.randint(1, 12),)
    ]


class Last(NamedTuple):
    """What is known of the last file; `by_line`: its lines are known before anything is decided; `has_cells`: and what
    decides is kept of them.
    """

    file: ParsedFile
    by_line: bool = True
    has_cells: bool = True

    def lines(self, format_name: str) -> Mapping[str, int]:
        is_known = self.by_line and is_list(self.file) and self.file.format == format_name
        return self._known if is_known else {}

    def rows(self, format_name: str, decided: str) -> Mapping[str, int]:
        return self._known if (self.file.format, self.file.decided) == (format_name, decided) else {}

    def cells(self) -> KeptCells | None:
        if not (self.has_cells and self.file.deciding):
            return None
        return KeptCells(deciding_cells.unpacked(self.file.deciding), range(len(self.file.rows)))

    @property
    def _known(self) -> dict[str, int]:
        marks = digests_at(self.file.marks, range(len(self.file.rows)))
        return {mark: number for number, mark in enumerate(marks) if mark != NO_MARK}


class Texts:
    """Records that are known by these texts; those that were found, by their lines."""

    def __init__(self, texts) -> None:
        self.texts, self.lines = frozenset(texts), []

    def places(self, texts) -> list[int]:
        return [0 if text in self.texts else -1 for text in texts]

    def take(self, lines, places) -> None:
        self.lines += [line for line, place in zip(lines, places, strict=True) if place >= 0]


def said_of(data: bytes, last: Last | None = None, order: str | None = "mdy") -> ParsedFile | str:
    how = {"timezone": NEW_YORK, "today": TODAY, "date_order": order, "single_client": True, "spare": last}
    if data.startswith(HEADER.encode()):
        how["format"] = "generic"
    try:
        return parse(data, **how)
    except UnreadableFileError as error:
        return repr((error.problems, error.choice))


def changed(data: bytes, random: Random) -> bytes:
    """A few lines gone, twice, elsewhere, with other figures, or no rows at all."""
    first, *lines = data.splitlines(keepends=True)
    commas = first.count(b",")
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(lines)) if lines else 0
        line = lines[at] if lines else b"\n"
        is_gone = random.choice((True, False))
        put = random.choice((
            b"", line, line + line, line.replace(b"1", b"13", 1), line.replace(b"2", b"", 1), b"\n", b"x" + line,
            line.replace(b",", b",\"a\nb", 1), b"Total" + b"," * commas + b"\n", b"," * commas + b"\n",
            line[: len(line) // 2], line.replace(b"1", b"4.8E+04", 1), line.replace(b",", b",\"1\",", 1),
            line.rstrip() + b"\r",
        ))  # fmt: skip
        lines[at : at + is_gone] = [put]
    if random.random() < 0.3:
        random.shuffle(lines)
    return first + b"".join(lines)


def the_same_is_said(data: bytes, random: Random) -> None:
    order = random.choice(("mdy", "mdy", "dmy", None))
    last = said_of(data, order=order)
    if isinstance(last, ParsedFile):
        again = changed(data, random)
        whole = said_of(again, Last(last, by_line=False), order)
        assert said_of(again, Last(last), order) == whole
        assert said_of(again, Last(last, has_cells=False), order) == whole


@given(st.integers())
def test_beside_known_lines_the_same_is_said_of_any_file(seed):
    random = Random(seed)
    the_same_is_said("\n".join([HEADER, *rows_of(random), ""]).encode(), random)


TITLES = (
    "VPN", '"VPN"', '"Looked\nat it"', '"Looked\n\nat it,\n""twice"""', '"say ""no"""', 'a 5" disk', 'of 3" and 5"',
    '"in, out"', '"one\r\nline"', '""', '"never closed', '"closed"early', 'Done\n', 'Done"\n"', "wide,wider",
)  # fmt: skip


def broken(random: Random, sound: float) -> str:
    """A file whose titles are quoted in every way, most of them as they may be."""
    rows = [line.rsplit(",", 2) for line in rows_of(random)]
    titles = [random.choice(TITLES[:7] if random.random() < sound else TITLES) for _ in rows]
    lines = [f"{start},{title},{room}" for (start, _title, room), title in zip(rows, titles, strict=True)]
    return random.choice(("\n", "\r\n")).join([HEADER, *lines, *random.choice(([], [""]))])


@given(st.integers(), st.sampled_from([1, 40, 200, 250_000]))
def test_beside_known_lines_the_same_is_said_however_cells_are_quoted(seed, at_once):
    random = Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoted_lines, "_AT_ONCE", at_once)
        order, first = random.choice(("mdy", None)), broken(random, 1)
        last = said_of(first.encode(), order=order)
        if not isinstance(last, ParsedFile):
            return
        again = (first.splitlines(keepends=True), broken(random, 0.9).splitlines(keepends=True)[1:])
        lines = [line for its in again for line in its if random.random() < 0.97]
        data = "".join(lines if random.random() < 0.5 else [*lines[:1], *again[1], *lines[1:]]).encode()
        whole = said_of(data, Last(last, by_line=False), order)
        assert said_of(data, Last(last), order) == whole
        assert said_of(data, Last(last, has_cells=False), order) == whole


PIECES = ['"', '""', ",", "a", "b c", "\n", "\n", "\n", "\r\n", '"a\n\n,b"', 'a"b', '",\n"', "\x00"]


def records_of(text: str, known: Texts | None = None):
    """Every record, or those that aren't known; and why there are no more, where one of them is broken."""
    source, found, problems = open_source(text), [], []
    try:
        for line, cells, said in unknown_records(text, 1, ",", known) if known else split_of(source, ","):
            found.append((line, list(cells), said))
    except UnreadableFileError as error:
        problems.append(error.problems)
    return found, problems


@given(
    st.lists(st.sampled_from(PIECES), max_size=20),
    st.lists(st.sampled_from(PIECES), max_size=20),
    st.integers(0, 20),
    st.integers(1, 9),
)
def test_known_records_and_the_others_are_those_of_the_csv_module(before, now, at, at_once):
    last = "".join(before)
    text = "".join([*now[:at], "\n", last, "\n", *now[at:]])
    if open_source(text).has_lone_returns:
        return
    known = Texts(said for _line, _cells, said in records_of(last)[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoted_lines, "_AT_ONCE", at_once)
        found, refused = records_of(text, known)
    every, problems = records_of(text)
    assert refused == problems
    if not refused:
        assert known.lines == [line for line, _cells, said in every if said in known.texts]
        assert found == [each for each in every if each[2] not in known.texts]


def test_two_lines_that_are_one_record_although_the_marks_of_each_are_paired():
    text = 'a"b,"\nx",a"b\n1,2\n'
    known = Texts(["1,2"])
    assert records_of(text, known) == (records_of(text)[0][:1], [])
    assert [cells for _line, cells, _said in records_of(text)[0]] == [['a"b', "\nx", 'a"b'], ["1", "2"]]
    assert known.lines == [3]


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_beside_known_lines_the_same_is_said_of_every_sample(name):
    for seed in range(20):
        the_same_is_said((SAMPLES / name).read_bytes(), Random(seed))


@pytest.mark.parametrize("by_line", [True, False])
@pytest.mark.parametrize("name", ["halopsa_time_spent.csv", "halopsa_prepay_ledger.csv"])
def test_rows_that_are_read_by_more_than_their_own_cells_are_all_read_again(name, by_line):
    """Where dates are the end of the work, and where rows are those of a ledger."""
    data = (SAMPLES / name).read_bytes()
    first = said_of(data)
    assert first.rows
    assert said_of(data, Last(first, by_line)) == first


def test_of_known_lines_no_record_is_made(monkeypatch):
    made = []
    read_records = parsing.read_records
    monkeypatch.setattr(
        parsing, "read_records", lambda *args: made.append(read_records(*args)) or made[-1].copy()
    )
    rows = [f"{number},Acme,2026-06-{number:02},08:00,09:00,1,{number},Printer,2" for number in range(1, 29)]
    first = said_of("\n".join([HEADER, *rows, ""]).encode())
    assert len(made[-1]) == 29

    rows[3:5] = ["99,Acme,2026-06-05,08:00,10:00,2,4,Mailbox,2"]
    again = said_of("\n".join([HEADER, *rows, ""]).encode(), Last(first))

    assert [record.line for record in made[-1]] == [1, 5]
    assert [row.line for row in again.rows] == [5]
    assert list(again.spared.lines) == [2, 3, 4, *range(6, 29)]


def test_lines_whose_deciding_cells_are_kept_are_not_split(monkeypatch):
    rows = [
        f'{number},Acme,2026-06-0{number},08:00,09:00,1,4,"In,\nthen ""{number}""",2' for number in (1, 2, 3)
    ]
    first = said_of("\n".join([HEADER, *rows, ""]).encode())
    split, really = [], known_records._cells
    monkeypatch.setattr(
        known_records, "_cells", lambda texts, *its: split.extend(texts) or really(texts, *its)
    )
    monkeypatch.setattr(known_records, "line_by_line", None)

    again = said_of("\n".join([HEADER, rows[0], rows[1].replace("In", "Out"), rows[2]]).encode(), Last(first))

    assert split == [HEADER, rows[1].replace("In", "Out")]
    assert list(again.spared.lines) == [2, 6]
    assert [row.title for row in again.rows] == ['Out, then "2"']


def test_a_quotation_mark_within_a_cell_leaves_the_rest_to_the_csv_module(monkeypatch):
    """It is paired with none of its record, which would take the lines up to the next one."""
    rows = [f"{number},Acme,2026-06-02,08:00,09:00,1,4,VPN,2" for number in range(1, 9)]
    first = said_of("\n".join([HEADER, *rows, ""]).encode())
    rest, really = [], known_records.line_by_line
    monkeypatch.setattr(
        known_records, "line_by_line", lambda text, line, *its: rest.append(line) or really(text, line, *its)
    )
    monkeypatch.setattr(quoted_lines, "_AT_ONCE", 1)
    rows[4:5] = [
        '9,Acme,2026-06-02,08:00,09:00,1,4,"A ""disk""",2',
        '10,Acme,2026-06-02,08:00,09:00,1,4,a 5" disk,2',
    ]

    again = said_of("\n".join([HEADER, *rows, ""]).encode(), Last(first))

    assert rest == [7]
    assert [(row.line, row.title) for row in again.rows] == [(6, 'A "disk"'), (7, 'a 5" disk')]
    assert list(again.spared.lines) == [2, 3, 4, 5, 8, 9, 10]


@pytest.mark.parametrize(("most", "is_kept"), [("MOST_DIFFERENT", 3), ("MOST_CHARS", 91)])
def test_of_a_file_with_many_different_cells_none_are_kept(monkeypatch, most, is_kept):
    rows = [f"{number},Acme,2026-06-0{number},08:00,09:00,1,4,VPN,{number}" for number in (1, 2, 3)]
    data = "\n".join([HEADER, *rows, ""]).encode()
    first = said_of(data)
    chars = sum(map(len, ("08:00", "09:00", "1", *("2026-06-01", "1") * 3)))
    for value in (is_kept, is_kept - 1):
        monkeypatch.setattr(deciding_cells, most, value if most == "MOST_DIFFERENT" else value - 91 + chars)
        assert bool(said_of(data).deciding) is (value == is_kept)
    again = said_of("\n".join([HEADER, *rows[1:], ""]).encode(), Last(first))
    assert list(again.spared.lines) == [2, 3]


def test_cells_that_are_kept_of_other_columns_are_not_taken_up(monkeypatch):
    """A column that was read is looked at anew where it is asked about."""
    rows = [f"{number},Acme,2026-06-0{number},08:00,09:00,1,4,VPN,2" for number in (1, 2, 3)]
    data = "\n".join([HEADER, *rows, ""]).encode()
    first = said_of(data)
    cells = deciding_cells.unpacked(first.deciding)
    assert sorted(cells.columns) == [2, 3, 4, 5, 8]
    del cells.columns[8]
    monkeypatch.setattr(Last, "cells", lambda _last: KeptCells(cells, range(3)))
    monkeypatch.setattr(known_records, "_cells", None)
    assert list(said_of(data, Last(first)).spared.lines) == [2, 3, 4]


def test_the_order_of_dates_is_decided_over_known_lines_too():
    """One date that only one order allows is gone: the same lines say other days."""
    told = [f"{number},Acme,6/{day}/2026,,,1,,,1" for number, day in ((1, "2"), (2, "13"))]
    first = said_of("\n".join([HEADER, *told, ""]).encode(), order="dmy")
    assert [row.date.isoformat() for row in first.rows] == ["2026-06-02", "2026-06-13"]

    again = said_of("\n".join([HEADER, told[0], ""]).encode(), Last(first), order="dmy")

    assert not again.spared
    assert [row.date.isoformat() for row in again.rows] == ["2026-02-06"]


def test_a_column_is_asked_about_for_what_known_lines_say():
    """All of its cells say so only once the one line is gone that says something else."""
    rows = [f"{number},Acme,2026-06-02,,,1,,,{room}" for number, room in ((1, "billable"), (2, "hall"))]
    first = said_of("\n".join([HEADER, *rows, ""]).encode())
    assert not first.questions

    again = said_of("\n".join([HEADER, rows[0], ""]).encode(), Last(first))

    assert [question.column for question in again.questions] == ["Room"]


def test_numbers_that_a_spreadsheet_has_shortened_are_told_of_in_known_lines_too():
    rows = [f"{number},Acme,2026-06-02,,,1,4.8E+04,,2" for number in range(1, 4)]
    first = said_of("\n".join([HEADER, *rows, ""]).encode())
    again = said_of("\n".join([HEADER, *rows[1:], ""]).encode(), Last(first))
    assert len(again.spared) == 2
    assert "has shortened 2 numbers" in again.warnings[0].message


def test_lines_that_were_read_otherwise_are_read_again():
    data = f"{HEADER}\n1,Acme,6/2/2026,,,1,,,1\n".encode()
    first = said_of(data, order="mdy")
    again = said_of(data, Last(first), order="dmy")
    assert not again.spared
    assert replace(first, marks=b"") != replace(again, marks=b"")
