"""What a row says in days, hours and flags; each kind of cells is read once, as many rows of a file say the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter

from imports.reading.cell_errors import CellError, UnreadableCells
from imports.reading.clean import clean_line
from imports.reading.clock import passed
from imports.reading.columns import Columns, ReadingPlan
from imports.reading.dates import parse_moment
from imports.reading.durations import parse_duration
from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.kinds import cells_of
from imports.reading.marks import marks_internal
from imports.reading.pointed_times import with_colon
from imports.reading.rows import EntryRecord
from imports.reading.values import BadValueError, Moment, parse_flag, parse_hidden, parse_rate_name
from retainers.hours import ZERO

_KIND_FIELDS = ("work_type", "ticket_type")
_FIGURE_FIELDS = (*HOURS_FIELDS, "date", "start", "end", "pause", "is_billable", "hidden", *_KIND_FIELDS)
_BETWEEN_KINDS = re.compile(r"[,;|/]")


@dataclass(frozen=True, slots=True)
class _Days:
    """When the work was: its day by its start, the times of day that are known, how long that is."""

    day: date
    start: time | None = None
    end: time | None = None
    end_date: date | None = None
    elapsed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a row says in days, hours and flags. `is_billable` None: still to be read; `is_inside`: it is marked as
    hidden, or as an internal kind of work.
    """

    worked: Decimal | None
    billable: Decimal | None
    deducted: Decimal | None
    days: _Days
    is_billable: bool | None
    is_inside: bool


IN_ROW = {  # a row's field → where its figures have it
    "worked": "worked",
    "billable": "billable",
    "deducted": "deducted",
    "is_billable": "is_billable",
    "date": "days.day",
    "start": "days.start",
    "end": "days.end",
    "end_date": "days.end_date",
    "elapsed": "days.elapsed",
}
in_row = attrgetter(*IN_ROW.values())


class KnownFigures:
    """The figures of the rows of one file; of rows whose cells say the same they are read once."""

    def __init__(self, plan: ReadingPlan, unreadable: UnreadableCells) -> None:
        self._plan, self._unreadable = plan, unreadable
        self._said = cells_of(_FIGURE_FIELDS, plan.columns.places)
        self._known: dict[object, Figures] = {}

    def known(self, entries: Sequence[EntryRecord]) -> list[Figures | None]:
        """What was read of others that say the same."""
        said = map(self._said, [entry.record.cells for entry in entries])
        return list(map(self._known.get, said))

    def of(self, entry: EntryRecord) -> Figures:
        """Raises `CellError`; what has a cell that can't be read is read each time, as each is named."""
        said = self._said(entry.record.cells)
        found = self._known.get(said)
        if found is None:
            noted = self._unreadable.noted
            found = _figures(entry, self._plan, self._unreadable)
            if self._unreadable.noted == noted:
                self._known[said] = found
        return found


def _figures(entry: EntryRecord, plan: ReadingPlan, unreadable: UnreadableCells) -> Figures:
    """Where times give the hours, these are the worked ones. A time that can't be read is left empty, unless nothing
    else says the day or the hours.
    """
    cells = entry.record.cells
    errors: list[CellError] = []
    worked, billable, deducted = (hours_in(name, cells, plan) for name in HOURS_FIELDS)
    days = _days(cells, worked, plan, errors)
    if worked is None and plan.columns.times_give_hours:
        worked = _without_breaks(days.elapsed, cells, plan)
    if (worked, billable, deducted) == (None, None, None):
        raise errors[0] if errors else _no_hours(plan)
    unreadable.note(entry.record.line, *errors)
    is_inside = _is_hidden(cells, plan) or _is_internal_kind(cells, plan)
    is_ledger = bool(plan.columns.shape.ledger_sign)  # a grant is not asked whether it bills
    flag = None if is_ledger else is_billable(entry, billable, worked, plan, unreadable)
    return Figures(worked, billable, deducted, days, flag, is_inside)


def hours_in(name: str, cells: list[str], plan: ReadingPlan) -> Decimal | None:
    """The hours of one field, of several columns their sum; None where the export has none."""
    for place in plan.columns.places.get(name, ()):
        found = [
            _duration(index, text, plan)
            for index in place
            if (text := cells[index]) and not plan.columns.is_empty_figure(text)
        ]
        if found:
            return found[0] if len(found) == 1 else sum(found, ZERO)
    return None


def _without_breaks(elapsed: Decimal | None, cells: list[str], plan: ReadingPlan) -> Decimal | None:
    """The time from start to end but for the breaks that lie between them."""
    index = plan.columns.pause_index
    if elapsed is None or index is None or plan.columns.is_empty_figure(cells[index]):
        return elapsed
    pause = _duration(index, cells[index], plan)
    if not ZERO <= pause <= max(elapsed, ZERO):
        message = "breaks can't be longer than the time from start to end"
        raise CellError(plan.columns.title(index), cells[index], message)
    return elapsed - pause


def _duration(index: int, text: str, plan: ReadingPlan) -> Decimal:
    try:
        return parse_duration(text, plan.measures[index].unit, plan.mark)
    except BadValueError as error:
        raise CellError(plan.columns.title(index), text, str(error)) from error


_NO_MOMENT = Moment()  # of a cell that is empty or can't be read


def _days(cells: list[str], worked: Decimal | None, plan: ReadingPlan, errors: list[CellError]) -> _Days:
    """An entry is dated by its start (trap T24): by the start's own day, else the column of the date. Where that is the
    date of the end, work began so many hours before.

    What can't be read is added to the errors; the first of them is raised where nothing says the day.
    """
    column, dated = _moment("date", cells, plan, errors)
    _index, start = _moment("start", cells, plan, errors)
    _index, end = _moment("end", cells, plan, errors)
    day = start.day or dated.day
    if not day:
        raise errors[0] if errors else _no_day(cells, plan)
    if start is _NO_MOMENT and dated.at and _is_end(column, plan):
        return _days_before(datetime.combine(day, dated.at), worked or ZERO)
    return _days_of(day, start, end, plan)


def _days_of(day: date, start: Moment, end: Moment, plan: ReadingPlan) -> _Days:
    span = passed(day, start, end, plan.zone, is_halved=plan.is_halved) if start.at and end.at else None
    elapsed = span.hours if span else None
    if plan.is_halved:  # nobody knows which half of the day
        return _Days(day, elapsed=elapsed)
    return _Days(day, start.at, end.at, span.end_date if span and span.end_date != day else None, elapsed)


def _moment(name: str, cells: list[str], plan: ReadingPlan, errors: list[CellError]) -> tuple[int, Moment]:
    """What a field of dates or times says, with its column's index."""
    found = plan.columns.figure(name, cells)
    if found is None:
        return -1, _NO_MOMENT
    index, text = found
    text = with_colon(text) if plan.is_pointed and name != "date" else text
    try:
        is_utc = index in plan.columns.utc_indexes
        is_day = name == "date" and index in plan.whole_days
        return index, parse_moment(text, plan.order, plan.zone, is_utc=is_utc, is_day=is_day)
    except BadValueError as error:
        errors.append(CellError(plan.columns.title(index), text, str(error)))
        return index, _NO_MOMENT


def _no_day(cells: list[str], plan: ReadingPlan) -> CellError:
    index = plan.columns.day_indexes[0]
    value = cells[index].strip()
    wanted = "wanted the day of the work, like 2026-06-30"
    message = f"an empty date (a system's “no date”); {wanted}" if value else f"the date is missing; {wanted}"
    return CellError(plan.columns.title(index), value, message)


def _no_hours(plan: ReadingPlan) -> CellError:
    missing = plan.columns.title((plan.columns.hours_indexes or plan.columns.day_indexes)[0])
    return CellError(missing, "", "the hours are missing; wanted a duration like 1.25, 1:15 or 75 min")


def _is_end(index: int, plan: ReadingPlan) -> bool:
    return index in plan.columns.end_indexes and index not in plan.whole_days


def _days_before(ended: datetime, worked: Decimal) -> _Days:
    """The day and start of work that ended at `ended`; a correction (below zero) moves nothing."""
    started = ended - timedelta(seconds=int(max(worked, ZERO) * 3600))
    end_date = ended.date() if ended.date() != started.date() else None
    return _Days(started.date(), started.time(), ended.time(), end_date)


def _is_hidden(cells: list[str], plan: ReadingPlan) -> bool:
    """Whether the file marks a row as hidden, internal or private, in any of its columns."""
    columns = plan.columns
    if "hidden" not in columns.places:
        return False
    for place, text in columns.filled("hidden", cells):
        if wanted := columns.shape.hidden_if:
            hides = clean_line(text).casefold() == wanted.casefold()
        else:
            hides = parse_hidden(text, yes_shows=place[0] in columns.showing_indexes)
        if hides:
            return True
    return False


def _is_internal_kind(cells: list[str], plan: ReadingPlan) -> bool:
    """Whether what kind of work or ticket a row is, says that its note is internal (“Private Note”)."""
    said = (text for name in _KIND_FIELDS for _place, text in plan.columns.filled(name, cells))
    return any(map(_names_internal_kind, said))


@lru_cache(maxsize=2_000)
def _names_internal_kind(text: str) -> bool:
    return any(map(marks_internal, _BETWEEN_KINDS.split(text)))


def is_billable(
    entry: EntryRecord,
    billable: Decimal | None,
    worked: Decimal | None,
    plan: ReadingPlan,
    unreadable: UnreadableCells,
) -> bool:
    """Yes unless the file says no; a flag that can't be read is an empty one."""
    columns = plan.columns
    if columns.shape.zero_bills_not and billable == 0 and worked:
        return False
    for place, text in columns.filled("is_billable", entry.record.cells):
        try:
            return _flag(place[0], text, columns)
        except BadValueError as error:
            unreadable.note(entry.record.line, CellError(columns.title(place[0]), text, str(error)))
    places = columns.places.get("is_billable", ())
    return not places or places[0][0] not in columns.rate_indexes


def _flag(index: int, text: str, columns: Columns) -> bool:
    """What one flag says; a header such as Non-Billable turns its column round (trap T3)."""
    if index in columns.rate_indexes:
        return parse_rate_name(clean_line(text))
    if index in columns.letter_indexes:
        return clean_line(text).upper() == "B"
    return parse_flag(clean_line(text)) is not (index in columns.inverted_indexes)
