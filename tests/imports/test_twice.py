"""The same work under two formats, or just beyond the file's edge."""

from datetime import date
from decimal import Decimal

import pytest

from imports.publishing.twice import replaced, shifted, twice, twins
from imports.reading.rows import Row
from imports.stages import Classified, Place, Scope, StandingEntry, Twin

WEEK = Scope(date(2026, 3, 9), date(2026, 3, 15))


def row(
    day: int = 10, hours: str = "1.5", technician: str = "Jo Doe", title: str = "Mail", **more: str
) -> Row:
    said = {"line": int(more.pop("line", "2")), "date": date(2026, 3, day), "worked": Decimal(hours)}
    return Row(**said, technician=technician, title=title, **more)


def stands(*rows: Row, client: str = "acme") -> list[StandingEntry]:
    return [StandingEntry(ref, one, client) for ref, one in enumerate(rows)]


def new(*rows: Row, client: str = "acme") -> list[Classified]:
    return [Classified(one, Place(client)) for one in rows]


def doubled(rows: list[Classified], *entries: StandingEntry, size: int = 0, **words: object) -> list[Twin]:
    return twins(rows, {"acme": size or len(rows)}, {"toggl": entries}, **words)


def test_the_same_client_day_hours_and_technician_under_another_format_is_the_same_work() -> None:
    (found,) = doubled(new(row()), *stands(row(title="other words")))

    assert (found.entry.ref, found.format) == (0, "toggl")


@pytest.mark.parametrize("other", [row(11), row(hours="1.25"), row(technician="Ann Lee")])
def test_another_day_hours_or_technician_is_other_work(other: Row) -> None:
    assert doubled(new(row()), *stands(other)) == []


def test_the_same_work_of_another_client_is_other_work() -> None:
    assert doubled(new(row()), *stands(row(), client="birch")) == []


@pytest.mark.parametrize("technician", ["", "Doe, Jo", "jo doe", "Jo"])
def test_a_technician_may_be_left_out_or_written_otherwise(technician: str) -> None:
    assert len(doubled(new(row()), *stands(row(technician=technician)))) == 1


def test_the_equal_technician_is_taken_before_one_that_may_be() -> None:
    rows = new(row(technician=""), row(technician="Jo Doe", line="3"))

    found = doubled(rows, *stands(row(technician="Jo Doe"), row(technician="Ann Lee")))

    assert [(twin.row.row.line, twin.entry.ref) for twin in found] == [(2, 1), (3, 0)]


def test_seconds_that_one_tool_keeps_make_no_difference() -> None:
    assert len(doubled(new(row(hours="1.5003")), *stands(row(hours="1.5000")))) == 1


def test_two_equal_rows_need_two_entries() -> None:
    assert len(doubled(new(row(), row()), *stands(row()))) == 1


def test_fewer_than_half_of_a_clients_rows_ask_nothing() -> None:
    assert len(doubled(new(row()), *stands(row()), size=2)) == 1
    assert doubled(new(row()), *stands(row()), size=3) == []


def test_formats_that_both_count_ask_nothing() -> None:
    assert doubled(new(row()), *stands(row()), both_count={"toggl"}) == []


def beyond(one: Row, *entries: Row) -> list[Twin]:
    return shifted(new(one), stands(*entries), WEEK, "harvest")


@pytest.mark.parametrize("day", [7, 8])
def test_an_entry_up_to_two_days_beyond_the_files_first_day_may_have_shifted(day: int) -> None:
    assert len(beyond(row(9), row(day))) == 1


def test_an_entry_beyond_the_files_last_day_may_have_shifted_too() -> None:
    assert len(beyond(row(15), row(17))) == 1


@pytest.mark.parametrize(
    "other", [row(6), row(9), row(8, technician="Ann"), row(8, title="Printer"), row(8, hours="2")]
)
def test_what_is_farther_away_in_the_files_days_or_says_something_else_is_other_work(other: Row) -> None:
    assert beyond(row(9), other) == []


def test_a_row_in_the_middle_of_the_file_has_not_shifted_over_its_edge() -> None:
    assert beyond(row(12), row(8)) == []


def test_rows_with_ids_or_without_a_title_are_no_shifted_ones() -> None:
    assert beyond(row(9, entry_id="1"), row(8)) == []
    assert beyond(row(9), row(8, entry_id="1")) == []
    assert beyond(row(9, title=""), row(8, title="")) == []


def test_each_format_has_its_question_with_lines_and_hours() -> None:
    found = [*doubled(new(row(line="4")), *stands(row())), *beyond(row(9, line="7"), row(8))]

    far, near = twice(found, "harvest")

    assert (far.kind, far.lines, far.hours, far.field) == ("twice", (4,), Decimal("1.50"), "toggl")
    assert "from Toggl Track:" in far.text
    assert (near.lines, near.field) == ((7,), "harvest")
    assert "beyond this file’s days" in near.text


def test_a_format_is_replaced_in_the_files_days_for_the_clients_in_it() -> None:
    entries = [*stands(row(10), row(20)), *stands(row(10), client="birch")]

    assert replaced(entries, WEEK, {"acme"}) == entries[:1]
