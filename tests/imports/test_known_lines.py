"""Lines that were rows of the last file are not read again: what is said of the file is what reading all of it says."""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.reading import parse as parsing
from imports.reading.known_lines import is_list
from imports.reading.parse import parse
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
    """What is known of the last file; `by_line`: its lines are known before anything is decided."""

    file: ParsedFile
    by_line: bool = True

    def lines(self, format_name: str) -> Mapping[str, int]:
        is_known = self.by_line and is_list(self.file) and self.file.format == format_name
        return self._known if is_known else {}

    def rows(self, format_name: str, decided: str) -> Mapping[str, int]:
        return self._known if (self.file.format, self.file.decided) == (format_name, decided) else {}

    @property
    def _known(self) -> dict[str, int]:
        marks = digests_at(self.file.marks, range(len(self.file.rows)))
        return {mark: number for number, mark in enumerate(marks) if mark != NO_MARK}


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
        assert said_of(again, Last(last), order) == said_of(again, Last(last, by_line=False), order)


@given(st.integers())
def test_beside_known_lines_the_same_is_said_of_any_file(seed):
    random = Random(seed)
    the_same_is_said("\n".join([HEADER, *rows_of(random), ""]).encode(), random)


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
