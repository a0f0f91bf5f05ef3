"""A tool whose mapping is ready-made: what it reads, and one click to accept it.

What nothing in the file proves is asked by one button a reading, each with the hours that it gives.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from desk.mapping.draft import Sheet, first_draft, read_sheet
from desk.mapping.field_names import LABELS, orders, units
from desk.mapping.trial_read import Checked, check
from imports.models import Import
from imports.reading.formats.table import Unit
from imports.reading.mapped import Mapping
from imports.reading.ready_made import Proposal, ready_made
from imports.reading.rows import ParsedFile, UnreadableFileError
from imports.saved_mappings import saved_mappings
from presentation import counts, phrases
from retainers.hours import ZERO

_MARK = ":"
_ORDERS = ("mdy", "dmy")


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to accept it: `value` is posted."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A tool's proposal: which column holds what, and what is not read. `offers` of several: nothing proves which."""

    label: str
    columns: tuple[tuple[str, str], ...]
    unread: str
    offers: tuple[Offer, ...]

    @property
    def asks(self) -> bool:
        return len(self.offers) > 1


def ready_made_for(source: Import, today: date) -> ReadyMade | None:
    """The proposal for a file that seems to be a tool's export; None where there is none, or its name is taken."""
    try:
        sheet = read_sheet(source)
    except (UnreadableFileError, FileNotFoundError):
        return None
    ready = ready_made(tuple(sheet.offered().values()))
    if ready is None or ready.name in {saved.name for saved in saved_mappings()}:
        return None
    mapping = first_draft(source, sheet)
    if mapping.name != ready.name:
        return None
    return _asked(source, mapping, ready, today)


def _asked(source: Import, mapping: Mapping, ready: Proposal, today: date) -> ReadyMade | None:
    read = [
        (each, file)
        for each in _readings(source, mapping, ready, today)
        if (file := _file(source, each, today))
    ]
    if not read:
        return None
    return ReadyMade(
        label=ready.label,
        columns=tuple((title, str(LABELS[name])) for name, title in mapping.columns.items()),
        unread=", ".join(read[0][1].unread_columns),
        offers=tuple(_offer(each, file) for each, file in read),
    )


def accepted(source: Import, sheet: Sheet, value: str) -> Mapping:
    """The mapping that an offer stands for."""
    unit, _sign, order = value.partition(_MARK)
    known = {each.value: each for each in Unit}
    return replace(
        first_draft(source, sheet),
        unit=known.get(unit, Unit.OPEN),
        date_order=order if order in _ORDERS else "",
    )


def _readings(source: Import, mapping: Mapping, ready: Proposal, today: date) -> Iterator[Mapping]:
    """The mapping as it stands, or one for each thing that it could mean."""
    checked = check(source, mapping, today)
    if checked is None:
        return
    if not checked.asks_order:
        yield from _with_units(mapping, checked, ready)
        return
    for order in _ORDERS:
        ordered = replace(mapping, date_order=order)
        yield from _with_units(ordered, check(source, ordered, today), ready)


def _with_units(mapping: Mapping, checked: Checked | None, ready: Proposal) -> Iterator[Mapping]:
    """One for each unit that it could count in, where nothing in the file says it."""
    if checked is None or not checked.asks_unit:
        yield mapping
        return
    yield from (replace(mapping, unit=unit) for unit in _units(checked, ready))


def _units(checked: Checked, ready: Proposal) -> tuple[Unit, ...]:
    questions = checked.file.questions if checked.file else ()
    counts_days = any(question.kind == "unit" and question.field == Unit.DAYS for question in questions)
    return (Unit.DAYS,) if counts_days else ready.likely


def _file(source: Import, mapping: Mapping, today: date) -> ParsedFile | None:
    checked = check(source, mapping, today)
    return checked.file if checked and checked.file and checked.file.rows else None


def _offer(mapping: Mapping, file: ParsedFile) -> Offer:
    hours = sum((row.worked or ZERO for row in file.rows), ZERO)
    said = [
        str(words)
        for value, words in units()
        if mapping.unit is not Unit.OPEN and value == mapping.unit.value
    ]
    said += [str(words) for value, words in orders() if value and value == mapping.date_order]
    values = {
        "how": ", ".join(said),
        "rows": counts.rows(len(file.rows)),
        "hours": phrases.hours(hours),
    }
    text = _("Accept as %(how)s: %(rows)s, %(hours)s h") if said else _("Accept it: %(rows)s, %(hours)s h")
    return Offer(f"{mapping.unit.value}{_MARK}{mapping.date_order}", text % values)
