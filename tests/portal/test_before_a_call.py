"""What the page answers to the question before a call: hours that count, what would be left, what going over costs."""

from dataclasses import replace
from decimal import Decimal

from portal import gallery_data as data
from portal.gallery import Scene, over, page
from presentation.facts import Asked
from tests.portal.pages import only, render


def test_the_question_before_a_call_is_answered_in_counted_hours():
    answer = only(Scene(), Asked(hours="3", kinds=("after_hours",))).what_if.answer
    assert answer.lead == "Counts as 6.0 hours of Reactive support: 1.0 would be left."
    assert answer.more == (
        "Past the cap, an hour of such work costs $330.",
        "Resets on Tue 1 December, in 9 days.",
    )


def test_the_question_before_a_call_names_the_price_of_going_over():
    answer = only(Scene(), Asked(hours="4:30", kinds=("after_hours",))).what_if.answer
    assert answer.lead == "Counts as 9.0 hours of Reactive support: 0 would be left, 2.0 over."
    assert answer.more[0] == "The 2.0 hours past the cap cost $330.00, at $165 for each hour counted."


def test_only_the_hours_asked_for_are_priced_when_the_cap_is_passed_already():
    answer = only(over("bill"), Asked(hours="1")).what_if.answer
    assert answer.lead == "Counts as 1.0 hours of Reactive support: 0 would be left, 3.5 over."
    assert answer.more[0].startswith("The 1.0 hours past the cap cost $165.00")


def test_the_question_before_a_call_follows_rounding_and_minimum():
    answer = only(Scene(), Asked(hours="0.5", kinds=("onsite",))).what_if.answer
    assert answer.lead == "Counts as 1.5 hours of Reactive support: 5.5 would be left."


def test_the_question_before_a_call_is_asked_of_one_pool():
    answer = only(Scene(), Asked(hours="3", from_pool="scheduled")).what_if.answer
    assert answer.lead == "Counts as 3.0 hours of Scheduled maintenance: 0.25 would be left."


def test_pending_hours_of_a_notice_are_part_of_the_answer():
    answer = only(Scene(notice=data.NOTICE), Asked(hours="2")).what_if.answer
    assert answer.lead == "Counts as 2.0 hours of Reactive support: 0 would be left, 1.0 over."
    assert answer.over
    assert "This includes the 6.0 hours in the notice that aren’t counted yet." in answer.more
    assert any(each.startswith("The 1.0 hours past the cap cost $165.00") for each in answer.more)


def test_deducted_agreements_price_the_question_by_their_multipliers():
    answer = only(Scene(data.DEDUCTED), Asked(hours="2", kinds=("after_hours",))).what_if.answer
    assert answer.lead.startswith("Counts as 4.0 hours")


def test_what_is_no_number_of_hours_gets_a_hint_and_no_answer():
    form = only(Scene(), Asked(hours="<b>a few")).what_if
    assert form.answer is None
    assert "Write it like 1.5, 1:30 or 90 min." in form.error
    assert "<b>a few" not in render(page(Scene(), asked=Asked(hours="<b>a few")))


def test_a_closed_cycle_has_nothing_to_ask():
    assert only(Scene(cycle="2026-10-01")).what_if is None


def test_travel_that_is_not_counted_is_no_kind_of_work_to_ask_for():
    terms = replace(data.TERMS, minimum={"travel": Decimal(1), "lab": Decimal(1)})
    form = only(Scene(replace(data.SUPPORT, terms=(terms,)))).what_if
    assert [option.value for option in form.kinds] == ["after_hours", "onsite", "lab"]
