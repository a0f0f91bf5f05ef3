"""How fast hours go, and when nothing is left."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation.pace import RunOut, _replays, over_since, replayed, run_out
from tests.retainers.builders import agreement, cycles, terms, work

OCT_1, NOV_1, NOV_20 = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 20)


def draws(*works: tuple[date, str]):
    agreed = agreement(terms("100", starts=date(2026, 1, 1), hours_from="worked"))
    found = cycles(agreed, *(work(day, hours) for day, hours in works), on=date(2026, 11, 30))
    return [draw for cycle in found for draw in cycle.draws]


def at_pace(remaining: str, *works: tuple[date, str], **changes) -> RunOut | None:
    said = {
        "cycle_starts": NOV_1,
        "life_starts": OCT_1,
        "covered": NOV_20,
        "today": date(2026, 11, 22),
        **changes,
    }
    return run_out(Decimal(remaining), draws(*works), **said)


def test_two_paces_give_a_range_of_days():
    # 20 days of November took 10 h: 0.5 a day. The 28 days up to the 20th took 14 h: 0.5 a day, too.
    assert at_pace("5", (date(2026, 10, 28), "4"), (date(2026, 11, 10), "10")) == RunOut(
        date(2026, 11, 30), date(2026, 11, 30)
    )
    # Without October's work the four weeks are slower: 10 h in 28 days.
    assert at_pace("5", (date(2026, 11, 10), "10")) == RunOut(date(2026, 11, 30), date(2026, 12, 4))


def test_a_pace_counts_once_a_week_of_days_is_covered():
    young = {"cycle_starts": date(2026, 11, 15), "life_starts": date(2026, 11, 15)}
    assert at_pace("5", (date(2026, 11, 16), "3"), **young) is None
    assert at_pace("5", (date(2026, 11, 16), "3"), **{**young, "covered": date(2026, 11, 21)}) is not None


def test_on_a_cycles_first_days_the_four_weeks_speak_and_count_from_its_start():
    found = at_pace("7", (date(2026, 11, 10), "14"), cycle_starts=date(2026, 11, 22), covered=NOV_20)
    assert found == RunOut(date(2026, 12, 5), date(2026, 12, 5))  # 0.5 h a day from the 22nd on


def test_without_use_nothing_runs_out():
    assert at_pace("5") == RunOut()


def test_a_pace_that_takes_years_is_no_pace():
    assert at_pace("900", (date(2026, 11, 10), "0.25")) == RunOut()


def test_work_that_is_four_weeks_old_says_nothing_about_today():
    assert at_pace("5", (date(2026, 11, 10), "10"), today=date(2026, 12, 19)) is None


@pytest.mark.parametrize(
    ("last", "day", "certain", "possible"),
    [
        (date(2026, 11, 28), date(2026, 12, 1), True, True),
        (date(2026, 12, 2), date(2026, 12, 1), False, True),
        (None, date(2026, 12, 1), False, True),
        (date(2026, 11, 28), date(2026, 11, 24), False, False),
        (date(2026, 11, 28), None, False, False),
    ],
)
def test_only_what_both_paces_say_is_certain(last, day, certain, possible):
    found = RunOut(date(2026, 11, 24), last)
    assert (found.is_before(day), found.may_be_before(day)) == (certain, possible)


def test_the_day_whose_work_passed_the_cap_is_the_day_since_when_it_is_over():
    days = draws((date(2026, 11, 3), "3"), (date(2026, 11, 9), "3"), (date(2026, 11, 17), "2"))
    assert over_since(Decimal(2), days) == date(2026, 11, 17)  # a cap of 6
    assert over_since(Decimal("2.5"), days) == date(2026, 11, 9)  # a cap of 5.5
    assert over_since(Decimal(9), days) is None  # more than was worked: it was owed from before


def history(*hours: str, until: date = NOV_20, every: int = 7) -> list[tuple[date, str]]:
    """Work every so many days up to `until`, the oldest first."""
    first = until - timedelta(days=every * (len(hours) - 1))
    return [(first + timedelta(days=every * at), each) for at, each in enumerate(hours)]


def long_run(remaining, *hours, **changes):
    return at_pace(remaining, *history(*hours), life_starts=date(2026, 1, 1), **changes)


def test_a_client_whose_weeks_are_alike_is_told_the_same_day_by_every_replay():
    found = long_run("4", *["2"] * 10)  # two hours every Friday, the newest on 20 November
    assert NOV_20 + timedelta(days=7) <= found.first
    assert found.last <= NOV_20 + timedelta(days=14)


def test_bursts_widen_the_range():
    even = long_run("8", *["2"] * 10)
    bursts = long_run("8", *["0.25", "0.25", "0.25", "0.25", "8", "0.25", "0.25", "0.25", "0.25", "10"])
    assert bursts.last - bursts.first > even.last - even.first


def test_more_hours_left_never_end_sooner():
    hours = ["1", "0.5", "6", "1", "0.25", "3", "1", "1", "4"]
    ends = [long_run(str(left), *hours) for left in range(1, 30)]
    assert [each.first for each in ends] == sorted(each.first for each in ends)
    assert [each.last for each in ends] == sorted(each.last for each in ends)


def test_with_less_than_eight_weeks_the_even_paces_speak():
    assert long_run("5", *["2"] * 4) == at_pace("5", *history(*["2"] * 4), life_starts=date(2026, 1, 1))
    assert replayed(Decimal(5), draws((NOV_1, "2")), covered=NOV_20, since=NOV_20) is None


def test_a_replay_that_uses_up_the_whole_past_goes_round_again():
    found = long_run("25", *["2"] * 10)  # 20 hours in 64 days
    assert found.first > NOV_20 + timedelta(days=64)


def test_the_range_leaves_out_the_fifth_of_the_replays_at_either_end():
    """Ten hours once in 65 days: of 65 replays each ends one day later than the one before it."""
    first = NOV_20 - timedelta(days=64)
    found = replayed(Decimal(5), draws((first, "0"), (NOV_20, "10")), covered=NOV_20, since=NOV_20)
    assert (found.first, found.last) == (NOV_20 + timedelta(days=1 + 13), NOV_20 + timedelta(days=65 - 13))


@given(
    st.lists(st.sampled_from(["0", "0", "0", "0.25", "1.50", "6"]), min_size=1, max_size=40),
    st.integers(1, 4000),
)
def test_the_past_is_played_from_each_of_its_days(hours, hundredths):
    by_day, left = list(map(Decimal, hours)), Decimal(hundredths) / 100

    def days_from(start):
        rest, count = left, 0
        while rest > 0:
            rest -= by_day[(start + count) % len(by_day)]
            count += 1
        return count

    played = _replays(left, by_day)

    assert played == ([days_from(start) for start in range(len(by_day))] if any(by_day) else [])
