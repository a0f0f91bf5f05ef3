"""What a row says in days, hours and flags. Hardly two rows of a file agree in all of it, but many in their hours, in
their day, in their times or in their flags: each of these is read once for all rows that say it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from imports.reading.cell_errors import CellError, UnreadableCells
from imports.reading.clean import clean_line
from imports.reading.clock import Days, TimesOfDay, is_usual, on_day, on_usual_days, worked_until
from imports.reading.columns import Columns, ReadingPlan
from imports.reading.dates import parse_moment
from imports.reading.durations import parse_duration
from imports.reading.entries import ReadOnce
from imports.reading.formats.table import HOURS_FIELDS
from imports.reading.marks import names_internal_kind
from imports.reading.pointed_times import with_colon
from imports.reading.rows import EntryRecord
from imports.reading.values import BadValueError, Moment, parse_flag, parse_hidden, parse_rate_name
from retainers.hours import ZERO

_KIND_FIELDS = ("work_type", "ticket_type")
_TIMES, _FLAGS = ("start", "end"), ("is_billable", "hidden", *_KIND_FIELDS)


class Hours(NamedTuple):
    """What a row says in hours, under the names of its fields."""

    worked: Decimal | None
    billable: Decimal | None
    deducted: Decimal | None


class Figures(NamedTuple):
    """What a row says in hours, days and flags. `is_billable` None: still to be asked; `is_inside`: it is marked as
    hidden, or as an internal kind of work.
    """

    hours: Hours
    days: Days
    is_billable: bool | None
    is_inside: bool


class _Hours(NamedTuple):
    """`error`: of a cell that can't be read."""

    found: Hours
    error: CellError | None = None


class _Day(NamedTuple):
    """What the date says. `errors`: of a cell that can't be read, which is as good as empty. `usual`: the day of work,
    where no clock is changed on it; `ended`: when work ended, where the date says that.
    """

    day: date | None
    errors: tuple[CellError, ...]
    usual: date | None = None
    ended: datetime | None = None


class _Times(NamedTuple):
    """What start and end say. `usual`: what they come to on each usual day, None where that depends on the day."""

    start: Moment
    end: Moment
    errors: tuple[CellError, ...]
    usual: TimesOfDay | None


class _Flags(NamedTuple):
    is_inside: bool
    is_billable: bool
    errors: tuple[CellError, ...]


class KnownFigures:
    """The figures of the rows of one file."""

    def __init__(self, plan: ReadingPlan, unreadable: UnreadableCells) -> None:
        self._plan, self._shape, self._unreadable = plan, plan.columns.shape, unreadable
        columns = plan.columns.places, len(plan.columns.header.cells)
        self._hours = ReadOnce(HOURS_FIELDS, *columns, lambda cells: _hours(cells, plan))
        self._days = ReadOnce(["date"], *columns, lambda cells: _day(cells, plan))
        self._times = ReadOnce(_TIMES, *columns, lambda cells: _times(cells, plan))
        self._flags = ReadOnce(_FLAGS, *columns, lambda cells: _flags(cells, plan))

    def over(self, entries: Sequence[EntryRecord]) -> tuple[list[Figures], dict[int, CellError]]:
        """The figures of entries; and by their places among these the errors of those that have none."""
        cells = [entry.record.cells for entry in entries]
        said = (each.over(cells) for each in (self._hours, self._days, self._times, self._flags))
        found: list[Figures] = []
        errors: dict[int, CellError] = {}
        for at, each in enumerate(zip(entries, *said, strict=True)):
            try:
                found.append(self._of(*each))
            except CellError as error:
                errors[at] = error.with_traceback(None)  # one that is remembered forgets who raised it
        return found, errors

    def _of(self, entry: EntryRecord, said: _Hours, day: _Day, times: _Times, flags: _Flags) -> Figures:
        """Raises `CellError`. Where times give the hours, these are the worked ones. A time that can't be read is left
        empty, unless nothing else says the day or the hours.
        """
        hours, error = said
        if error:
            raise error
        days = _days_of(day, times, entry.record.cells, hours.worked, self._plan)
        if hours.worked is None:
            hours = _worked_by(days[-1], hours, entry.record.cells, self._plan)
            if hours == _NO_HOURS:
                raise _first_error(day, times) or _without_hours(self._plan)
        if day.errors or times.errors:
            self._unreadable.note(entry.record.line, *day.errors, *times.errors)
        # a grant is not asked whether it bills
        bills = None if self._shape.ledger_sign else self._bills(entry, hours, flags)
        return Figures(hours, days, bills, flags.is_inside)

    def is_billable(self, entry: EntryRecord, hours: Hours) -> bool:
        """Of an entry of which that is still to be asked."""
        return self._bills(entry, hours, self._flags.of(entry.record.cells))

    def _bills(self, entry: EntryRecord, hours: Hours, flags: _Flags) -> bool:
        """Yes unless the file says no; a flag that can't be read is named, and an empty one."""
        if self._shape.zero_bills_not and hours.billable == 0 and hours.worked:
            return False
        if flags.errors:
            self._unreadable.note(entry.record.line, *flags.errors)
        return flags.is_billable


_NO_HOURS = Hours(None, None, None)


def _hours(cells: Sequence[str], plan: ReadingPlan) -> _Hours:
    try:
        return _Hours(Hours(*(hours_in(name, cells, plan) for name in HOURS_FIELDS)))
    except CellError as error:
        # one that was raised would keep all that its callers held
        return _Hours(_NO_HOURS, CellError(error.column, error.value, str(error)))


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


def _worked_by(elapsed: Decimal | None, hours: Hours, cells: Sequence[str], plan: ReadingPlan) -> Hours:
    """The hours with those that passed from start to end as the worked ones, where times give them, but for the breaks
    between.
    """
    index = plan.columns.pause_index
    if elapsed is None or not plan.columns.times_give_hours:
        return hours
    if index is None or plan.columns.is_empty_figure(cells[index]):
        return hours._replace(worked=elapsed)
    pause = _duration(index, cells[index], plan)
    if not ZERO <= pause <= max(elapsed, ZERO):
        message = "breaks can't be longer than the time from start to end"
        raise CellError(plan.columns.title(index), cells[index], message)
    return hours._replace(worked=elapsed - pause)


def _duration(index: int, text: str, plan: ReadingPlan) -> Decimal:
    try:
        return parse_duration(text, plan.measures[index].unit, plan.mark)
    except BadValueError as error:
        raise CellError(plan.columns.title(index), text, str(error)) from error


_NO_MOMENT = Moment()  # of a cell that is empty or can't be read


def _day(cells: Sequence[str], plan: ReadingPlan) -> _Day:
    moment, index, errors = _said("date", cells, plan)
    day, at = moment.day, moment.at
    is_end = index in plan.columns.end_indexes and index not in plan.whole_days
    if day and at and is_end:
        return _Day(day, errors, ended=datetime.combine(day, at))
    return _Day(day, errors, usual=day if day and is_usual(day, plan.zone) else None)


def _times(cells: Sequence[str], plan: ReadingPlan) -> _Times:
    (start, _index, errors), (end, _index, others) = (_said(name, cells, plan) for name in _TIMES)
    return _Times(start, end, errors + others, on_usual_days(start, end, plan.zone, is_halved=plan.is_halved))


def _said(name: str, cells: Sequence[str], plan: ReadingPlan) -> tuple[Moment, int, tuple[CellError, ...]]:
    """What a field of dates or times says, and the index of the cell that says it."""
    if (filled := plan.columns.figure(name, cells)) is None:
        return _NO_MOMENT, -1, ()
    index, text = filled
    try:
        return _moment(name, index, text, plan), index, ()
    except BadValueError as error:
        shown = _read_as(name, text, plan)
        return _NO_MOMENT, index, (CellError(plan.columns.title(index), shown, str(error)),)


def _moment(name: str, index: int, text: str, plan: ReadingPlan) -> Moment:
    is_day = name == "date" and index in plan.whole_days
    is_utc = index in plan.columns.utc_indexes
    return parse_moment(_read_as(name, text, plan), plan.order, plan.zone, is_utc=is_utc, is_day=is_day)


def _read_as(name: str, text: str, plan: ReadingPlan) -> str:
    return with_colon(text) if plan.is_pointed and name != "date" else text


def _days_of(
    said: _Day, times: _Times, cells: Sequence[str], worked: Decimal | None, plan: ReadingPlan
) -> Days:
    """An entry is dated by its start (trap T24): by the start's own day, else the column of the date. Where that is the
    date of the end, work began so many hours before. Raises `CellError` where nothing says the day.
    """
    if said.usual and times.usual:
        return said.usual, *times.usual
    if said.ended and times.start is _NO_MOMENT:
        return worked_until(said.ended, worked)
    day = times.start.day or said.day
    if not day:
        raise _first_error(said, times) or _no_day(cells, plan)
    return on_day(day, times.start, times.end, plan.zone, is_halved=plan.is_halved)


def _first_error(*said: _Day | _Times) -> CellError | None:
    """The first cell that can't be read, to be raised."""
    return next((error for each in said for error in each.errors), None)


def _no_day(cells: Sequence[str], plan: ReadingPlan) -> CellError:
    index = plan.columns.day_indexes[0]
    value = cells[index].strip()
    wanted = "wanted the day of the work, like 2026-06-30"
    message = f"an empty date (a system's “no date”); {wanted}" if value else f"the date is missing; {wanted}"
    return CellError(plan.columns.title(index), value, message)


def _without_hours(plan: ReadingPlan) -> CellError:
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
    return any(map(names_internal_kind, said))


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
