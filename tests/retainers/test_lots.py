"""The life of granted hours: which are consumed first, and which are carried on."""

from datetime import date
from decimal import Decimal

import pytest

from retainers.balance import Lot
from retainers.lots import Met, allocation_expires, carry, credit_expires, lapses, meet
from retainers.terms import Rollover
from tests.retainers.builders import adjustment, terms


def lot(
    kind: str, hours: str = "1", *, granted: int = 1, lapses: int | None = None, ends: int | None = None
) -> Lot:
    last = None if ends is None else date(2026, 1, ends)
    return Lot(kind, date(2026, 1, granted), lapses, Decimal(hours), last)


def need(day: int, hours: str) -> tuple[date, Decimal]:
    return date(2026, 1, day), Decimal(hours)


def consumed_first(one: Lot, other: Lot) -> Lot:
    """The one of two lots of an hour that an hour's need takes."""
    (left,) = meet([one, other], [need(1, "1")]).left
    return other if left == one else one


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (lot("credit", granted=9, lapses=0), lot("allocation", granted=1, lapses=1)),
        (lot("credit", granted=9, lapses=7), lot("allocation", granted=1, lapses=None)),
        (lot("allocation", granted=3, lapses=1), lot("credit", granted=2, lapses=1)),
        (lot("allocation", granted=3, lapses=None), lot("top_up", granted=2, lapses=None)),
        (lot("credit", granted=3, lapses=1), lot("top_up", granted=2, lapses=1)),
        (lot("top_up", granted=2, lapses=1), lot("top_up", granted=3, lapses=1)),
        (lot("top_up", granted=9, lapses=1, ends=20), lot("allocation", granted=1, lapses=1)),
        (lot("top_up", granted=9, lapses=1, ends=20), lot("credit", granted=1, lapses=1, ends=21)),
        (lot("allocation", granted=1, lapses=0), lot("top_up", granted=1, lapses=1, ends=20)),
    ],
    ids=[
        "what expires sooner",
        "what expires at all",
        "an allocation before a credit",
        "an allocation before a top-up, of what never expires",
        "a credit before a top-up",
        "what was granted earlier",
        "what ends on a day before its cycle's last",
        "the earlier end",
        "this cycle's end before a day of the next",
    ],
)
def test_lots_are_consumed_by_expiry_then_kind_then_grant(first, then):
    assert consumed_first(first, then) == first
    assert consumed_first(then, first) == first


def test_a_need_may_leave_a_part_of_a_lot():
    met = meet([lot("top_up", "2", lapses=1), lot("top_up", "3")], [need(1, "2.5")])

    assert met == Met((lot("top_up", "2.5"),), Decimal(0))


def test_a_need_past_all_lots_is_the_rest():
    assert meet([lot("top_up", "2")], [need(1, "2.5")]) == Met((), Decimal("0.5"))


def test_a_need_below_zero_takes_nothing_and_is_given_back():
    assert meet([lot("top_up", "2")], [need(1, "-1")]) == Met((lot("top_up", "2"),), Decimal(-1))


def test_a_lot_covers_what_is_dated_up_to_its_end():
    ending = lot("top_up", "5", lapses=0, ends=20)

    met = meet([ending, lot("allocation", "2", lapses=0)], [need(20, "3"), need(21, "4")])

    assert met == Met((lot("top_up", "2", lapses=0, ends=20),), Decimal(2))


def test_what_a_lot_has_covered_by_its_end_stays_covered():
    met = meet([lot("top_up", "5", lapses=0, ends=20)], [need(15, "5"), need(21, "-3")])

    assert met == Met((), Decimal(-3))


def test_a_correction_up_to_its_end_gives_back_to_the_lot():
    met = meet([lot("top_up", "5", lapses=0, ends=20)], [need(15, "5"), need(20, "-3")])

    assert met == Met((lot("top_up", "3", lapses=0, ends=20),), Decimal(0))


def test_of_two_ends_the_later_covers_what_the_earlier_could_not():
    lots = [lot("top_up", "2", lapses=0, ends=10), lot("credit", "4", lapses=0, ends=20)]

    met = meet(lots, [need(9, "3"), need(15, "2"), need(25, "1")])

    assert met == Met((lot("credit", "1", lapses=0, ends=20),), Decimal(1))


@pytest.mark.parametrize(("expires", "index"), [("never", None), ("cycle", 3), (1, 4), (2, 5)])
def test_expiry_is_counted_from_the_cycle_of_the_grant(expires, index):
    assert lapses(expires, 3) == index


@pytest.mark.parametrize(
    ("rollover", "expires"),
    [
        (None, "cycle"),
        (Rollover(), "never"),
        (Rollover(cycles=2), 2),
        (Rollover(hours=Decimal(5)), "never"),
        (Rollover(hours=Decimal(5), cycles=1), 1),
    ],
)
def test_an_allocation_lives_as_long_as_the_rollover_says(rollover, expires):
    assert allocation_expires(terms(rollover=rollover)) == expires


@pytest.mark.parametrize(
    ("cap", "said", "expires"),
    [("8", None, "cycle"), ("0", None, "never"), ("0", "cycle", "cycle"), ("8", "never", "never")],
)
def test_a_credit_lapses_with_its_cycle_but_stays_on_a_prepaid_block(cap, said, expires):
    assert credit_expires(adjustment(date(2026, 1, 5), "2", expires=said), terms(cap)) == expires


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
