"""Pools and their accounts, partial cycles, and terms that change."""

from datetime import date
from decimal import Decimal

from retainers.terms import Rollover
from tests.retainers.builders import (
    AFTER_HOURS,
    adjustment,
    agreement,
    cycles,
    pools,
    shown,
    terms,
    top_up,
    work,
)

JAN_15, JAN_31 = date(2026, 1, 15), date(2026, 1, 31)
FEB_1, FEB_28 = date(2026, 2, 1), date(2026, 2, 28)
MAR_1 = date(2026, 3, 1)
ALL = Rollover(hours=Decimal(1000))
TWO = pools(reactive="12", scheduled="8")


# Pools


def test_separate_pools_do_not_lend_each_other_hours():
    agreed = agreement(terms(pools=pools(remote="10", onsite="3")))

    (january,) = cycles(agreed, *[work(JAN_15, "1", pool="onsite")] * 4, on=JAN_31)

    assert shown(january, "used", "remaining", "overage", pool="onsite") == {
        "used": "4.00",
        "remaining": "0.00",
        "overage": "1.00",
    }
    assert shown(january, "remaining", "overage") == {"remaining": "10.00", "overage": "1.00"}


def test_shared_pools_run_out_together():
    agreed = agreement(terms(pools=TWO, sharing="shared"))

    (january,) = cycles(agreed, work(JAN_15, "15", pool="scheduled"), top_up(JAN_15, "1"), on=JAN_31)

    assert shown(january, "allocated", "remaining", "overage") == {
        "allocated": "20.00",
        "remaining": "6.00",
        "overage": "0.00",
    }
    assert [(pool.key, pool.used, pool.remaining, pool.account) for pool in january.pools] == [
        ("reactive", 0, 12, None),
        ("scheduled", 15, -7, None),
    ]
    assert [(account, len(lots)) for account, lots in january.lots] == [("", 2)]


def test_the_rollover_cap_holds_in_each_account():
    rollover = Rollover(hours=Decimal(5))
    separate = agreement(terms(pools=TWO, rollover=rollover))
    shared = agreement(terms(pools=TWO, rollover=rollover, sharing="shared"))

    assert cycles(separate, on=FEB_1)[0].total.carried_out == 10
    assert cycles(shared, on=FEB_1)[0].total.carried_out == 5


def test_what_names_no_pool_of_the_terms_goes_to_the_first_one():
    dated = [
        work(JAN_15, "1", pool="gone"),
        top_up(JAN_15, "2", pool="gone"),
        adjustment(JAN_15, "-3", pool="x"),
    ]

    (january,) = cycles(agreement(terms(pools=TWO)), *dated, on=JAN_31)

    assert shown(january, "used", "topped_up", "charged", pool="reactive") == {
        "used": "1.00",
        "topped_up": "2.00",
        "charged": "3.00",
    }


def test_a_pool_that_later_terms_drop_hands_its_hours_to_their_first_one():
    agreed = agreement(
        terms(pools=TWO, rollover=ALL),
        terms(starts=FEB_1, pools=pools(project="1", reactive="12"), rollover=ALL),
    )

    january, february = cycles(agreed, work(JAN_15, "3", pool="scheduled"), on=FEB_1)

    assert shown(january, "carried_out", pool="scheduled") == {"carried_out": "5.00"}
    assert [pool.key for pool in february.pools] == ["project", "reactive"]
    assert shown(february, "carried_in", "remaining", pool="project") == {
        "carried_in": "5.00",
        "remaining": "6.00",
    }
    assert shown(february, "carried_in", pool="reactive") == {"carried_in": "12.00"}


def test_a_pool_that_later_terms_drop_hands_its_queued_hours_to_their_first_one():
    agreed = agreement(
        terms(pools=TWO, overage="queue"),
        terms(starts=FEB_1, pools=pools(project="5", reactive="12"), overage="queue"),
    )
    dated = [work(JAN_15, "10", pool="scheduled"), work(JAN_15, "13", pool="reactive")]

    _, february = cycles(agreed, *dated, on=FEB_1)

    assert shown(february, "queued_in", pool="project") == {"queued_in": "2.00"}
    assert shown(february, "queued_in", pool="reactive") == {"queued_in": "1.00"}


def test_a_pool_that_comes_back_begins_anew():
    agreed = agreement(
        terms(pools=TWO, rollover=ALL),
        terms(starts=FEB_1, pools=pools(reactive="12"), rollover=ALL),
        terms(starts=MAR_1, pools=TWO, rollover=ALL),
    )

    *_, march = cycles(agreed, on=MAR_1)

    assert shown(march, "carried_in", pool="scheduled") == {"carried_in": "0.00"}
    assert shown(march, "carried_in", pool="reactive") == {"carried_in": "32.00"}


# Partial cycles and terms


def test_the_cap_of_a_partial_cycle_is_prorated_by_days():
    agreed = agreement(terms("500", starts=date(2026, 3, 15)), anchor_day=1)

    (march,) = cycles(agreed, on=date(2026, 3, 31))

    assert shown(march, "allocated") == {"allocated": "274.19"}  # 500 × 17 ÷ 31


def test_each_pool_is_prorated_and_rounded_by_itself():
    agreed = agreement(
        terms(pools=pools(one="0.75", two="0.75"), starts=date(2026, 4, 25), sharing="shared"), anchor_day=1
    )

    (april,) = cycles(agreed, on=date(2026, 4, 30))

    assert [str(pool.allocated) for pool in april.pools] == ["0.15", "0.15"]
    assert april.total.allocated == Decimal("0.30")


def test_a_prorated_cap_is_rounded_half_up():
    agreed = agreement(terms("0.05", starts=date(2026, 4, 28)), anchor_day=1)

    (april,) = cycles(agreed, on=date(2026, 4, 30))

    assert str(april.total.allocated) == "0.01"  # 0.05 × 3 ÷ 30 = 0.005


def test_the_cap_of_a_partial_cycle_is_whole_where_the_terms_say_so():
    agreed = agreement(terms("8", starts=date(2026, 3, 15), proration="full"), anchor_day=1)

    (march,) = cycles(agreed, on=date(2026, 3, 31))

    assert march.total.allocated == 8


def test_the_last_cycle_is_prorated_too():
    january, february = cycles(agreement(ends=date(2026, 2, 14)), on=MAR_1)

    assert (january.total.allocated, february.total.allocated) == (8, 4)


def test_each_cycle_has_the_terms_that_were_in_force():
    agreed = agreement(terms("8"), terms("10", starts=FEB_1, multipliers=(AFTER_HOURS,)))
    dated = [work(day, "1", categories="after_hours") for day in (JAN_31, FEB_1)]

    january, february = cycles(agreed, *dated, on=FEB_28)

    assert [each.terms for each in (january, february)] == list(agreed.terms)
    assert [(each.total.allocated, each.total.used) for each in (january, february)] == [(8, 1), (10, 2)]
