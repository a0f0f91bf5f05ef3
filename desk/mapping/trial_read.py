"""Reading every row of a file by a mapping before it is saved: what comes of it, and what has to be asked."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from imports import originals
from imports.models import Import
from imports.publishing.options import Options
from imports.publishing.preview import read_source
from imports.reading.columns import bind
from imports.reading.first_look import first_rows
from imports.reading.formats.table import HOURS_FIELDS, Unit
from imports.reading.headers import find_header
from imports.reading.mapped import Mapping
from imports.reading.opening import open_tables, the_one
from imports.reading.rows import ParsedFile, Problem, UnreadableFileError
from imports.saved_mappings import saved_mappings

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading every row by a mapping gave; `file` None: it can't be read, and `problems` say why.

    `asks_unit`, `asks_order`: nothing in the file says what bare numbers count, or which of day and month
    stands first.
    """

    file: ParsedFile | None
    problems: tuple[Problem, ...]
    asks_unit: bool = False
    asks_order: bool = False


def is_mappable(source: Import) -> bool:
    """Whether mapping its columns by hand could make an unreadable file readable."""
    options = Options.read(source.options)
    try:
        data = originals.load(source)
        _header, rows = first_rows(data, 1, options.encoding)
    except (UnreadableFileError, FileNotFoundError):
        return False
    wanted = options.format or None
    try:
        tables = open_tables(data, options.encoding)
        _table, found = the_one(tables, lambda source: find_header(source, wanted, saved_mappings()))
    except UnreadableFileError:
        return bool(rows)
    names_client = "company" in bind(found.shape, found.header).places
    return bool(rows) and source.client_id is None and not names_client


def check(source: Import, mapping: Mapping, today: date) -> Checked | None:
    """Every row, read by the mapping; None while a column is missing without which nothing is an entry."""
    if lacking(mapping):
        return None
    options = replace(Options.read(source.options), format="")
    try:
        file = read_source(source, options, today, (mapping,))
    except UnreadableFileError as error:
        guessed = replace(mapping, date_order="dmy")
        asks_order = not mapping.date_order and _is_readable(source, guessed, options, today)
        return Checked(None, error.problems, asks_order=asks_order)
    asks_unit = mapping.unit is Unit.OPEN and any(question.kind == "unit" for question in file.questions)
    return Checked(file, file.refused, asks_unit=asks_unit)


def _is_readable(source: Import, mapping: Mapping, options: Options, today: date) -> bool:
    try:
        read_source(source, options, today, (mapping,))
    except UnreadableFileError:
        return False
    return True


def lacking(mapping: Mapping) -> Errors:
    """Fields without which no row is an entry."""
    errors: Errors = {}
    if not {"date", "start"} & mapping.columns.keys():
        errors["date"] = _("Choose the column that holds the day of the work.")
    has_times = {"start", "end"} <= mapping.columns.keys()
    if not has_times and not mapping.columns.keys() & set(HOURS_FIELDS):
        errors["worked"] = _("Choose the column that holds the hours, or those of start and end.")
    return errors


def open_questions(checked: Checked | None, mapping: Mapping, source: Import) -> Errors:
    """What the check has shown that only a person knows."""
    errors: Errors = {}
    found = checked or Checked(None, ())
    if not found.file and "company" not in mapping.columns and source.client_id is None:
        errors["company"] = _("Choose the column that names the client, or upload the file for one client.")
    if found.asks_order:
        errors["date_order"] = _("The dates could be read either way. Choose one.")
    if found.asks_unit:
        errors["unit"] = _("The file doesn’t say. Choose one.")
    return errors
