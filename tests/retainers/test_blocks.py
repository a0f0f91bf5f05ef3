"""A prepaid block over its life, and the hours of any retainer that end."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from retainers.blocks import life_of_block
from retainers.cycles import cycle_at, cycles_until
from retainers.endings import Ending, ending_soon, endings
from retainers.ledger import balance
from retainers.terms import Rollover
from retainers.wire import life_json
from tests.examples import examples
from tests.retainers.builders import adjustment, agreement, approval, cycles, pools, terms, top_up, work
from tests.retainers.strategies import agreements, histories

JAN_2, JAN_15, FEB_2, FEB_20 = date(2026, 1, 2), date(2026, 1, 15), date(2026, 2, 2), date(2026, 2, 20)
BOUGHT = [top_up(JAN_2, "10"), top_up(FEB_2, "10")]


def block(**words):
    return agreement(terms(pools=pools(block="0"), **words))


def told(agreed, *dated, on=FEB_20):
    life = life_of_block(cycles(agreed, *dated, on=on), agreed)
    names = ("bought", "credited", "used", "charged", "ended", "billed", "declined", "owed", "remaining")
    return {name: f"{getattr(life, name):.2f}" for name in names if getattr(life, name)}


@pytest.mark.parametrize(
    ("words", "past"),
    [
        ({"overage": "queue"}, {"remaining": "8.00"}),
        ({"overage": "bill", "overage_rate": Decimal(100)}, {"remaining": "10.00", "billed": "2.00"}),
        ({"overage": "decline"}, {"remaining": "10.00", "declined": "2.00"}),
    ],
)
def test_a_block_says_what_was_bought_used_and_is_left(words, past):
    said = told(block(**words), *BOUGHT, work(JAN_15, "12"))

    assert said == {"bought": "20.00", "used": "12.00", **past}


def test_what_the_next_block_pays_first_is_owed():
    assert told(block(overage="queue"), BOUGHT[0], work(JAN_15, "12")) == {
        "bought": "10.00",
        "used": "12.00",
        "owed": "2.00",
    }


def test_of_declined_hours_those_approved_that_have_a_price_are_billed():
    priced = block(overage="decline", overage_rate=Decimal(100))

    said = told(priced, BOUGHT[0], work(JAN_15, "13"), approval(date(2026, 1, 1), "2"))

    assert (said["billed"], said["declined"]) == ("2.00", "1.00")


def test_credits_charges_and_hours_that_ended_stand_apart():
    dated = [
        top_up(JAN_2, "10", expires=date(2026, 1, 20)),
        adjustment(JAN_15, "2"),
        adjustment(JAN_15, "-1"),
    ]

    assert told(block(), *dated, work(JAN_15, "4")) == {
        "bought": "10.00",
        "credited": "2.00",
        "used": "4.00",
        "charged": "1.00",
        "ended": "5.00",
        "remaining": "2.00",
    }


def test_a_retainer_that_becomes_a_block_brings_its_hours_along():
    capped = terms("10", rollover=Rollover())
    agreed = agreement(capped, terms(starts=date(2026, 2, 1), pools=pools(main="0")))

    life = life_of_block(cycles(agreed, work(JAN_15, "4"), on=FEB_20), agreed)

    assert (life.since, life.bought, life.remaining) == (date(2026, 2, 1), 6, 6)


def test_a_retainer_with_a_cap_is_no_block():
    assert life_of_block(cycles(agreement(), on=FEB_20), agreement()) is None
    assert life_of_block((), block()) is None


@given(histories())
@settings(max_examples=examples(60), deadline=None)
def test_a_block_adds_up_over_its_life(history):
    found = balance(
        history.agreement,
        history.works,
        history.top_ups,
        history.adjustments,
        history.on,
        history.approvals,
    )
    life = life_of_block(found, history.agreement)
    if life is not None:
        came = life.bought + life.credited - life.used - life.charged
        assert came == life.remaining + life.ended - life.billed - life.declined - life.owed
        assert sum((each.hours for each in life.ends), Decimal(0)) <= life.remaining


# What ends


def test_hours_that_end_are_told_by_their_last_day():
    agreed = agreement(terms("10", rollover=Rollover(cycles=1)))
    dated = [
        top_up(JAN_2, "5", expires=date(2026, 3, 20)),
        top_up(FEB_2, "3", expires="cycle"),
        top_up(FEB_2, "9"),
        adjustment(FEB_2, "1", expires=2),
    ]

    found = cycles(agreed, *dated, on=FEB_20)

    assert endings(found[-1], agreed) == (
        Ending(Decimal(13), date(2026, 2, 28)),  # January's ten and the top-up of the cycle
        Ending(Decimal(5), date(2026, 3, 20)),
        Ending(Decimal(1), date(2026, 4, 30)),
    )
    assert [each.on.isoformat() for each in ending_soon(found, agreed, FEB_20)] == [
        "2026-02-28",
        "2026-03-20",
    ]


def test_a_retainers_last_day_ends_what_was_bought_for_good():
    agreed = agreement(ends=date(2026, 3, 31))

    assert endings(cycles(agreed, BOUGHT[0], on=FEB_20)[-1], agreed) == (
        Ending(Decimal(10), date(2026, 3, 31)),
    )
    assert ending_soon(cycles(agreed, BOUGHT[0], on=date(2026, 4, 1)), agreed, date(2026, 4, 1)) == ()


@given(agreements())
@settings(max_examples=examples(60), deadline=None)
def test_a_cycle_is_found_by_its_index(agreed):
    found = cycles_until(agreed, date(2028, 12, 31))

    assert [cycle_at(agreed, cycle.index) for cycle in found] == list(found)
    if found and found[-1].resets is None:
        assert cycle_at(agreed, len(found)) is None


def test_a_life_of_very_many_cycles_ends_with_the_calendar():
    assert cycle_at(agreement(), 10**6) is None


def test_the_json_of_a_block_has_its_life_and_its_ends():
    agreed = block(overage="queue")
    found = cycles(agreed, top_up(JAN_2, "10", expires=date(2026, 3, 20)), work(JAN_15, "4"), on=FEB_20)

    assert life_json(agreed, found, FEB_20) == {
        "block": {
            "since": "2026-01-01",
            "bought": "10.00",
            "credited": "0.00",
            "used": "4.00",
            "charged": "0.00",
            "ended": "0.00",
            "billed": "0.00",
            "declined": "0.00",
            "owed": "0.00",
            "remaining": "6.00",
            "ends": [{"hours": "6.00", "on": "2026-03-20"}],
        },
        "ending": [{"hours": "6.00", "on": "2026-03-20"}],
    }
    assert life_json(agreement(), (), FEB_20) == {"ending": []}
