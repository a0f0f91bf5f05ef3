"""Answers about files that hold beyond one import: read with every file, kept when it is published, taken back.

About columns, units and clocks they hold for a format and its headers, about long entries for a technician,
about a row for that very row, and "both count" for two formats.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports.models import Import, StandingAnswer
from imports.publishing.options import OUT
from imports.publishing.plan import Plan
from imports.publishing.questions import ABOUT_ROWS, ACCEPTED, ONE_BY_ONE, Remembered
from imports.reading.rows import Answers, Question, Row
from imports.reading.same_row import row_key
from imports.stages import AskedQuestion

BATCH = 500
UNREAD = "unread"
MOST_SUBJECT = StandingAnswer._meta.get_field("subject").max_length or 500
Key = tuple[str, str, str, str]  # kind, format, headers, subject


def standing() -> list[StandingAnswer]:
    """What holds at the provider in scope and is no answer about a single row: to be looked at, newest first."""
    rows = StandingAnswer.objects.filter(taken_back_at=None).select_related("given_by", "given_in")
    return list(rows.exclude(kind__in=ABOUT_ROWS, subject__startswith=_ROW))


def answers_for(format_name: str, headers: Iterable[str]) -> Answers:
    """What was said about files of that format with these headers: how their columns are read."""
    rows = StandingAnswer.objects.filter(
        taken_back_at=None, format=format_name, headers=headers_key(headers)
    ).order_by("pk")
    found = list(rows.values_list("kind", "subject", "value"))
    columns = {subject: value for kind, subject, value in found if kind == "columns"}
    return Answers(
        units={subject: value for kind, subject, value in found if kind == "unit" and value},
        reads={subject: value for subject, value in columns.items() if value != UNREAD},
        unread=frozenset(subject for subject, value in columns.items() if value == UNREAD),
        clock=next((value for kind, _, value in found if kind == "clock"), ""),
    )


def remembered_for(format_name: str) -> Remembered:
    """What was answered about rows of that format, and about technicians in any."""
    kept = StandingAnswer.objects.filter(taken_back_at=None, kind__in=ABOUT_ROWS)
    rows: dict[str, set[str]] = defaultdict(set)
    technicians: set[str] = set()
    both_count: set[str] = set()
    out: set[str] = set()
    for kind, name, subject, value in kept.values_list("kind", "format", "subject", "value"):
        if subject.startswith(_ROW):
            if name == format_name:
                (out if value == OUT else rows[kind]).add(subject.removeprefix(_ROW))
        elif kind == "long":
            technicians.add(subject)
        elif kind == "twice":
            both_count |= _other_of(name, subject, format_name)
    return Remembered(
        {kind: frozenset(found) for kind, found in rows.items()},
        frozenset(technicians),
        frozenset(both_count),
        frozenset(out),
    )


def _other_of(one: str, two: str, format_name: str) -> set[str]:
    """The format that counts beside this one, of two that both count."""
    if one == format_name:
        return {two}
    return {one} if two == format_name else set()


def remember(plan: Plan, *, source: Import, by: User | None, at: datetime) -> None:
    """Keep what was answered in this import, now that it is published. What was said last holds."""
    rows = _answered_rows(plan)
    wanted = dict(pair for asked in plan.questions if asked.answered for pair in _kept(asked, plan, rows))
    wanted |= dict(_said(plan, rows))
    known = _known(wanted, by, at)
    StandingAnswer.objects.bulk_create(
        (
            StandingAnswer(
                kind=key[0],
                format=key[1],
                headers=key[2],
                subject=key[3],
                value=value,
                given_in=source,
                given_by=by,
                given_at=at,
            )
            for key, value in wanted.items()
            if key not in known
        ),
        batch_size=BATCH,
    )


def _answered_rows(plan: Plan) -> dict[int, Row]:
    """The rows about which something was said, by line."""
    lines = {line for asked in plan.questions if asked.answered for line in asked.question.lines}
    lines |= {line for line, _kind, _answer in plan.options.rows}
    every = (row.classified.row for client in plan.clients for row in client.rows) if lines else ()
    return {row.line: row for row in every if row.line in lines}


def _known(wanted: Mapping[Key, str], by: User | None, at: datetime) -> set[Key]:
    """What holds already of this; what says otherwise holds no more."""
    standing = StandingAnswer.objects.filter(
        taken_back_at=None, kind__in={kind for kind, *_ in wanted}, format__in={key[1] for key in wanted}
    )
    found: dict[Key, tuple[int, str]] = {}
    for pk, kind, name, headers, subject, value in standing.values_list(
        "pk", "kind", "format", "headers", "subject", "value"
    ):
        found[kind, name, headers, subject] = pk, value
    others = [pk for key, (pk, value) in found.items() if key in wanted and wanted[key] != value]
    for start in range(0, len(others), BATCH):
        rows = StandingAnswer.objects.filter(pk__in=others[start : start + BATCH])
        rows.update(taken_back_by=by, taken_back_at=at)
    return {key for key, (pk, _) in found.items() if pk not in set(others)}


@transaction.atomic
def take_back(*, pk: int, by: User | None, at: datetime) -> bool:
    """From now on it is asked again; False where nothing stands under that number."""
    row = StandingAnswer.objects.select_for_update(no_key=True).filter(pk=pk, taken_back_at=None).first()
    if row is None:
        return False
    row.taken_back_by, row.taken_back_at = by, at
    row.save(update_fields=["taken_back_by", "taken_back_at"])
    said = {"kind": row.kind, "format": row.format, "value": row.value, "number": row.pk}
    record(by, "answer taken back", row.subject[:80], **said)
    return True


def headers_key(headers: Iterable[str]) -> str:
    """A header as the database finds it: its names, whatever their order, spelling of case or space."""
    names = sorted(" ".join(header.split()).casefold() for header in headers)
    return sha256("\n".join(names).encode()).hexdigest()


_ROW = "row:"


def _kept(asked: AskedQuestion, plan: Plan, rows: Mapping[int, Row]) -> Iterable[tuple[Key, str]]:
    """What an answered question leaves behind."""
    question, name = asked.question, plan.parsed.format
    is_accepted = asked.answered == ACCEPTED
    if asked.answered == ONE_BY_ONE:
        return ()
    if question.kind in ("columns", "unit"):
        return (_of_column(question, name, headers_key(plan.parsed.headers)),)
    if question.kind == "twice" and question.field != name:
        return ((("twice", name, "", _subject(question.field)), ""),) if is_accepted else ()
    technicians = _of_technicians(question) if is_accepted else []
    return technicians or _of_rows(question, name, rows)


def _of_technicians(question: Question) -> list[tuple[Key, str]]:
    """Of long entries and days: whose they are; empty for any other question."""
    whose = question.technicians if question.kind == "long" else ()
    return [(("long", "", "", _subject(each)), "") for each in whose]


def _of_column(question: Question, name: str, headers: str) -> tuple[Key, str]:
    said = UNREAD if question.kind == "columns" else question.field or question.preset
    return (question.kind, name, headers, _subject(question.column)), said


def _of_rows(question: Question, name: str, rows: Mapping[int, Row]) -> Iterator[tuple[Key, str]]:
    for line in question.lines if question.kind in ABOUT_ROWS else ():
        if line in rows:
            yield (question.kind, name, "", _ROW + row_key(rows[line])), ""


def _said(plan: Plan, rows: Mapping[int, Row]) -> Iterator[tuple[Key, str]]:
    """What was answered row by row, and how columns are read."""
    name, headers = plan.parsed.format, headers_key(plan.parsed.headers)
    for line, kind, answer in plan.options.rows:
        if line in rows:
            yield (kind, name, "", _ROW + row_key(rows[line])), OUT if answer == OUT else ""
    for column, unit in plan.options.units:
        yield ("unit", name, headers, _subject(column)), unit
    for column, field in plan.options.reads:
        yield ("columns", name, headers, _subject(column)), field


def _subject(text: str) -> str:
    return text[:MOST_SUBJECT]
