"""Bytes of an export to a `ParsedFile`: the one public way in.

`parse` calls the stages in their order: `opening`, `headers`, `records`, `columns`, `second_tables`, `set_aside`,
`column_facts`, `unread`, `build` and `file_warnings`. Whose rows these are, and which of them count, is decided later.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple, Required, TypedDict, Unpack
from zoneinfo import ZoneInfo

from imports.reading.build import Cells, Known, built_of, without_conflicts
from imports.reading.cell_errors import UnreadableCells
from imports.reading.column_facts import Facts, gather
from imports.reading.columns import Columns, ReadingPlan, bind
from imports.reading.deciding_cells import packed
from imports.reading.entries import Entries
from imports.reading.file_warnings import ReadingOutcome, doubts, spoiled_ids, stated_hours
from imports.reading.headers import FoundHeader, find_header, refuse_unproven
from imports.reading.known_lines import (
    KnownLines,
    KnownRows,
    NotOrdinaryError,
    deciding_columns,
    is_list,
    known_lines,
)
from imports.reading.mapped import Mapping as SavedMapping
from imports.reading.opening import open_tables, the_one
from imports.reading.records import Source, read_records, split_of
from imports.reading.row_marks import decided_by, line_marker
from imports.reading.rows import (
    NONE_SPARED,
    Answers,
    Grant,
    ParsedFile,
    Problem,
    Row,
    SetAside,
    UnreadableFileError,
)
from imports.reading.second_tables import without_second_tables
from imports.reading.set_aside import Body, Labels, sort_body
from imports.reading.unread import column_questions, refuse_double_columns

Recall = Callable[[str, tuple[str, ...]], Answers]


class HowToRead(TypedDict, total=False):
    """What a reading goes by.

    `format` is a format's or a saved mapping's name (None: recognised); `date_order` the provider's "mdy",
    "dmy" or "ymd", used where the file doesn't decide; `timezone` the provider's, in which dates are given;
    `single_client` says that the upload is for one client, so that no column has to name it. `answers`: what
    a person says of this file; `recall`: what was said before about files of that format and headers.
    `clients`: every name by which a client is known; a column that bears them matters. `may_be_empty`: a file
    without entries says that there was no work. `spare`: the rows that are known and need not be read again.
    """

    format: str | None
    date_order: str | None
    timezone: Required[ZoneInfo]
    single_client: bool
    today: Required[date]
    mappings: Sequence[SavedMapping]
    answers: Answers | None
    recall: Recall | None
    clients: Collection[str]
    may_be_empty: bool
    spare: KnownRows | None


def parse(data: bytes, **how: Unpack[HowToRead]) -> ParsedFile:
    """Read one export. Raises `UnreadableFileError` where the file as a whole can't be read; a bad row is a
    `Problem` in `refused`.

    >>> export = b"Date,Client,Hours\\n2026-06-02,Acme,1:30\\n"
    >>> file = parse(export, timezone=ZoneInfo("UTC"), today=date(2026, 6, 3))
    >>> file.format, file.rows[0].line, file.rows[0].worked
    ('generic', 2, Decimal('1.5000'))
    """
    opened = _open(data, how)
    del data  # each of a file's shapes is let go once the next stands
    known = known_lines(how.get("spare"), opened.source, opened.columns, opened.marks_of)
    file = _read_with(known, opened, how) if known else None
    del known
    file = file or _file_of(opened, how)
    if not how.get("may_be_empty", False):
        _refuse_without_entries(file, opened.columns)
    return file


def _read_with(known: KnownLines, opened: "_Opened", how: HowToRead) -> ParsedFile | None:
    """The file, if nothing in it has to be asked; why it can't be read is told by who reads all of it."""
    try:
        return _file_of(opened, how, known)
    except (NotOrdinaryError, UnreadableFileError):
        return None


@dataclass(slots=True)
class _Opened:
    """A file as text: the header that was found in it, its columns, and what is said of files of its kind."""

    encoding: str
    source: Source
    set_aside: tuple[SetAside, ...]
    found: FoundHeader
    said: Answers
    columns: Columns

    @property
    def marks_of(self) -> Callable[[Sequence[str]], list[bytes]]:
        return line_marker(self.found.header.cells, self.found.delimiter)

    def taken(self) -> Source:
        """The text, which is kept here no longer."""
        source, self.source = self.source, self.source._replace(text="", sheet=None)
        return source


def _open(data: bytes, how: HowToRead) -> _Opened:
    said = how.get("answers") or Answers()
    tables = open_tables(data, said.encoding)
    name, mappings = how.get("format"), how.get("mappings", ())
    table, found = the_one(tables, lambda source: find_header(source, name, mappings))
    if (recall := how.get("recall")) is not None:
        titles = tuple(cell.strip().lstrip("\ufeff") for cell in found.header.cells)
        said = said.over(recall(found.shape.name, titles))
    columns = bind(found.shape.reading(said.reads), found.header)
    return _Opened(table.encoding, table.source, table.source.set_aside, found, said, columns)


def _file_of(opened: _Opened, how: HowToRead, known: KnownLines | None = None) -> ParsedFile:
    """The file; `known`: with lines that are known, which are not read. Raises `NotOrdinaryError` only then."""
    columns, clients, spare = opened.columns, how.get("clients", ()), how.get("spare")
    table = _table_of(opened, known, clients, is_named=how.get("format") is not None)
    _refuse_without_client(columns, table.body, single_client=how.get("single_client", False))
    entries = known.among(table.body.entries) if known else Entries(table.body.entries)
    doubled = refuse_double_columns(columns, entries)
    facts = _facts_of(opened, entries, how)
    again = _known(table.body, facts.plan, spare)
    asked = list(column_questions(entries, columns, opened.said.unread, clients))
    is_asked = any((asked, facts.questions))
    if known and (is_asked or not again):
        raise NotOrdinaryError
    deciding = _deciding(entries, table, columns, is_asked=is_asked)
    del entries
    file = _read(table.body, facts, how["today"], Known(again, known.spared if known else NONE_SPARED))
    found = replace(
        file,
        set_aside=_in_order((*opened.set_aside, *table.set_aside, *file.set_aside)),
        warnings=(*doubled, *file.warnings),
        questions=(*asked, *file.questions),
        encoding=opened.encoding,
        delimiter=opened.found.delimiter,
    )
    return replace(found, deciding=deciding if is_list(found) else b"")


class _Table(NamedTuple):
    """The entries of a file; `set_aside`: what stands before them, and later tables. `is_by_line`: each record is as
    wide as the header, and known again by its lines.
    """

    body: Body
    set_aside: tuple[SetAside, ...]
    is_by_line: bool


def _deciding(entries: Entries, table: _Table, columns: Columns, *, is_asked: bool) -> bytes:
    """The cells by which it is decided how rows are read, of a file that may be no more than a list of them."""
    shape, body = columns.shape, table.body
    is_alone = shape.reads_each_row_alone and not shape.is_printed
    is_more = any((is_asked, body.refused, body.set_aside, table.set_aside))
    return (
        packed(entries, deciding_columns(columns)) if is_alone and table.is_by_line and not is_more else b""
    )


def _table_of(
    opened: _Opened, known: KnownLines | None, clients: Collection[str], *, is_named: bool
) -> _Table:
    """Raises `UnreadableFileError` for a file that nothing proves to be what it seems (`is_named`: said to be)."""
    header, columns, labels = opened.found.header, opened.columns, Labels()
    source, split = (opened.source, known.left) if known else (opened.taken(), split_of)
    records = read_records(source, opened.found.delimiter, labels.look, opened.marks_of, split)
    has_lines = source.sheet is None and not source.has_lone_returns
    del source
    begins = bisect_right(records, header.line, key=attrgetter("line"))
    first_table, later_tables = without_second_tables(records[begins:], columns)
    above = records[:begins]
    del records
    is_even = {len(header.cells)}.issuperset(map(len, map(attrgetter("cells"), first_table)))
    body = sort_body(first_table, columns, labels, clients)
    preamble = [SetAside(record.line, "preamble") for record in above if record.line < header.line]
    if not is_named:
        refuse_unproven(opened.found, bool(preamble), body)
    return _Table(body, (*preamble, *later_tables), has_lines and is_even)


def _refuse_without_client(columns: Columns, body: Body, *, single_client: bool) -> None:
    """Rows that nothing says the client of would land nowhere: the person has to say whose file it is."""
    is_named = bool(body.entries) and all(entry.groups.get("company") for entry in body.entries)
    if single_client or is_named or "company" in columns.places:
        return
    raise UnreadableFileError(
        Problem(
            columns.header.line,
            "",
            "",
            "No column of this file names the client. Upload it for one client (choose the client first), "
            f"or add the column to the export{_client_column(columns)}.",
        )
    )


def _refuse_without_entries(file: ParsedFile, columns: Columns) -> None:
    """A report that ran into nothing is more often a wrong filter than a period without work."""
    if file.rows or file.spared or file.refused or file.grants:
        return
    raise UnreadableFileError(
        Problem(
            columns.header.line,
            "",
            "",
            "The file has a header but no time entry. If there was no work, give the period (--from "
            "and --to) and upload it again. Otherwise check the report’s period and filters, and "
            "export again.",
        )
    )


def _client_column(columns: Columns) -> str:
    return ' as "Client"' if columns.shape.name == "generic" else ""


def _known(body: Body, plan: ReadingPlan, spare: KnownRows | None) -> Mapping[bytes, int]:
    """The marks of rows that need not be read again."""
    shape = plan.columns.shape
    if spare is None or body.totals or not shape.reads_each_row_alone:
        return {}
    return spare.rows(shape.name, decided_by(plan))


def _facts_of(opened: _Opened, entries: Entries, how: HowToRead) -> Facts:
    return gather(
        entries,
        opened.columns,
        delimiter=opened.found.delimiter,
        date_order=how.get("date_order"),
        zone=how["timezone"],
        today=how["today"],
        answers=opened.said,
    )


def _read(body: Body, facts: Facts, today: date, known: Known) -> ParsedFile:
    """The rows, and what can be said of the file as a whole. Each record is let go once it is read."""
    plan, columns, unreadable = facts.plan, facts.plan.columns, UnreadableCells()
    spoiled = tuple(spoiled_ids(body.entries, columns))
    present = columns.present.union(*(entry.groups for entry in body.entries))
    built = built_of(body.entries, Cells(plan, unreadable), known)
    grants = built.those(Grant)
    rows, conflicting = without_conflicts(built.those(Row), columns)
    refused = sorted((*body.refused, *built.those(Problem), *conflicting), key=attrgetter("line"))
    of_all = len(refused), len(grants), body.totals, today, len(spared := built.spared)
    outcome = ReadingOutcome(plan, spoiled, rows, *of_all)
    return ParsedFile(
        format=columns.shape.name,
        rows=tuple(rows),
        refused=tuple(refused),
        set_aside=tuple(body.set_aside),
        grants=tuple(grants),
        warnings=(*unreadable.problems(), *doubts(outcome)),
        present=present,
        date_order=plan.order,
        questions=facts.questions,
        unread_columns=tuple(map(columns.title, columns.unread)),
        stated=_stated(body, plan),
        headers=tuple(map(columns.title, range(len(columns.header.cells)))),
        measured=tuple((columns.title(index), found.unit.value) for index, found in plan.measures.items()),
        marks=b"".join([built.marks[row.line] for row in rows]),
        decided=decided_by(plan),
        spared=spared,
    )


def _stated(body: Body, plan: ReadingPlan) -> Decimal | None:
    """The worked hours that the file's own total says."""
    return next((hours for total in body.totals if (hours := stated_hours(total, "worked", plan))), None)


def _in_order(set_aside: Sequence[SetAside]) -> tuple[SetAside, ...]:
    return tuple(sorted(set_aside, key=lambda found: found.line))
