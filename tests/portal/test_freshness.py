"""How old a number is, and what it holds of days that it does not cover."""

from dataclasses import replace
from datetime import date

import pytest

from portal import gallery_data as data
from portal.gallery import STATES, Scene, page
from presentation.freshness import ago


def fresh(state: str):
    return STATES[state]().retainers[0].freshness


def test_a_promised_update_that_is_late_has_an_age_and_a_count():
    said = fresh("late-by-weeks")
    assert (said.tone, said.chip) == ("late", "Update late")
    assert said.rows[0] == ("Covers work through", "Fri 16 October, 5 weeks ago")
    assert "10 promised updates haven’t arrived." in said.words


def test_one_missed_update_is_not_counted_and_an_update_in_time_has_no_age():
    assert not any("promised updates" in each for each in fresh("late").words)
    assert fresh("usual").rows[0] == ("Covers work through", "Thu 19 November")


def test_without_a_cadence_figures_are_old_from_35_days_on():
    silent = replace(data.SUPPORT, updates_on=())
    tones = [
        page(Scene(silent, through=through, next_update=None)).retainers[0].freshness.tone
        for through in (date(2026, 10, 19), date(2026, 10, 18))
    ]
    assert tones == ["first", "late"]
    assert fresh("old-without-a-cadence").rows[0][1] == "4 December 2025, 11 months ago"


def test_a_page_that_never_got_an_import_is_late_once_a_promised_day_has_passed():
    said = fresh("never-published-and-late")
    assert (said.tone, said.words[1]) == ("late", "3 promised updates haven’t arrived.")
    assert fresh("never-published").tone == "first"


def test_work_after_the_covered_day_is_named_and_drawn():
    (retainer,) = STATES["later-work"]().retainers
    assert "Of the work since then, 1.25 h are already in this number." in retainer.freshness.words
    chart = retainer.cycle.charts[0]
    assert chart.label == "5.0 of 12 hours used by Thu 19 November; with work of later days 6.25"
    xs = [float(part.partition("V")[0]) for part in chart.line.partition(" ")[2].partition("H")[2].split("H")]
    assert xs == sorted(xs)


def test_work_of_a_cycles_first_day_is_never_beside_no_work_of_this_cycle():
    words = fresh("first-day-with-work").words
    assert "No work has been recorded for this cycle yet." not in words
    assert "No work has been recorded for this cycle yet." in fresh("first-day").words


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 day ago"), (13, "13 days ago"), (14, "2 weeks ago"), (59, "8 weeks ago"), (60, "2 months ago")],
)
def test_an_age_is_told_in_its_largest_whole_unit(days, words):
    assert ago(days) == words
