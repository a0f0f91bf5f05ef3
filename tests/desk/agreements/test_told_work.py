"""What the export says of a row's nature and its hour, and what is made of it where it says nothing."""

import doctest
from datetime import date, time
from decimal import Decimal

import pytest

from desk.agreements.replaying import told_work
from desk.agreements.replaying.told_work import hours_by_time, nature_of, said_by
from imports.reading.rows import Row
from retainers.pricing import draw_of
from retainers.terms import BusinessHours
from tests.retainers.builders import pools, terms, work

TUESDAY = date(2026, 1, 6)
HOURS = BusinessHours(("mon", "tue", "wed", "thu", "fri"), time(8), time(17), holidays=(date(2026, 1, 7),))
TWO_POOLS = terms(pools=pools(reactive="12", scheduled="8"))


def row(**columns):
    return Row(1, columns.pop("day", TUESDAY), Decimal(2), **columns)


def nature(found_row, agreed=None, pool=None):
    agreed = agreed or terms()
    return nature_of(draw_of(work(TUESDAY, "2", pool=pool), agreed), found_row, agreed)


def test_worked_examples_hold():
    found = doctest.testmod(told_work)
    assert (found.attempted > 0, found.failed) == (True, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Maintenance", "scheduled"),
        ("Scheduled Maintenance", "scheduled"),
        ("Projekt", "scheduled"),
        ("Small projects", "scheduled"),
        ("Incident", "reactive"),
        ("Help Desk", "reactive"),
        ("Unscheduled", "reactive"),
        ("Remote Support", "untold"),
        ("IT support", "untold"),
        ("Project incidents", "untold"),
        ("", "untold"),
    ],
)
def test_a_text_speaks_of_one_of_the_two_or_of_nothing(text, expected):
    assert said_by(text) == expected


def test_of_several_pools_the_name_decides_before_the_psa():
    ticket = row(ticket_type="Incident")
    assert nature(ticket, TWO_POOLS, "scheduled") == "scheduled"
    assert nature(ticket, TWO_POOLS, "reactive") == "reactive"


def test_the_name_of_an_only_pool_tells_nothing():
    assert nature(row(), terms(pools=pools(scheduled="8"))) == "untold"


def test_ticket_type_then_work_type_then_board():
    assert nature(row(ticket_type="Change", work_type="Emergency")) == "scheduled"
    assert nature(row(ticket_type="Other", work_type="Emergency", board="Projects")) == "reactive"
    assert nature(row(board="Projects")) == "scheduled"
    assert nature(row(title="Project kick-off")) == "untold"
    assert nature(None) == "untold"


def test_a_holiday_is_one_around_the_clock_and_a_weekend_is_no_business_hour():
    holiday = row(day=date(2026, 1, 7), start=time(10))
    saturday = row(day=date(2026, 1, 10), start=time(10))
    assert hours_by_time(Decimal(2), holiday, (HOURS,)) == {"holiday": 2}
    assert hours_by_time(Decimal(2), saturday, (HOURS,)) == {"night": 2}


def test_work_past_midnight_into_a_holiday_is_cut_there():
    late = Row(1, TUESDAY, Decimal(3), start=time(23))
    assert hours_by_time(Decimal(3), late, (HOURS,)) == {"night": 1, "holiday": 2}


def test_without_a_start_or_business_hours_nobody_knows():
    assert hours_by_time(Decimal(2), row(), (HOURS,)) == {"unknown": 2}
    assert hours_by_time(Decimal(2), None, (HOURS,)) == {"unknown": 2}
    assert hours_by_time(Decimal(2), row(start=time(9)), ()) == {"unknown": 2}
