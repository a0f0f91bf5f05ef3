"""Which weekdays updates usually came on."""

from datetime import date, timedelta

import pytest

from desk.clients.rhythm import WEEKS, usual_days

TODAY = date(2026, 6, 26)  # a Friday


def each(weekday, *weeks):
    """That weekday, so many weeks back."""
    last = TODAY - timedelta(days=(TODAY.weekday() - weekday) % 7)
    return [last - timedelta(weeks=back) for back in weeks]


def test_days_that_came_in_every_week_are_usual():
    updates = [*each(0, *range(WEEKS)), *each(3, *range(WEEKS))]
    assert usual_days(updates, TODAY) == ("mon", "thu")


@pytest.mark.parametrize(("missed", "usual"), [((), ("mon",)), ((2, 5), ("mon",)), ((1, 3, 5), ())])
def test_three_of_four_weeks_are_enough(missed, usual):
    updates = each(0, *(week for week in range(WEEKS) if week not in missed))
    assert usual_days(updates, TODAY) == usual


def test_a_young_client_needs_four_weeks():
    assert usual_days(each(0, 0, 1), TODAY) == ()
    assert usual_days(each(0, 0, 1, 2), TODAY) == ("mon",)


def test_what_came_once_is_not_usual_and_twice_a_day_is_once():
    updates = [*each(0, *range(WEEKS)) * 2, *each(2, 0)]
    assert usual_days(updates, TODAY) == ("mon",)


def test_what_was_long_ago_or_is_to_come_says_nothing():
    assert usual_days([*each(0, *range(WEEKS, 2 * WEEKS)), *each(0, *range(-8, 0))], TODAY) == ()
    assert usual_days([], TODAY) == ()
