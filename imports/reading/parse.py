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
from typing import Required, TypedDict, TypeVar, Unpack
from zoneinfo import ZoneInfo

from imports.reading.build import Cells, build_all, without_conflicts
from imports.reading.cell_errors import UnreadableCells
from imports.reading.column_facts import Facts, gather
from imports.reading.columns import Columns, ReadingPlan, bind
from imports.reading.file_warnings import ReadingOutcome, doubts, spoiled_ids, stated_hours
from imports.reading.headers import FoundHeader, find_header, refuse_unproven
from imports.reading.mapped import Mapping as SavedMapping
from imports.reading.opening import open_tables, the_one
from imports.reading.records import read_records
from imports.reading.row_marks import marker
from imports.reading.rows import (
    Answers,
    EntryRecord,
    Grant,
    ParsedFile,
    Problem,
    Record,
    Row,
    SetAside,
    UnreadableFileError,
)
from imports.reading.second_tables import without_second_tables
from imports.reading.set_aside import Body, Labels, sort_body
from imports.reading.unread import column_questions, refuse_double_columns

Recall = Callable[[str, tuple[str, ...]], Answers]
Spare = Callable[[str], Mapping[str, int]]
Result = TypeVar("Result", Row, Grant, Problem)
AT_ONCE = 2_000


class HowToRead(TypedDict, total=False):
    """What a reading goes by.

    `format` is a format's or a saved mapping's name (None: recognised); `date_order` the provider's "mdy",
    "dmy" or "ymd", used where the file doesn't decide; `timezone` the provider's, in which dates are given;
    `single_client` says that the upload is for one client, so that no column has to name it. `answers`: what
    a person says of this file; `recall`: what was said before about files of that format and headers.
    `clients`: every name by which a client is known; a column that bears them matters. `may_be_empty`: a file
    without entries says that there was no work. `spare`: the marks of rows of a format that are known and need not
    be read again (`row_marks`), each with what it is known as.
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
    spare: Spare | None


def parse(data: bytes, **how: Unpack[HowToRead]) -> ParsedFile:
    """Read one export. Raises `UnreadableFileError` where the file as a whole can't be read; a bad row is a
    `Problem` in `refused`.

    >>> export = b"Date,Client,Hours\\n2026-06-02,Acme,1:30\\n"
    >>> file = parse(export, timezone=ZoneInfo("UTC"), today=date(2026, 6, 3))
    >>> file.format, file.rows[0].line, file.rows[0].worked
    ('generic', 2, Decimal('1.5000'))
    """
    clients = how.get("clients", ())
    opened, records, labels = _open(data, how)
    del data  # each of a file's shapes is let go once the next stands
    table = _table_of(opened, records, labels, clients, is_named=how.get("format") is not None)
    del records
    _refuse_without_client(table.columns, table.body, single_client=how.get("single_client", False))
    doubled = refuse_double_columns(table.columns, [entry.record for entry in table.body.entries])
    facts = _facts_of(opened, table, how)
    known = _known(table.body, facts.plan, how.get("spare"))
    asked = list(column_questions(table.body.entries, table.columns, opened.said.unread, clients))
    file = _read(table.body, facts, how["today"], known)
    if not how.get("may_be_empty", False):
        _refuse_without_entries(file, table.columns)
    return replace(
        file,
        set_aside=_in_order((*opened.set_aside, *table.set_aside, *file.set_aside)),
        warnings=(*doubled, *file.warnings),
        questions=(*asked, *file.questions),
        encoding=opened.encoding,
        delimiter=opened.found.delimiter,
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file as text: the header that was found in it, and what is said of files of its kind."""

    encoding: str
    set_aside: tuple[SetAside, ...]
    found: FoundHeader
    said: Answers


@dataclass(frozen=True, slots=True)
class _Table:
    """The entries of a file under their columns; `set_aside`: what stands before them, and later tables."""

    columns: Columns
    body: Body
    set_aside: tuple[SetAside, ...]


def _open(data: bytes, how: HowToRead) -> tuple[_Opened, list[Record], Labels]:
    """The file, all of its records, and what labels are among their cells."""
    said = how.get("answers") or Answers()
    tables = open_tables(data, said.encoding)
    name, mappings = how.get("format"), how.get("mappings", ())
    table, found = the_one(tables, lambda source: find_header(source, name, mappings))
    labels = Labels()
    records = read_records(table.source, found.delimiter, labels.look)
    if (recall := how.get("recall")) is not None:
        titles = tuple(cell.strip().lstrip("\ufeff") for cell in found.header.cells)
        said = said.over(recall(found.shape.name, titles))
    return _Opened(table.encoding, table.source.set_aside, found, said), records, labels


def _table_of(
    opened: _Opened, records: Sequence[Record], labels: Labels, clients: Collection[str], *, is_named: bool
) -> _Table:
    """Raises `UnreadableFileError` for a file that nothing proves to be what it seems (`is_named`: said to be)."""
    header = opened.found.header
    columns = bind(opened.found.shape.reading(opened.said.reads), header)
    begins = bisect_right(records, header.line, key=attrgetter("line"))
    after = records[begins:]
    first_table, later_tables = without_second_tables(after, columns)
    body = sort_body(first_table, columns, labels, clients)
    above = records[:begins]
    preamble = [SetAside(record.line, "preamble") for record in above if record.line < header.line]
    if not is_named:
        refuse_unproven(opened.found, bool(preamble), body)
    return _Table(columns, body, (*preamble, *later_tables))


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


def _known(body: Body, plan: ReadingPlan, spare: Spare | None) -> Mapping[str, int]:
    """The marks of rows that need not be read again: none where more than each row's own cells is looked at."""
    shape = plan.columns.shape
    if spare is None or body.totals or shape.dated_by_end or shape.ledger_sign:
        return {}
    return spare(shape.name)


def _facts_of(opened: _Opened, table: _Table, how: HowToRead) -> Facts:
    return gather(
        table.body.entries,
        table.columns,
        delimiter=opened.found.delimiter,
        date_order=how.get("date_order"),
        zone=how["timezone"],
        today=how["today"],
        answers=opened.said,
    )


def _read(body: Body, facts: Facts, today: date, known: Mapping[str, int]) -> ParsedFile:
    """The rows, and what can be said of the file as a whole. Each record is let go once it is read."""
    plan, columns, unreadable = facts.plan, facts.plan.columns, UnreadableCells()
    spoiled = tuple(spoiled_ids(body.entries, columns))
    present = columns.present.union(*(entry.groups for entry in body.entries))
    built = _built(body, plan, unreadable, known)
    grants = built.those(Grant)
    rows, conflicting = without_conflicts(built.those(Row), columns)
    refused = sorted((*body.refused, *built.those(Problem), *conflicting), key=attrgetter("line"))
    outcome = ReadingOutcome(
        plan, spoiled, rows, len(refused), len(grants), body.totals, today, len(built.spared)
    )
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
        marks=tuple(built.marks[row.line] for row in rows),
        spared=tuple(built.spared),
    )


@dataclass(frozen=True, slots=True)
class _Built:
    """What became of the records: those that were read with their marks by line, and those that are known."""

    results: list[Row | Grant | Problem]
    marks: dict[int, str]
    spared: list[tuple[int, int]]

    def those(self, kind: type[Result]) -> list[Result]:
        """The results of that kind, in the order of the file."""
        return [result for result in self.results if isinstance(result, kind)]

    def take(self, entries: Sequence[EntryRecord], marks: Sequence[str], cells: Cells) -> None:
        rows, unread = build_all(entries, cells)
        self.results.extend(rows)
        self.marks.update(zip([entry.record.line for entry in entries], marks, strict=True))
        self.marks.update(dict.fromkeys((entries[at].record.line for at in unread), ""))


def _built(body: Body, plan: ReadingPlan, unreadable: UnreadableCells, known: Mapping[str, int]) -> _Built:
    """What becomes of the body's entries, which are taken out of it: each is let go once it is read."""
    cells, marks_of = Cells(plan, unreadable), marker(plan)
    found = _Built([], {}, [])
    while body.entries:
        part = body.entries[:AT_ONCE]
        del body.entries[:AT_ONCE]
        marks = marks_of(part)
        if known:
            marked = list(zip(part, marks, strict=True))
            found.spared.extend((entry.record.line, known[mark]) for entry, mark in marked if mark in known)
            left = [pair for pair in marked if pair[1] not in known]
            part, marks = [entry for entry, _mark in left], [mark for _entry, mark in left]
        found.take(part, marks, cells)
    return found


def _stated(body: Body, plan: ReadingPlan) -> Decimal | None:
    """The worked hours that the file's own total says."""
    return next((hours for total in body.totals if (hours := stated_hours(total, "worked", plan))), None)


def _in_order(set_aside: Sequence[SetAside]) -> tuple[SetAside, ...]:
    return tuple(sorted(set_aside, key=lambda found: found.line))
