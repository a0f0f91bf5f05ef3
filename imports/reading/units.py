"""Which unit a column of hours is in: proven by its header, its rows' own times or its values, else asked.

Decided once per column over all its cells, never cell by cell; a bare number is never guessed by its size.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from imports.reading.durations import HOURS_EACH, MAX_ENTRY_HOURS, PER_HOUR, bare_amount
from imports.reading.formats.table import Cell, Measure, Unit

_PROVABLE = (Unit.HOURS, Unit.MINUTES, Unit.SECONDS, Unit.MILLISECONDS, Unit.WHOLE_DAYS)
_ABOUT = (Decimal("0.4"), Decimal("2.5"))  # rounding and breaks; units are 24 or 60 apart
_CLOSELY = (Decimal("0.8"), Decimal("1.25"))  # 1 h in a span of 10 h is no day of 24 h
_AGREEING = Decimal("0.8")
_EIGHTH, _MINUTES_AN_HOUR, _MINUTES_A_DAY = Decimal("0.125"), 60, 1_440
_MINUTES_OF_A_POINT, _A_MINUTE = Decimal("0.6"), Decimal("0.0170")
_WITH_A_POINT = re.compile(r"[0-9]{1,2}[.,](00|15|30|45)", re.ASCII)
_MANY_WITH_A_POINT = 3
_ROUNDED_OFF = Decimal("0.06")  # of a minute, where four places are written


def measure(cells: Sequence[Cell], usual: Unit, whole_numbers: Unit = Unit.OPEN) -> Measure:
    """The unit of a column whose header names none.

    The time between start and end proves it, and so do fractions of at most a day: those are hours. Where
    nothing does, the column is read in the unit it is known for (`usual`; large whole numbers in
    `whole_numbers`, Kimai's seconds before 2.27), and asked about. Where most cells name their own unit, a
    bare one among them stays open.
    """
    bare = [(amount, cell.span) for cell in cells if (amount := bare_amount(cell.text))]
    if not bare:
        return Measure(_known(usual), is_proven=True)
    if proven := _unit_by_spans((*each, 1) for each in bare):
        return Measure(proven, is_proven=True)
    if usual is Unit.OPEN and len(_filled(cells)) > 2 * len(bare):
        return Measure(usual, is_proven=True)  # the cells name their units; a bare one among them is refused
    return _by_sizes(sorted(abs(amount) for amount, _ in bare), usual, whole_numbers)


def _filled(cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.text.strip()]


def _by_sizes(sizes: Sequence[Decimal], usual: Unit, whole_numbers: Unit) -> Measure:
    """What numbers that nothing stands beside look like; from the smallest to the largest."""
    if are_parts_of_a_day(sizes):
        return Measure(_known(usual), is_proven=False)
    if sizes[-1] <= MAX_ENTRY_HOURS and any(size != size.to_integral_value() for size in sizes):
        return Measure(Unit.HOURS, is_proven=True)
    is_large = sizes[len(sizes) // 2] > MAX_ENTRY_HOURS
    likely = whole_numbers if is_large and whole_numbers is not Unit.OPEN else usual
    return Measure(_known(likely), is_proven=False)


def measure_breaks(cells: Sequence[Cell]) -> Measure:
    """The unit of a column of breaks: minutes where of as many hours one would be longer than the time around it.

    >>> measure_breaks([Cell("30", Decimal(3))]).unit
    <Unit.MINUTES: 'minutes'>
    """
    bare = ((bare_amount(cell.text), cell.span) for cell in cells)
    if any(amount and span is not None and abs(amount) > span for amount, span in bare):
        return Measure(Unit.MINUTES, is_proven=True)
    return measure([Cell(cell.text) for cell in cells], Unit.HOURS)


def _known(unit: Unit) -> Unit:
    return Unit.HOURS if unit is Unit.OPEN else unit


def _unit_by_spans(bare: Iterable[tuple[Decimal, Decimal | None, int]]) -> Unit | None:
    """The one unit under which most values are about the time between start and end: each comes with its number."""
    pairs: Counter[tuple[Decimal, Decimal]] = Counter()
    for amount, span, count in bare:
        if span and span > 0:
            pairs[abs(amount), span] += count
    if not pairs:
        return None
    fitting = [
        unit
        for unit in _PROVABLE
        if sum(_fits(*pair, unit) * count for pair, count in pairs.items()) >= _AGREEING * pairs.total()
    ]
    return fitting[0] if len(fitting) == 1 else None


def _fits(amount: Decimal, span: Decimal, unit: Unit) -> bool:
    least, most = _CLOSELY if unit is Unit.WHOLE_DAYS else _ABOUT
    return least <= hours_as(amount, unit) / span <= most


def contradicting(cells: Mapping[Cell, int], stated: Unit) -> Unit | None:
    """The unit that the rows' own times prove where it is another one than the header says. `cells` with how often
    each stands in the column.
    """
    bare = ((bare_amount(cell.text), cell.span, count) for cell, count in cells.items())
    proven = _unit_by_spans((amount, span, count) for amount, span, count in bare if amount)
    return proven if proven is not stated else None


def are_clock_like(cells: Sequence[Cell]) -> bool:
    """Whether numbers are times of the clock with a point in them: 1.30 beside 09:00 to 10:30 is an hour and a half.

    Where no row has times, whether they are written so: minutes that are quarters of an hour, of at least two kinds.

    >>> halves = [Cell("1.30", Decimal("1.5")), Cell("2.45", Decimal("2.75"))]
    >>> are_clock_like(halves), are_clock_like([Cell("1.50", Decimal("1.5")), Cell("2.75", Decimal("2.75"))])
    (True, False)
    """
    if not any(cell.span for cell in cells):
        return _are_written_as_clock(cells)
    timed = ((abs(bare_amount(cell.text) or Decimal(0)), cell.span) for cell in cells if cell.span)
    found = 0
    for amount, span in timed:
        if amount % 1:
            if not _is_by_clock(amount, span):
                return False  # the ordinary file says so in its first rows
            found += 1
    return found > 1


def _is_by_clock(amount: Decimal, span: Decimal) -> bool:
    """Whether the amount is the time between start and end as the clock writes it, and not as a number."""
    by_clock = amount // 1 + amount % 1 / _MINUTES_OF_A_POINT
    return abs(by_clock - span) <= _A_MINUTE < abs(amount - span)


def _are_written_as_clock(cells: Sequence[Cell]) -> bool:
    """1.30, 0.45 and 2.15 are hours and minutes as people write them, and hardly 18, 27 and 9 minutes."""
    minutes: list[str] = []
    for cell in cells:
        text = cell.text.strip().lstrip("-+")
        if not text or text.isdigit():
            continue
        found = _WITH_A_POINT.fullmatch(text)
        if found is None:
            return False
        minutes += [found[1]] if found[1] != "00" else []
    return len(minutes) >= _MANY_WITH_A_POINT and len(set(minutes)) > 1


def hours_as(amount: Decimal, unit: Unit) -> Decimal:
    """What a bare number is in hours, read in that unit.

    >>> hours_as(Decimal(90), Unit.MINUTES), hours_as(Decimal("0.0625"), Unit.WHOLE_DAYS)
    (Decimal('1.5'), Decimal('1.5000'))
    """
    return amount * HOURS_EACH[unit] if unit in HOURS_EACH else amount / PER_HOUR.get(unit, Decimal(1))


def are_parts_of_a_day(sizes: Sequence[Decimal]) -> bool:
    """Whether numbers look like times as a spreadsheet counts them, in parts of a day: each below one gives
    whole minutes so, and half of them or more give none as hours. Eighths of an hour are hours.

    >>> are_parts_of_a_day([Decimal("0.0625"), Decimal("0.03125")]), are_parts_of_a_day([Decimal("0.25")])
    (True, False)
    """
    odd = [size for size in sizes if size % _EIGHTH]
    if not odd or not all(0 < size < 1 and _is_whole(size * _MINUTES_A_DAY) for size in sizes):
        return False
    return 2 * sum(not _is_whole(size * _MINUTES_AN_HOUR) for size in odd) >= len(sizes)


def _is_whole(number: Decimal) -> bool:
    return abs(number - number.to_integral_value()) <= _ROUNDED_OFF
