"""What one entry draws, step by step (domain.md, "Hours of one entry")."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings

from retainers import pricing
from retainers.balance import Part
from retainers.pricing import (
    Prices,
    draw_of,
    draws_of,
    draws_of_each,
    draws_under,
    hours_drawn,
    reason_against,
)
from retainers.terms import Multiplier
from tests.examples import examples
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


def test_entries_alike_are_priced_once_whichever_row_of_them_they_are_in(monkeypatch):
    goes, comes = [work(DAY, "1"), work(DAY, "2")], [work(DAY + timedelta(days=1), "1")]
    each_by_itself = [draws_of(goes, terms()), draws_of(comes, terms())]
    priced, whole = [], pricing._whole
    monkeypatch.setattr(pricing, "_whole", lambda *said, **how: priced.append(said) or whole(*said, **how))

    assert list(draws_of_each([goes, comes], terms())) == each_by_itself
    assert len(priced) == 2


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
@settings(max_examples=examples(50), deadline=None)
def test_a_reversal_draws_exactly_the_opposite(history):
    for entry in history.works:
        mirrored = entry._replace(
            worked=-entry.worked,
            billable=None if entry.billable is None else -entry.billable,
            deducted=None if entry.deducted is None else -entry.deducted,
        )
        here, there = (draws_under(history.agreement, each) for each in (entry, mirrored))
        assert [(it.counted, it.hours) for it in here] == [(-it.counted, -it.hours) for it in there]


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

    (outside,) = draws_under(agreement(starts=date(2027, 1, 1)), entry)
    assert outside.reason == "outside the retainer"
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
    (draw,) = draws_under(agreement(ends=date(2026, 3, 31)), work(day, "1"))

    assert draw.reason == reason


def test_an_entry_is_priced_by_the_terms_of_its_date():
    agreed = agreement(terms(), terms(starts=date(2026, 2, 1), **QUARTERS))

    days = (date(2026, 1, 31), date(2026, 2, 1))
    assert [str(hours_drawn(draws_under(agreed, work(day, "0.1")))) for day in days] == ["0.10", "0.25"]


def test_a_kind_of_entry_draws_the_same_on_all_days_with_the_same_terms():
    prices = Prices(agreement(terms(), terms(starts=date(2026, 2, 1), **QUARTERS), ends=date(2026, 2, 28)))
    found = defaultdict(set)
    for day in (JAN_1 + timedelta(days=more) for more in range(-9, 90)):
        (draw,) = prices.draws_of(work(day, "0.1"))
        found[prices.terms_of(day)].add((str(draw.hours), draw.reason))

    assert list(found.values()) == [
        {("0", "outside the retainer")},
        {("0.10", None)},
        {("0.25", None)},
        {("0", "outside the retainer")},
    ]


@pytest.mark.parametrize(("pool", "drawn_from"), [("onsite", "onsite"), (None, "main"), ("gone", "main")])
def test_an_entry_without_a_pool_of_the_terms_draws_on_the_first_one(pool, drawn_from):
    assert draw_of(work(DAY, "1", pool=pool), terms(pools=pools(main="8", onsite="4"))).pool == drawn_from


def test_many_entries_are_priced_like_each_alone():
    agreed = terms(minimum=MINIMUM, **BOTH)
    entries = [work(DAY, "0.5", categories=key) for key in ("", "onsite", "", "onsite after_hours")]

    assert draws_of(entries, agreed) == tuple(draw_of(entry, agreed) for entry in entries)


# Parts at the boundary


def part(minutes, categories="", **words):
    return Part(minutes * 60, categories=frozenset(categories.split()), **words)


def split(hours, *parts, **words):
    """(counted, drawn, why not) of each part."""
    return [
        (f"{draw.counted:.2f}", f"{draw.hours:.2f}", draw.reason)
        for draw in draws_of([work(DAY, hours, parts=parts)], terms(**words))
    ]


EVENING = (part(30), part(90, "after_hours"))


def test_a_part_draws_its_share_by_its_own_factor():
    assert split("2", *EVENING, **BOTH) == [("0.50", "0.50", None), ("1.50", "3.00", None)]


def test_a_part_is_an_entry_of_its_own_with_its_share_of_the_hours():
    first, second = draws_of([work(DAY, "2", parts=EVENING, ref=7)], terms(**BOTH))

    assert [str(draw.work.worked) for draw in (first, second)] == ["0.5000", "1.5000"]
    assert [(draw.work.ref, draw.work.parts, draw.whole) for draw in (first, second)] == [(7, (), 2)] * 2


def test_the_whole_is_rounded_before_it_is_shared_out():
    assert split("0.8333", part(20), part(30, "after_hours"), **QUARTERS, **BOTH) == [
        ("0.40", "0.40", None),
        ("0.60", "1.20", None),
    ]


def test_the_last_part_takes_the_rest():
    assert [counted for counted, _, _ in split("1", part(20), part(20), part(20))] == ["0.33", "0.33", "0.34"]


def test_the_minimum_is_the_largest_of_the_parts_that_count():
    onsite = (part(30), part(30, "onsite"))
    left_out = (part(30), part(30, "onsite", exclusion="free"))

    assert [counted for counted, _, _ in split("0.2", *onsite, minimum=MINIMUM)] == ["0.55", "0.55"]
    assert split("0.2", *left_out, minimum=MINIMUM) == [("0.13", "0.13", None), ("0.00", "0.00", "free")]


def test_a_part_that_is_excluded_is_not_counted_and_the_others_are():
    night = part(90, "after_hours", exclusion="nights are free")

    assert split("2", part(30), night) == [("0.50", "0.50", None), ("0.00", "0.00", "nights are free")]
    assert split("2", part(30), part(90, "travel"))[1] == ("0.00", "0.00", "travel")


def test_each_part_draws_on_its_own_pool():
    parts = (part(30, pool="main"), part(90, pool="second"))

    draws = draws_of([work(DAY, "2", parts=parts)], terms(pools=pools(main="8", second="8")))

    assert [draw.pool for draw in draws] == ["main", "second"]


def test_a_split_correction_is_the_mirror_of_what_it_corrects():
    assert split("-2", *EVENING, **BOTH) == [("-0.50", "-0.50", None), ("-1.50", "-3.00", None)]


@pytest.mark.parametrize("columns", [{"deducted": "2.75"}, {"billable": "2.75"}])
def test_final_hours_are_not_split(columns):
    (draw,) = draws_of([work(DAY, "2", parts=EVENING, **columns)], terms(hours_from="deducted", **BOTH))

    assert (str(draw.hours), draw.factor, draw.whole) == ("2.75", None, None)


def test_an_entry_is_not_counted_where_none_of_its_parts_is():
    draws = draws_of([work(DAY, "1", parts=(part(30, exclusion="a"), part(30, exclusion="b")))], terms())

    assert (reason_against(draws), hours_drawn(draws)) == ("a", 0)
    assert reason_against(draws_of([work(DAY, "2", parts=EVENING)], terms())) is None
