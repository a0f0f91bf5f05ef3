"""Bytes of an export to a `ParsedFile`: the one public way in.

The stages are `decode`, `read`, `headers`, `aside`, `evidence`, `build` and `doubts`, in that order. Whose
rows these are, and which of them count, is decided later, by `classify` and `reconcile`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from imports.reading.build import Plan, build
from imports.reading.column_facts import gather
from imports.reading.columns import Columns, bind, refuse_double_columns
from imports.reading.decode import decode
from imports.reading.file_warnings import Outcome, doubts
from imports.reading.headers import Found, find_header
from imports.reading.mapping import Mapping
from imports.reading.records import Record, open_source, read_records
from imports.reading.rows import Grant, ParsedFile, Problem, Row, SetAside, UnreadableFileError
from imports.reading.same_row import content_getter, with_first
from imports.reading.set_aside import Body, sort_body
from imports.reading.sums import judge_sums


def parse(
    data: bytes,
    *,
    format: str | None = None,  # noqa: A002
    date_order: str | None = None,
    timezone: ZoneInfo,
    single_client: bool = False,
    today: date,
    mappings: Sequence[Mapping] = (),
) -> ParsedFile:
    """Read one export.

    `format` is a format's or a saved mapping's name (None: recognised); `date_order` the provider's "mdy",
    "dmy" or "ymd", used where the file doesn't decide; `timezone` the provider's, in which dates are given;
    `single_client` says that the upload is for one client, so that no column has to name it. Raises
    `UnreadableFileError` where the file as a whole can't be read; a bad row is a `Problem` in `refused`.

    >>> export = b"Date,Client,Hours\\n2026-06-02,Acme,1:30\\n"
    >>> file = parse(export, timezone=ZoneInfo("UTC"), today=date(2026, 6, 3))
    >>> file.format, file.rows[0].line, file.rows[0].worked
    ('generic', 2, Decimal('1.5000'))
    """
    decoded = decode(data)
    source = open_source(decoded.text)
    found = find_header(source, format, mappings)
    records = read_records(source, found.delimiter)
    columns = bind(found.shape, found.header)
    after = [record for record in records if record.line > found.header.line]
    body = sort_body(after, columns)
    _refuse_without_client(columns, body, single_client=single_client)
    warnings = refuse_double_columns(columns, [entry.record for entry in body.entries])
    plan = gather(body.entries, columns, delimiter=found.delimiter, date_order=date_order, zone=timezone)
    file = _read(body, plan, today)
    _refuse_without_entries(file, columns)
    return replace(
        file,
        set_aside=_in_order((*source.set_aside, *_preamble(records, found), *file.set_aside)),
        warnings=(*warnings, *file.warnings),
        encoding=decoded.encoding,
        delimiter=found.delimiter,
    )


def _preamble(records: Sequence[Record], found: Found) -> list[SetAside]:
    return [SetAside(record.line, "preamble") for record in records if record.line < found.header.line]


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
    if file.rows or file.refused or file.grants:
        return
    raise UnreadableFileError(
        Problem(
            columns.header.line,
            "",
            "",
            "The file has a header but no time entry, so there is nothing to read. Look at the report's "
            "period and filters, and export again.",
        )
    )


def _client_column(columns: Columns) -> str:
    return ' as "Client"' if columns.shape.name == "generic" else ""


def _read(body: Body, plan: Plan, today: date) -> ParsedFile:
    results = [build(entry, plan) for entry in body.entries]
    grants = [result for result in results if isinstance(result, Grant)]
    problems = [result for result in results if isinstance(result, Problem)]
    rows, conflicting = _without_conflicts([result for result in results if isinstance(result, Row)], plan)
    sums, unexplained = judge_sums(body, results, plan)
    refused = sorted((*body.refused, *problems, *unexplained, *conflicting), key=lambda problem: problem.line)
    return ParsedFile(
        format=plan.columns.shape.name,
        rows=tuple(rows),
        refused=tuple(refused),
        set_aside=(*body.set_aside, *sums),
        grants=tuple(grants),
        warnings=doubts(Outcome(plan, body.entries, rows, len(refused), len(grants), body.totals, today)),
        present=plan.columns.present | {name for entry in body.entries for name in entry.groups},
        date_order=plan.order,
    )


def _without_conflicts(rows: Sequence[Row], plan: Plan) -> tuple[list[Row], list[Problem]]:
    """A row under an entry id that an earlier row has, with other content, is refused; an equal one stays."""
    content = content_getter()
    kept: list[Row] = []
    refused: list[Problem] = []
    for row, other in with_first(rows):
        if other is row or content(other) == content(row):
            kept.append(row)
            continue
        column = plan.columns.title(plan.columns.places["entry_id"][0][-1])
        message = (
            f"the same id with different content as in line {other.line}; keep the right one of the two rows"
        )
        refused.append(Problem(row.line, column, row.entry_id, message))
    return kept, refused


def _in_order(set_aside: Sequence[SetAside]) -> tuple[SetAside, ...]:
    return tuple(sorted(set_aside, key=lambda found: found.line))
