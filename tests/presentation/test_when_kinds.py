"""When after hours is: told from the rules, the business hours and the holidays, and never more than they say."""

from dataclasses import replace
from datetime import date, time

import pytest

from portal.gallery_data import TERMS
from portal.gallery_incident import CLOCK
from presentation.when_kinds import when_lines
from retainers.agreements.rules import DEFAULT_RULES
from retainers.terms import BusinessHours, Effects, Rule

TODAY = date(2026, 11, 22)
NIGHTS = Rule("Nights", Effects(categories=("after_hours",)), after_hours=True)


def lines(clock=CLOCK, terms=TERMS, today=TODAY):
    return [line.replace("\N{NARROW NO-BREAK SPACE}", " ") for line in when_lines(clock, terms, today)]


def test_business_hours_zone_holidays_and_kinds_are_said():
    assert lines() == [
        "Business hours: every weekday, 8:00 AM to 5:00 PM (Central Time).",
        "Holidays count as outside them; the next is 25 December.",
        "Work that crosses their start or end is split there.",
        "After hours: work outside business hours and work recorded as such.",
        "On site: work recorded as such.",
    ]


def test_without_a_rule_by_the_clock_no_business_hours_are_claimed():
    assert lines(replace(CLOCK, rules=DEFAULT_RULES)) == [
        "After hours: work recorded as such.",
        "On site: work recorded as such.",
    ]


def test_the_start_decides_where_nothing_is_split():
    whole = BusinessHours(("mon",), time(9), time(12))
    assert "The start of the work decides." in lines(replace(CLOCK, times=(whole,)))


@pytest.mark.parametrize(
    ("rule", "when"),
    [
        (replace(NIGHTS, after_hours=False, weekdays=("sat", "sun")), "work on Saturdays and Sundays"),
        (replace(NIGHTS, after_hours=False, holiday=True), "work on holidays"),
        (replace(NIGHTS, weekdays=("sat",)), "work recorded as such"),
        (replace(NIGHTS, billable=True), "work recorded as such"),
    ],
)
def test_each_kind_of_rule_is_told_as_far_as_a_client_can_check_it(rule, when):
    assert f"After hours: {when}." in lines(replace(CLOCK, rules=(rule,)))


def test_a_rule_that_holds_no_longer_says_nothing():
    past = replace(NIGHTS, until=date(2026, 10, 31))
    assert lines(replace(CLOCK, rules=(past,))) == []
    assert lines(None) == []
