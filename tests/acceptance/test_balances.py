"""`balances`: its days, its form, and what it says of how far the figures reach."""

import re

import pytest

from tests.acceptance.conftest import AGREEMENT, at

HOURS = re.compile(r"^-?\d+\.\d\d$")
ACCOUNT = [
    "allocated", "carried_in", "topped_up", "credited", "queued_in", "used", "charged", "remaining",
    "overage", "carried_out", "expired", "queued_out", "lapsed",
]  # fmt: skip
CYCLE = {
    "starts", "ends", "resets", "closed", "sharing", "pools", "total", "used_by_multiplier", "overage_amount",
    "currency", "provisional", "approved",
}  # fmt: skip


def row(number, day, hours="1"):
    return [number, "Birch & Lowe", day, hours, "Bob", "T1", "Fix"]


def test_every_retainer_stands_with_each_cycle_that_has_begun(northwind, shell):
    said = shell("balances", "--provider", "northwind", "--json", "--on", "2026-03-01").json
    assert [(each["client"], each["retainer"]) for each in said] == [
        ("acme", "support"),
        ("birch", "support"),
    ]
    assert set(said[0]) >= {"client", "retainer", "on", "through", "next_update", "cycles"}
    cycles = said[0]["cycles"]
    assert [(c["starts"], c["ends"], c["resets"], c["closed"]) for c in cycles] == [
        ("2026-01-01", "2026-01-31", "2026-02-01", True),
        ("2026-02-01", "2026-02-28", "2026-03-01", True),
        ("2026-03-01", "2026-03-31", "2026-04-01", False),
    ]
    for cycle in cycles:
        assert set(cycle) >= CYCLE
        assert [pool["pool"] for pool in cycle["pools"]] == ["reactive", "planned"]
        for account in (*cycle["pools"], cycle["total"]):
            closing = {"carried_out", "expired", "queued_out"}
            assert set(account) - {"pool"} == set(ACCOUNT)
            for key in ACCOUNT:
                wanted = HOURS if cycle["closed"] or key not in closing else re.compile("^None$")
                assert wanted.match(str(account[key]))


def test_pools_of_one_account_are_only_tracked(load, balances):
    load(AGREEMENT.replace("pools =", 'sharing = "shared"\npools ='))
    cycle = balances("--on", "2026-01-05", "--client", "birch")["birch", "support"]["cycles"][0]
    assert cycle["sharing"] == "shared"
    assert cycle["pools"] == [{"pool": "main", "allocated": "10.00", "used": "0.00", "remaining": "10.00"}]
    assert set(cycle["total"]) == set(ACCOUNT)


def test_there_are_no_cycles_before_the_start(northwind, balances):
    before = balances("--on", "2025-12-31")["birch", "support"]
    assert (before["cycles"], before["through"], before["next_update"]) == ([], None, None)


def test_a_balance_on_a_day_counts_what_is_dated_up_to_it(bring, used):
    with at("2026-02-10 12:00"):
        bring([row(1, "2026-02-03"), row(2, "2026-02-05", "2.5")], "--publish")
    assert [used("birch", day) for day in ("2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05")] == [
        "0.00",
        "1.00",
        "1.00",
        "3.50",
    ]


def test_freshness_is_what_a_reader_of_that_day_knew(bring, balances):
    with at("2026-02-03 12:00"):  # a Tuesday
        bring([row(1, "2026-02-02")], "--publish")
    with at("2026-02-05 12:00"):  # a Thursday
        bring([row(2, "2026-02-04")], "--publish")
    known = {}
    for day in ("2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05", "2026-02-20"):
        birch = balances("--on", day)["birch", "support"]
        known[day] = birch["through"], birch["next_update"]
    assert known == {
        "2026-02-02": (None, None),
        "2026-02-03": ("2026-02-02", "2026-02-05"),
        "2026-02-04": ("2026-02-02", "2026-02-05"),
        "2026-02-05": ("2026-02-04", "2026-02-09"),
        "2026-02-20": ("2026-02-04", "2026-02-09"),
    }


def test_a_cycle_is_provisional_until_its_last_day_is_covered(bring, balances):
    def provisional():
        cycles = balances("--on", "2026-03-03")["birch", "support"]["cycles"]
        return [cycle["provisional"] for cycle in cycles]

    with at("2026-03-02 12:00"):
        bring([row(1, "2026-02-27")], "--publish")
        assert provisional() == [False, True, True]
        bring([row(2, "2026-02-28")], "--publish")
        assert provisional() == [False, False, True]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Pacific/Auckland", "2026-02-28 10:59", "2026-02-28 11:00"),
        ("America/Los_Angeles", "2026-03-01 07:59", "2026-03-01 08:00"),
    ],
)
def test_a_cycle_turns_over_at_midnight_where_the_provider_is(zone, before, after, load, balances):
    with at("2026-01-02 12:00"):
        load(AGREEMENT.replace("date_order", f'timezone = "{zone}"\ndate_order'))
    last = []
    for moment in (before, after):
        with at(moment):
            birch = balances()["birch", "support"]
            last.append((birch["on"], birch["cycles"][-1]["starts"]))
    assert last == [("2026-02-28", "2026-02-01"), ("2026-03-01", "2026-03-01")]


def test_a_far_day_is_answered(northwind, balances):
    assert len(balances("--on", "2125-12-31", "--client", "birch")["birch", "support"]["cycles"]) == 1200


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--provider", "nobody"), 1),
        (("--provider", "northwind", "--client", "nobody"), 1),
        (("--provider", "northwind", "--on", "soon"), 2),
        (("--provider", "northwind", "--on", "2026-02-30"), 2),
        (("--provider", "northwind", "--on", "9999-12-31"), 2),
        (("--provider", "northwind", "--nonsense"), 2),
        ((), 2),
    ],
)
def test_bad_input_is_told_from_bad_usage(words, code, northwind, shell):
    said = shell("balances", *words)
    assert (said.code, said.out) == (code, "")
    assert said.err
