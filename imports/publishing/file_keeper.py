"""Keeps a published file for the next one: what became of its rows, and what was read beside them (`kept_files`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, compress, islice
from operator import attrgetter, itemgetter
from typing import Any

from imports.keeping import pack
from imports.models import Import, LastFile
from imports.publishing.kept_files import AT_ONCE, Columns, ReadFile, packed, whose_file
from imports.publishing.plan import Plan, PlannedRow
from imports.publishing.source_rows import columns_of
from imports.reading.rows import ParsedFile
from imports.reading.same_row import id_key
from imports.stages import Still, StillLine, Worded
from leaks import Hit
from retainers.models import Retainer
from retainers.row_values import exclusion_text

Part = tuple[Sequence[int], Columns]  # some rows: their lines, and what is kept of them
A_DAY = Decimal(24)
MOST_BESIDE = 1_000  # rows of a file that are read again when it comes again


def keep(
    plan: Plan, *, source: Import, origins: Mapping[int, str], retainers: Mapping[int, Retainer]
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
    kept = packed(_told_of(chain(_standing(standing), [first] if first else (), fresh), lines), heads)
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


def _told_of(parts: Iterable[Part], lines: list[int]) -> Iterator[Columns]:
    """The columns of the rows, whose lines are added to these."""
    for its, columns in parts:
        lines += its
        yield columns


def _standing(stills: Iterable[StillLine]) -> Iterator[Part]:
    rest = iter(stills)
    while part := list(islice(rest, AT_ONCE)):
        lines, rows = zip(*part, strict=True)
        yield lines, list(zip(*rows, strict=True))


def _beside(file: ParsedFile, lines: Sequence[int]) -> bytes:
    """What was read of the file beside the rows on these lines; nothing where that is nearly all of it."""
    known = set(lines)
    rows = [pair for pair in zip(file.rows, file.marks, strict=True) if pair[0].line not in known]
    if len(rows) > MOST_BESIDE or not known.issuperset(map(itemgetter(0), file.spared)):
        return b""
    left, marks = (tuple(each) for each in zip(*rows, strict=True)) if rows else ((), ())
    return pack(ReadFile(replace(file, rows=left, marks=marks, spared=()), tuple(lines)))


def _fresh(plan: Plan, taken: Iterable[tuple[int, PlannedRow]], origins: Mapping[int, str]) -> Iterator[Part]:
    """The rows that were read: those that are entries, and need no second look when they come again."""
    lines = map(attrgetter("line"), plan.parsed.rows)
    marks = dict(zip(lines, plan.parsed.marks, strict=True))
    rest = iter(taken)
    while part := list(islice(rest, AT_ONCE)):
        pks, rows = zip(*part, strict=True)
        its, columns, plain = _stills(pks, rows, marks, origins)
        if all(plain):
            yield its, columns
        elif any(plain):
            yield list(compress(its, plain)), [list(compress(column, plain)) for column in columns]


def _stills(
    pks: Sequence[int], rows: Sequence[PlannedRow], marks: Mapping[int, str], origins: Mapping[int, str]
) -> tuple[Sequence[int], Columns, Sequence[bool]]:
    """The lines of these rows, what is kept of each, as columns of `Still`, and whether it is."""
    planned, judged, read = columns_of(rows)
    lines, reasons, worded = read["line"], planned["reason"], planned["worded"]
    entries = zip(lines, planned["entry"], strict=True)
    columns = {
        "mark": [marks.get(line, "") for line in lines],
        "origin": [origins.get(line) or (entry.origin.hex if entry else "") for line, entry in entries],
        "entry_id": list(map(id_key, read["entry_id"])),
        "client": judged["client"],
        "retainer": judged["retainer"],
        "retainer_id": pks,
        "date": read["date"],
        "worked": read["worked"],
        "counted": planned["counted"],
        "reason": reasons,
        "stands_in": planned["stands_in"],
        "waits": [
            reason is None and said.needs_wording for reason, said in zip(reasons, worded, strict=True)
        ],
        "wording": list(map(Worded.shown, worded, planned["hits"])),
        "company": read["company"],
        "technician": read["technician"],
        "ticket": read["ticket"],
    }
    plain = _plain(columns, planned, judged, read)
    return lines, [columns[name] for name in Still._fields], plain


def _plain(columns: Mapping[str, Sequence[Any]], *said: Mapping[str, Sequence[Any]]) -> list[bool]:
    """Whether nothing about a row needs a second look when it comes again, of each."""
    planned, judged, read = said
    ids = map(all, zip(columns["mark"], columns["origin"], read["entry_id"], strict=True))
    judgement = zip(
        ids, planned["hits"], judged["unjudged_time"], read["worked"], judged["exclusion"], strict=True
    )
    return [_is_plain(*each) for each in judgement]


def _is_plain(
    known: bool, hits: Sequence[Hit], unjudged: bool, worked: Decimal | None, exclusion: str | None
) -> bool:
    """Whether nothing about a row needs a second look when it comes again. `known`: it has marks and an id."""
    if not known or hits or unjudged or worked is None:
        return False
    return -A_DAY <= worked <= A_DAY and exclusion_text(exclusion) == (exclusion or "")
