"""The whole way from bytes to rows: the template, refusals, and the warnings about a file as a whole."""

# ruff: noqa: E501 - rows of exports are as long as they are

from datetime import date, time
from decimal import Decimal

import pytest

from imports.reading import figures, texts
from imports.reading.columns import bind
from imports.reading.entries import Entries
from imports.reading.formats import FORMATS
from imports.reading.formats.generic import COLUMNS
from imports.reading.rows import EntryRecord, Record
from imports.reading.texts import MOST_REMEMBERED, Cleaned
from tests.imports.reading import hours, only_refusal, only_row, read, unreadable

TEMPLATE = ",".join(COLUMNS.values())
FULL = "E-1,Acme,Block,2026-06-02,08:15,09:45,1.5,2,3,No,Marcus,T-1,Incident,Board,Title,Remote,Senior,Here,Note,Words\n"


def test_every_column_of_the_template_lands_in_its_field() -> None:
    file = read(f"{TEMPLATE}\n{FULL}")
    (row,) = file.rows
    assert (row.entry_id, row.company, row.agreement, row.date) == ("E-1", "Acme", "Block", date(2026, 6, 2))
    assert (row.start, row.end, row.is_billable) == (time(8, 15), time(9, 45), False)
    assert (row.worked, row.billable, row.deducted) == (hours("1.5"), hours("2"), hours("3"))
    assert (row.technician, row.ticket, row.ticket_type, row.board) == ("Marcus", "T-1", "Incident", "Board")
    assert (row.title, row.work_type, row.work_role, row.location) == ("Title", "Remote", "Senior", "Here")
    assert (row.notes, row.description, row.internal_notes) == ("Note", "Words", "")
    assert file.present == set(COLUMNS)
    assert file.date_order == "ymd"


def test_only_date_hours_and_client_are_needed() -> None:
    row = only_row("Hours,Client,Date\n1.5,Acme,2026-06-02\n")
    assert (row.worked, row.billable, row.deducted, row.is_billable) == (hours("1.5"), None, None, True)
    assert only_row("Hours,Date\n1.5,2026-06-02\n", one_client=True).company == ""


@pytest.mark.parametrize(
    ("header", "lacks"),
    [
        ("Date,Client", "a column of hours"),
        ("Hours,Client", "the column of the date"),
        ("Date,Hours", "client"),
    ],
)
def test_a_missing_column_of_the_template_is_named(header: str, lacks: str) -> None:
    assert lacks in unreadable(f"{header}\n2026-06-02,1\n", format="generic")


def test_columns_named_like_our_own_are_ignored() -> None:
    content = "id,provider,client_id,Date,Client,Hours\n9,evil,3,2026-06-02,Acme,1\n"
    assert "Map them by hand" in unreadable(content)
    row = only_row(content, format="generic")
    assert (row.entry_id, row.company) == ("", "Acme")


def test_empty_optional_cells_are_nothing() -> None:
    row = only_row(f"{TEMPLATE}\n,Acme,,2026-06-02,,,1,,,,,,,,,,,,,\n")
    assert (row.billable, row.deducted, row.start, row.end, row.is_billable) == (None, None, None, None, True)


def test_other_hours_stand_in_for_an_empty_cell_of_worked_hours() -> None:
    row = only_row("Date,Client,Hours,Billable hours\n2026-06-02,Acme,,2\n")
    assert (row.worked, row.billable) == (None, hours("2"))


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ("soon,Acme,1,,", "Date", "soon"),
        (",Acme,1,,", "Date", ""),
        ("2026-02-30,Acme,1,,", "Date", "2026-02-30"),
        ("2026-06-02,Acme,abc,,", "Hours", "abc"),
        ("2026-06-02,Acme,,,", "Hours", ""),
        ("2026-06-02,Acme,-,,", "Hours", ""),
        ("2026-06-02,Acme,NaN,,", "Hours", "NaN"),
        ("2026-06-02,Acme,1e400,,", "Hours", "1e400"),
        ("2026-06-02,Acme,1:75,,", "Hours", "1:75"),
    ],
)
def test_a_row_is_refused_for_its_first_bad_cell_with_line_column_and_value(
    cells: str, column: str, value: str
) -> None:
    problem = only_refusal(f"Date,Client,Hours,Start,Billable\n2026-06-01,Acme,1,,\n{cells}\n")
    assert (problem.line, problem.column, problem.value) == (3, column, value)
    assert problem.message


@pytest.mark.parametrize(
    ("cells", "column", "value"), [("25:00,", "Start", "25:00"), (",perhaps", "Billable", "perhaps")]
)
def test_a_cell_that_is_no_client_day_or_hours_is_named_and_left_empty(
    cells: str, column: str, value: str
) -> None:
    file = read(f"Date,Client,Hours,Start,Billable\n2026-06-01,Acme,1,{cells}\n")
    assert [(row.worked, row.start, row.is_billable) for row in file.rows] == [(1, None, True)]
    assert [(found.line, found.column, found.value) for found in file.warnings] == [(2, column, value)]
    assert file.refused == ()


def test_of_a_column_of_unreadable_cells_the_first_are_named_and_the_rest_counted() -> None:
    rows = "".join("2026-06-01,Acme,1,soon\n" for _ in range(25))
    warnings = read(f"Date,Client,Hours,Start\n{rows}").warnings
    assert len(warnings) == 21
    assert warnings[-1].message.startswith("5 more cells")


def test_the_column_is_named_as_the_file_writes_it() -> None:
    assert only_refusal(" DATE ,client,HOURS\n2026-06-01,Acme,x\n").column == "HOURS"


def test_a_refused_row_never_takes_the_others_with_it() -> None:
    file = read("Date,Client,Hours\n2026-06-01,A,1\nx,A,1\n2026-06-03,A,y\n2026-06-04,A,2\n")
    assert [row.line for row in file.rows] == [2, 5]
    assert [problem.line for problem in file.refused] == [3, 4]


def test_dates_that_nothing_decides_are_asked_for() -> None:
    sentence = unreadable("Date,Client,Hours\n6/2/2026,A,1\n", order=None)
    assert "6/2/2026" in sentence
    assert "date order" in sentence
    assert only_row("Date,Client,Hours\n6/2/2026,A,1\n", order="dmy").date == date(2026, 2, 6)


def test_the_file_decides_over_the_provider() -> None:
    file = read("Date,Client,Hours\n6/2/2026,A,1\n13/6/2026,A,1\n", order="mdy")
    assert (file.rows[0].date, file.date_order) == (date(2026, 2, 6), "dmy")


def test_dates_that_contradict_each_other_refuse_the_file_with_a_line() -> None:
    sentence = unreadable("Date,Client,Hours\n6/30/2026,A,1\n13/6/2026,A,1\n")
    assert "contradict" in sentence
    assert "line 3" in sentence


def test_one_stray_date_refuses_its_row_only() -> None:
    rows = "".join(f"6/{day}/2026,A,1\n" for day in range(13, 29))
    assert only_refusal(f"Date,Client,Hours\n{rows}30/6/2026,A,1\n").value == "30/6/2026"


def test_equal_rows_under_one_id_stay_for_later_stages() -> None:
    file = read("Entry ID,Date,Client,Hours\n7,2026-06-02,A,1\n7,2026-06-02,A,1\n")
    assert (len(file.rows), file.refused) == (2, ())


def test_more_than_a_day_in_one_entry_is_said_but_read() -> None:
    file = read("Date,Client,Hours\n2026-06-02,A,40\n")
    assert file.rows[0].worked == 40
    assert "24 hours" in file.warnings[0].message


def test_more_than_a_day_of_one_technician_is_said() -> None:
    file = read("Date,Client,Hours,Technician\n2026-06-02,A,14,M\n2026-06-02,B,14,M\n2026-06-02,B,14,P\n")
    (warning,) = file.warnings
    assert "M on 2 Jun 2026 (28.00 h)" in warning.message


def test_rows_after_today_are_said() -> None:
    (warning,) = read("Date,Client,Hours\n2026-07-02,A,1\n2026-07-03,A,1\n").warnings
    assert warning.line == 3
    assert "after today" in warning.message


def test_hours_are_exact_to_four_places() -> None:
    assert only_row("Date,Client,Hours\n2026-06-02,A,0:20\n").worked == Decimal("0.3333")
    assert str(only_row("Date,Client,Hours\n2026-06-02,A,1.5\n").worked) == "1.5000"


def test_thousandths_after_a_comma_are_read_where_semicolons_part_the_cells() -> None:
    assert only_row("Date;Client;Hours\n2026-06-02;A;1,250\n").worked == hours("1.25")
    assert "thousand" in only_refusal('Date,Client,Hours\n2026-06-02,A,"1,250"\n').message


def test_the_same_bytes_give_the_same_rows() -> None:
    content = f"{TEMPLATE}\n{FULL}"
    assert read(content) == read(content)


def test_rows_alike_count_each_where_a_stray_date_is_told_from_a_broken_file() -> None:
    alike = ["6/30/2026,Acme,1"] * 11
    file = read("\n".join(("Date,Client,Hours", *alike, "30/6/2026,Acme,1")))
    assert len(file.rows) == 11
    assert [problem.line for problem in file.refused] == [13]


def test_a_kind_is_its_first_entry_and_how_many_there_are() -> None:
    rows = [["d1", "A", "1", "x"], ["d2", "A", "1", "y"], ["d1", "B", "1", "z"]]
    entries = [EntryRecord(Record(line, cells), {}) for line, cells in enumerate(rows, start=2)]
    found = Entries(entries).kinds(("date", "worked"), {"date": [(0,)], "company": [(1,)], "worked": [(2,)]})
    assert [(kind.entry.record.line, kind.place, kind.number) for kind in found] == [(2, 0, 2), (3, 1, 1)]


def test_never_more_cells_are_remembered_than_the_bound_says() -> None:
    (template,) = (shape for shape in FORMATS if shape.name == "generic")
    known = Cleaned("title", bind(template, Record(1, ["Date", "Client", "Hours", "Title"])))
    most = 0
    for number in range(2 * MOST_REMEMBERED + 2):
        assert known[f"Work {number}"] == f"Work {number}"
        most = max(most, len(known))
    assert most == MOST_REMEMBERED


def tickets() -> Cleaned:
    template = next(shape for shape in FORMATS if shape.name == "connectwise")
    return Cleaned("ticket", bind(template, Record(1, ["Time_RecID", "SR_Service_RecID"])))


@pytest.mark.parametrize(
    "cells",
    [
        ["1001", "17"],
        ["1001", "0"],
        ["1001", "00"],
        ["0017", "1001"],
        ["1001", ""],
        ["1001", " 7"],
        ["1001", "null"],
        ["https://desk.example/t/7?x=1", "8"],
        ["T-1", "8"],
    ],
)
def test_numbers_of_tickets_together_are_what_each_is_by_itself(cells: list[str]) -> None:
    assert tickets().over([cells]) == [tickets()[cell] or "" for cell in cells]


def test_numbers_of_tickets_stand_as_they_are(monkeypatch) -> None:
    monkeypatch.setattr(texts, "_clean", None)
    assert tickets().over([["1001", "17", "1001"]]) == ["1001", "17", "1001"]


def test_hours_days_and_times_are_read_once_though_hardly_two_rows_agree_in_all(monkeypatch) -> None:
    read_days, really = [], figures.parse_moment
    monkeypatch.setattr(
        figures,
        "parse_moment",
        lambda text, *its, **said: read_days.append(text) or really(text, *its, **said),
    )
    rows = [
        f"2026-06-{day:02},{begins:02}:00,{begins + 1:02}:00,1.{day:02},Acme"
        for day in range(1, 31)
        for begins in range(8, 18)
    ]
    file = read("Date,Start,End,Hours,Client\n" + "\n".join(rows))
    assert len({(row.date, row.start, row.worked) for row in file.rows}) == len(rows) == 300
    assert len(read_days) == 30 + 2 * 10
