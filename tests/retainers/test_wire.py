"""The JSON of a cycle: keys, their order, and how numbers are written (contract.md, "balances")."""

import json
from datetime import date
from decimal import Decimal

from hypothesis import given, settings

from retainers.ledger import balance
from retainers.terms import Rollover
from retainers.wire import cycle_json
from tests.retainers.builders import AFTER_HOURS, agreement, cycles, pools, terms, work
from tests.retainers.strategies import histories

JAN_15, FEB_1 = date(2026, 1, 15), date(2026, 2, 1)
ACCOUNT_KEYS = [
    "allocated",
    "carried_in",
    "topped_up",
    "credited",
    "queued_in",
    "used",
    "charged",
    "remaining",
    "overage",
    "carried_out",
    "expired",
    "queued_out",
    "lapsed",
]
TWO = pools(reactive="12", scheduled="8")


def test_a_cycle_is_written_as_promised():
    words = {"overage": "bill", "overage_rate": Decimal("165.00"), "multipliers": (AFTER_HOURS,)}
    agreed = agreement(terms("12", rollover=Rollover(cycles=2), **words))
    dated = [work(JAN_15, "6.5"), work(JAN_15, "2", categories="after_hours remote")]

    january, _ = cycles(agreed, *dated, on=FEB_1)

    account = {
        "allocated": "12.00",
        "carried_in": "0.00",
        "topped_up": "0.00",
        "credited": "0.00",
        "queued_in": "0.00",
        "used": "10.50",
        "charged": "0.00",
        "remaining": "1.50",
        "overage": "0.00",
        "carried_out": "1.50",
        "expired": "0.00",
        "queued_out": "0.00",
        "lapsed": "0.00",
    }
    expected = {
        "starts": "2026-01-01",
        "ends": "2026-01-31",
        "resets": "2026-02-01",
        "closed": True,
        "sharing": "separate",
        "pools": [{"pool": "main", **account}],
        "total": account,
        "used_by_multiplier": [
            {"categories": [], "factor": "1", "counted": "6.50", "drawn": "6.50"},
            {"categories": ["after_hours"], "factor": "2", "counted": "2.00", "drawn": "4.00"},
        ],
        "approved": "0.00",
        "overage_amount": "0.00",
        "currency": "USD",
        "provisional": False,
    }
    assert json.dumps(cycle_json(january, provisional=False)) == json.dumps(expected)


def test_the_end_of_an_open_cycle_is_null():
    (january,) = cycles(agreement(), on=JAN_15)

    written = cycle_json(january, provisional=True)

    assert [written["total"][key] for key in ("carried_out", "expired", "queued_out")] == [None] * 3
    assert (written["closed"], written["provisional"]) == (False, True)


def test_the_last_cycle_of_a_retainer_that_ends_has_no_reset():
    (january,) = cycles(agreement(ends=date(2026, 1, 31)), on=JAN_15)

    assert cycle_json(january, provisional=True)["resets"] is None


def test_shared_pools_are_written_with_what_they_are_tracked_by():
    agreed = agreement(terms(pools=TWO, sharing="shared"))

    (january,) = cycles(agreed, work(JAN_15, "9", pool="scheduled"), on=JAN_15)

    written = cycle_json(january, provisional=True)
    assert written["pools"] == [
        {"pool": "reactive", "allocated": "12.00", "used": "0.00", "remaining": "12.00"},
        {"pool": "scheduled", "allocated": "8.00", "used": "9.00", "remaining": "-1.00"},
    ]
    assert list(written["total"]) == ACCOUNT_KEYS


def test_deducted_hours_are_written_without_a_factor():
    agreed = agreement(terms(hours_from="deducted", multipliers=(AFTER_HOURS,)))

    (january,) = cycles(agreed, work(JAN_15, "1", deducted="2", categories="after_hours"), on=JAN_15)

    assert cycle_json(january, provisional=True)["used_by_multiplier"] == [
        {"categories": ["after_hours"], "factor": None, "counted": "1.00", "drawn": "2.00"}
    ]


def test_a_factor_is_written_at_its_shortest():
    half = {"multipliers": (AFTER_HOURS,), "stacking": "product"}
    agreed = agreement(terms(**half))

    (january,) = cycles(agreed, work(JAN_15, "1", categories="after_hours"), on=JAN_15)

    (use,) = cycle_json(january, provisional=True)["used_by_multiplier"]
    assert use["factor"] == "2"


def test_money_is_in_the_currency_of_the_terms_of_the_cycle():
    agreed = agreement(
        terms("0", overage="bill", overage_rate=Decimal("99.99"), currency="EUR"),
        terms(starts=FEB_1, currency="GBP"),
    )

    january, february = cycles(agreed, work(JAN_15, "0.5"), on=FEB_1)

    first, second = (cycle_json(each, provisional=True) for each in (january, february))
    assert (first["overage_amount"], first["currency"]) == ("50.00", "EUR")
    assert (second["overage_amount"], second["currency"]) == ("0.00", "GBP")


@given(histories())
@settings(max_examples=40, deadline=None)
def test_every_number_is_text_with_two_decimals_and_no_minus_zero(history):
    found = balance(history.agreement, history.works, history.top_ups, history.adjustments, history.on)

    for cycle in found:
        written = cycle_json(cycle, provisional=True)
        figures = [
            *written["total"].values(),
            *(value for pool in written["pools"] for key, value in pool.items() if key != "pool"),
            *(use[key] for use in written["used_by_multiplier"] for key in ("counted", "drawn")),
            written["overage_amount"],
        ]
        texts = [figure for figure in figures if figure is not None]
        assert all(text == f"{Decimal(text):.2f}" and text != "-0.00" for text in texts)
        assert list(written["total"]) == ACCOUNT_KEYS
        assert json.loads(json.dumps(written)) == written
