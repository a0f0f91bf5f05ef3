"""Warnings about a file that was read: nothing is refused here, everything odd is said.

Cut-off exports, figures that don't add up to the file's own totals, days and dates that can't be.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import filterfalse
from operator import attrgetter, itemgetter
from typing import NamedTuple

from imports.reading.columns import Columns, ReadingPlan
from imports.reading.dates import written
from imports.reading.durations import MAX_ENTRY_HOURS, parse_duration
from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.rows import EntryRecord, Problem, Record, Row
from imports.reading.values import BadValueError, is_e_notation
from retainers.hours import ZERO, write_hours

_CUT_OFF_COUNTS = (1_000, 5_000, 10_000)
_ROUNDING = Decimal("0.05")
_ROUNDING_PER_ROW = Decimal("0.005")
_LISTED = 5


class ReadingOutcome(NamedTuple):
    """What reading gave, for a second look. `spoiled`: what was said of its ids (`spoiled_ids`); `spared`: how many
    rows are known and were not read.
    """

    plan: ReadingPlan
    spoiled: Sequence[Problem]
    rows: Sequence[Row]
    refused: int
    granted: int
    totals: Sequence[tuple[Record, ...]]
    today: date
    spared: int = 0


def stated_hours(totals: Sequence[Record], name: str, plan: ReadingPlan) -> Decimal | None:
    """What the file's totals say in a field of hours; None where they say nothing."""
    best = next(iter(plan.columns.places.get(name, ())), ())
    said = [(index, record.cells[index]) for record in totals for index in best if index < len(record.cells)]
    filled = [(index, text) for index, text in said if not plan.columns.is_empty_figure(text)]
    try:
        found = [parse_duration(text, plan.measures[index].unit, plan.mark) for index, text in filled]
    except BadValueError:
        return None
    return sum(found, ZERO) if found else None


def doubts(outcome: ReadingOutcome) -> tuple[Problem, ...]:
    """Everything about the file as a whole that a manager should look at before publishing."""
    return (
        *_cut_off(outcome),
        *_long_entries(outcome.rows),
        *_long_days(outcome.rows),
        *_future_rows(outcome),
        *_moved_rows(outcome),
        *outcome.spoiled,
        *_totals_that_differ(outcome),
    )


def _cut_off(outcome: ReadingOutcome) -> Iterator[Problem]:
    count = len(outcome.rows) + outcome.spared + outcome.refused + outcome.granted
    if count in _CUT_OFF_COUNTS:
        yield _warning(
            f"The file has exactly {count:,} rows: exports are often cut off at that number. Export a shorter "
            "period and compare."
        )


def _long_entries(rows: Sequence[Row]) -> Iterator[Problem]:
    long = [row for row in rows if abs(row.worked or ZERO) > MAX_ENTRY_HOURS]
    if long:
        yield _warning(f"More than 24 hours in one entry: {_lines(long)}. Check the unit.", long[0].line)


def _long_days(rows: Sequence[Row]) -> Iterator[Problem]:
    long = [
        f"{who} on {written(on)} ({write_hours(hours)} h)"
        for (who, on), hours in _hours_by_day(rows).items()
        if hours > MAX_ENTRY_HOURS
    ]
    if long:
        yield _warning(f"More than 24 hours in one day: {_first_few(long)}. Check for duplicate entries.")


def _hours_by_day(rows: Sequence[Row]) -> dict[tuple[str, date], Decimal]:
    """The hours of each person's days, without the entries that are too long by themselves."""
    sums: dict[tuple[str, date], Decimal] = {}
    for row in rows:
        worked = row.worked or ZERO
        if row.technician and abs(worked) <= MAX_ENTRY_HOURS:
            day = (row.technician, row.date)
            sums[day] = sums.get(day, ZERO) + worked
    return sums


def _future_rows(outcome: ReadingOutcome) -> Iterator[Problem]:
    later = [row for row in outcome.rows if row.date > outcome.today]
    if later:
        yield _warning(
            f"{_rows(len(later))} dated after today ({outcome.today}): {_lines(later)}. Check that "
            f"day and month are the right way round.",
            later[0].line,
        )


def _moved_rows(outcome: ReadingOutcome) -> Iterator[Problem]:
    if not outcome.plan.columns.shape.dated_by_end:
        return
    moved = [row for row in outcome.rows if row.start and row.end and row.start > row.end]
    if moved:
        yield _warning(
            f"{_rows(len(moved))} dated by the start, the day before the date in the file, because the work ran "
            f"past midnight: {_lines(moved)}.",
            moved[0].line,
        )


def spoiled_ids(entries: Sequence[EntryRecord], columns: Columns) -> Iterator[Problem]:
    """Numbers that a spreadsheet has shortened to 4.82E+04 (trap T18)."""
    cells = [entry.record.cells for entry in entries]
    for name in ("entry_id", "ticket"):
        for index in sorted({index for place in columns.places.get(name, ()) for index in place}):
            texts = set(filterfalse(str.isdecimal, map(itemgetter(index), cells)))
            if known := set(filter(is_e_notation, texts)):
                spoiled = [entry.record for entry in entries if entry.record.cells[index] in known]
                shown = spoiled[0].cells[index].strip()
                message = (
                    f"A spreadsheet has shortened {len(spoiled)} numbers to the form {shown}; their last "
                    "digits are lost. Upload the export as it came, not opened in a spreadsheet first."
                )
                yield Problem(spoiled[0].line, columns.title(index), shown, message)


def _totals_that_differ(outcome: ReadingOutcome) -> Iterator[Problem]:
    """The file's own total beside the sum of its rows (trap T12)."""
    if not outcome.totals or outcome.plan.columns.shape.ledger_sign:
        return
    unread = " (without the refused rows)" if outcome.refused else ""
    by_rounding = _ROUNDING + _ROUNDING_PER_ROW * len(outcome.rows)
    for name in HOURS_FIELDS:
        stated = stated_hours(outcome.totals[0], name, outcome.plan)
        summed = sum(filter(None, map(attrgetter(name), outcome.rows)), ZERO)
        if stated is not None and abs(stated - summed) > by_rounding:
            yield Problem(
                outcome.totals[0][-1].line,
                outcome.plan.columns.title(outcome.plan.columns.places[name][0][0]),
                write_hours(stated),
                f"The total in the file is {write_hours(stated)} h, its rows add up to {write_hours(summed)} h"
                f"{unread}. Rows may be missing or wrong: compare with the report.",
            )


def _lines(rows: Sequence[Row]) -> str:
    shown = _first_few([str(row.line) for row in rows])
    return f"line {shown}" if len(rows) == 1 else f"lines {shown}"


def _first_few(texts: Sequence[str]) -> str:
    return ", ".join(texts[:_LISTED]) + (", …" if len(texts) > _LISTED else "")


def _warning(sentence: str, line: int = 0) -> Problem:
    return Problem(line, "", "", sentence)


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"
