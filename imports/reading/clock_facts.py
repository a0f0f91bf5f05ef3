"""Which clock a file's times are of, decided over all its rows: twelve hours without AM and PM, or 24.

What nothing proves, and what makes a difference, refuses the file with the choice.
"""

from collections.abc import Iterator
from decimal import Decimal

from imports.reading.clock import ANY_DAY, Shift, is_halved, passed
from imports.reading.columns import Columns, ReadingPlan
from imports.reading.dates import parse_moment
from imports.reading.durations import parse_duration
from imports.reading.entries import Entries
from imports.reading.formats.table import Unit
from imports.reading.pointed_times import Times, are_proven, with_colon
from imports.reading.rows import EntryRecord, Problem, ReadingOption, UnreadableFileError
from imports.reading.values import BadValueError, Moment
from retainers.hours import write_hours

_SHOWN_ROWS = 3


def time_of(name: str, entry: EntryRecord, plan: ReadingPlan) -> Moment | None:
    """The start or the end of an entry; None where there is none, or none that can be read."""
    found = plan.columns.figure(name, entry.record.cells)
    if found is None:
        return None
    text = with_colon(found[1]) if plan.is_pointed else found[1]
    try:
        return parse_moment(text, plan.order, plan.zone)
    except BadValueError:
        return None


def uses_points(entries: Entries, plan: ReadingPlan) -> bool:
    """Whether times without a colon ("9.30") are hours and minutes: proven over all rows, or they are none."""
    columns = plan.columns
    if not {"start", "end"} & columns.places.keys() or not _has_times_without_colon(entries, columns):
        return False
    texts = [(_text_of("start", entry, columns), _text_of("end", entry, columns)) for entry in entries]
    rows = zip(texts, entries, strict=True)
    return are_proven([Times(start, end, _bare_hours(entry, plan)) for (start, end), entry in rows])


def _has_times_without_colon(entries: Entries, columns: Columns) -> bool:
    kinds = entries.kinds(("start", "end"), columns.places)
    told = (_text_of(name, kind.entry, columns) for kind in kinds for name in ("start", "end"))
    return any(text and ":" not in text for text in told)


def _text_of(name: str, entry: EntryRecord, columns: Columns) -> str:
    found = columns.figure(name, entry.record.cells)
    return found[1] if found else ""


def _bare_hours(entry: EntryRecord, plan: ReadingPlan) -> Decimal | None:
    """The row's hours before units are known: a bare number is taken for hours."""
    found = plan.columns.figure("worked", entry.record.cells)
    try:
        return parse_duration(found[1], Unit.HOURS, plan.mark) if found else None
    except BadValueError:
        return None


def uses_half_days(entries: Entries, plan: ReadingPlan, clock: str) -> bool:
    """Whether the times are of a twelve-hour clock without AM and PM: said, proven, or asked."""
    if not {"start", "end"} <= set(plan.columns.places):
        return False
    found = is_halved(_shifts(entries, plan))
    if found is not None and not (clock == "12" and found is False and _has_bare_times(entries, plan)):
        return found
    if clock:
        return clock == "12"
    if plan.columns.times_give_hours:
        raise UnreadableFileError(_clock_problem(entries, plan), choice=_clock_choice(entries, plan))
    return False


def _has_bare_times(entries: Entries, plan: ReadingPlan) -> bool:
    """Whether no time of the file proves its clock: all without AM and PM, from one to twelve."""
    moments = (moment for shift in _shifts(entries, plan) for moment in (shift.start, shift.end))
    return all(
        not moment.instant and not moment.is_halved and (moment.at is None or 1 <= moment.at.hour <= 12)
        for moment in moments
    )


def _shifts(entries: Entries, plan: ReadingPlan) -> Iterator[Shift]:
    for entry in entries:
        start, end = time_of("start", entry, plan), time_of("end", entry, plan)
        if start and end:
            is_turned = bool(start.at and end.at and start.at > end.at)
            yield Shift(start, end, _worked(entry, plan) if is_turned else None)


def _worked(entry: EntryRecord, plan: ReadingPlan) -> Decimal | None:
    found = plan.columns.figure("worked", entry.record.cells)
    try:
        return parse_duration(found[1], plan.measures[found[0]].unit, plan.mark) if found else None
    except BadValueError:
        return None


def _clock_problem(entries: Entries, plan: ReadingPlan) -> Problem:
    turned = next(entry for entry in entries if _turns(entry, plan))
    found = plan.columns.figure("end", turned.record.cells) or (0, "")
    sentence = (
        f"The times could be of a 24-hour clock or of a 12-hour clock without AM and PM: the end “{found[1]}” "
        f"in line {turned.record.line} comes before its start. Choose which clock your exports use "
        f"(--clock 12 or --clock 24), or export with AM and PM."
    )
    return Problem(turned.record.line, plan.columns.title(found[0]), found[1], sentence)


def _turns(entry: EntryRecord, plan: ReadingPlan) -> bool:
    start, end = time_of("start", entry, plan), time_of("end", entry, plan)
    return bool(start and end and is_halved([Shift(start, end)]) is None)


def _clock_choice(entries: Entries, plan: ReadingPlan) -> ReadingOption:
    """A few rows whose hours differ, in both clocks."""
    shown = [entry for entry in entries if _turns(entry, plan)][:_SHOWN_ROWS]
    return ReadingOption(
        "clock",
        tuple((clock, tuple(_hours_by(entry, plan, clock) for entry in shown)) for clock in ("12", "24")),
    )


def _hours_by(entry: EntryRecord, plan: ReadingPlan, clock: str) -> tuple[str, ...]:
    cells = entry.record.cells
    start, end = time_of("start", entry, plan), time_of("end", entry, plan)
    found = start and end and passed(start.day or ANY_DAY, start, end, plan.zone, is_halved=clock == "12")
    hours = write_hours(found.hours) if found else ""
    return (plan.columns.text("start", cells), plan.columns.text("end", cells), hours)
