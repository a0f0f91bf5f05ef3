"""Columns by the numbers of their values: whatever is asked of them is what the values themselves say."""

from array import array
from random import Random

import pytest

from imports.reading.numbered import Numbered, numbered, numbers_of, packed, picker, unpacked

MANY = [1, 2, 255, 256, 257, 65_536, 65_537]


def a_column(different, rows=400, seed=1):
    chance = Random(seed)
    return [str(chance.randrange(different)) for _ in range(rows)] + [str(each) for each in range(different)]


@pytest.mark.parametrize("different", MANY)
def test_numbers_come_back_from_their_bytes(different):
    column = a_column(different)
    values, numbers = numbered(column, dict.fromkeys(column))
    assert numbers.itemsize == (1 if different <= 256 else 2 if different <= 65_536 else 4)
    again = unpacked(packed(array(numbers.typecode, numbers)), different, len(column))
    assert Numbered(values, again).each() == column


@pytest.mark.parametrize("different", MANY)
def test_a_number_of_no_value_is_refused_and_so_is_one_too_few(different):
    written = packed(numbers_of([different - 1, 0], different))
    assert list(unpacked(written, different, 2)) == [different - 1, 0]
    for values, rows in ((different - 1, 2), (different, 3)):
        with pytest.raises(ValueError, match=r"."):
            unpacked(written, values, rows)
    with pytest.raises(ValueError, match="no numbers"):
        unpacked(b"no bytes of ours", different, 2)


@pytest.mark.parametrize(("different", "more"), [(1, 0), (1, 1), (7, 3), (250, 6), (250, 9), (300, 2)])
def test_rows_among_others_say_what_they_said(different, more):
    column = a_column(different)
    others = [str(each) for each in range(different - 1, different + more)]
    both = column + others
    order = Random(2).sample(range(len(both)), len(both) // 2)
    wanted = [both[place] for place in order]

    found = numbered(column, dict.fromkeys(column)).among(others, picker(order))

    assert found.each() == wanted
    assert found.different() == list(dict.fromkeys(wanted))
    used = found.used()
    assert used == numbered(wanted, dict.fromkeys(wanted))
    assert used.used() is used


@pytest.mark.parametrize("places", [[], [1], [2, 0]])
def test_what_stands_at_some_places_is_picked(places):
    assert list(picker(places)("abc")) == [("a", "b", "c")[place] for place in places]
