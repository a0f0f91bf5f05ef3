"""What the work of a cycle comes to by its figures alone, and what becomes of it where entries go and come. Pure.

A closed cycle is kept without its entries. But what they come to is there, as sums: the hours of each day and pool,
what was used by multiplier, and which kinds counted. Of these what goes is taken off, and what comes is added.
Whether anything else is left of a sum or of a kind that something goes from may be for the entries alone to say: then
there is no answer.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import NamedTuple, TypeVar

from retainers.balance import CycleBalance, Draw
from retainers.drawn import Kind, UnreadDraws, drawn_in, kinds_in, uses_in_order
from retainers.tally import Worked, by_pool, is_below_zero

Key = TypeVar("Key", bound=Hashable)
Use = tuple[tuple[str, ...], Decimal | None]  # multipliers and factor


class _Known(NamedTuple):
    """The sums of some draws, each by what its draws have in common."""

    hours: Mapping[tuple[date, str], Decimal]
    counted: Mapping[Use, Decimal]
    drawn: Mapping[Use, Decimal]
    kinds: AbstractSet[Kind]

    @classmethod
    def in_cycle(cls, cycle: CycleBalance) -> "_Known":
        uses = {(each.categories, each.factor): each for each in cycle.used_by_multiplier}
        return cls(
            _sums(((each.day, each.pool), each.hours) for each in drawn_in(cycle)),
            {use: each.counted for use, each in uses.items()},
            {use: each.drawn for use, each in uses.items()},
            frozenset(kinds_in(cycle)),
        )

    @classmethod
    def of(cls, draws: Sequence[Draw]) -> "_Known":
        counting = [draw for draw in draws if draw.reason is None]
        return cls(
            _sums(((draw.work.day, draw.pool), draw.hours) for draw in draws),
            _sums(((draw.multipliers, draw.factor), draw.counted) for draw in counting),
            _sums(((draw.multipliers, draw.factor), draw.hours) for draw in counting),
            {(draw.work.categories, draw.pool) for draw in counting},
        )

    def after(self, went: "_Known", came: "_Known") -> Worked | None:
        """What the work comes to without what went and with what came; None where that isn't told."""
        hours = _moved(self.hours, went.hours, came.hours)
        counted = _moved(self.counted, went.counted, came.counted)
        drawn = _moved(self.drawn, went.drawn, came.drawn)
        if hours is None or counted is None or drawn is None or not went.kinds <= came.kinds:
            return None
        uses = uses_in_order({use: (counted[use], drawn[use]) for use in counted})
        return Worked(UnreadDraws(hours, self.kinds | came.kinds), by_pool(hours), uses)


def work_after(cycle: CycleBalance, goes: Sequence[Draw], comes: Sequence[Draw]) -> Worked | None:
    """What the work of the cycle comes to without the draws that go and with those that come; None where its figures
    don't tell.
    """
    before, moving = _Known.in_cycle(cycle), (*goes, *comes)
    if not moving:
        return Worked(cycle.draws, by_pool(before.hours), cycle.used_by_multiplier)
    if any(map(is_below_zero, moving)) or any(each.hours < 0 for each in drawn_in(cycle)):
        return None  # each draw of such a cycle is kept by itself
    return before.after(_Known.of(goes), _Known.of(comes))


def _sums(pairs: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    found: dict[Key, Decimal] = {}
    for key, hours in pairs:
        found[key] = found[key] + hours if key in found else hours
    return found


def _moved(
    before: Mapping[Key, Decimal], went: Mapping[Key, Decimal], came: Mapping[Key, Decimal]
) -> dict[Key, Decimal] | None:
    """These sums as they become. None where nothing may be left of one but what came has it, to as many places."""
    found = _sums(chain(before.items(), came.items()))
    for key, hours in went.items():
        if key not in before:
            return None
        left = found[key] = found[key] - hours
        if left < 0 or not (left or (key in came and left.same_quantum(came[key]))):
            return None
    return found
