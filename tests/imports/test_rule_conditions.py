"""What a rule asks of a row: its texts, whether it bills, and what the clock says of it."""

from dataclasses import replace
from datetime import date, time

import pytest

from retainers.agreements import DEFAULT_RULES
from retainers.agreements.rules import TEXT_FIELDS
from retainers.terms import Effects, TextCondition
from tests.imports.classifying import MONDAY, SATURDAY, classified, row, rule


def matches(condition: TextCondition, **fields: object) -> bool:
    return classified(row(**fields), rules=(rule(Effects(pool="onsite"), condition),)).pool == "onsite"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("On-site", " ON-SITE ", True),
        ("Client  site", "client\nsite", True),
        ("On-site", "On-site visit", False),
        ("On-site*", "on-site visit", True),
        ("*travel*", "Remote TRAVEL time", True),
        ("*travel", "travel time", False),
        ("pro*work", "Project work", True),
        ("pro*work", "Pro work shop", False),
        ("a.c", "abc", False),
        ("(draft)*", "(Draft) offer", True),
        ("*", "anything", True),
        ("", "", True),
        ("", "something", False),
        ("STRASSE", "Straße", True),
        ("çelik*", "Çelik Müh.", True),
    ],
)
def test_a_text_condition_ignores_case_and_white_space_and_a_star_is_any_run(
    pattern: str, text: str, expected: bool
) -> None:
    assert matches(TextCondition("work_type", (pattern,)), work_type=text) is expected


def test_a_list_of_texts_holds_when_one_of_them_does() -> None:
    condition = TextCondition("location", ("Depot", "Client*"))

    assert matches(condition, location="client site")
    assert not matches(condition, location="Office")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^\[internal\]", "[Internal] sync", True),
        (r"^\[internal\]", "re: [internal] sync", False),
        ("patch|backup", "Monthly PATCHING", True),
        ("a b", "a \n b", True),
        ("^a b$", "  a  b ", True),
        ("[A-Z]{3}-1", "abc-1", True),
        ("ü", "Ü", True),
    ],
)
def test_a_regular_expression_searches_the_collapsed_text_ignoring_case(
    pattern: str, text: str, expected: bool
) -> None:
    assert matches(TextCondition("title", matches=pattern), title=text) is expected


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_every_text_field_of_a_row_can_be_asked(field: str) -> None:
    value = "Acme Dental" if field == "company" else "x y"

    assert matches(TextCondition(field, (value,)), **{field: value})
    assert not matches(TextCondition(field, ("other",)), **{field: value})


def test_all_conditions_of_a_rule_must_hold() -> None:
    both = rule(
        Effects(exclude="weekend project"), TextCondition("work_type", ("project*",)), weekdays=("sat", "sun")
    )

    def exclusion(**fields: object) -> str | None:
        return classified(row(**fields), rules=(both,)).exclusion

    assert exclusion(work_type="Project work", date=SATURDAY) == "weekend project"
    assert exclusion(work_type="Project work", date=MONDAY) is None
    assert exclusion(work_type="Support", date=SATURDAY) is None


def test_a_rule_asks_whether_a_row_is_billable() -> None:
    rules = (rule(Effects(pool="onsite"), billable=False),)

    assert classified(row(is_billable=False), rules=rules).pool == "onsite"
    assert classified(row(is_billable=True), rules=rules).pool is None


NIGHT = rule(Effects(categories=("after_hours",)), after_hours=True)


@pytest.mark.parametrize(
    ("day", "start", "expected"),
    [
        (MONDAY, time(7, 59), True),
        (MONDAY, time(8), False),
        (MONDAY, time(16, 59, 59), False),
        (MONDAY, time(17), True),
        (SATURDAY, time(12), True),
        (date(2026, 3, 3), time(12), True),
    ],
)
def test_after_hours_is_outside_the_opening_times_or_on_a_day_without_them(
    day: date, start: time, expected: bool
) -> None:
    found = classified(row(date=day, start=start), rules=(NIGHT,))

    assert (found.categories == ("after_hours",)) is expected
    assert not found.unjudged_time


def test_a_row_without_a_start_is_never_after_hours_and_is_marked() -> None:
    found = classified(row(date=SATURDAY), rules=(NIGHT,))

    assert (found.categories, found.unjudged_time) == ((), True)


def test_a_row_is_marked_only_where_a_time_rule_might_have_matched() -> None:
    rules = (replace(NIGHT, texts=(TextCondition("board", ("Help",)),)),)

    assert classified(row(board="help"), rules=rules).unjudged_time
    assert not classified(row(board="Projects"), rules=rules).unjudged_time
    assert classified(row(), own_rules=(NIGHT,)).unjudged_time


def test_without_business_hours_nothing_is_after_hours() -> None:
    assert classified(row(start=time(3)), rules=(NIGHT,), business_hours=()).categories == ()


@pytest.mark.parametrize(
    ("work_type", "categories"),
    [
        ("Remote travel", ("travel",)),
        ("Trip Charge - Zone 1", ("travel",)),
        ("Onsite", ("onsite",)),
        ("Emergency on site", ("after_hours", "onsite")),
        ("Site visit", ("onsite",)),
        ("Out of hours", ("after_hours",)),
        ("Remote", ()),
    ],
)
def test_the_shipped_rules_know_travel_on_site_and_after_hours(
    work_type: str, categories: tuple[str, ...]
) -> None:
    assert classified(row(work_type=work_type), rules=DEFAULT_RULES).categories == categories
