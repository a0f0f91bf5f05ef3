"""Columns in which many rows say the same: each different value once, and of each row the number of what it says.

Numbers take as few bytes as there are different values, most often one; then all of them are looked at, turned and
picked together. Pure.
"""

import sys
import zlib
from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import count
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

Value = TypeVar("Value", bound=Hashable)
Pick = Callable[[Sequence[Any]], Sequence[Any]]
ONE_BYTE, TWO_BYTES = 1 << 8, 1 << 16


class Numbered(NamedTuple, Generic[Value]):
    """The different values of a column, some of which no row may have any more; and the number of each row's."""

    values: Sequence[Value]
    numbers: "array[int]"

    def each(self) -> list[Value]:
        """What each row says."""
        return list(map(self.values.__getitem__, self.numbers))

    def different(self) -> list[Value]:
        """What any row says, in the order in which that is met."""
        return list(map(self.values.__getitem__, _met(self.numbers)))

    def used(self) -> "Numbered[Value]":
        """The values that any row has, in the order in which they are met, with the numbers that they have then."""
        again = dict(zip(_met(self.numbers), count()))
        if list(again) == list(range(len(self.values))):
            return self
        numbers: Iterable[int] = map(again.__getitem__, self.numbers)
        if self.numbers.itemsize == 1:
            numbers = self.numbers.tobytes().translate(bytes(again.get(each, 0) for each in range(ONE_BYTE)))
        return Numbered(list(map(self.values.__getitem__, again)), numbers_of(numbers, len(again)))

    def among(self, others: Sequence[Value], pick: Pick) -> "Numbered[Value]":
        """With other rows behind these, and all of them in the order in which their numbers are then to be picked."""
        number_of = dict(zip(self.values, count()))
        own = [number_of.setdefault(value, len(number_of)) for value in others]
        is_short = len(number_of) <= ONE_BYTE
        both = self.numbers.tobytes() + bytes(own) if is_short else [*self.numbers, *own]
        return Numbered(list(number_of), numbers_of(pick(both), len(number_of)))


def numbered(values: Sequence[Value], different: Iterable[Value]) -> Numbered[Value]:
    """The rows with these values. `different`: all of them that there are, each once."""
    number_of = dict(zip(different, count()))
    numbers = numbers_of(map(number_of.__getitem__, values), len(number_of))
    return Numbered(list(number_of), numbers)


def picker(places: Sequence[int]) -> Pick:
    """A function that gives what stands at these places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda column: [column[place] for place in places]


def numbers_of(numbers: Iterable[int], different: int) -> "array[int]":
    """Numbers of so many different values."""
    if different <= ONE_BYTE:
        said = numbers if isinstance(numbers, bytes) else bytes(iter(numbers))  # of an array not its memory
        return array("B", said)
    return array(_kind(different), numbers)


def _met(numbers: "array[int]") -> Iterable[int]:
    """The different ones in the order in which they are met."""
    if numbers.itemsize > 1:
        return dict.fromkeys(numbers)
    said = numbers.tobytes()
    return sorted(set(said), key=said.index)


def packed(numbers: "array[int]") -> bytes:
    """Numbers that nobody needs any more, as bytes: the lower byte first, whatever the machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return zlib.compress(memoryview(numbers).cast("B"), 1)


def unpacked(data: bytes, different: int, number: int) -> "array[int]":
    """Raises `ValueError` unless there are so many, each of one of so many different values."""
    found = array(_kind(different))
    try:
        found.frombytes(said := zlib.decompress(data))
    except zlib.error as error:
        raise ValueError("these bytes hold no numbers") from error
    if sys.byteorder == "big":
        found.byteswap()
    if found.itemsize == 1:
        is_more = bool(said.translate(None, bytes(range(different))))  # all of them at one look
    else:
        is_more = max(found, default=-1) >= different
    if len(found) != number or is_more:
        raise ValueError("a number of no value")
    return found


def _kind(different: int) -> str:
    """The array's kind whose numbers have room for so many."""
    return "B" if different <= ONE_BYTE else "H" if different <= TWO_BYTES else "I"
