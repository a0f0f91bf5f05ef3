"""The table of docs/performance.md is written by `python -m bench`, whatever becomes of its parts."""

import sys

import pytest

from bench import cpu, imports
from bench.__main__ import BEGIN, END, PAGE, lines_of, parts, with_table

TAKEN = {"R": 1.0, "one": 0.75, "first": 5.5, "again": 2.0, "changed": 3.5}  # seconds
HELD = {"one": 40.0, "first": 150.0, "again": 170.0, "changed": 220.0}  # MB


@pytest.fixture
def measured(monkeypatch):
    """A round of imports, as if it had been run."""
    found = cpu.Beside()
    for step, seconds in TAKEN.items():
        found.add(step if step == "R" else f"{step} {cpu.ROOT}", seconds)
    for step, size in HELD.items():
        found.add(f"{step} {cpu.ROOT} memory", size)
    monkeypatch.setattr(imports, "measured", lambda *_said: found)
    return found


def test_beside_each_import_stands_what_it_takes_without_the_commands_start(measured):
    lines = imports.figures(10_000, 1, cpu.Engine("SQLite"))

    assert [(line.value, line.limit) for line in lines] == [
        (0.75, None),
        (5.5, 5.0),
        (4.75, 5.0),
        (2.0, 1.5),
        (1.25, 1.5),
        (3.5, 2.5),
        (2.75, 2.5),
    ]
    assert [line.what.endswith("without the command’s start") for line in lines[1:]] == [False, True] * 3


def test_memory_is_told_of_many_rows_above_what_a_command_has_when_it_begins(measured):
    lines = imports.figures(imports.MUCH, 1, cpu.Engine("SQLite"))

    assert [line.line.split(" | ")[1:4] for line in lines if line.unit == "MB"] == [
        ["110 MB", "120 MB", "yes"],
        ["130 MB", "120 MB", "**no**"],
        ["180 MB", "120 MB", "**no**"],
    ]


def test_the_most_that_a_command_held_is_its_own_and_not_that_of_one_before_or_of_who_asks():
    mine = b"1" * 50_000_000
    words = [sys.executable, "-c", "import sys; b'1' * int(sys.argv[1])"]
    much, little = (cpu.ran([*words, size]).peak for size in ("100000000", "1"))

    assert much > 100_000_000 > len(mine) > little


def test_a_figure_just_over_its_limit_does_not_read_as_the_limit():
    lines = [cpu.Figure("it", value, "R", 0.15).line for value in (0.1512, 0.1498, 0.16)]

    assert [line.split(" | ")[1:4] for line in lines] == [
        ["0.151 R", "0.15 R", "**no**"],
        ["0.15 R", "0.15 R", "yes"],
        ["0.16 R", "0.15 R", "**no**"],
    ]


def test_the_table_is_put_in_the_place_of_the_one_before():
    text = PAGE.read_text(encoding="utf-8")
    said = with_table(with_table(text, ["| old | 1 R | | | |"]), ["| new | 2 R | | | |"])
    before, table = said.split(BEGIN)
    table, after = table.split(END)
    assert (before, after) == (text.split(BEGIN)[0], text.split(END)[1])
    assert table.splitlines()[2:] == ["| new | 2 R | | | |"]


def test_a_part_that_fails_is_a_line_of_the_table(capsys):
    assert lines_of("bench.nothing") == ["| `python -m bench.nothing` ended with 1 | | | **no** | |"]
    assert "s of processor time" in capsys.readouterr().out


def test_a_part_that_says_nothing_is_a_line_of_the_table():
    assert lines_of("bench.cpu") == ["| `python -m bench.cpu` measured nothing | | | **no** | |"]


def test_what_is_asked_for_is_handed_on():
    assert ("bench.imports", "--table", "10", "3") in set(parts(["10"]))
    assert ("bench.imports", "--table", "10000", "3", "100000", "1") in set(parts([]))
    assert ("bench.previews", "100000") in set(parts([]))
    assert ("bench.pages", "7") in set(parts(["10", "7"]))
