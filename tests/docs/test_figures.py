"""The table of docs/performance.md is written by `python -m bench`, whatever becomes of its parts."""

from bench.__main__ import BEGIN, END, PAGE, lines_of, parts, with_table


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
    assert ("bench.pages", "7") in set(parts(["10", "7"]))
