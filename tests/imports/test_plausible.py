"""What a person is asked about rows that can be read and are hardly true."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from imports.judging.plausible import Life, any_long, long, negative, times, years
from imports.reading.rows import ACCEPT, Row

DAY = date(2026, 7, 1)


def row(line: int, worked: str, elapsed: str | None = None, **fields: Any) -> Row:
    """A row of some hours; `elapsed`: what its own times say."""
    passed = None if elapsed is None else Decimal(elapsed)
    return Row(line=line, date=DAY, worked=Decimal(worked), elapsed=passed)._replace(**fields)


def test_hours_past_the_clock_by_more_than_an_hour_are_asked_for() -> None:
    asked = times([row(2, "2.31", "0.31"), row(3, "1.31", "0.31"), row(4, "9")])

    assert asked is not None
    assert (asked.kind, asked.lines, asked.hours) == ("times", (2,), Decimal("2.31"))


def test_a_break_is_no_question() -> None:
    assert times([row(2, "7.5", "8.5")]) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("", "Ann")), st.sampled_from((1, 2)), st.sampled_from((1, 8, -8, 16, -25))
        ),
        max_size=6,
    )
)
@example([("Ann", 1, 8), ("Ann", 1, 16)])
@example([("Ann", 1, 16), ("Ann", 1, -16)])
@example([("", 1, 16), ("", 1, 16)])
def test_a_day_may_be_long_where_all_its_hours_whatever_their_sign_are_more_than_24(
    said: list[tuple[str, int, int]],
) -> None:
    rows = [row(2, f"{hours}", technician=who, date=DAY.replace(day=day)) for who, day, hours in said]
    sums = [
        sum(abs(hours) for name, on, hours in said if (name, on) == (who, day))
        for who, day, _hours in said
        if who
    ]
    assert any_long(rows) == any(each > 24 for each in (*sums, *(abs(hours) for *_, hours in said)))


def test_an_end_before_its_start_is_asked_for_with_both_times() -> None:
    asked = times([row(2, "0.25", "-21.25", start=time(22), end=time(0, 45))])

    assert asked is not None
    assert asked.lines == (2,)
    assert "line 2: 22:00 to 00:45, 0.25 h" in asked.text


def test_a_long_entry_that_its_own_times_prove_is_preset() -> None:
    asked = list(long([row(2, "30.5", "30.5"), row(3, "26", "2"), row(4, "24")]))

    assert [(found.lines, found.preset) for found in asked] == [((2,), ACCEPT), ((3,), "")]


def test_a_technicians_day_over_24_hours_is_asked_for_once() -> None:
    rows = [row(2, "20", technician="Jo"), row(3, "5", technician="Jo"), row(4, "9", technician="Al")]

    asked = list(long(rows))

    assert [found.lines for found in asked] == [(2, 3)]
    assert (asked[0].hours, asked[0].technicians) == (Decimal(25), ("Jo",))
    assert "Jo on 1 Jul 2026 (25.00 h)" in asked[0].text


def test_a_reversal_of_the_same_technician_or_ticket_is_no_question() -> None:
    rows = [row(2, "1.5", technician="Jo"), row(3, "-0.5", technician="Jo"), row(4, "-1", ticket="7")]
    standing = [("acme", row(9, "1", ticket="7"))]

    assert negative([("acme", found) for found in rows], standing) is None


def test_hours_below_zero_that_reverse_nothing_of_the_client_are_asked_for() -> None:
    rows = [
        ("birch", row(2, "3", technician="Jo")),
        ("acme", row(3, "1", technician="Jo")),
        ("acme", row(4, "-2", technician="Jo")),
    ]

    asked = negative(rows)

    assert asked is not None
    assert (asked.kind, asked.lines, asked.hours) == ("negative", (4,), Decimal(-2))


def test_a_date_off_every_life_by_more_than_a_year_is_asked_for() -> None:
    lives = [Life(date(2020, 1, 1), date(2020, 12, 31)), Life(date(2026, 1, 1), None)]
    rows = [row(2, "1", date=date(2001, 7, 26)), row(3, "1", date=date(2023, 5, 1)), row(4, "1")]

    asked = years(rows, lives)

    assert asked is not None
    assert (asked.lines, asked.hours) == ((2, 3), Decimal(2))


def test_without_a_retainer_no_year_is_doubted() -> None:
    assert years([row(2, "1", date=date(2001, 7, 26))], []) is None


def test_billable_hours_below_zero_beside_work_are_asked_about() -> None:
    row = Row(line=2, date=date(2026, 7, 1), worked=Decimal("1.5"), billable=Decimal("-1.5"), technician="Jo")
    asked = negative([("acme", row)])
    assert asked is not None
    assert asked.lines == (2,)
