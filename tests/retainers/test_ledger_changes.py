"""What later terms change: the cycle, the sharing, the pools; with figures that can be followed by hand."""

from datetime import date

import pytest

from retainers.terms import Rollover
from tests.retainers.builders import JAN_1, agreement, cycles, pools, shown, terms, top_up, work

JAN_15, FEB_1, APR_1, APR_10, APR_20 = (
    date(2026, 1, 15),
    date(2026, 2, 1),
    date(2026, 4, 1),
    date(2026, 4, 10),
    date(2026, 4, 20),
)
TWO = pools(main="5", second="5")
CARRIES = {"rollover": Rollover(cycles=2), "pools": TWO}


@pytest.mark.parametrize(
    ("proration", "cap"), [("daily", "11.00"), ("start", "22.00"), ("end", "20.00"), ("full", "31.00")]
)
def test_each_end_of_a_partial_cycle_is_prorated_as_agreed(proration, cap):
    agreed = agreement(
        terms("31", starts=date(2026, 1, 10), proration=proration), ends=date(2026, 1, 20), anchor_day=1
    )

    (only,) = cycles(agreed, on=date(2026, 1, 20))

    assert shown(only, "allocated") == {"allocated": cap}


def test_what_a_change_of_cycle_cuts_off_always_counts():
    agreed = agreement(
        terms("10", proration="full"), terms("10", proration="full", starts=APR_10, anchor_day=15)
    )

    *_, before, short, whole = cycles(agreed, on=APR_20)

    assert [(cycle.starts, cycle.ends) for cycle in (before, short)] == [
        (APR_1, date(2026, 4, 9)),
        (APR_10, date(2026, 4, 14)),
    ]
    assert [str(cycle.total.allocated) for cycle in (before, short, whole)] == ["3.00", "1.61", "10.00"]


def test_a_short_cycle_is_a_cycle_where_cycles_are_counted():
    agreed = agreement(terms("10", rollover=Rollover(cycles=1)), terms("10", starts=APR_10, anchor_day=15))

    *_, april, short, third = cycles(agreed, on=APR_20)

    assert shown(short, "carried_in", "expired") == {"carried_in": "3.00", "expired": "4.61"}
    assert (april.index, short.index, third.index) == (3, 4, 5)


def test_separate_accounts_become_one():
    agreed = agreement(terms(**CARRIES), terms(starts=FEB_1, sharing="shared", **CARRIES))

    january, february = cycles(agreed, work(JAN_15, "3"), on=FEB_1)

    assert (january.sharing, february.sharing) == ("separate", "shared")
    assert shown(february, "carried_in", "remaining") == {"carried_in": "7.00", "remaining": "17.00"}


def test_one_account_becomes_the_first_pools():
    agreed = agreement(terms(sharing="shared", **CARRIES), terms(starts=FEB_1, **CARRIES))

    _, february = cycles(agreed, work(JAN_15, "3"), on=FEB_1)

    assert shown(february, "carried_in", pool="main") == {"carried_in": "7.00"}
    assert shown(february, "carried_in", pool="second") == {"carried_in": "0.00"}


def test_a_dropped_pool_hands_over_what_it_carries_and_what_it_owes():
    carries = {"overage": "queue", "rollover": Rollover()}
    agreed = agreement(
        terms(pools=pools(main="5", second="5", third="5"), **carries),
        terms("5", starts=FEB_1, **carries),
    )
    dated = [work(JAN_15, "7", pool="second"), top_up(JAN_1, "1", pool="third")]

    _, february = cycles(agreed, *dated, on=FEB_1)

    assert shown(february, "carried_in", "queued_in", "remaining") == {
        "carried_in": "11.00",
        "queued_in": "2.00",
        "remaining": "14.00",
    }
