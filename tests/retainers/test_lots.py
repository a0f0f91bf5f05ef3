"""The life of granted hours: which are consumed first, and which are carried on."""

from datetime import date
from decimal import Decimal

import pytest

from retainers.balance import Lot
from retainers.lots import allocation_expires, carry, consume, lapses
from retainers.terms import Rollover
from tests.retainers.builders import terms


def lot(kind: str, hours: str = "1", *, granted: int = 1, lapses: int | None = None) -> Lot:
    return Lot(kind, date(2026, 1, granted), lapses, Decimal(hours))


def consumed_first(one: Lot, other: Lot) -> Lot:
    """The one of two lots of an hour that an hour's need takes."""
    (left,), _ = consume([one, other], Decimal(1))
    return other if left == one else one


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (lot("credit", granted=9, lapses=0), lot("allocation", granted=1, lapses=1)),
        (lot("credit", granted=9, lapses=7), lot("allocation", granted=1, lapses=None)),
        (lot("credit", granted=2, lapses=1), lot("allocation", granted=3, lapses=1)),
        (lot("top_up", granted=2, lapses=None), lot("allocation", granted=3, lapses=None)),
        (lot("allocation", lapses=1), lot("top_up", lapses=1)),
        (lot("top_up", lapses=1), lot("credit", lapses=1)),
        (lot("allocation", lapses=1), lot("credit", lapses=1)),
    ],
    ids=[
        "what expires sooner",
        "what expires at all",
        "what was granted earlier",
        "what was granted earlier, of what never expires",
        "an allocation before a top-up",
        "a top-up before a credit",
        "an allocation before a credit",
    ],
)
def test_lots_are_consumed_by_expiry_then_grant_then_kind(first, then):
    assert consumed_first(first, then) == first
    assert consumed_first(then, first) == first


def test_a_need_may_leave_a_part_of_a_lot():
    left, overage = consume([lot("top_up", "2", lapses=1), lot("top_up", "3")], Decimal("2.5"))

    assert (left, overage) == ((lot("top_up", "2.5"),), 0)


def test_a_need_past_all_lots_is_overage():
    assert consume([lot("top_up", "2")], Decimal("2.5")) == ((), Decimal("0.5"))


def test_a_need_below_zero_takes_and_misses_nothing():
    assert consume([lot("top_up", "2")], Decimal(-1)) == ((lot("top_up", "2"),), 0)


@pytest.mark.parametrize(("expires", "index"), [("never", None), ("cycle", 3), (1, 4), (2, 5)])
def test_expiry_is_counted_from_the_cycle_of_the_grant(expires, index):
    assert lapses(expires, 3) == index


@pytest.mark.parametrize(
    ("rollover", "expires"),
    [
        (None, "cycle"),
        (Rollover(cycles=2), 2),
        (Rollover(hours=Decimal(5)), "never"),
        (Rollover(hours=Decimal(5), cycles=1), 1),
    ],
)
def test_an_allocation_lives_as_long_as_the_rollover_says(rollover, expires):
    assert allocation_expires(terms(rollover=rollover)) == expires


def test_lots_lapse_at_the_close_of_their_last_cycle():
    lots = [lot("allocation", lapses=2), lot("top_up", lapses=3), lot("credit")]

    assert carry(lots, terms(), 2) == (lot("top_up", lapses=3), lot("credit"))


def test_allocation_above_the_rollover_cap_lapses_oldest_grant_first():
    lots = [lot("allocation", "2", granted=1), lot("allocation", "3", granted=2)]

    assert carry(lots, terms(rollover=Rollover(hours=Decimal(4))), 0) == (
        lot("allocation", "1", granted=1),
        lot("allocation", "3", granted=2),
    )


def test_the_oldest_grant_lapses_first_even_if_a_newer_one_expires_sooner():
    old, new = lot("allocation", "2", granted=1), lot("allocation", "2", granted=2, lapses=5)

    assert carry([new, old], terms(rollover=Rollover(hours=Decimal(2))), 0) == (new,)


def test_only_allocation_counts_towards_the_rollover_cap_and_lapses_by_it():
    lots = (lot("allocation", "4"), lot("top_up", "9"), lot("credit", "9"))

    assert carry(lots, terms(rollover=Rollover(hours=Decimal(4))), 0) == lots
    assert carry(lots, terms(rollover=Rollover(hours=Decimal(0))), 0) == lots[1:]
