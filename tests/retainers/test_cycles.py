"""Anchors, first and last cycles, and the day of the next update."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retainers.cycles import Cycle, anchor, cycle_among, cycle_of, cycles_until, is_cycle_start, next_update
from retainers.terms import WEEKDAYS, Agreement
from tests.examples import examples
from tests.retainers.builders import agreement, terms
from tests.retainers.strategies import agreements, calendars


def spans(agreed: Agreement, on: date) -> list[tuple[str, str]]:
    return [(cycle.starts.isoformat(), cycle.ends.isoformat()) for cycle in cycles_until(agreed, on)]


def test_an_anchor_on_the_31st_is_cut_to_short_months_and_does_not_drift():
    agreed = agreement(starts=date(2026, 1, 31))

    assert [anchor(agreed, n).isoformat() for n in range(4)] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]


def test_an_anchor_on_the_31st_falls_on_29_february_in_a_leap_year():
    assert anchor(agreement(starts=date(2028, 1, 31)), 1) == date(2028, 2, 29)


def test_anchors_reach_back_before_the_start():
    agreed = agreement(starts=date(2026, 1, 31))

    assert [anchor(agreed, n) for n in (-1, -2, -11)] == [
        date(2025, 12, 31),
        date(2025, 11, 30),
        date(2025, 2, 28),
    ]


@pytest.mark.parametrize(
    ("day", "starts"),
    [
        (date(2026, 2, 27), date(2026, 1, 31)),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 3, 29), date(2026, 2, 28)),
        (date(2026, 3, 30), date(2026, 2, 28)),
        (date(2026, 4, 30), date(2026, 4, 30)),
    ],
)
def test_days_around_a_clamped_anchor_lie_in_the_right_cycle(day, starts):
    assert cycle_of(agreement(starts=date(2026, 1, 31)), day).starts == starts


def test_the_anchor_day_defaults_to_the_day_of_the_start():
    assert spans(agreement(starts=date(2026, 1, 20)), date(2026, 2, 20)) == [
        ("2026-01-20", "2026-02-19"),
        ("2026-02-20", "2026-03-19"),
    ]


def test_a_start_off_the_anchor_opens_with_a_partial_cycle():
    first, second = cycles_until(agreement(starts=date(2026, 1, 20), anchor_day=1), date(2026, 2, 1))

    assert first == Cycle(0, date(2026, 1, 20), date(2026, 1, 31), date(2026, 2, 1), 31, cut_by_start=19)
    assert (first.days, first.partial) == (12, True)
    assert (second.days, second.partial) == (28, False)


def test_a_start_after_the_anchor_day_runs_to_the_next_month():
    first, _ = cycles_until(agreement(starts=date(2026, 1, 20), anchor_day=15), date(2026, 2, 15))

    assert (first.ends, first.days, first.full_days) == (date(2026, 2, 14), 26, 31)


def test_a_start_on_a_clamped_anchor_is_a_full_first_cycle():
    (first,) = cycles_until(agreement(starts=date(2026, 2, 28), anchor_day=31), date(2026, 3, 30))

    assert (first.ends, first.partial) == (date(2026, 3, 30), False)


def test_quarters_start_in_the_month_of_the_start_by_default():
    assert spans(agreement(starts=date(2026, 2, 1), months=3), date(2026, 5, 1)) == [
        ("2026-02-01", "2026-04-30"),
        ("2026-05-01", "2026-07-31"),
    ]


@pytest.mark.parametrize("anchor_month", [1, 4, 7, 10])
def test_any_one_month_in_which_a_quarter_starts_fixes_them_all(anchor_month):
    agreed = agreement(starts=date(2026, 2, 10), anchor_day=1, anchor_month=anchor_month, months=3)

    assert spans(agreed, date(2026, 4, 1)) == [("2026-02-10", "2026-03-31"), ("2026-04-01", "2026-06-30")]


def test_a_year_runs_from_its_anchor_month():
    agreed = agreement(starts=date(2026, 3, 15), anchor_day=1, anchor_month=7, months=12)

    assert spans(agreed, date(2026, 7, 1)) == [("2026-03-15", "2026-06-30"), ("2026-07-01", "2027-06-30")]


def test_the_last_cycle_stops_with_the_retainer_and_does_not_reset():
    first, last = cycles_until(agreement(starts=date(2026, 1, 1), ends=date(2026, 2, 10)), date(2026, 9, 1))

    assert first.resets == date(2026, 2, 1)
    assert last == Cycle(1, date(2026, 2, 1), date(2026, 2, 10), None, 28, cut_by_end=18)
    assert last.partial


def test_a_retainer_that_ends_with_a_full_cycle_does_not_reset_after_it():
    (only,) = cycles_until(agreement(starts=date(2026, 1, 1), ends=date(2026, 1, 31)), date(2026, 2, 1))

    assert (only.resets, only.partial) == (None, False)


def test_a_retainer_of_one_day_has_one_cycle_of_one_day():
    (only,) = cycles_until(agreement(starts=date(2026, 1, 5), ends=date(2026, 1, 5)), date(2026, 1, 5))

    assert (only.starts, only.ends, only.days) == (date(2026, 1, 5), date(2026, 1, 5), 1)


def test_no_cycle_has_begun_before_the_start():
    assert cycles_until(agreement(starts=date(2026, 1, 5)), date(2026, 1, 4)) == ()


def test_a_cycle_turns_over_on_its_first_day():
    agreed = agreement(starts=date(2026, 1, 1))

    assert len(cycles_until(agreed, date(2026, 1, 31))) == 1
    assert len(cycles_until(agreed, date(2026, 2, 1))) == 2


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 2, 11)])
def test_a_day_outside_the_life_lies_in_no_cycle(day):
    assert cycle_of(agreement(starts=date(2026, 1, 1), ends=date(2026, 2, 10)), day) is None


def test_terms_may_begin_on_the_first_day_of_a_cycle_only():
    agreed = agreement(starts=date(2026, 1, 20), anchor_day=1, ends=date(2026, 3, 31))

    first_days = [day for n in range(150) if is_cycle_start(agreed, day := date(2026, 1, 1) + timedelta(n))]

    assert first_days == [date(2026, 1, 20), date(2026, 2, 1), date(2026, 3, 1)]


@given(calendars(), st.integers(0, 1500))
@settings(deadline=None)
def test_every_date_of_the_life_lies_in_exactly_one_cycle(agreed, days):
    day = agreed.starts + timedelta(days)

    holding = [cycle for cycle in cycles_until(agreed, day) if cycle.starts <= day <= cycle.ends]

    assert len(holding) == agreed.alive_on(day)
    assert cycle_of(agreed, day) == next(iter(holding), None)


@given(calendars(), st.integers(0, 1500))
@settings(deadline=None)
def test_cycles_tile_the_life_without_gap_or_overlap(agreed, days):
    found = cycles_until(agreed, agreed.starts + timedelta(days))

    assert found[0].starts == agreed.starts
    assert [cycle.index for cycle in found] == list(range(len(found)))
    assert all(one.resets == other.starts for one, other in pairwise(found))
    assert all(cycle.ends + timedelta(1) == (cycle.resets or agreed.ends + timedelta(1)) for cycle in found)


@given(calendars(), st.integers(0, 1500))
@settings(deadline=None)
def test_only_the_first_and_the_last_cycle_can_be_partial(agreed, days):
    found = cycles_until(agreed, agreed.starts + timedelta(days))

    assert all(1 <= cycle.days <= cycle.full_days for cycle in found)
    assert not any(cycle.partial for cycle in found[1:] if cycle.resets)


def test_the_next_update_is_the_first_cadence_day_after_the_publication():
    thursday = date(2026, 3, 12)

    assert next_update(("mon", "thu"), thursday) == date(2026, 3, 16)


def test_an_update_on_the_only_cadence_day_is_next_due_a_week_later():
    assert next_update(("thu",), date(2026, 3, 12)) == date(2026, 3, 19)


def test_without_a_cadence_no_update_is_due():
    assert next_update((), date(2026, 3, 12)) is None


@given(st.sets(st.sampled_from(WEEKDAYS), min_size=1), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
@settings(deadline=None)
def test_no_cadence_day_is_passed_over(updates_on, published_on):
    due = next_update(updates_on, published_on)

    between = [published_on + timedelta(n) for n in range(1, (due - published_on).days)]
    assert WEEKDAYS[due.weekday()] in updates_on
    assert not any(WEEKDAYS[day.weekday()] in updates_on for day in between)


# Changes of the cycle


def test_a_new_billing_day_holds_from_any_day_and_days_before_keep_their_cycles():
    agreed = agreement(terms(), terms(starts=date(2026, 4, 10), anchor_day=15))

    assert spans(agreed, date(2026, 4, 20))[2:] == [
        ("2026-03-01", "2026-03-31"),
        ("2026-04-01", "2026-04-09"),
        ("2026-04-10", "2026-04-14"),
        ("2026-04-15", "2026-05-14"),
    ]


def test_months_without_an_anchor_month_are_counted_from_the_month_of_the_change():
    agreed = agreement(terms(), terms(starts=date(2026, 2, 1), months=3))

    assert spans(agreed, date(2026, 5, 1))[1:] == [("2026-02-01", "2026-04-30"), ("2026-05-01", "2026-07-31")]


def test_what_a_change_of_the_cycle_leaves_out_stays():
    agreed = agreement(terms(), terms(starts=date(2026, 3, 10), anchor_day=5), months=3, anchor_month=2)

    assert spans(agreed, date(2026, 5, 5)) == [
        ("2026-01-01", "2026-01-31"),
        ("2026-02-01", "2026-03-09"),
        ("2026-03-10", "2026-05-04"),
        ("2026-05-05", "2026-08-04"),
    ]


def test_a_change_to_what_it_was_ends_the_cycle_that_runs():
    agreed = agreement(terms(), terms(starts=date(2026, 1, 20), months=1))

    first, second, _ = cycles_until(agreed, date(2026, 2, 1))

    assert (first.days, first.cut_by_change) == (19, 12)
    assert (second.days, second.cut_by_change) == (12, 19)


def test_terms_that_say_nothing_of_the_cycle_change_nothing():
    plain = agreement(terms(), terms(starts=date(2026, 2, 1)))

    assert cycles_until(plain, date(2026, 6, 1)) == cycles_until(agreement(), date(2026, 6, 1))


@given(agreements(), st.dates(date(2023, 12, 1), date(2028, 12, 31)))
@settings(max_examples=examples(80), deadline=None)
def test_however_the_cycle_changes_every_day_of_the_life_lies_in_one(agreed, on):
    found = cycles_until(agreed, on)

    assert all(one.resets == other.starts for one, other in pairwise(found))
    assert [cycle.index for cycle in found] == list(range(len(found)))
    for cycle in found:
        cut = cycle.cut_by_start + cycle.cut_by_end + cycle.cut_by_change
        assert cycle.days == cycle.full_days - cut
        assert cycle_of(agreed, cycle.starts) == cycle_of(agreed, cycle.ends) == cycle


def test_the_days_of_retainers_alike_are_reckoned_once_and_those_of_others_are_their_own():
    on = date(2026, 6, 20)
    agreed = agreement(starts=date(2026, 1, 10), anchor_day=1)
    one, other = (cycles_until(replace(agreed, key=key), on) for key in "ab")
    ending = cycles_until(agreement(starts=date(2026, 1, 10), anchor_day=1, ends=date(2026, 6, 25)), on)

    assert all(mine is its for mine, its in zip(one, other, strict=True))
    assert ending[:-1] == one[:-1]
    assert (ending[-1].ends, ending[-1].resets) == (date(2026, 6, 25), None)


@given(calendars(), st.integers(-400, 800))
@settings(max_examples=200, deadline=None)
def test_the_cycle_of_a_day_among_those_that_have_begun_is_the_one_that_it_lies_in(agreed, days):
    on = agreed.starts + timedelta(days=400)
    day, begun = agreed.starts + timedelta(days=days), cycles_until(agreed, on)
    lies_in = cycle_of(agreed, day)

    assert cycle_among(begun, day) == (lies_in if lies_in in begun else None)
