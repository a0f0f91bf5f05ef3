"""Before you call: people, kinds and pools; and what the page says is left in a kind of work, asked back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import gallery_data as data
from portal import gallery_incident as incident
from portal.gallery import Scene, over, page
from portal.management.commands.gallery import render_page
from portal.taken_from import drawn_by, largest_fitting
from presentation.facts import Asked
from retainers.terms import Effects, Rule, TextCondition
from tests.retainers import strategies

PLACED = Scene(data.PLACED, data.PLACED_WORK)


def only(scene: Scene, *kinds: str, hours: str = "1", people: str = "", pool: str = ""):
    (retainer,) = page(scene, asked=Asked(hours=hours, kinds=kinds, people=people, from_pool=pool)).retainers
    return retainer.cycle


def lead(scene: Scene, *kinds: str, **asked: str) -> str:
    return only(scene, *kinds, **asked).what_if.answer.lead


@given(strategies.terms(date(2026, 1, 1)), st.sampled_from(strategies.SOME_CATEGORIES), strategies.hours(60))
def test_what_fits_is_drawn_without_going_over_and_one_step_more_is_not(terms, kinds, left):
    terms = replace(terms, hours_from="worked", travel="count")
    step = terms.increment or Decimal("0.01")
    fits = largest_fitting(terms, kinds, left)
    if fits is None:
        assert drawn_by(terms, kinds, Decimal(40)) == 0
    else:
        assert fits % step == 0
        assert drawn_by(terms, kinds, fits) <= left or fits == 0
        assert drawn_by(terms, kinds, fits + step) > left


@pytest.mark.parametrize(
    ("left", "nights", "visits"),
    [("10.75", "5.25", "7.00"), ("3.75", "1.75", "2.50"), ("2.75", "1.25", "1.75"), ("0.5", "0.25", "0")],
)
def test_the_most_that_fits_is_in_steps_of_the_increment_and_nothing_below_a_minimum(left, nights, visits):
    most = [largest_fitting(data.TERMS, {kind}, Decimal(left)) for kind in ("after_hours", "onsite")]
    assert most == [Decimal(nights), Decimal(visits)]


@pytest.mark.parametrize("scene", [Scene(), Scene(data.BANK, data.BANK_WORK), Scene(data.SHARED)])
@pytest.mark.parametrize(("row", "kind"), [(1, "after_hours"), (2, "onsite")])
def test_what_the_page_says_is_left_never_goes_over_in_its_own_answer(scene, row, kind):
    figure = only(scene).kinds.rows[row].figures[0]
    assert not only(scene, kind, hours=figure.removesuffix(" h")).what_if.answer.over


def test_a_minimum_that_does_not_fit_leaves_none_of_that_kind():
    scene = Scene(data.BANK, (data.WorkLine(date(2026, 11, 3), "19.5", "Move"),))
    assert [row.figures for row in only(scene).kinds.rows] == [("0.5 h",), ("0.25 h",), ("none",)]


def test_where_no_kind_counts_otherwise_there_is_no_table_of_kinds():
    assert only(Scene(data.PROJECTS, data.PROJECT_WORK)).kinds is None


def test_work_is_asked_of_the_pool_that_a_rule_puts_it_in():
    assert lead(PLACED, "onsite") == "Counts as 1.5 hours of On-site visits: 0 would be left, 4.63 over."
    assert lead(PLACED) == "Counts as 1.0 hours of Remote: 10.0 would be left."


def test_a_pool_that_is_named_is_the_one_that_is_asked():
    assert lead(PLACED, "onsite", pool="reactive") == "Counts as 1.5 hours of Remote: 9.5 would be left."


def test_without_any_work_so_far_the_rule_alone_places_it():
    nothing_yet = Scene(data.PLACED, ())
    assert "of On-site visits" in lead(nothing_yet, "onsite")
    assert only(nothing_yet).kinds.rows[2].figures == ("–", "2.5 h")


def test_without_a_rule_the_work_so_far_places_it():
    no_rule = Scene(replace(data.PLACED, rules=()), data.PLACED_WORK)
    assert "of On-site visits" in lead(no_rule, "onsite")


def test_a_rule_that_asks_for_more_than_the_kind_places_nothing():
    twice = (TextCondition("work_type", ("*onsite*",)), TextCondition("board", ("Projects",)))
    narrow = replace(data.PLACED, rules=(Rule("Projects", Effects(pool="visits"), texts=twice),))
    assert "of Remote" in lead(Scene(narrow, ()), "onsite")


def test_a_rule_for_times_places_work_after_hours():
    nights = replace(
        data.PLACED,
        rules=(Rule("Nights", Effects(pool="visits", categories=("after_hours",)), after_hours=True),),
    )
    assert "of On-site visits" in lead(Scene(nights, ()), "after_hours")


def test_kinds_combine_as_the_agreement_stacks_them():
    assert lead(Scene(), "after_hours", "onsite").startswith("Counts as 2.0 hours")
    assert lead(Scene(data.STACKED), "after_hours", "onsite").startswith("Counts as 3.0 hours")


def test_each_person_is_an_entry_of_its_own():
    two = lead(Scene(), "onsite", hours="0.5", people="2")
    assert two == "Counts as 3.0 hours of Reactive support (2 people, 1.5 h each): 4.0 would be left."


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "51", "²", "two", "9" * 30])
def test_what_is_no_number_of_people_gets_a_hint(typed):
    form = only(Scene(), people=typed).what_if
    assert (form.answer, form.error) == (None, "How many people? Write a whole number from 1 to 50.")


def test_an_hour_past_the_cap_is_priced_at_the_kinds_multiplier():
    told = only(over("bill"), "after_hours").what_if.answer.more
    assert "The 2.0 hours past the cap cost $330.00, at $165 for each hour counted." in told
    assert (
        "Past the cap, an hour of such work costs $330." in only(Scene(), "after_hours").what_if.answer.more
    )


def test_a_pool_that_is_empty_beside_one_that_is_not_says_what_an_hour_costs():
    assert [row.figures[0] for row in only(over("bill")).kinds.rows] == [
        "$165 an hour",
        "$330 an hour",
        "$247.50 an hour",
    ]


def test_the_forms_begin_with_the_hours_over():
    (asked,) = page(Scene(), asked=Asked(hours="4:30", kinds=("after_hours",))).retainers
    assert [each.href.partition("hours=")[2] for each in asked.requests] == ["2.00", "2.00", "9.00"]
    (plain,) = page(over("bill")).retainers
    assert [each.href.partition("hours=")[2] for each in plain.requests] == ["2.50", "2.50", ""]


def test_approved_hours_past_the_cap_have_their_price():
    shown = page(replace(over("decline"), approvals=data.APPROVED), asked=Asked(hours="1"))
    told = shown.retainers[0].cycle.what_if.answer.more
    assert told[0] == "The hours past the cap are approved; each costs $165."


def test_hours_of_an_incident_that_runs_are_not_called_those_of_a_notice():
    answer = only(Scene(notice=incident.INCIDENT)).what_if.answer
    assert "This includes about 4.0 hours of the incident that aren’t counted yet." in answer.more
    assert not [line for line in answer.more if "notice" in line]


def test_a_page_that_answers_says_so_in_its_title_and_leads_to_the_answer():
    asked = render_page(page(Scene(), asked=Asked(hours="3")))
    assert "<title>Before you call · Support hours</title>" in asked
    assert 'action="#answer-support"' in asked
    assert '<div id="answer-support" class="answers" tabindex="-1">' in asked
    assert "<title>Find in the work log · Support hours</title>" in render_page(
        page(Scene(), asked=Asked(find="scanner"))
    )
    assert "<title>Support hours</title>" in render_page(page(Scene()))
