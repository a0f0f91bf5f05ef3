"""What one entry draws, step by step (domain.md, "Hours of one entry")."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from retainers.pricing import draw_of, draw_under, draws_of
from retainers.terms import Multiplier
from tests.retainers.builders import AFTER_HOURS, JAN_1, ONSITE, agreement, pools, terms, work
from tests.retainers.strategies import histories

DAY = date(2026, 1, 5)
QUARTERS = {"increment": Decimal("0.25")}
MINIMUM = {"standard": Decimal("0.25"), "onsite": Decimal("1.10")}
BOTH = {"multipliers": (AFTER_HOURS, ONSITE)}


def drawn(entry, **words):
    return str(draw_of(entry, terms(**words)).hours)


@pytest.mark.parametrize(
    ("hours_from", "column", "hours"),
    [("worked", "worked", "1.00"), ("billable", "billable", "2.00"), ("deducted", "deducted", "3.00")],
)
def test_the_terms_choose_the_column(hours_from, column, hours):
    draw = draw_of(work(DAY, "1", billable="2", deducted="3"), terms(hours_from=hours_from))

    assert (draw.column, draw.stands_in, str(draw.hours)) == (column, False, hours)


@pytest.mark.parametrize(
    ("hours_from", "entry", "column"),
    [
        ("worked", work(DAY, None, billable="2", deducted="3"), "billable"),
        ("worked", work(DAY, None, deducted="3"), "deducted"),
        ("billable", work(DAY, "1", deducted="3"), "worked"),
        ("billable", work(DAY, None, deducted="3"), "deducted"),
        ("deducted", work(DAY, "1", billable="2"), "billable"),
        ("deducted", work(DAY, "1"), "worked"),
    ],
)
def test_the_nearest_column_stands_in_for_a_missing_one(hours_from, entry, column):
    draw = draw_of(entry, terms(hours_from=hours_from))

    assert (draw.column, draw.stands_in) == (column, True)


def test_a_column_that_says_zero_is_not_missing():
    assert drawn(work(DAY, "1", billable="0")) == "0.00"


def test_an_entry_without_any_hours_is_refused():
    with pytest.raises(ValueError, match="has no hours"):
        draw_of(work(DAY, None), terms())


def test_deducted_hours_are_taken_as_they_are():
    entry = work(DAY, "0.6700", deducted="1.1050", categories="after_hours")

    draw = draw_of(entry, terms(hours_from="deducted", **QUARTERS, **BOTH))

    assert (str(draw.counted), draw.factor, str(draw.hours)) == ("0.67", None, "1.11")
    assert draw.multipliers == ("after_hours",)


def test_deducted_hours_without_worked_ones_count_what_they_draw():
    draw = draw_of(work(DAY, None, deducted="1.5"), terms(hours_from="deducted"))

    assert (str(draw.counted), str(draw.hours)) == ("1.50", "1.50")


def test_billable_hours_that_stand_in_for_deducted_ones_are_taken_as_they_are():
    entry = work(DAY, "0.5", billable="0.6", categories="after_hours")

    draw = draw_of(entry, terms(hours_from="deducted", **QUARTERS, **BOTH))

    assert (str(draw.counted), draw.factor, str(draw.hours)) == ("0.50", None, "0.60")


def test_worked_hours_that_stand_in_for_deducted_ones_are_rounded_and_multiplied():
    entry = work(DAY, "0.6", categories="after_hours")

    draw = draw_of(entry, terms(hours_from="deducted", **QUARTERS, **BOTH))

    assert (str(draw.counted), draw.factor, str(draw.hours)) == ("0.75", Decimal(2), "1.50")


@pytest.mark.parametrize("hours_from", ["worked", "billable"])
def test_deducted_hours_that_stand_in_are_taken_as_they_are(hours_from):
    entry = work(DAY, None, deducted="0.6", categories="after_hours")

    draw = draw_of(entry, terms(hours_from=hours_from, **QUARTERS, **BOTH))

    assert (draw.factor, str(draw.hours)) == (None, "0.60")


@pytest.mark.parametrize("hours_from", ["worked", "billable", "deducted"])
def test_a_non_billable_entry_that_is_counted_counts_its_worked_hours(hours_from):
    entry = work(DAY, "0.6", billable="0", deducted="0", is_billable=False, categories="after_hours")

    draw = draw_of(entry, terms(hours_from=hours_from, non_billable="count", **QUARTERS, **BOTH))

    assert (draw.column, draw.stands_in) == ("worked", False)
    assert (str(draw.counted), draw.factor, str(draw.hours)) == ("0.75", Decimal(2), "1.50")


def test_five_minutes_rounded_up_to_a_quarter_of_an_hour_are_a_quarter():
    assert drawn(work(DAY, "0.0833"), **QUARTERS) == "0.25"


def test_a_whole_multiple_of_the_increment_is_not_rounded_up():
    assert drawn(work(DAY, "0.7500"), **QUARTERS) == "0.75"


def test_the_smallest_excess_takes_the_next_increment():
    assert drawn(work(DAY, "0.7501"), **QUARTERS) == "1.00"


def test_without_an_increment_hours_are_rounded_half_up_to_the_hundredth():
    assert [drawn(work(DAY, hours)) for hours in ("0.3333", "0.1250", "0.1249")] == ["0.33", "0.13", "0.12"]


@pytest.mark.parametrize(
    ("categories", "hours"),
    [("", "0.25"), ("after_hours", "0.25"), ("onsite", "1.10"), ("after_hours onsite", "1.10")],
)
def test_the_standard_minimum_is_for_entries_whose_categories_have_none(categories, hours):
    assert drawn(work(DAY, "0.1", categories=categories), minimum=MINIMUM) == hours


def test_the_minimum_of_a_category_replaces_a_larger_standard_one():
    minimum = {"standard": Decimal(2), "onsite": Decimal(1)}

    assert drawn(work(DAY, "0.1", categories="onsite"), minimum=minimum) == "1.00"


def test_the_largest_minimum_of_several_categories_holds():
    minimum = {"onsite": Decimal(1), "after_hours": Decimal(2)}

    assert drawn(work(DAY, "0.1", categories="onsite after_hours"), minimum=minimum) == "2.00"


def test_the_minimum_itself_is_not_rounded_up():
    assert drawn(work(DAY, "0.9", categories="onsite"), minimum=MINIMUM, **QUARTERS) == "1.10"


def test_hours_above_the_minimum_are_only_rounded():
    assert drawn(work(DAY, "1.3", categories="onsite"), minimum=MINIMUM, **QUARTERS) == "1.50"


def test_zero_hours_stay_zero_whatever_the_minimum():
    assert drawn(work(DAY, "0.0000"), minimum=MINIMUM, **QUARTERS) == "0.00"


def test_a_correction_is_the_mirror_of_the_entry_that_it_reverses():
    words = {"minimum": MINIMUM, "increment": Decimal("0.25"), **BOTH}

    assert drawn(work(DAY, "-0.3333", categories="after_hours"), **words) == "-1.00"
    assert drawn(work(DAY, "0.3333", categories="after_hours"), **words) == "1.00"
    assert drawn(work(DAY, "-0.1250")) == "-0.13"


@given(histories())
@settings(max_examples=50, deadline=None)
def test_a_reversal_draws_exactly_the_opposite(history):
    for entry in history.works:
        mirrored = replace(
            entry,
            worked=-entry.worked,
            billable=None if entry.billable is None else -entry.billable,
            deducted=None if entry.deducted is None else -entry.deducted,
        )
        here, there = (draw_under(history.agreement, each) for each in (entry, mirrored))
        assert (here.counted, here.hours) == (-there.counted, -there.hours)


def test_hours_are_multiplied_after_they_are_rounded():
    assert drawn(work(DAY, "0.6", categories="after_hours"), **QUARTERS, **BOTH) == "1.50"


def test_the_product_is_rounded_half_up_to_the_hundredth():
    assert drawn(work(DAY, "0.3300", categories="onsite"), **BOTH) == "0.50"
    assert drawn(work(DAY, "-0.3300", categories="onsite"), **BOTH) == "-0.50"


def test_a_category_without_a_multiplier_draws_hour_for_hour():
    draw = draw_of(work(DAY, "1", categories="remote"), terms(**BOTH))

    assert (draw.factor, draw.multipliers) == (Decimal(1), ())


def test_the_highest_of_several_multipliers_wins_by_default():
    draw = draw_of(work(DAY, "1", categories="onsite after_hours"), terms(**BOTH))

    assert (draw.factor, draw.multipliers) == (Decimal(2), ("after_hours", "onsite"))


def test_multipliers_are_multiplied_where_the_terms_say_so():
    assert drawn(work(DAY, "1", categories="onsite after_hours"), stacking="product", **BOTH) == "3.00"


def test_a_single_multiplier_below_one_makes_hours_cheaper():
    half = (Multiplier("remote", "Remote", Decimal("0.5")),)

    assert drawn(work(DAY, "1", categories="remote"), multipliers=half) == "0.50"


def test_a_non_billable_entry_is_not_counted_by_default():
    draw = draw_of(work(DAY, "1", is_billable=False), terms())

    assert (draw.reason, draw.counted, draw.hours) == ("non-billable", 0, 0)


def test_travel_is_not_counted_by_default():
    draw = draw_of(work(DAY, "1", categories="travel"), terms())

    assert (draw.reason, draw.hours) == ("travel", 0)


def test_travel_that_is_counted_counts_like_any_other():
    assert drawn(work(DAY, "1", categories="travel"), travel="count") == "1.00"


def test_an_entry_that_a_rule_excludes_keeps_the_reason_of_the_rule():
    draw = draw_of(work(DAY, "1", exclusion="internal"), terms())

    assert (draw.reason, draw.hours) == ("internal", 0)


def test_the_first_reason_in_order_is_the_one_that_is_kept():
    entry = work(DAY, "1", is_billable=False, categories="travel", exclusion="internal")

    assert draw_of(entry, terms(), alive=False).reason == "outside the retainer"
    assert draw_of(entry, terms()).reason == "non-billable"
    assert draw_of(entry, terms(non_billable="count")).reason == "travel"
    assert draw_of(entry, terms(non_billable="count", travel="count")).reason == "internal"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2025, 12, 31), "outside the retainer"),
        (JAN_1, None),
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), "outside the retainer"),
    ],
)
def test_an_entry_outside_the_life_of_the_retainer_is_not_counted(day, reason):
    assert draw_under(agreement(ends=date(2026, 3, 31)), work(day, "1")).reason == reason


def test_an_entry_is_priced_by_the_terms_of_its_date():
    agreed = agreement(terms(), terms(starts=date(2026, 2, 1), **QUARTERS))

    assert str(draw_under(agreed, work(date(2026, 1, 31), "0.1")).hours) == "0.10"
    assert str(draw_under(agreed, work(date(2026, 2, 1), "0.1")).hours) == "0.25"


@pytest.mark.parametrize(("pool", "drawn_from"), [("onsite", "onsite"), (None, "main"), ("gone", "main")])
def test_an_entry_without_a_pool_of_the_terms_draws_on_the_first_one(pool, drawn_from):
    assert draw_of(work(DAY, "1", pool=pool), terms(pools=pools(main="8", onsite="4"))).pool == drawn_from


def test_many_entries_are_priced_like_each_alone():
    agreed = terms(minimum=MINIMUM, **BOTH)
    entries = [work(DAY, "0.5", categories=key) for key in ("", "onsite", "", "onsite after_hours")]

    assert draws_of(entries, agreed) == tuple(draw_of(entry, agreed) for entry in entries)
