"""Keeps a published file for the next one: what became of its rows, and what was read beside them (`kept_files`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from operator import attrgetter, itemgetter
from uuid import UUID

from imports.keeping import pack
from imports.models import Import, LastFile
from imports.publishing.kept_files import ReadFile, packed, whose_file
from imports.publishing.plan import Plan, PlannedRow
from imports.reading.rows import ParsedFile, worked_of
from imports.reading.same_row import id_key
from imports.stages import Still, StillLine
from retainers.models import Retainer

A_DAY = Decimal(24)
LONGEST_REASON = 200  # a longer one stands in the entry cut off
MOST_BESIDE = 1_000  # rows of a file that are read again when it comes again


def keep(
    plan: Plan, *, source: Import, origins: Mapping[int, UUID], retainers: Mapping[int, Retainer]
) -> None:
    """Keep what became of the file's rows, now that it is published. `origins`: of the new entries, by line;
    `retainers`: all of them, locked, with the publications that they have now.
    """
    clients = plan.published_clients
    standing = list(chain.from_iterable(map(attrgetter("stills"), clients)))
    fresh = _fresh(plan, chain.from_iterable(map(attrgetter("taken"), clients)), origins)
    first = next(fresh, None)
    if first is None and len(standing) == plan.kept_before:
        return
    heads = {pk: retainer.publication_id or 0 for pk, retainer in retainers.items()}
    lines: list[int] = []
    kept = packed(_told_of(chain(standing, [first] if first else (), fresh), lines), heads)
    read = _beside(plan.parsed, lines)
    row = LastFile(
        format=plan.parsed.format,
        whose=whose_file(source),
        judged_by=plan.basis.judging,
        read_by=plan.basis.reading if read else "",
        kept=kept,
        read=read,
    )
    LastFile.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["provider", "format", "whose"],
        update_fields=["judged_by", "read_by", "kept", "read"],
    )


def _told_of(rows: Iterable[StillLine], lines: list[int]) -> Iterator[Still]:
    """The rows, whose lines are added to these."""
    for line, still in rows:
        lines.append(line)
        yield still


def _beside(file: ParsedFile, lines: Sequence[int]) -> bytes:
    """What was read of the file beside the rows on these lines; nothing where that is nearly all of it."""
    known = set(lines)
    rows = [pair for pair in zip(file.rows, file.marks, strict=True) if pair[0].line not in known]
    if len(rows) > MOST_BESIDE or not known.issuperset(map(itemgetter(0), file.spared)):
        return b""
    left, marks = (tuple(each) for each in zip(*rows, strict=True)) if rows else ((), ())
    return pack(ReadFile(replace(file, rows=left, marks=marks, spared=()), tuple(lines)))


def _fresh(
    plan: Plan, taken: Iterable[tuple[int, PlannedRow]], origins: Mapping[int, UUID]
) -> Iterator[StillLine]:
    """The rows that were read: those that are entries, and need no second look when they come again."""
    lines = map(attrgetter("line"), plan.parsed.rows)
    marks = {line: mark for line, mark in zip(lines, plan.parsed.marks, strict=True) if mark}
    for retainer_id, row in taken:
        line = row.line
        if line in marks and _is_plain(row):
            origin = origins.get(line) or (row.entry.origin if row.entry else None)
            if origin:
                yield line, _still(row, marks[line], origin, retainer_id)


def _is_plain(row: PlannedRow) -> bool:
    """Whether nothing about it needs a second look when it comes again."""
    judged = row.classified
    worked, reason = judged.row.worked, judged.exclusion
    if row.hits or judged.unjudged_time or worked is None or not judged.row.entry_id:
        return False
    return -A_DAY <= worked <= A_DAY and (reason is None or len(reason) <= LONGEST_REASON)


def _still(row: PlannedRow, mark: str, origin: UUID, retainer_id: int) -> Still:
    judged = row.classified
    read = judged.row
    return Still(
        mark, origin.hex, id_key(read.entry_id), judged.client or "", judged.retainer or "", retainer_id,
        read.date, worked_of(read), row.counted, row.reason, row.stands_in, row.waits, row.shown_words,
        read.company, read.technician, read.ticket,
    )  # fmt: skip
