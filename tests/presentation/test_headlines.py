"""A number says the same in little room, where what it means is not looked up."""

from dataclasses import fields
from datetime import date, timedelta

from hypothesis import given

from presentation import headlines
from presentation.accounts import accounts
from presentation.headlines import ShortNumber, numbers, short_numbers
from retainers.ledger import balance
from tests.retainers.builders import agreement, cycles
from tests.retainers.strategies import histories


def every_number(cycles, covered, ways):
    """The numbers of each cycle, as each of these ways says them."""
    for place, cycle in enumerate(cycles):
        found = accounts(cycles[: place + 1], cycle)
        yield [way(found, cycle, covered) for way in ways]


def whole(found, cycle, covered):
    return numbers(found, cycle, covered, cycle.ends)


@given(histories())
def test_a_number_in_little_room_is_a_part_of_the_whole_one(history):
    granted = history.top_ups, history.adjustments, history.on, history.approvals
    every = balance(history.agreement, history.works, *granted)
    for covered in (None, history.on - timedelta(days=3)):
        for long, short in every_number(every, covered, (whole, short_numbers)):
            said = [{its.name: getattr(each, its.name) for its in fields(ShortNumber)} for each in long]
            assert [ShortNumber(**each) for each in said] == list(short)


def test_for_little_room_no_meaning_is_looked_up(monkeypatch):
    monkeypatch.setattr(headlines, "meaning", None)
    found = cycles(agreement(), on=date(2026, 1, 9))
    assert [each.left for each in short_numbers(accounts(found, found[-1]), found[-1], None)]
