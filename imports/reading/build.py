"""One record to a `Row`, a `Grant` or the `Problem` that says why it is neither.

Everything that is decided once a file (columns, units, decimal mark, order of dates) comes in as a `Plan`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from imports.reading.clean import clean_block, clean_line
from imports.reading.columns import Columns
from imports.reading.dates import Moment, parse_moment
from imports.reading.formats.table import BLOCK_FIELDS, HOURS_FIELDS
from imports.reading.prepaid import is_top_up
from imports.reading.rows import Grant, Problem, Row
from imports.reading.same_row import id_key
from imports.reading.set_aside import Entry
from imports.reading.units import Measure
from imports.reading.values import (
    MAX_ENTRY_HOURS,
    BadValueError,
    is_bare,
    parse_duration,
    parse_flag,
    parse_rate_name,
    plain,
)
from retainers.hours import WORKED_PLACES, ZERO, round_half_up

_TEXT_FIELDS = (
    "company", "agreement", "technician", "ticket", "ticket_type", "board", "title", "work_type", "work_role",
    "location", "notes", "internal_notes", "description",
)  # fmt: skip
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided over the whole file: how its cells are to be read."""

    columns: Columns
    order: str
    zone: ZoneInfo
    measures: Mapping[int, Measure]
    mark: str
    whole_days: frozenset[int]  # columns of dates whose times are all midnight: days, not instants


class _CellError(Exception):
    """One cell that refuses its row."""

    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.value = value


@dataclass(frozen=True, slots=True)
class _Days:
    """When the work was: its day by its start, and the times of day that are known."""

    day: date
    start: time | None
    end: time | None


def build(entry: Entry, plan: Plan) -> Row | Grant | Problem:
    """The row of a record, dated by its start; the first cell that can't be read refuses it."""
    try:
        return _build(entry, plan)
    except _CellError as error:
        return Problem(entry.record.line, error.column, error.value[:_SHOWN_CHARS], str(error))


def _build(entry: Entry, plan: Plan) -> Row | Grant:
    cells = entry.record.cells
    moments = {name: _moment(name, cells, plan) for name in ("date", "start", "end")}
    hours = _all_hours(moments, cells, plan)
    days = _days(moments, hours, cells, plan)
    spoken = plan.columns.present | set(entry.groups)
    texts: dict[str, Any] = {name: _text(name, entry, plan) for name in _TEXT_FIELDS if name in spoken}
    if _is_internal(cells, plan):
        texts |= {"notes": "", "internal_notes": texts.get("internal_notes") or texts.get("notes", "")}
    figure = hours["deducted"]
    if plan.columns.shape.ledger_sign and figure is not None:
        if is_top_up(figure, cells, plan.columns):
            return _grant(entry, days.day, figure, texts, plan)
        hours["deducted"] = figure * plan.columns.shape.ledger_sign + ZERO
    return Row(
        line=entry.record.line,
        date=days.day,
        start=days.start,
        end=days.end,
        worked=hours["worked"],
        billable=hours["billable"],
        deducted=hours["deducted"],
        is_billable=_is_billable(cells, plan),
        entry_id=_entry_id(plan.columns.text("entry_id", cells)),
        **texts,
    )


def _hours(name: str, cells: list[str], plan: Plan) -> Decimal | None:
    """The hours of one field; None where the export has none. A bare number past a day is doubted."""
    found = plan.columns.figure(name, cells)
    if found is None:
        return None
    index, text = found
    measure = plan.measures[index]
    try:
        hours = parse_duration(text, measure.unit, plan.mark)
    except BadValueError as error:
        raise _CellError(plan.columns.title(index), text, str(error)) from error
    if abs(hours) > MAX_ENTRY_HOURS and not measure.is_stated and is_bare(text):
        shown = plain(text)
        raise _CellError(
            plan.columns.title(index), text,
            f"could be minutes: {shown} hours is more than a day; write {shown} min or {shown} h, or say "
            "which unit "
            "the column is in",
        )  # fmt: skip
    return hours


def _moment(name: str, cells: list[str], plan: Plan) -> tuple[int, Moment] | None:
    found = plan.columns.figure(name, cells)
    if found is None:
        return None
    index, text = found
    title = plan.columns.title(index)
    try:
        is_utc = index in plan.columns.utc_indexes
        is_day = name == "date" and index in plan.whole_days
        return index, parse_moment(text, plan.order, plan.zone, is_utc=is_utc, is_day=is_day)
    except BadValueError as error:
        raise _CellError(title, text, str(error)) from error


def _all_hours(
    moments: Mapping[str, tuple[int, Moment] | None], cells: list[str], plan: Plan
) -> dict[str, Decimal | None]:
    """The hours of every field; start and end stand in for worked hours where the format says so."""
    columns = plan.columns
    hours = {name: _hours(name, cells, plan) for name in HOURS_FIELDS}
    if hours["worked"] is None and columns.shape.times_give_hours:
        start, end = moments["start"], moments["end"]
        hours["worked"] = span_hours(start[1] if start else None, end[1] if end else None)
    if all(value is None for value in hours.values()):
        missing = columns.title((columns.hours_indexes or columns.day_indexes)[0])
        raise _CellError(missing, "", "the hours are missing; wanted a duration like 1.25, 1:15 or 75 min")
    return hours


def span_hours(start: Moment | None, end: Moment | None) -> Decimal | None:
    """The hours from start to end; an end before the start is on the next day (trap T23)."""
    if start is None or end is None or start.at is None or end.at is None:
        return None
    days = (end.day - start.day).days if start.day and end.day else 0
    seconds = days * 86400 + _seconds(end.at) - _seconds(start.at)
    if seconds < 0 and days == 0:
        seconds += 86400
    return round_half_up(Decimal(seconds) / 3600, WORKED_PLACES)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _days(
    moments: Mapping[str, tuple[int, Moment] | None],
    hours: Mapping[str, Decimal | None],
    cells: list[str],
    plan: Plan,
) -> _Days:
    """An entry is dated by its start (trap T24): the start's own day, else the column of the date."""
    dated, start, end = moments["date"], moments["start"], moments["end"]
    day = (start and start[1].day) or (dated and dated[1].day)
    if not day:
        index = plan.columns.day_indexes[0]
        value = cells[index].strip()
        raise _CellError(
            plan.columns.title(index), value,
            "an empty date (a system's “no date”); wanted the day of the work, like 2026-06-30" if value
            else "the date is missing; wanted the day of the work, like 2026-06-30",
        )  # fmt: skip
    if dated and not start and dated[1].at and _is_end(dated[0], plan):
        return _days_before(datetime.combine(day, dated[1].at), hours["worked"] or ZERO)
    return _Days(day, start[1].at if start else None, end[1].at if end else None)


def _is_end(index: int, plan: Plan) -> bool:
    return index in plan.columns.end_indexes and index not in plan.whole_days


def _days_before(ended: datetime, worked: Decimal) -> _Days:
    """The day and start of work that ended at `ended`; a correction (below zero) moves nothing."""
    started = ended - timedelta(seconds=int(max(worked, ZERO) * 3600))
    return _Days(started.date(), started.time(), ended.time())


def _grant(entry: Entry, day: date, hours: Decimal, texts: Mapping[str, str], plan: Plan) -> Grant:
    if hours <= 0:
        found = plan.columns.figure("deducted", entry.record.cells) or (0, "")
        message = "a top-up of no hours or fewer; enter a correction as an adjustment, with its reason"
        raise _CellError(plan.columns.title(found[0]), found[1], message)
    note = texts.get("title") or texts.get("notes", "")
    company, agreement = texts.get("company", ""), texts.get("agreement", "")
    return Grant(entry.record.line, company, agreement, day, hours, note)


def _is_internal(cells: list[str], plan: Plan) -> bool:
    header, value = plan.columns.shape.internal_if
    return bool(header) and plan.columns.under(header, cells).strip().casefold() == value


def _is_billable(cells: list[str], plan: Plan) -> bool:
    """Yes unless the file says no; a header such as Non-Billable turns its column round (trap T3)."""
    columns = plan.columns
    for place, text in columns.filled("is_billable", cells):
        index = place[0]
        if index in columns.rate_indexes:
            return parse_rate_name(clean_line(text))
        if index in columns.letter_indexes:
            return clean_line(text).upper() == "B"
        try:
            return parse_flag(clean_line(text)) is not (index in columns.inverted_indexes)
        except BadValueError as error:
            raise _CellError(columns.title(index), text, str(error)) from error
    places = columns.places.get("is_billable", ())
    return not places or places[0][0] not in columns.rate_indexes


def _entry_id(text: str) -> str:
    """An id without the zeros that a spreadsheet drops; 0 is none, and one in E notation has lost its digits."""
    found = id_key(clean_line(text))
    return "" if found == "0" or is_e_notation(found) else found


def is_e_notation(text: str) -> bool:
    """Whether a spreadsheet has turned a long number into one like 4.82E+04 (trap T18)."""
    whole, exponent, power = text.strip().upper().partition("E+")
    return bool(exponent) and power.isdigit() and whole.replace(".", "").replace(",", "").isdigit()


def _text(name: str, entry: Entry, plan: Plan) -> str:
    raw = plan.columns.text(name, entry.record.cells) or entry.groups.get(name, "")
    if not raw:
        return ""
    cleaned = clean_block(raw) if name in BLOCK_FIELDS else clean_line(raw)
    return _ticket(cleaned) if name == "ticket" else cleaned


def _ticket(text: str) -> str:
    """A ticket's number: 0 is none, a link to the ticket ends in it."""
    if text.strip("0") == "":
        return ""
    if text.startswith(("http://", "https://")):
        return text.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return text
