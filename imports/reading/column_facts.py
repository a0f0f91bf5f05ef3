"""What has to be decided once over a whole file before a single row is read: the `ReadingPlan` of `build`.

The order of day and month, the clock, the unit of each column of hours, the decimal mark. What the file
doesn't prove is asked: units by a question, order and clock by refusing the file with the choice.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from imports.reading.clock import ANY_DAY, passed
from imports.reading.clock_facts import time_of, uses_half_days, uses_points
from imports.reading.columns import Columns, ReadingPlan
from imports.reading.date_order import order_of
from imports.reading.dates import look
from imports.reading.durations import bare_amount, counts_days, is_bare, parse_duration
from imports.reading.entries import Entries
from imports.reading.formats.table import Cell, Format, Measure, Unit, key
from imports.reading.header_units import stated_unit
from imports.reading.rows import Answers, EntryRecord, Question, by_kind
from imports.reading.units import (
    are_clock_like,
    are_parts_of_a_day,
    contradicting,
    hours_as,
    measure,
    measure_breaks,
)
from imports.reading.values import BadValueError, decimal_mark
from retainers.hours import ZERO, write_hours

_SHOWN_VALUES = 4

# of every entry the time between start and end, worked out once
Spans = Callable[[], Sequence[Decimal | None]]


class Facts(NamedTuple):
    """A file's plan, and what it leaves to be asked."""

    plan: ReadingPlan
    questions: tuple[Question, ...]


def gather(
    entries: Entries,
    columns: Columns,
    *,
    delimiter: str,
    date_order: str | None,
    zone: ZoneInfo,
    today: date,
    answers: Answers,
) -> Facts:
    """The plan for a file. Raises `UnreadableFileError` where nothing proves its order of dates or its clock."""
    order = order_of(entries, columns, date_order, today)
    mark = _mark(entries, columns, delimiter)
    dated = (place[0] for place in columns.places.get("date", ()))
    whole_days = frozenset(index for index in dated if _holds_days(entries, index))
    plan = ReadingPlan(columns, order, zone, {}, mark, whole_days)
    plan = plan._replace(is_pointed=uses_points(entries, plan))
    plan = plan._replace(measures=_measures(entries, plan, answers))
    plan = plan._replace(is_halved=uses_half_days(entries, plan, answers.clock))
    return Facts(plan, tuple(_unit_questions(entries, plan)))


def _holds_days(entries: Entries, index: int) -> bool:
    """Whether every time in a column of dates is midnight: then it holds days, whatever zone is written."""
    seen = map(look, entries.different(index))
    return all(found is None or found.at in (None, time(0)) for found in seen)


def _measures(entries: Entries, plan: ReadingPlan, answers: Answers) -> dict[int, Measure]:
    """What is said of each column of hours; of those of which nothing is, what they prove together."""
    columns = plan.columns
    spans = cache(lambda: _spans(entries, plan))
    said = {key(header): Unit(unit) for header, unit in answers.units.items()}
    stated = ((index, _stated(columns, index, said)) for index in columns.hours_indexes)
    found = {
        index: its if is_sure else _against_times(entries, plan, index, its, spans)
        for index, (its, is_sure) in stated
        if its is not None
    }
    for index in columns.hours_indexes:
        if index not in found:
            found[index] = _measure(entries, plan, index, found, spans)
    pause = columns.pause_index
    return found if pause is None else found | {pause: _measure_of_breaks(entries, plan, pause, said, spans)}


def _declared(shape: Format) -> dict[str, Unit]:
    return {key(header): unit for header, unit in shape.units.items()}


def _stated(columns: Columns, index: int, said: Mapping[str, Unit]) -> tuple[Measure | None, bool]:
    """What a person, the format or the column's name says that it counts, and whether that needs no proof."""
    shape, title = columns.shape, key(columns.title(index))
    declared = _declared(shape)
    by_header = stated_unit(columns.title(index)) or declared.get(title)
    by_format = shape.is_unit_given and (by_header is None or index == _first(columns))
    given = said.get(title, shape.usual_unit if by_format else None)
    unit = given or by_header  # a second column that says its own unit keeps it
    stated = None if unit is None else Measure(unit, is_proven=True, is_said=given is not None)
    return stated, given is not None or title in declared


def _measure_of_breaks(
    entries: Entries, plan: ReadingPlan, index: int, said: Mapping[str, Unit], spans: Spans
) -> Measure:
    title = plan.columns.title(index)
    by_person = said.get(key(title))
    if unit := by_person or stated_unit(title):
        return Measure(unit, is_proven=True, is_said=by_person is not None)
    return measure_breaks(list(map(Cell, entries.texts(index), spans())))


def _first(columns: Columns) -> int:
    """The column of which a person says what its bare numbers count: that of the hours."""
    return columns.hours_indexes[0]


def _against_times(entries: Entries, plan: ReadingPlan, index: int, stated: Measure, spans: Spans) -> Measure:
    """What a header says, unless the rows' own times or the numbers speak against it: then it is asked."""
    said = Counter(zip(entries.texts(index), spans(), strict=True))
    alike = Counter({Cell(*each): count for each, count in said.items() if is_bare(each[0])})
    other = contradicting(alike, stated.unit)
    if other is not None:
        return Measure(other, is_proven=False)
    if stated.unit is not Unit.HOURS:
        return stated
    cells = list(alike.elements())
    is_doubtful = are_clock_like(cells) or _are_parts_of_a_day(cells, plan.mark)
    return Measure(stated.unit, is_proven=False) if is_doubtful else stated


def _are_parts_of_a_day(cells: Sequence[Cell], mark: str) -> bool:
    """Whether numbers that no times stand beside may count days."""
    if any(cell.span for cell in cells):
        return False
    return are_parts_of_a_day([abs(amount) for cell in cells if (amount := bare_amount(cell.text, mark))])


def _measure(
    entries: Entries, plan: ReadingPlan, index: int, known: Mapping[int, Measure], spans: Spans
) -> Measure:
    """By the times of the rows, else by another column of hours whose unit is known, else by the values."""
    shape = plan.columns.shape
    texts = entries.texts(index)
    if not any(map(is_bare, filter(None, texts))):
        return measure(list(map(Cell, texts)), shape.usual_unit)
    by_times = list(map(Cell, texts, spans()))
    found = measure(by_times, shape.usual_unit, shape.whole_numbers)
    if found.unit is Unit.HOURS and are_clock_like(by_times):
        return replace(found, is_proven=False)
    beside = [] if found.is_proven else _beside_others(entries, plan, index, known)
    return measure(beside, shape.usual_unit, shape.whole_numbers) if beside else found


def _beside_others(
    entries: Entries, plan: ReadingPlan, index: int, known: Mapping[int, Measure]
) -> list[Cell]:
    """The column's cells, each with the row's hours in another column; empty where the unit of none is proven."""
    others = [other for other in known if other != index and known[other].is_proven]
    if not others:
        return []
    return [Cell(entry.record.cells[index], _other_hours(entry, plan, others, known)) for entry in entries]


def _spans(entries: Entries, plan: ReadingPlan) -> list[Decimal | None]:
    """The time from start to end in every entry; of those whose times say the same it is worked out once."""
    said = entries.said(("start", "end"), plan.columns.places)
    known = {
        times: _span(entries.at(place), plan)
        for times, (place, _number) in by_kind(said, range(len(said))).items()
    }
    return [known[times] for times in said]


def _span(entry: EntryRecord, plan: ReadingPlan) -> Decimal | None:
    start, end = time_of("start", entry, plan), time_of("end", entry, plan)
    if start is None or end is None:
        return None
    span = passed(start.day or ANY_DAY, start, end, plan.zone)
    return span.hours if span else None


def _other_hours(
    entry: EntryRecord, plan: ReadingPlan, others: Sequence[int], known: Mapping[int, Measure]
) -> Decimal | None:
    for index in others:
        try:
            hours = parse_duration(entry.record.cells[index], known[index].unit, plan.mark)
        except BadValueError:
            continue
        if hours:
            return hours
    return None


def _unit_questions(entries: Entries, plan: ReadingPlan) -> Iterator[Question]:
    for index, found in plan.measures.items():
        texts = entries.different(index)
        if not found.is_proven:
            yield _unit_question(entries, plan, index, found.unit)
        elif not found.is_said and (found.unit is Unit.DAYS or any(counts_days(text) for text in texts)):
            yield _day_question(entries, plan, index, found.unit)


def _day_question(entries: Entries, plan: ReadingPlan, index: int, unit: Unit) -> Question:
    """Days in words, or under a header that says days; a bare number among words keeps its own unit."""
    title = plan.columns.title(index)
    texts = _filled(entries, index)
    in_days = texts if unit is Unit.DAYS else [text for text in texts if counts_days(text)]
    shown = ", ".join(dict.fromkeys(in_days[:_SHOWN_VALUES]))
    hours = sum((_readable(text, unit, plan.mark) for text in in_days), ZERO)
    text = (
        f"“{title}” counts days ({shown}): of eight hours each, they are {write_hours(hours)} h. "
        "Say whether a day has eight hours."
    )
    is_mixed = unit is not Unit.DAYS and any(map(is_bare, texts))
    return Question("unit", text, hours=hours, column=title, field=unit if is_mixed else Unit.DAYS)


def _filled(entries: Entries, index: int) -> list[str]:
    return list(filter(None, map(str.strip, entries.texts(index))))


def _unit_question(entries: Entries, plan: ReadingPlan, index: int, unit: Unit) -> Question:
    title = plan.columns.title(index)
    texts = _filled(entries, index)
    shown = ", ".join(dict.fromkeys(texts[:_SHOWN_VALUES]))
    hours = sum((_readable(text, unit, plan.mark) for text in texts), ZERO)
    cells = [Cell(entry.record.cells[index], _span(entry, plan)) for entry in entries]
    if are_clock_like(cells):
        is_shown = any(cell.span for cell in cells)
        sentence = _with_a_point(
            title, shown, hours, "Start and end say that" if is_shown else "It looks as if"
        )
    else:
        readings = _readings(texts, plan, unit)
        sentence = f"{_doubt(title, unit)} ({shown}): {readings}. They are read as {unit} until you say so."
    return Question("unit", sentence, hours=hours, column=title, field=unit)


def _readings(texts: Sequence[str], plan: ReadingPlan, unit: Unit) -> str:
    """The hours of all bare numbers together, under each unit that they may be in."""
    bare = sum((amount for text in texts if (amount := bare_amount(text, plan.mark))), ZERO)
    units = dict.fromkeys((*_likely(texts, plan), unit))
    return ", ".join(f"{write_hours(hours_as(bare, one))} h as {one}" for one in units)


def _with_a_point(title: str, shown: str, hours: Decimal, why: str) -> str:
    return (
        f"{why} the numbers in “{title}” ({shown}) are hours and minutes with a point between,"
        f" 1.30 for 1:30. They are read as {write_hours(hours)} h in all. Export them with a colon, or say that they"
        " are hours."
    )


def _likely(texts: Sequence[str], plan: ReadingPlan) -> tuple[Unit, ...]:
    """The units in which the numbers may be."""
    sizes = [abs(amount) for text in texts if (amount := bare_amount(text, plan.mark))]
    if are_parts_of_a_day(sizes):
        return Unit.HOURS, Unit.WHOLE_DAYS
    return Unit.HOURS, Unit.MINUTES, Unit.SECONDS


def _doubt(title: str, unit: Unit) -> str:
    stated = stated_unit(title)
    if stated is None or stated is unit:
        return f"Nothing in the file says what the numbers in “{title}” count"
    return f"Start and end say that the numbers in “{title}” aren’t {stated}"


def _readable(text: str, unit: Unit, mark: str) -> Decimal:
    try:
        return parse_duration(text, unit, mark)
    except BadValueError:
        return ZERO


def _mark(entries: Entries, columns: Columns, delimiter: str) -> str:
    """The decimal mark of all columns of hours together; semicolons go with a decimal comma."""
    indexes = columns.hours_indexes
    cells = set().union(*map(entries.different, indexes)) - {""}
    mark = decimal_mark(cells)
    if mark or delimiter != ";" or any("." in text for text in cells if is_bare(text)):
        return mark
    return ","
