"""Which unit a column of hours is in: its header first, then its values, then what the format is known for.

Decided once per column over all its cells, never cell by cell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from imports.reading.values import MAX_ENTRY_HOURS, PER_HOUR, BadValueError, Unit, is_bare, parse_number

_HEADER_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", re.ASCII)
_UNIT_WORDS = {
    Unit.MINUTES: {"min", "mins", "minute", "minutes", "minuten"},
    Unit.SECONDS: {"sec", "secs", "second", "seconds", "sekunden"},
    Unit.HOURS: {"h", "hr", "hrs", "hour", "hours", "std", "stunden", "decimal"},
}
_SPAN_TOLERANCE = Decimal("0.034")  # two minutes: start and end are often cut to the minute
_AGREEING = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Measure:
    """A column's unit; `is_stated` where its header names it, so that large values are no doubt of it."""

    unit: Unit
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a column of hours, with the hours between its row's start and end where both are known."""

    text: str
    span: Decimal | None = None


def stated_unit(header: str) -> Unit | None:
    """The unit that a header names.

    >>> stated_unit("Time Taken (mins)"), stated_unit("hours_actual"), stated_unit("Duration")
    (<Unit.MINUTES: 'minutes'>, <Unit.HOURS: 'hours'>, None)
    """
    words = {word.lower() for word in _HEADER_WORDS.findall(header[:200])}
    for unit, names in _UNIT_WORDS.items():
        if words & names:
            return unit
    return None


def measure(header: str, cells: Sequence[Cell], usual: Unit, whole_numbers: Unit = Unit.OPEN) -> Measure:
    """The unit of a column's bare numbers.

    `usual` is what the format is known for; `whole_numbers` what a column of large whole numbers means in
    it (Kimai before 2.27: seconds). Large whole numbers in a column of hours are not hours: OPEN.
    """
    stated = stated_unit(header)
    if stated:
        return Measure(stated, is_stated=True)
    bare = [(amount, cell.span) for cell in cells if (amount := _bare_amount(cell.text)) is not None]
    found = _unit_by_spans(bare)
    if found:
        return Measure(found, is_stated=True)
    if usual in (Unit.MINUTES, Unit.SECONDS):
        return Measure(usual, is_stated=True)
    return Measure(_unit_by_range([amount for amount, _ in bare], usual, whole_numbers), is_stated=False)


def _bare_amount(text: str) -> Decimal | None:
    if not text or not is_bare(text):
        return None
    try:
        return parse_number(text, ".")
    except BadValueError:
        return None


def _unit_by_spans(bare: Sequence[tuple[Decimal, Decimal | None]]) -> Unit | None:
    """The one unit under which most values equal the time between start and end."""
    pairs = [(abs(amount), span) for amount, span in bare if amount and span]
    if not pairs:
        return None
    fitting = [
        unit
        for unit, per_hour in PER_HOUR.items()
        if sum(abs(amount / per_hour - span) <= _SPAN_TOLERANCE for amount, span in pairs)
        >= _AGREEING * len(pairs)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _unit_by_range(amounts: Sequence[Decimal], usual: Unit, whole_numbers: Unit) -> Unit:
    sizes = sorted(abs(amount) for amount in amounts if amount)
    if not sizes:
        return usual
    if any(size != size.to_integral_value() or size.as_tuple().exponent for size in sizes):
        return Unit.HOURS
    if sizes[len(sizes) // 2] > MAX_ENTRY_HOURS:
        return whole_numbers
    return usual
