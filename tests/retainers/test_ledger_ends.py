"""Hours that end on a date, and hours that a client has approved: with figures that can be followed by hand."""

from datetime import date
from decimal import Decimal

import pytest

from retainers.terms import Rollover
from tests.retainers.builders import (
    adjustment,
    agreement,
    approval,
    cycles,
    pools,
    shown,
    terms,
    top_up,
    work,
)

JAN_10, JAN_15, JAN_20, JAN_25 = (date(2026, 1, day) for day in (10, 15, 20, 25))
JAN_21, JAN_31, FEB_1, FEB_20 = date(2026, 1, 21), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 20)
MAR_1 = date(2026, 3, 1)
BILLED = {"overage": "bill", "overage_rate": Decimal(100)}
ENDING = top_up(JAN_10, "5", expires=JAN_20)


def test_what_a_top_up_has_left_once_its_end_is_past_is_lapsed():
    on_the_day, after = (
        cycles(agreement(), ENDING, work(JAN_15, "3"), on=day)[0] for day in (JAN_20, JAN_21)
    )

    assert shown(on_the_day, "remaining", "lapsed") == {"remaining": "10.00", "lapsed": "0.00"}
    assert shown(after, "remaining", "lapsed") == {"remaining": "8.00", "lapsed": "2.00"}


def test_hours_that_end_on_a_day_are_drawn_before_all_others_up_to_it():
    (january,) = cycles(agreement(), ENDING, work(JAN_15, "4"), work(JAN_25, "3"), on=JAN_31)

    assert shown(january, "remaining", "lapsed") == {"remaining": "5.00", "lapsed": "1.00"}


def test_they_cover_what_was_drawn_before_they_were_bought():
    (january,) = cycles(agreement(terms("0")), ENDING, work(date(2026, 1, 2), "4"), on=JAN_31)

    assert shown(january, "overage", "lapsed") == {"overage": "0.00", "lapsed": "1.00"}


def test_they_cover_nothing_that_is_dated_after_their_end():
    (january,) = cycles(agreement(terms("0")), ENDING, work(JAN_21, "4"), on=JAN_31)

    assert shown(january, "overage", "lapsed") == {"overage": "4.00", "lapsed": "5.00"}


def test_a_charge_counts_by_its_own_day():
    early, late = (
        cycles(agreement(), ENDING, adjustment(day, "-2"), on=JAN_31)[0] for day in (JAN_20, JAN_21)
    )

    assert (early.total.lapsed, late.total.lapsed) == (3, 5)


def test_hours_queued_in_count_as_of_the_first_day():
    queue = agreement(terms("10", overage="queue"))
    ending = top_up(date(2026, 2, 3), "2", expires=date(2026, 2, 10))

    _, february = cycles(queue, work(JAN_15, "13"), ending, on=FEB_20)

    assert shown(february, "queued_in", "remaining", "lapsed") == {
        "queued_in": "3.00",
        "remaining": "9.00",
        "lapsed": "0.00",
    }


def test_a_correction_after_the_end_gives_nothing_back_to_it():
    (january,) = cycles(agreement(), ENDING, work(JAN_15, "2"), work(JAN_25, "-2"), on=JAN_31)

    assert shown(january, "used", "remaining", "lapsed") == {
        "used": "0.00",
        "remaining": "10.00",
        "lapsed": "3.00",
    }


def test_an_end_in_a_later_cycle_is_carried_until_then():
    later = top_up(JAN_10, "5", expires=FEB_20)

    january, february, _ = cycles(agreement(terms("10")), later, work(JAN_15, "12"), on=MAR_1)

    assert shown(january, "remaining", "carried_out", "lapsed") == {
        "remaining": "3.00",
        "carried_out": "3.00",
        "lapsed": "0.00",
    }
    assert shown(february, "carried_in", "expired", "lapsed") == {
        "carried_in": "3.00",
        "expired": "10.00",
        "lapsed": "3.00",
    }


def test_an_end_on_the_last_day_of_a_cycle_is_an_end_with_the_cycle():
    january, _ = cycles(agreement(terms("10")), top_up(JAN_10, "5", expires=JAN_31), on=FEB_1)

    assert shown(january, "expired", "lapsed") == {"expired": "15.00", "lapsed": "0.00"}


def test_an_end_on_the_last_day_is_drawn_as_any_end_with_the_cycle():
    (january,) = cycles(
        agreement(terms("10")), top_up(JAN_10, "5", expires=JAN_31), work(JAN_15, "10"), on=JAN_20
    )

    ((_, lots),) = january.lots
    assert [(lot.kind, lot.hours, lot.ends) for lot in lots] == [("top_up", 5, None)]


def test_an_end_after_the_retainers_last_day_takes_nothing_before_it():
    short = agreement(ends=FEB_20)

    january, _ = cycles(short, top_up(JAN_10, "5", expires=MAR_1), on=FEB_1)

    assert january.total.carried_out == 5


def test_with_an_empty_rollover_everything_carries():
    _, february, march = cycles(agreement(terms("10", rollover=Rollover())), work(JAN_15, "3"), on=MAR_1)

    assert (february.total.carried_in, march.total.carried_in) == (7, 17)


def test_bought_hours_outlive_a_rollover_that_is_capped():
    agreed = agreement(terms("20", rollover=Rollover(hours=Decimal(10))))

    *_, march = cycles(
        agreed, top_up(JAN_10, "5"), work(JAN_15, "20"), work(date(2026, 2, 12), "5"), on=MAR_1
    )

    assert march.total.remaining == 35  # 20 agreed, 10 of February's 15, and the 5 bought


# Approvals


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ({"overage": "decline", "overage_rate": Decimal(100)}, "200.00"),
        ({"overage": "decline"}, "0.00"),
        (BILLED, "300.00"),
        ({"overage": "queue"}, "0.00"),
    ],
    ids=["declined, with a price", "declined, without one", "billed", "queued"],
)
def test_what_was_approved_is_what_declined_work_costs(words, amount):
    (january,) = cycles(agreement(terms("10", **words)), work(JAN_15, "13"), approval(JAN_1, "2"), on=JAN_31)

    assert (str(january.overage_amount), january.approved) == (amount, 2)
    assert january.total.overage == 3


JAN_1 = date(2026, 1, 1)
DECLINED = terms("10", overage="decline", overage_rate=Decimal(100))


def test_approvals_add_up_and_never_cost_more_than_was_worked():
    agreed = [approval(JAN_1, "2"), approval(JAN_1, "4")]

    (january,) = cycles(agreement(DECLINED), work(JAN_15, "13"), *agreed, on=JAN_31)

    assert (january.approved, str(january.overage_amount)) == (6, "300.00")


def test_an_approval_counts_for_the_cycle_that_it_names_alone():
    january, february = cycles(agreement(DECLINED), work(JAN_15, "13"), approval(FEB_1, "2"), on=FEB_1)

    assert (january.approved, str(january.overage_amount)) == (0, "0.00")
    assert february.approved == 2


# Prepaid blocks


@pytest.mark.parametrize(
    ("words", "queued", "amount", "left"),
    [
        ({"overage": "queue"}, "2.00", "0.00", "8.00"),
        (BILLED, "0.00", "200.00", "10.00"),
        ({"overage": "decline"}, "0.00", "0.00", "10.00"),
    ],
    ids=["owed to the next block", "billed", "declined"],
)
def test_past_a_block_the_agreement_decides(words, queued, amount, left):
    block = agreement(terms(pools=pools(block="0"), **words))
    bought = [top_up(date(2026, 1, 2), "10"), top_up(date(2026, 2, 2), "10")]

    january, february = cycles(block, *bought, work(JAN_15, "12"), on=FEB_20)

    assert shown(january, "overage", "queued_out") == {"overage": "2.00", "queued_out": queued}
    assert str(january.overage_amount) == amount
    assert shown(february, "remaining") == {"remaining": left}
