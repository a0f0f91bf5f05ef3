"""Files that people really have, each with what is right: the share of it that reading answers for."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from imports.judging.plausible import Life, long, negative, times, years
from imports.reading.first_look import first_rows
from imports.reading.mapped import Mapping, header_signature
from imports.reading.parse import parse
from imports.reading.rows import ACCEPT, Answers, ParsedFile, UnreadableFileError
from tests.imports.reading import total

CASES = Path(__file__).parent.parent / "cases" / "reading"
CHICAGO = ZoneInfo("America/Chicago")
TODAY = date(2026, 12, 31)


def case(name: str, *, order: str = "mdy", zone: ZoneInfo = CHICAGO, **options: Any) -> ParsedFile:
    """A case as the provider of its README reads it."""
    return parse((CASES / name).read_bytes(), date_order=order, timezone=zone, today=TODAY, **options)


def refusal(name: str, **options: Any) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as raised:
        case(name, **options)
    return raised.value


def mapped(name: str, columns: dict[str, str], **said: Any) -> ParsedFile:
    """A case read by columns that a person chose."""
    signature = header_signature(first_rows((CASES / name).read_bytes(), 0)[0])
    return case(name, mappings=(Mapping("by hand", signature, columns, **said),))


def test_teamwork_is_no_template_and_adds_hours_and_minutes_up() -> None:
    file = case("teamwork.csv")
    of_acme = [row for row in file.rows if row.company == "Acme" and row.is_billable]
    assert file.format == "teamwork"
    assert sum(row.worked or 0 for row in of_acme) == Decimal("2.4167")


def test_a_flag_with_a_question_mark_is_read() -> None:
    assert [row.is_billable for row in case("billable-q.csv").rows] == [True, False]


def test_an_unreadable_flag_is_named_and_its_row_counts() -> None:
    file = case("billable-2.csv")
    assert total(file, "worked") == Decimal("5.25")
    assert [row.is_billable for row in file.rows] == [True, True, False]
    assert [(found.line, found.column) for found in file.warnings] == [(3, "Billable")]


def test_a_note_of_a_hidden_row_is_internal() -> None:
    file = case("halo-hidden.csv", order="dmy", single_client=True)
    assert [(row.hidden, row.notes, row.internal_notes) for row in file.rows] == [
        (True, "", "Customer is slow to pay"),
        (False, "Mail fixed", ""),
    ]


def test_times_without_am_and_pm_are_asked_where_an_end_comes_first() -> None:
    error = refusal("clockify-12h.csv")
    assert error.choice is not None
    assert (error.choice.option, [said for said, _rows in error.choice.readings]) == ("clock", ["12", "24"])
    assert total(case("clockify-12h.csv", answers=Answers(clock="12")), "worked") == Decimal("1.2833")
    by_24 = case("clockify-12h.csv", answers=Answers(clock="24"))
    asked = times(by_24.rows)
    assert asked is not None
    assert asked.lines == (2,)


def test_times_give_the_time_that_passed_in_a_night_that_repeats_an_hour() -> None:
    file = case("clockify-dst-fall.csv")
    assert [row.worked for row in file.rows] == [Decimal("0.3333"), Decimal(4), Decimal(1)]


@pytest.mark.parametrize(
    ("name", "said", "worked", "asks"),
    [
        ("halo-timelogged.csv", {}, "3.75", 0),
        ("halo-minutes.csv", {}, "50", 1),
        ("halo-minutes.csv", {"Time Taken": "minutes"}, "0.8333", 0),
    ],
)
def test_a_unit_is_proven_or_asked(name: str, said: dict[str, str], worked: str, asks: int) -> None:
    file = case(name, order="dmy", answers=Answers(units=said))
    assert total(file, "worked").quantize(Decimal("0.001")) == Decimal(worked).quantize(Decimal("0.001"))
    assert [question.kind for question in file.questions] == ["unit"] * asks


@pytest.mark.parametrize(
    ("name", "line", "says", "worked"),
    [
        ("serial-date.csv", 4, "it means 2026-07-03", "2.25"),
        ("excel-serial.csv", 2, "it means 2026-07-01", "1.5"),
        ("no-date.csv", 4, "the date is missing", "1"),
    ],
)
def test_a_row_without_a_readable_day_is_refused_with_its_hours(
    name: str, line: int, says: str, worked: str
) -> None:
    file = case(name)
    assert file.set_aside == ()
    problem = file.refused[0]
    assert (problem.line, problem.worked) == (line, Decimal(worked))
    assert says in problem.message


def test_hours_that_can_hardly_be_are_questions() -> None:
    (far,) = long(case("thousands.csv").rows)
    assert (far.lines, far.hours, far.preset) == ((2,), Decimal(1250), "")
    (proven,) = long(case("toggl-30h.csv").rows)
    assert (proven.hours, proven.preset) == (Decimal("30.5"), ACCEPT)
    mmss = times(case("toggl-mmss.csv").rows)
    assert mmss is not None
    assert mmss.lines == (2, 3)
    storm = case("toggl-negative.csv").rows
    below, turned = negative([("acme", row) for row in storm]), times(storm)
    assert below is not None
    assert turned is not None
    assert (below.lines, turned.lines) == ((2,), (2,))


def test_a_second_table_is_set_aside_as_a_table_with_its_lines() -> None:
    file = case("two-tables.csv")
    assert total(file, "worked") == Decimal("1.5")
    assert [(found.line, found.what) for found in file.set_aside] == [(line, "table") for line in range(4, 8)]


def test_years_of_two_digits_may_stand_first() -> None:
    file = case("yy-mm-dd.csv")
    assert [row.date.isoformat() for row in file.rows] == ["2026-07-01", "2026-07-15"]
    assert years(file.rows, [Life(file.rows[0].date.replace(month=1), None)]) is None


def test_times_alone_give_the_hours_of_a_file_mapped_by_hand() -> None:
    day = {"date": "date", "company": "project", "start": "start", "end": "stop"}
    assert total(mapped("timetagger.csv", day), "worked") == Decimal("2.4833")


def test_jetpack_has_one_row_an_entry_and_is_no_summary() -> None:
    file = case("jetpack.csv")
    assert [(row.date.day, row.worked, row.billable, row.is_billable) for row in file.rows] == [
        (1, Decimal("1.5"), Decimal("1.5"), True),
        (2, Decimal(2), Decimal(0), False),
    ]


def test_a_french_total_is_a_total() -> None:
    file = case("total-fr.csv")
    assert (total(file, "worked"), file.stated) == (Decimal("2.25"), Decimal("2.25"))


@pytest.mark.parametrize(("name", "says"), [("html-meta.xls", "web page with a table"), ("json.csv", "JSON")])
def test_what_is_no_csv_is_named_for_what_it_is(name: str, says: str) -> None:
    assert says in str(refusal(name))


def test_an_unknown_code_page_is_asked_with_rows_in_view() -> None:
    error = refusal("cp850.csv")
    assert error.choice is not None
    (likely, rows), *_others = error.choice.readings
    assert (error.choice.option, likely) == ("encoding", "cp850")
    assert "Gerät" in rows[0][0]
    assert "--encoding cp850" in str(error)
    file = case("cp850.csv", order="dmy", answers=Answers(encoding="cp850"))
    assert (file.rows[0].company, file.rows[0].notes, file.encoding) == ("Söhne KG", "Gerät", "cp850")


def test_durations_are_read_as_a_person_reads_them() -> None:
    file = case("durations.csv")
    first = {row.line: row.worked for row in file.rows if row.line <= 30}
    assert len(first) == 29
    assert [first[line] for line in range(2, 13)] == [Decimal("1.5")] * 11
    assert [first[line] for line in (13, 18, 23, 24, 25, 26, 27)] == [
        Decimal(hours) for hours in ("1.5042", "26.5", "1.5", "0.5", "1.5", "0.5", "0.5")
    ]
    assert {problem.line for problem in file.refused} == {35, 40, 45, 46, 48, 49, 50, 51, 52, 68, 69, 74}
    assert [question.kind for question in file.questions] == ["unit"]  # "1d": of eight hours or not


@pytest.mark.parametrize(
    ("name", "worked"), [("toggl-min.csv", "2.5680"), ("months-fr.csv", "3.5"), ("2400.csv", "3")]
)
def test_what_a_person_reads_at_once_is_read(name: str, worked: str) -> None:
    file = case(name)
    assert (total(file, "worked"), file.refused) == (Decimal(worked), ())


def test_a_guarded_minus_is_a_minus() -> None:
    file = mapped(
        "guard-minus.csv", {"date": "date", "company": "client", "worked": "hours", "technician": "person"}
    )
    assert total(file, "worked") == 1
    assert negative([("acme", row) for row in file.rows]) is None


def test_a_file_without_entries_is_read_where_its_period_was_said() -> None:
    assert "--from" in str(refusal("cw-header-only.csv"))
    file = case("cw-header-only.csv", may_be_empty=True)
    assert (file.format, file.rows) == ("connectwise", ())
