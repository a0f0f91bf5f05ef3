"""What happens at the close of a cycle: hours roll over or lapse, overage is billed, queued or declined."""

from datetime import date
from decimal import Decimal

from retainers.terms import Rollover
from tests.retainers.builders import (
    AFTER_HOURS,
    JAN_1,
    agreement,
    cycles,
    pools,
    shown,
    terms,
    top_up,
    work,
)

JAN_15, JAN_31 = date(2026, 1, 15), date(2026, 1, 31)
FEB_1, FEB_10 = date(2026, 2, 1), date(2026, 2, 10)
MAR_1, MAR_10, APR_1 = date(2026, 3, 1), date(2026, 3, 10), date(2026, 4, 1)
ALL = Rollover(hours=Decimal(1000))


# Rollover


def test_without_rollover_what_is_left_expires():
    january, february = cycles(agreement(), work(JAN_15, "3"), on=FEB_1)

    assert shown(january, "carried_out", "expired") == {"carried_out": "0.00", "expired": "5.00"}
    assert shown(february, "carried_in", "remaining") == {"carried_in": "0.00", "remaining": "8.00"}


def test_what_is_left_rolls_over():
    agreed = agreement(terms("1000", rollover=Rollover(cycles=1)))

    _, february = cycles(agreed, work(JAN_15, "800"), on=FEB_1)

    assert february.total.remaining == 1200


def test_surplus_and_deficit_are_carried():
    september = date(2026, 9, 1)
    agreed = agreement(terms("40", starts=september, overage="queue", rollover=Rollover(cycles=1)))
    dated = [work(date(2026, 9, 9), "30"), work(date(2026, 10, 9), "60")]

    _, october, november = cycles(agreed, *dated, on=date(2026, 11, 1))

    assert october.total.carried_in + october.total.allocated == 50
    assert november.total.remaining == 30


def test_a_cycle_without_work_rolls_everything_over():
    found = cycles(agreement(terms(rollover=ALL)), on=APR_1)

    assert [cycle.total.remaining for cycle in found] == [8, 16, 24, 32]


def test_hours_roll_no_further_than_the_rollover_says():
    found = cycles(agreement(terms(rollover=Rollover(cycles=1))), on=APR_1)

    assert [cycle.total.carried_in for cycle in found] == [0, 8, 8, 8]
    assert [cycle.total.expired for cycle in found] == [0, 8, 8, None]


def test_hours_that_rolled_in_are_used_before_the_new_ones():
    agreed = agreement(terms("20", rollover=Rollover(cycles=1)))
    dated = [work(JAN_15, "15"), work(FEB_10, "10")]

    _, february, march = cycles(agreed, *dated, on=MAR_1)

    assert shown(february, "carried_in", "remaining", "carried_out", "expired") == {
        "carried_in": "5.00",
        "remaining": "15.00",
        "carried_out": "15.00",
        "expired": "0.00",
    }
    assert march.total.remaining == 35


def test_no_more_rolls_over_than_the_cap():
    agreed = agreement(terms("50", rollover=Rollover(hours=Decimal(20), cycles=1)))

    january, _ = cycles(agreed, work(JAN_15, "20"), on=FEB_1)

    assert shown(january, "remaining", "carried_out", "expired") == {
        "remaining": "30.00",
        "carried_out": "20.00",
        "expired": "10.00",
    }


def test_the_rollover_cap_is_for_all_hours_carried_not_for_each_cycle():
    found = cycles(agreement(terms("8", rollover=Rollover(hours=Decimal(10)))), on=APR_1)

    assert [cycle.total.carried_in for cycle in found] == [0, 8, 10, 10]


def test_expiry_follows_the_terms_of_the_grant_and_the_cap_those_of_the_close():
    agreed = agreement(
        terms("8", rollover=Rollover(cycles=2)),
        terms("8", starts=FEB_1, rollover=Rollover(hours=Decimal(5), cycles=1)),
        terms("8", starts=MAR_1),
    )

    january, february, march, april = cycles(agreed, on=APR_1)

    assert january.total.carried_out == 8
    assert shown(february, "remaining", "carried_out") == {"remaining": "16.00", "carried_out": "5.00"}
    assert shown(march, "remaining", "carried_out") == {"remaining": "13.00", "carried_out": "0.00"}
    assert april.total.carried_in == 0


def test_hours_from_earlier_terms_with_rollover_outlive_later_terms_without():
    agreed = agreement(terms("8", rollover=ALL), terms("0", starts=FEB_1))

    found = cycles(agreed, on=APR_1)

    assert [cycle.total.remaining for cycle in found] == [8, 8, 8, 8]


def test_everything_left_lapses_on_the_last_day():
    agreed = agreement(terms(rollover=ALL), ends=JAN_31)

    (january,) = cycles(agreed, top_up(JAN_15, "5"), on=FEB_1)

    assert (january.closed, january.resets) == (True, None)
    assert shown(january, "remaining", "carried_out", "expired") == {
        "remaining": "13.00",
        "carried_out": "0.00",
        "expired": "13.00",
    }


# Overage


def test_overage_that_is_billed_is_owed_and_gone():
    agreed = agreement(terms("20", fee=Decimal(5000), overage="bill", overage_rate=Decimal(200)))

    january, february = cycles(agreed, work(JAN_15, "25"), on=FEB_1)

    assert agreed.terms[0].fee + january.overage_amount == 6000
    assert shown(january, "overage", "queued_out") == {"overage": "5.00", "queued_out": "0.00"}
    assert february.total.queued_in == 0


def test_overage_so_far_has_its_price_while_the_cycle_is_open():
    agreed = agreement(terms("20", overage="bill", overage_rate=Decimal(200)))

    (january,) = cycles(agreed, work(JAN_15, "25"), on=JAN_15)

    assert january.overage_amount == 1000


def test_overage_is_charged_in_hours_drawn_not_worked():
    words = {"overage": "bill", "overage_rate": Decimal(90), "multipliers": (AFTER_HOURS,)}

    (january,) = cycles(
        agreement(terms("0", **words)), work(JAN_15, "1", categories="after_hours"), on=JAN_15
    )

    assert january.overage_amount == 180


def test_the_overage_of_all_pools_is_priced_together_and_rounded_once():
    words = {"overage": "bill", "overage_rate": Decimal("0.50"), "pools": pools(one="0", two="0")}
    dated = [work(JAN_15, "0.01", pool="one"), work(JAN_15, "0.01", pool="two")]

    (january,) = cycles(agreement(terms(**words)), *dated, on=JAN_15)

    assert str(january.overage_amount) == "0.01"


def test_hours_past_the_cap_queue_to_the_next_cycle():
    january, february = cycles(agreement(terms(overage="queue")), work(JAN_15, "9.5"), on=FEB_1)

    assert shown(january, "overage", "queued_out") == {"overage": "1.50", "queued_out": "1.50"}
    assert shown(february, "queued_in", "used", "remaining") == {
        "queued_in": "1.50",
        "used": "0.00",
        "remaining": "6.50",
    }


def test_hours_queued_past_the_last_cycle_stay_shown():
    (january,) = cycles(agreement(terms(overage="queue"), ends=JAN_31), work(JAN_15, "9.5"), on=MAR_1)

    assert january.total.queued_out == Decimal("1.5")


def test_hours_that_are_declined_are_shown_and_neither_billed_nor_carried():
    agreed = agreement(terms(overage="decline", overage_rate=Decimal(200)))

    january, february = cycles(agreed, work(JAN_15, "9.5"), on=FEB_1)

    assert shown(january, "overage", "queued_out") == {"overage": "1.50", "queued_out": "0.00"}
    assert (january.overage_amount, february.total.queued_in) == (0, 0)


def test_overage_is_closed_by_the_terms_of_the_closing_cycle():
    agreed = agreement(terms(overage="queue"), terms(starts=FEB_1, overage="decline"))

    january, february, march = cycles(agreed, work(JAN_15, "20"), on=MAR_1)

    assert (january.total.queued_out, february.total.queued_in) == (12, 12)
    assert (february.total.overage, february.total.queued_out, march.total.queued_in) == (4, 0, 0)


def test_the_overdraft_of_a_block_is_owed_to_the_next_block():
    agreed = agreement(terms("0", overage="queue"))
    dated = [top_up(JAN_1, "10"), work(JAN_15, "12"), top_up(MAR_10, "10")]

    found = cycles(agreed, *dated, on=MAR_10)

    assert [cycle.total.overage for cycle in found] == [2, 2, 0]
    assert found[-1].total.remaining == 8


def test_overage_begins_only_past_the_cap_of_the_whole_quarter():
    agreed = agreement(terms("30"), months=3)
    dated = [work(JAN_15, "18"), work(FEB_10, "2"), work(MAR_10, "10")]

    (quarter,) = cycles(agreed, *dated, on=MAR_10)
    (over,) = cycles(agreed, *dated, work(MAR_10, "0.25"), on=MAR_10)

    assert (quarter.total.remaining, quarter.total.overage) == (0, 0)
    assert over.total.overage == Decimal("0.25")
