"""The balance of a cycle, with figures that can be followed by hand: what counts, and against what."""

from datetime import date
from decimal import Decimal

import pytest

from retainers.terms import Rollover
from tests.retainers.builders import (
    AFTER_HOURS,
    JAN_1,
    ONSITE,
    adjustment,
    agreement,
    cycles,
    shown,
    terms,
    top_up,
    work,
)

JAN_15, JAN_31 = date(2026, 1, 15), date(2026, 1, 31)
FEB_1, FEB_10 = date(2026, 2, 1), date(2026, 2, 10)
MAR_1, APR_1 = date(2026, 3, 1), date(2026, 4, 1)
ALL = Rollover(hours=Decimal(1000))


# Dates


def test_there_is_no_balance_before_the_start():
    assert cycles(agreement(), on=date(2025, 12, 31)) == ()


def test_the_first_day_already_has_its_allocation():
    (january,) = cycles(agreement(), on=JAN_1)

    assert shown(january, "allocated", "remaining") == {"allocated": "8.00", "remaining": "8.00"}


def test_work_of_the_last_day_counts_in_its_cycle():
    (january,) = cycles(agreement(), work(JAN_31, "3"), on=JAN_31)

    assert (january.closed, shown(january, "used")) == (False, {"used": "3.00"})


def test_a_cycle_is_closed_once_its_last_day_is_past():
    january, february = cycles(agreement(), on=FEB_1)

    assert (january.closed, february.closed) == (True, False)
    assert (february.total.carried_out, february.total.expired, february.total.queued_out) == (None,) * 3


def test_what_is_dated_after_the_day_asked_for_is_not_seen():
    dated = [work(FEB_10, "3"), top_up(FEB_10, "2"), adjustment(FEB_10, "1")]

    assert cycles(agreement(), *dated, on=date(2026, 2, 9)) == cycles(agreement(), on=date(2026, 2, 9))


def test_what_is_dated_on_the_day_asked_for_is_seen():
    (january,) = cycles(agreement(), work(JAN_15, "3"), top_up(JAN_15, "2"), on=JAN_15)

    assert shown(january, "used", "topped_up") == {"used": "3.00", "topped_up": "2.00"}


def test_what_is_dated_outside_the_life_lies_in_no_cycle():
    agreed = agreement(ends=JAN_31)
    outside = [work(date(2025, 12, 31), "3"), work(FEB_1, "3"), top_up(FEB_1, "2")]

    assert cycles(agreed, *outside, on=MAR_1) == cycles(agreed, on=MAR_1)


def test_draws_stand_in_date_order_counted_or_not():
    late, early = work(JAN_31, "1"), work(JAN_15, "1", is_billable=False)

    (january,) = cycles(agreement(), late, early, on=JAN_31)

    assert [draw.work for draw in january.draws] == [early, late]


# Lots and need


def test_a_block_of_ten_hours_is_drawn_down_entry_by_entry():
    agreed = agreement(terms("0", starts=MAR_1, overage="queue"))
    dated = [top_up(MAR_1, "10"), work(date(2026, 3, 7), "3"), work(date(2026, 3, 15), "2")]

    left = [cycles(agreed, *dated, on=date(2026, 3, day))[-1].total.remaining for day in (1, 7, 15)]

    assert left == [10, 7, 5]


def test_a_top_up_covers_what_was_drawn_before_it_in_its_cycle():
    (january,) = cycles(agreement(), work(JAN_1, "10"), top_up(JAN_31, "5"), on=JAN_31)

    assert shown(january, "remaining", "overage") == {"remaining": "3.00", "overage": "0.00"}


def test_a_top_up_is_used_after_the_allocation_and_outlives_the_reset():
    agreed = agreement(terms("1000"))

    _, february = cycles(agreed, top_up(JAN_1, "5000"), work(JAN_15, "4000"), on=FEB_1)

    assert shown(february, "carried_in", "remaining") == {"carried_in": "2000.00", "remaining": "3000.00"}


@pytest.mark.parametrize(("expires", "lasts"), [("never", 4), (2, 3), (1, 2), ("cycle", 1)])
def test_a_top_up_lasts_as_long_as_it_says(expires, lasts):
    found = cycles(agreement(terms("0")), top_up(JAN_15, "5", expires=expires), on=APR_1)

    assert [cycle.total.remaining for cycle in found] == [5] * lasts + [0] * (4 - lasts)
    assert sum(cycle.total.expired or 0 for cycle in found) == (0 if lasts == 4 else 5)


def test_a_credit_lapses_with_its_cycle_by_default():
    january, february = cycles(agreement(terms("1")), adjustment(JAN_15, "2"), work(JAN_15, "1"), on=FEB_1)

    assert shown(january, "credited", "expired") == {"credited": "2.00", "expired": "2.00"}
    assert february.total.carried_in == 0


def test_a_credit_stays_on_a_prepaid_block():
    january, february = cycles(agreement(terms("0")), adjustment(JAN_15, "2"), on=FEB_1)

    assert shown(january, "credited", "expired") == {"credited": "2.00", "expired": "0.00"}
    assert february.total.remaining == 2


def test_a_credit_that_says_so_lapses_on_a_prepaid_block_too():
    credit = adjustment(JAN_15, "2", expires="cycle")

    january, february = cycles(agreement(terms("0")), credit, on=FEB_1)

    assert shown(january, "credited", "expired") == {"credited": "2.00", "expired": "2.00"}
    assert february.total.remaining == 0


def test_a_credit_may_last():
    _, february = cycles(agreement(terms("0")), adjustment(JAN_15, "2", expires="never"), on=FEB_1)

    assert february.total.carried_in == 2


def test_a_charge_takes_hours_without_being_use():
    (january,) = cycles(agreement(), adjustment(JAN_15, "-1.5"), on=JAN_31)

    assert shown(january, "used", "charged", "remaining") == {
        "used": "0.00",
        "charged": "1.50",
        "remaining": "6.50",
    }


@pytest.mark.parametrize(
    ("agreed", "carried", "expired"),
    [
        (terms(), "0.00", "10.00"),
        (terms(rollover=ALL), "10.00", "0.00"),
        (terms(rollover=Rollover(hours=Decimal(9))), "9.00", "1.00"),
        (terms("0"), "2.00", "0.00"),
        (terms("0", rollover=Rollover(hours=Decimal(1))), "2.00", "0.00"),
    ],
    ids=["no rollover", "everything carries", "a cap on what carries", "a block", "a block with a cap"],
)
def test_corrections_that_outweigh_the_work_are_a_lot_of_the_allocation(agreed, carried, expired):
    january, february = cycles(agreement(agreed), work(JAN_15, "-2"), on=FEB_1)

    assert shown(january, "used", "credited", "carried_out", "expired") == {
        "used": "-2.00",
        "credited": "0.00",
        "carried_out": carried,
        "expired": expired,
    }
    assert shown(january, "allocated")["allocated"] == f"{agreed.pools[0].hours:.2f}"
    assert shown(february, "carried_in")["carried_in"] == carried


def test_what_is_left_of_each_lot_is_shown():
    dated = [top_up(JAN_15, "5"), work(JAN_15, "9"), adjustment(JAN_15, "1")]

    (january,) = cycles(agreement(), *dated, on=JAN_31)

    ((account, lots),) = january.lots
    assert account == "main"
    assert [(lot.kind, lot.granted, lot.lapses, lot.hours) for lot in lots] == [("top_up", JAN_15, None, 5)]


def test_reversing_an_entry_restores_the_balance():
    agreed = agreement(terms("2", overage="queue", multipliers=(AFTER_HOURS,)))
    before = [work(JAN_15, "3")]
    at_night = {"categories": "after_hours"}

    (without,) = cycles(agreed, *before, on=JAN_31)
    (with_it,) = cycles(agreed, *before, work(JAN_15, "0.75", **at_night), on=JAN_31)
    (reversed_,) = cycles(
        agreed, *before, work(JAN_15, "0.75", **at_night), work(JAN_15, "-0.75", **at_night), on=JAN_31
    )

    assert shown(with_it, "used", "overage") == {"used": "4.50", "overage": "2.50"}
    assert shown(without, "used", "overage") == {"used": "3.00", "overage": "1.00"}
    assert reversed_.total == without.total


# Use by multiplier


def test_use_is_shown_by_the_categories_that_bear_a_multiplier_and_their_factor():
    agreed = agreement(terms(multipliers=(AFTER_HOURS, ONSITE)))
    dated = [
        work(JAN_15, "2", categories="onsite after_hours"),
        work(JAN_15, "1", categories="onsite"),
        work(JAN_15, "1", categories="remote"),
        work(JAN_15, "3"),
        work(JAN_15, "9", exclusion="internal"),
    ]

    (january,) = cycles(agreed, *dated, on=JAN_31)

    assert [
        (use.categories, str(use.factor), use.counted, use.drawn) for use in january.used_by_multiplier
    ] == [
        ((), "1", 4, 4),
        (("after_hours", "onsite"), "2", 2, 4),
        (("onsite",), "1.5", 1, Decimal("1.5")),
    ]


def test_entries_that_are_not_counted_have_no_line_in_the_use_by_multiplier():
    agreed = agreement(terms(multipliers=(AFTER_HOURS,)))
    excluded = work(JAN_15, "9", categories="after_hours", exclusion="internal")

    (january,) = cycles(agreed, excluded, work(JAN_15, "1"), on=JAN_31)

    assert [use.categories for use in january.used_by_multiplier] == [()]


def test_deducted_hours_stand_under_their_categories_without_a_factor():
    agreed = agreement(terms(hours_from="deducted", multipliers=(AFTER_HOURS,)))
    night = {"categories": "after_hours"}
    dated = [work(JAN_15, "1", deducted="2", **night), work(JAN_15, "1", **night)]

    (january,) = cycles(agreed, *dated, on=JAN_31)

    assert [(use.factor, use.counted, use.drawn) for use in january.used_by_multiplier] == [
        (Decimal(2), 1, 2),
        (None, 1, 2),
    ]
