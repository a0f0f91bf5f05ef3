"""Rules judge each row by itself, and say together what they say one by one."""

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.reading.rows import Row
from retainers.terms import Effects, Rule, TextCondition
from tests.examples import examples
from tests.imports.classifying import MONDAY, SATURDAY, classified, classify, row, rule

texts = st.sampled_from(["", "travel", "On-site", "Project X", "[internal] x"])
conditions = st.builds(
    TextCondition,
    st.sampled_from(["work_type", "title", "board"]),
    texts=st.lists(st.sampled_from(["", "*travel*", "on-site", "project*"]), min_size=1, max_size=2).map(
        tuple
    ),
) | st.builds(TextCondition, st.just("title"), matches=st.sampled_from(["^x", "internal", "o"]))
some_rules = st.builds(
    Rule,
    st.just("rule"),
    st.builds(
        Effects,
        pool=st.sampled_from([None, "reactive", "onsite"]),
        categories=st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
        exclude=st.sampled_from([None, "x", "y"]),
    ),
    texts=st.lists(conditions, max_size=2, unique_by=lambda one: one.field).map(tuple),
    billable=st.sampled_from([None, True, False]),
    weekdays=st.sampled_from([(), ("mon",), ("sat", "sun")]),
    after_hours=st.booleans(),
)
some_rows = st.builds(
    row,
    date=st.sampled_from([MONDAY, SATURDAY]),
    start=st.sampled_from([None, time(7), time(9)]),
    is_billable=st.booleans(),
    work_type=texts,
    title=texts,
    board=texts,
)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(some_rules, max_size=4), st.lists(some_rules, max_size=3), st.lists(some_rows, max_size=6))
def test_rules_judge_a_row_the_same_whatever_rows_came_before(
    provider: list[Rule], own: list[Rule], rows: list[Row]
) -> None:
    together = tuple(one.place for one in classify(*rows, rules=tuple(provider), own_rules=tuple(own)).rows)

    assert together == tuple(classified(one, rules=tuple(provider), own_rules=tuple(own)) for one in rows)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        (rule(Effects(pool="onsite"), TextCondition("title", ("Disk*",))), {"title": "Disk full"}),
        (rule(Effects(pool="onsite"), billable=False), {"is_billable": False}),
        (rule(Effects(pool="onsite"), since=SATURDAY), {"date": SATURDAY}),
        (rule(Effects(pool="onsite"), weekdays=("sat",)), {"date": SATURDAY}),
        (rule(Effects(pool="onsite"), after_hours=True), {"start": time(20)}),
    ],
)
@pytest.mark.parametrize("whose", ["rules", "own_rules"])
def test_rows_alike_but_for_what_a_rule_asks_are_told_apart(asked, fields, whose) -> None:
    plain = {"start": time(9), "is_billable": True} | {
        name: row()._asdict()[name] for name in ("title", "date")
    }
    rows = [row(**plain), row(**plain | fields), row(**plain)]
    found = classify(*rows, **{whose: (asked,)}).rows
    assert [one.place.pool for one in found] == [None, "onsite", None]


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(some_rules, max_size=6), some_rows)
def test_rules_say_together_what_they_say_one_by_one(rules: list[Rule], one: Row) -> None:
    alone = [classified(one, rules=(only,)) for only in rules]

    found = classified(one, rules=tuple(rules))

    assert found.pool == next((said.pool for said in alone if said.pool), None)
    assert found.exclusion == next((said.exclusion for said in alone if said.exclusion), None)
    assert set(found.categories) == {name for said in alone for name in said.categories}
    assert found.unjudged_time == any(said.unjudged_time for said in alone)
