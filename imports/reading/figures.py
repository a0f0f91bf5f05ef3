"""What a row says in days, hours and flags. Hardly two rows of a file agree in all of it, but many in their hours, in
their day, in their times or in their flags: each of these is read once for all rows that say it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from imports.reading.cell_errors import CellError, UnreadableCells
from imports.reading.clean import clean_line
from imports.reading.clock import passed
from imports.reading.columns import Columns, ReadingPlan
from imports.reading.dates import parse_moment
from imports.reading.durations import parse_duration
from imports.reading.entries import ReadOnce
from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.marks import marks_internal
from imports.reading.pointed_times import with_colon
from imports.reading.rows import Day, EntryRecord
from imports.reading.values import BadValueError, Moment, parse_flag, parse_hidden, parse_rate_name
from retainers.hours import ZERO

_KIND_FIELDS = ("work_type", "ticket_type")
_TIMES, _FLAGS = ("start", "end"), ("is_billable", "hidden", *_KIND_FIELDS)
_BETWEEN_KINDS = re.compile(r"[,;|/]")


class Figures(NamedTuple):
    """What a row says in days, hours and flags, under the names of its fields. `is_billable` None: still to be asked;
    `is_inside`: it is marked as hidden, or as an internal kind of work.
    """

    worked: Decimal | None
    billable: Decimal | None
    deducted: Decimal | None
    is_billable: bool | None
    is_inside: bool
    date: Day
    start: time | None = None
    end: time | None = None
    end_date: Day | None = None
    elapsed: Decimal | None = None


# of work its day by its start, the known times of day, the day of its end where that is another, how long it is
_Days = tuple[date, time | None, time | None, date | None, Decimal | None]


class _Moments(NamedTuple):
    """What cells say of days and times. `column`: the index of the last that says something; `errors`: of those that
    can't be read, which are as good as empty.
    """

    found: tuple[Moment, ...]
    column: int
    errors: tuple[CellError, ...]


class _Flags(NamedTuple):
    is_inside: bool
    is_billable: bool
    errors: tuple[CellError, ...]


class KnownFigures:
    """The figures of the rows of one file."""

    def __init__(self, plan: ReadingPlan, unreadable: UnreadableCells) -> None:
        self._plan, self._unreadable = plan, unreadable
        columns = plan.columns.places, len(plan.columns.header.cells)
        self._hours = ReadOnce(HOURS_FIELDS, *columns, lambda cells: _hours(cells, plan))
        self._days = ReadOnce(["date"], *columns, lambda cells: _moments(["date"], cells, plan))
        self._times = ReadOnce(_TIMES, *columns, lambda cells: _moments(_TIMES, cells, plan))
        self._flags = ReadOnce(_FLAGS, *columns, lambda cells: _flags(cells, plan))

    def of(self, entry: EntryRecord) -> Figures:
        """Raises `CellError`. Where times give the hours, these are the worked ones. A time that can't be read is left
        empty, unless nothing else says the day or the hours.
        """
        cells, columns = entry.record.cells, self._plan.columns
        worked, billable, deducted = self._hours.of(cells)
        when = self._days.of(cells), self._times.of(cells)
        days = _days_of(*when, cells, worked, self._plan)
        if worked is None and columns.times_give_hours:
            worked = _without_breaks(days[-1], cells, self._plan)
        if worked is None and billable is None and deducted is None:
            raise _first_error(*when) or _no_hours(self._plan)
        self._note(entry, when[0].errors + when[1].errors)
        # a grant is not asked whether it bills
        flag = None if columns.shape.ledger_sign else self.is_billable(entry, billable, worked)
        return Figures(worked, billable, deducted, flag, self._flags.of(cells).is_inside, *days)

    def is_billable(self, entry: EntryRecord, billable: Decimal | None, worked: Decimal | None) -> bool:
        """Yes unless the file says no; a flag that can't be read is named, and an empty one."""
        if self._plan.columns.shape.zero_bills_not and billable == 0 and worked:
            return False
        found = self._flags.of(entry.record.cells)
        self._note(entry, found.errors)
        return found.is_billable

    def _note(self, entry: EntryRecord, errors: tuple[CellError, ...]) -> None:
        if errors:
            self._unreadable.note(entry.record.line, *errors)


def _hours(cells: Sequence[str], plan: ReadingPlan) -> list[Decimal | None]:
    return [hours_in(name, cells, plan) for name in HOURS_FIELDS]


def hours_in(name: str, cells: Sequence[str], plan: ReadingPlan) -> Decimal | None:
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


def _without_breaks(elapsed: Decimal | None, cells: Sequence[str], plan: ReadingPlan) -> Decimal | None:
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


def _moments(names: Iterable[str], cells: Sequence[str], plan: ReadingPlan) -> _Moments:
    """What fields of dates or times say."""
    found, errors, at = [], [], -1
    for name in names:
        moment = _NO_MOMENT
        if (filled := plan.columns.figure(name, cells)) is not None:
            at, text = filled
            try:
                moment = _moment(name, at, text, plan)
            except BadValueError as error:
                shown = _read_as(name, text, plan)
                errors.append(CellError(plan.columns.title(at), shown, str(error)))
        found.append(moment)
    return _Moments(tuple(found), at, tuple(errors))


def _moment(name: str, index: int, text: str, plan: ReadingPlan) -> Moment:
    is_day = name == "date" and index in plan.whole_days
    is_utc = index in plan.columns.utc_indexes
    return parse_moment(_read_as(name, text, plan), plan.order, plan.zone, is_utc=is_utc, is_day=is_day)


def _read_as(name: str, text: str, plan: ReadingPlan) -> str:
    return with_colon(text) if plan.is_pointed and name != "date" else text


def _days_of(
    day_said: _Moments, times_said: _Moments, cells: Sequence[str], worked: Decimal | None, plan: ReadingPlan
) -> _Days:
    """An entry is dated by its start (trap T24): by the start's own day, else the column of the date. Where that is the
    date of the end, work began so many hours before. Raises `CellError` where nothing says the day.
    """
    (of_date,), (start, end) = day_said.found, times_said.found
    day = start.day or of_date.day
    if not day:
        raise _first_error(day_said, times_said) or _no_day(cells, plan)
    if start is _NO_MOMENT and of_date.at and _is_end(day_said.column, plan):
        return _days_before(datetime.combine(day, of_date.at), worked or ZERO)
    return _day_and_times(day, start, end, plan)


def _first_error(*said: _Moments) -> CellError | None:
    """The first cell that can't be read, to be raised: kept for all rows that have it, it forgets who raised it."""
    found = next((error for each in said for error in each.errors), None)
    return found.with_traceback(None) if found else None


def _day_and_times(day: date, start: Moment, end: Moment, plan: ReadingPlan) -> _Days:
    span = passed(day, start, end, plan.zone, is_halved=plan.is_halved) if start.at and end.at else None
    elapsed = span.hours if span else None
    if plan.is_halved:  # nobody knows which half of the day
        return day, None, None, None, elapsed
    return day, start.at, end.at, span.end_date if span and span.end_date != day else None, elapsed


def _no_day(cells: Sequence[str], plan: ReadingPlan) -> CellError:
    index = plan.columns.day_indexes[0]
    value = cells[index].strip()
    wanted = "wanted the day of the work, like 2026-06-30"
    message = f"an empty date (a system's “no date”); {wanted}" if value else f"the date is missing; {wanted}"
    return CellError(plan.columns.title(index), value, message)


def _is_end(index: int, plan: ReadingPlan) -> bool:
    return index in plan.columns.end_indexes and index not in plan.whole_days


def _days_before(ended: datetime, worked: Decimal) -> _Days:
    """The day and start of work that ended at `ended`; a correction (below zero) moves nothing."""
    started = ended - timedelta(seconds=int(max(worked, ZERO) * 3600))
    end_date = ended.date() if ended.date() != started.date() else None
    return started.date(), started.time(), ended.time(), end_date, None


def _no_hours(plan: ReadingPlan) -> CellError:
    missing = plan.columns.title((plan.columns.hours_indexes or plan.columns.day_indexes)[0])
    return CellError(missing, "", "the hours are missing; wanted a duration like 1.25, 1:15 or 75 min")


def _is_hidden(cells: Sequence[str], plan: ReadingPlan) -> bool:
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


def _is_internal_kind(cells: Sequence[str], plan: ReadingPlan) -> bool:
    """Whether what kind of work or ticket a row is, says that its note is internal (“Private Note”)."""
    said = (text for name in _KIND_FIELDS for _place, text in plan.columns.filled(name, cells))
    return any(map(_names_internal_kind, said))


@lru_cache(maxsize=2_000)
def _names_internal_kind(text: str) -> bool:
    return any(map(marks_internal, _BETWEEN_KINDS.split(text)))


def _flags(cells: Sequence[str], plan: ReadingPlan) -> _Flags:
    is_inside = _is_hidden(cells, plan) or _is_internal_kind(cells, plan)
    return _Flags(is_inside, *_bills(cells, plan.columns))


def _bills(cells: Sequence[str], columns: Columns) -> tuple[bool, tuple[CellError, ...]]:
    """What the first flag says that can be read, and those before it that can't."""
    errors: list[CellError] = []
    for place, text in columns.filled("is_billable", cells):
        try:
            return _flag(place[0], text, columns), tuple(errors)
        except BadValueError as error:
            errors.append(CellError(columns.title(place[0]), text, str(error)))
    places = columns.places.get("is_billable", ())
    return not places or places[0][0] not in columns.rate_indexes, tuple(errors)


def _flag(index: int, text: str, columns: Columns) -> bool:
    """What one flag says; a header such as Non-Billable turns its column round (trap T3)."""
    if index in columns.rate_indexes:
        return parse_rate_name(clean_line(text))
    if index in columns.letter_indexes:
        return clean_line(text).upper() == "B"
    return parse_flag(clean_line(text)) is not (index in columns.inverted_indexes)
