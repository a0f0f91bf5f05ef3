"""One record to a `Row`, a `Grant` or the `Problem` that says why it is neither.

Everything that is decided once a file (columns, units, decimal mark, order of dates) comes in as a `ReadingPlan`.
`built_of` takes all records of a file; then `without_conflicts` refuses the rows whose ids say two things.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import compress, repeat
from operator import attrgetter, not_
from typing import Any, NamedTuple, TypeVar, cast

from imports.reading.cell_errors import SHOWN_CHARS, CellError, UnreadableCells
from imports.reading.clock import DAYS_FIELDS
from imports.reading.columns import Columns, ReadingPlan
from imports.reading.figures import Figures, Hours, KnownFigures, hours_in
from imports.reading.prepaid import is_top_up
from imports.reading.row_marks import marks_of
from imports.reading.rows import NO_MARK, NONE_SPARED, EntryRecord, Grant, Problem, Row, Spared
from imports.reading.same_row import content_getter, may_repeat, with_first
from imports.reading.texts import Texts
from retainers.hours import ZERO

Result = TypeVar("Result", Row, Grant, Problem)
AT_ONCE = 2_000


class Cells:
    """The cells of one file, under what was decided over all of it; those that can't be read are noted."""

    def __init__(self, plan: ReadingPlan, unreadable: UnreadableCells) -> None:
        self.plan, self.unreadable = plan, unreadable
        self.figures, self.texts = KnownFigures(plan, unreadable), Texts(plan.columns)


def build_all(entries: Sequence[EntryRecord], cells: Cells) -> list[Row | Grant | Problem]:
    """Of each record the row. It is dated by its start; a client, day or hours that can't be read refuse it.

    Most are made column by column; what headings say of entries, and the rows of a ledger, one by one.
    """
    found, errors = cells.figures.over(entries)
    refused = {at: _refused(entries[at], cells, error) for at, error in errors.items()}
    read = [entry for at, entry in enumerate(entries) if at not in refused] if refused else entries
    are_alone = cells.plan.columns.shape.ledger_sign or any(map(_groups, entries))
    rows: list[Row | Grant | Problem] = [*(_one_by_one if are_alone else _by_columns)(read, found, cells)]
    for at, problem in refused.items():  # from the first on, each finds its place among those before it
        rows.insert(at, problem)
    return rows


_groups = attrgetter("groups")


def _refused(entry: EntryRecord, cells: Cells, error: CellError) -> Problem:
    worked, texts = _worked_of_refused(entry, cells.plan), cells.texts.of(entry)
    shown, entry_id, company = error.value[:SHOWN_CHARS], texts.get("entry_id", ""), texts.get("company", "")
    return Problem(entry.record.line, error.column, shown, str(error), worked, entry_id, company)


def _by_columns(entries: Sequence[EntryRecord], figures: Sequence[Figures], cells: Cells) -> Iterator[Row]:
    """The rows of entries that say these figures."""
    if not entries:
        return
    records = [entry.record for entry in entries]
    hours, days, flags, are_inside = zip(*figures, strict=True)
    columns: dict[str, Any] = {
        "line": [record.line for record in records],
        "is_billable": flags,
        **dict(zip(Hours._fields, zip(*hours, strict=True), strict=True)),
        **dict(zip(DAYS_FIELDS, zip(*days, strict=True), strict=True)),
        **cells.texts.columns([record.cells for record in records]),
    }
    missing = Row._field_defaults
    in_order = (columns[name] if name in columns else repeat(missing[name]) for name in Row._fields)
    rows = map(_made, zip(*in_order, strict=False))
    yield from map(_shown_or_inside, rows, are_inside) if any(are_inside) else rows


_made = partial(tuple.__new__, Row)  # without a look at how many values there are


def _shown_or_inside(row: Row, is_inside: bool) -> Row:
    return row._replace(**_kept_inside(row._asdict())) if is_inside else row


def _worked_of_refused(entry: EntryRecord, plan: ReadingPlan) -> Decimal:
    try:
        return hours_in("worked", entry.record.cells, plan) or ZERO
    except CellError:
        return ZERO


def _kept_inside(texts: dict[str, Any]) -> dict[str, Any]:
    """Of what nobody outside may read: all of it among the internal notes."""
    inside = (texts.get(name, "") for name in ("internal_notes", "notes", "description"))
    joined = "\n".join(filter(None, inside))
    return {"hidden": True, "notes": "", "description": "", "internal_notes": joined}


def _one_by_one(
    entries: Sequence[EntryRecord], figures: Sequence[Figures], cells: Cells
) -> Iterator[Row | Grant | Problem]:
    for entry, its in zip(entries, figures, strict=True):
        try:
            yield _build(entry, its, cells)
        except CellError as error:
            yield _refused(entry, cells, error)


def _build(entry: EntryRecord, figures: Figures, cells: Cells) -> Row | Grant:
    plan, texts, bills = cells.plan, cells.texts.of(entry), figures.is_billable
    if figures.is_inside:
        texts |= _kept_inside(texts)
    hours, days = figures.hours, dict(zip(DAYS_FIELDS, figures.days, strict=True))
    deducted, sign = hours.deducted, plan.columns.shape.ledger_sign
    if sign and deducted is not None:
        if is_top_up(deducted, entry.record.cells, plan.columns):
            return _grant(entry, figures.days[0], deducted, texts, plan)
        deducted = deducted * sign + ZERO
    if bills is None:
        bills = cells.figures.is_billable(entry, hours)
    said = {**hours._asdict(), **days, **texts, "deducted": deducted, "is_billable": bills}
    return Row(line=entry.record.line, **said)


def _grant(
    entry: EntryRecord, day: date, hours: Decimal, texts: Mapping[str, str], plan: ReadingPlan
) -> Grant:
    if hours <= 0:
        found = plan.columns.figure("deducted", entry.record.cells) or (0, "")
        message = "a top-up must be above zero hours; enter a correction as an adjustment, with its reason"
        raise CellError(plan.columns.title(found[0]), found[1], message)
    note = texts.get("title") or texts.get("notes", "")
    company, agreement = texts.get("company", ""), texts.get("agreement", "")
    return Grant(entry.record.line, company, agreement, day, hours, note)


@dataclass(frozen=True, slots=True)
class AllBuilt:
    """What became of the records: those that were read with their marks by line, and (`lines`) those that are known,
    each with what it is known as; `before`: lines that were known before.
    """

    results: dict[type, list[Row | Grant | Problem]]
    marks: dict[int, bytes]
    before: Spared
    lines: "array[int]" = field(default_factory=partial(array, "I"))
    places: "array[int]" = field(default_factory=partial(array, "I"))

    @property
    def spared(self) -> Spared:
        return self.before.among(self.lines, self.places)

    def those(self, kind: type[Result]) -> list[Result]:
        """The results of that kind, in the order of the file."""
        return cast("list[Result]", self.results[kind])

    def without(
        self, known: Mapping[bytes, int], entries: Sequence[EntryRecord], marks: Sequence[bytes]
    ) -> tuple[list[EntryRecord], list[bytes]]:
        """Take those of these that are known; the others are left."""
        is_known = list(map(known.__contains__, marks))
        self.lines.extend(entry.record.line for entry in compress(entries, is_known))
        self.places.extend(map(known.__getitem__, compress(marks, is_known)))
        is_left = list(map(not_, is_known))
        return list(compress(entries, is_left)), list(compress(marks, is_left))

    def take(self, entries: Sequence[EntryRecord], marks: Sequence[bytes], cells: Cells) -> None:
        rows = build_all(entries, cells)
        for kind in set(map(type, rows)):
            self.results[kind] += [row for row in rows if type(row) is kind]
        self.marks.update(zip([entry.record.line for entry in entries], marks, strict=True))


class Known(NamedTuple):
    """Marks of rows that need not be read, each with what it is known as; `spared`: lines that were known before."""

    rows: Mapping[bytes, int]
    spared: Spared = NONE_SPARED


def built_of(entries: list[EntryRecord], cells: Cells, among: Known) -> AllBuilt:
    """What becomes of these entries, which are taken out of the list: each is let go once it is read."""
    known, found = among.rows, AllBuilt(defaultdict(list), {}, among.spared)
    while entries:
        part = entries[:AT_ONCE]
        del entries[:AT_ONCE]
        marks = marks_of(part)
        if known:
            part, marks = found.without(known, part, marks)
        found.take(part, marks, cells)
    found.marks.update(dict.fromkeys(cells.unreadable.lines, NO_MARK))
    return found


def without_conflicts(rows: Sequence[Row], columns: Columns) -> tuple[list[Row], list[Problem]]:
    """The same entry id with different content: all rows of that id are refused; equal ones stay."""
    if not may_repeat(rows):
        return list(rows), []
    firsts = [first for _row, first in with_first(rows)]
    split = _said_differently(rows, firsts)
    if not split:
        return list(rows), []
    kept: list[Row] = []
    refused: list[Problem] = []
    for row, first in zip(rows, firsts, strict=True):
        if id(first) not in split:
            kept.append(row)
        else:
            refused.append(_conflict(row, split[id(first)] if row is first else first, columns))
    return kept, refused


def _said_differently(rows: Sequence[Row], firsts: Sequence[Row]) -> dict[int, Row]:
    """Of each id that says two things the first row that differs, by the `id()` of the first that has it."""
    content = content_getter()
    found: dict[int, Row] = {}
    for row, first in zip(rows, firsts, strict=True):
        if first is not row and content(first) != content(row):
            found.setdefault(id(first), row)
    return found


def _conflict(row: Row, other: Row, columns: Columns) -> Problem:
    column = columns.title(columns.places["entry_id"][0][-1])
    message = (
        f"the same id with different content as in line {other.line}; keep the right one of the two rows"
    )
    return Problem(row.line, column, row.entry_id, message, row.worked or ZERO, row.entry_id, row.company)
