"""Times of day without a colon, and as they are said: read where nothing else can be meant, never misread."""

from datetime import time
from decimal import Decimal

import pytest

from imports.reading.dates import look
from tests.imports.reading import read

HEADER = "Date,Client,Start,End"


def spans(*rows: str, hours: bool = True):
    head = HEADER + (",Hours" if hours else "")
    lines = (f"2026-02-{2 + n:02d},Acme,{row}\n" for n, row in enumerate(rows))
    return read(head + "\n" + "".join(lines), format="generic")


def times(found):
    return [(row.start, row.end) for row in found.rows]


@pytest.mark.parametrize(
    "rows",
    [
        ("9.00,14.30,5.5", "9.00,9.45,0.75"),
        ("9.00,14.30,5.5", "9.00,9.45,0.75", "23.00,24.00,1"),
        ('"9,00","14,30",5.5', "0900,0945,0.75"),
    ],
)
def test_a_point_stands_between_hours_and_minutes_where_the_hours_prove_it(rows: tuple[str, ...]) -> None:
    assert times(spans(*rows))[:2] == [(time(9), time(14, 30)), (time(9), time(9, 45))]


def test_without_hours_the_times_give_them_where_minutes_are_no_quarters() -> None:
    found = spans("9.00,14.30", "9.00,9.45", hours=False)

    assert [row.worked for row in found.rows] == [Decimal("5.5000"), Decimal("0.7500")]


@pytest.mark.parametrize(
    "rows",
    [
        ("9.50,14.25,4.75", "9.00,9.25,0.25"),  # parts of an hour, as the hours say
        ("9.00,9.75,0.75", "9.00,10.30,1.5"),  # 75 is no minute
        ("540,600,1", "1000,1020,0.33"),  # minutes since midnight
    ],
)
def test_numbers_that_are_no_clock_are_named_and_left_empty(rows: tuple[str, ...]) -> None:
    found = spans(*rows)

    assert times(found) == [(None, None), (None, None)]
    assert all("the cell is left empty" in each.message for each in found.warnings[:4])
    assert [str(row.worked) for row in found.rows] == [f"{Decimal(row.split(',')[2]):.4f}" for row in rows]


def test_where_times_give_the_hours_quarters_of_either_kind_refuse_their_rows() -> None:
    found = spans("9.50,14.25", "9.00,9.25", hours=False)

    assert [problem.line for problem in found.refused] == [2, 3]


def test_hours_with_a_point_beside_times_with_a_point_are_asked_about() -> None:
    found = spans("9.00,10.30,1.30", "9.00,9.45,0.45", "10.00,12.20,2.20")

    assert times(found)[0] == (time(9), time(10, 30))
    assert [question.kind for question in found.questions] == ["unit"]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("9am", time(9)),
        ("12 a.m.", time(0)),
        ("9.45 pm", time(21, 45)),
        ("9 Uhr", time(9)),
        ("9.30 Uhr", time(9, 30)),
        ("9 Uhr 30", time(9, 30)),
        ("14h30", time(14, 30)),
        ("9h", time(9)),
        ("9 h 05", time(9, 5)),
        ("2 June 2026 9am", time(9)),
    ],
)
def test_a_time_as_it_is_said(said: str, at: time) -> None:
    seen = look(said)

    assert seen is not None
    assert seen.at == at


@pytest.mark.parametrize("said", ["25h30", "13pm", "9h75", "9.99 Uhr", "9", "h30", "9 hours"])
def test_what_is_no_time_of_day(said: str) -> None:
    assert look(said) is None
