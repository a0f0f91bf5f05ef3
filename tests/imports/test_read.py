"""Text to records: delimiters, quoting, line ends, and the physical line of every record."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.reading import quoted_lines
from imports.reading import records as read_module
from imports.reading.records import open_source, rank_delimiters, read_records, split_records
from imports.reading.rows import SetAside, UnreadableFileError
from tests.imports.reading import only_refusal, read, unreadable

HEADER = "Date,Client,Hours,Notes\n"


def records(text: str, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    return [(record.line, list(record.cells)) for record in read_records(open_source(text), delimiter)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_one_physical_line(end: str) -> None:
    text = end.join(["a,b", "1,2", "", '"x', 'y",3', "4,5"])
    assert [line for line, _ in records(text)] == [1, 2, 4, 6]


def test_mixed_line_ends_are_counted_one_by_one() -> None:
    assert [line for line, _ in records("a\r\nb\nc\rd\n")] == [1, 2, 3, 4]


def test_line_ends_in_quotes_belong_to_the_cell() -> None:
    assert records('a,"x\r\ny"\nb,c\n') == [(1, ["a", "x\r\ny"]), (3, ["b", "c"])]


def test_only_line_ends_end_lines() -> None:
    assert records("a\x0b\x0c\x85\u2028b,c\n1,2") == [(1, ["a\x0b\x0c\x85\u2028b", "c"]), (2, ["1", "2"])]


def test_a_backslash_is_no_escape() -> None:
    assert records('"ends with \\",2\n') == [(1, ["ends with \\", "2"])]


def test_a_file_without_a_last_line_end_keeps_its_last_row() -> None:
    assert records("a,b\n1,2") == [(1, ["a", "b"]), (2, ["1", "2"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_beside_quoted_cells_full_of_others(delimiter: str) -> None:
    rows = [
        ["Date", "Client", "Notes"],
        ["2026-06-02", "A, B; C", 'said "x, y", then | and\tz'],
        ["2026-06-03", "D", ""],
    ]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    assert rank_delimiters(written.getvalue())[0] == delimiter


def test_a_semicolon_file_with_decimal_commas_is_no_comma_file() -> None:
    assert rank_delimiters("Date;Hours\n02.06.2026;0,75\n03.06.2026;1,5\n")[0] == ";"


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_sep_line_decides_and_is_set_aside(line: str) -> None:
    file = read(f"{line}\nDate;Client;Hours\n2026-06-02;Acme;1,5\n")
    assert file.delimiter == ";"
    assert file.set_aside == (SetAside(1, "preamble"),)
    assert file.rows[0].line == 3


def test_a_sep_line_with_a_tab_is_understood() -> None:
    assert open_source("sep=\t\na\tb\n").delimiters == ("\t",)


def test_an_unterminated_quote_is_refused_with_the_line_it_starts_in() -> None:
    sentence = unreadable(HEADER + '2026-06-02,Acme,1,ok\n2026-06-03,Acme,1,"cut off\nand on\n')
    assert "line 3" in sentence
    assert "never closed" in sentence


def test_a_stray_quote_is_refused_with_its_line() -> None:
    sentence = unreadable(HEADER + '2026-06-02,Acme,1,ok\n2026-06-03,Acme,1,"a" b\n')
    assert "line 3" in sentence
    assert "written twice" in sentence


@pytest.mark.parametrize("row", ["2026-06-02,Acme,1,a,b", "2026-06-02,Acme", "2026-06-02"])
def test_a_row_with_a_wrong_number_of_cells_is_refused_with_its_line(row: str) -> None:
    problem = only_refusal(f"{HEADER}2026-06-01,Acme,1,x\n{row}\n")
    assert problem.line == 3
    assert "cells" in problem.message
    assert "header 4" in problem.message


@pytest.mark.parametrize("row", ["2026-06-02,Acme,1", "2026-06-02,Acme,1,", "2026-06-02,Acme,1,,,"])
def test_empty_cells_at_the_end_may_be_missing_or_too_many(row: str) -> None:
    file = read(f"{HEADER}{row}\n")
    assert (len(file.rows), file.refused) == (1, ())


def test_a_row_that_a_line_break_cut_in_two_is_refused_not_half_read() -> None:
    file = read("Date,Client,Hours,Notes,Title\n2026-06-02,Acme,1,first half\nsecond half,Printer\n")
    assert file.rows == ()
    assert [problem.line for problem in file.refused] == [2, 3]


def test_a_cell_that_is_too_long_refuses_its_row_by_name() -> None:
    problem = only_refusal(f"{HEADER}2026-06-02,Acme,1,{'a' * 100_001}\n")
    assert (problem.line, problem.column) == (2, "Notes")
    assert len(problem.value) < 100


def test_a_cell_at_the_limit_is_read() -> None:
    assert len(read(f"{HEADER}2026-06-02,Acme,1,{'a' * 100_000}\n").rows[0].notes) == 100_000


def test_a_cell_of_a_megabyte_is_a_refused_row_too() -> None:
    assert only_refusal(f"{HEADER}2026-06-02,Acme,1,{'a' * 1_000_000}\n").column == "Notes"


def test_too_many_columns_are_refused() -> None:
    sentence = unreadable(f"Date,Client,Hours,{','.join(f'C{n}' for n in range(198))}\n")
    assert "201 columns" in sentence
    entry = f"2026-06-02,Acme,1{',' * 197}"
    assert (
        len(
            read(
                f"Date,Client,Hours,{','.join(f'C{n}' for n in range(197))}\n{entry}\n", format="generic"
            ).rows
        )
        == 1
    )


def test_a_text_full_of_another_delimiter_does_not_make_columns() -> None:
    row = read("Date;Client;Hours;Notes\n2026-06-02;Acme;1,5;" + "a, " * 300 + "\n").rows[0]
    assert row.notes.startswith("a, a, a")


def test_a_row_of_thousands_of_cells_is_a_refused_row() -> None:
    assert "cells" in only_refusal(HEADER + "2026-06-01,Acme,1,x\n" + "1," * 5_000 + "\n").message


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_module, "MAX_ROWS", 3)
    row = "2026-06-02,Acme,1,x\n"
    assert len(read(HEADER + row * 3).rows) == 3
    assert "more than 3 rows" in unreadable(HEADER + row * 4)


def test_blank_lines_are_nothing_but_keep_their_place() -> None:
    file = read(f"\n\n{HEADER}\n,,,\n   \n2026-06-02,Acme,1,x\n\n")
    assert [row.line for row in file.rows] == [7]
    assert (file.refused, file.set_aside) == ((), ())


def test_the_header_is_found_below_a_preamble_that_is_set_aside() -> None:
    file = read(f"Time report\nHarbor Point,\n\n6/1/2026 - 6/30/2026\n{HEADER}2026-06-02,Acme,1,x\n")
    assert [(found.line, found.what) for found in file.set_aside] == [
        (line, "preamble") for line in (1, 2, 4)
    ]
    assert file.rows[0].line == 6


def test_a_header_far_below_is_not_searched() -> None:
    assert "doesn't know this file's columns" in unreadable("x,y\n" * 30 + HEADER)


def test_headers_in_capitals_with_spaces_and_underscores_are_the_same_headers() -> None:
    assert len(read(" DATE ,client,hOuRs,BILLABLE_HOURS,Entry_ID\n2026-06-02,Acme,1,1,7\n").rows) == 1


@pytest.mark.parametrize("rest", ["", "\n\n", "Total,,12\n"])
def test_a_file_with_a_header_and_no_entry_is_refused(rest: str) -> None:
    assert "no time entry" in unreadable(HEADER + rest)


@given(
    st.lists(
        st.lists(st.text(alphabet='ab,;"\n\r\t é', max_size=6), min_size=2, max_size=4),
        min_size=1,
        max_size=8,
    )
)
def test_what_a_csv_writer_wrote_is_read_back(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [record.cells for record in split_records(open_source(written.getvalue()), ",")] == rows


def by_the_csv_module(text: str) -> tuple[list[tuple[int, list[str]]], int]:
    """Every record, and the line at which a broken one begins (0: none is)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found, line = [], 1
    try:
        for cells in reader:
            found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        return found, line
    return found, 0


PIECES = ['"', '""', ',"', '",', ",", "a", "b c", "\n", "\n", "\r\n", "\r"]


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.integers(1, 9))
def test_records_are_those_of_the_csv_module(parts: list[str], at_once: int) -> None:
    text = "".join(parts)
    found, broken = [], 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quoted_lines, "_AT_ONCE", at_once)
        try:
            for record in split_records(open_source(text), ","):
                found.append((record.line, record.cells))
        except UnreadableFileError as error:
            broken = error.problems[0].line
    assert (found, broken) == by_the_csv_module(text)


def test_only_what_has_more_than_one_cell_in_marks_is_looked_at_sign_by_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, looked_at, reader = open_source('a,b\n1,"2\n3"\n4,"5\n""6""\n7"\n8,9\n'), list[str](), csv.reader
    monkeypatch.setattr(
        quoted_lines.csv,
        "reader",
        lambda lines, **how: reader((looked_at.append(line) or line for line in lines), **how),
    )
    assert [record.cells for record in read_records(source, ",")][1:] == [
        ("1", "2\n3"),
        ("4", '5\n"6"\n7'),
        ("8", "9"),
    ]
    assert looked_at == ['4,"5\n', '""6""\n', '7"\n']


@given(st.text(alphabet='ab,"\n\r', max_size=40))
def test_any_text_is_records_or_refused_and_lines_only_grow(text: str) -> None:
    lines: list[int] = []
    with suppress(UnreadableFileError):
        for record in split_records(open_source(text), ","):
            lines.append(record.line)
    assert lines == sorted(set(lines))
