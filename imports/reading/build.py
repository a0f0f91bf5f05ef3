"""One record to a `Row`, a `Grant` or the `Problem` that says why it is neither.

Everything that is decided once a file (columns, units, decimal mark, order of dates) comes in as a `Plan`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from imports.reading.cell_errors import SHOWN_CHARS, CellError, UnreadableCells
from imports.reading.clean import clean_line
from imports.reading.columns import EntryRecord, ReadingPlan
from imports.reading.figures import KnownFigures, hours_in, is_billable
from imports.reading.prepaid import is_top_up
from imports.reading.rows import Grant, Problem, Row
from imports.reading.same_row import id_key
from imports.reading.texts import Texts
from imports.reading.values import is_e_notation
from retainers.hours import ZERO


class Cells:
    """The cells of one file, under what was decided over all of it; those that can't be read are noted."""

    def __init__(self, plan: ReadingPlan, unreadable: UnreadableCells) -> None:
        self.plan, self.unreadable = plan, unreadable
        self.figures, self.texts = KnownFigures(plan, unreadable), Texts(plan.columns)


def build(entry: EntryRecord, cells: Cells) -> Row | Grant | Problem:
    """The row of a record, dated by its start; a client, day or hours that can't be read refuse it."""
    try:
        return _build(entry, cells)
    except CellError as error:
        plan = cells.plan
        worked = _worked_of_refused(entry, plan)
        shown = error.value[:SHOWN_CHARS]
        entry_id = _entry_id(plan.columns.text("entry_id", entry.record.cells))
        company = str(cells.texts.of(entry).get("company", ""))
        return Problem(entry.record.line, error.column, shown, str(error), worked, entry_id, company)


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


def _build(entry: EntryRecord, cells: Cells) -> Row | Grant:
    plan, figures, texts = cells.plan, cells.figures.of(entry), cells.texts.of(entry)
    if figures.is_inside:
        texts |= _kept_inside(texts)
    days, deducted, bills = figures.days, figures.deducted, figures.is_billable
    if plan.columns.shape.ledger_sign and deducted is not None:
        if is_top_up(deducted, entry.record.cells, plan.columns):
            return _grant(entry, days.day, deducted, texts, plan)
        deducted = deducted * plan.columns.shape.ledger_sign + ZERO
    if bills is None:
        bills = is_billable(entry, figures.billable, figures.worked, plan, cells.unreadable)
    return Row(
        line=entry.record.line,
        date=days.day,
        start=days.start,
        end=days.end,
        end_date=days.end_date,
        elapsed=days.elapsed,
        worked=figures.worked,
        billable=figures.billable,
        deducted=deducted,
        is_billable=bills,
        entry_id=_entry_id(plan.columns.text("entry_id", entry.record.cells)),
        **texts,
    )


def _grant(
    entry: EntryRecord, day: date, hours: Decimal, texts: Mapping[str, str], plan: ReadingPlan
) -> Grant:
    if hours <= 0:
        found = plan.columns.figure("deducted", entry.record.cells) or (0, "")
        message = "a top-up of no hours or fewer; enter a correction as an adjustment, with its reason"
        raise CellError(plan.columns.title(found[0]), found[1], message)
    note = texts.get("title") or texts.get("notes", "")
    company, agreement = texts.get("company", ""), texts.get("agreement", "")
    return Grant(entry.record.line, company, agreement, day, hours, note)


def _entry_id(text: str) -> str:
    """An id without the zeros that a spreadsheet drops; 0 is none, and one in E notation has lost its digits."""
    found = id_key(clean_line(text))
    return "" if found == "0" or is_e_notation(found) else found
