"""Keeps a published file for the next one: what became of its rows, and what was read beside them (`kept_files`)."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, compress, islice, product
from operator import attrgetter

from accounts import large_values
from imports.judging.plausible import A_DAY
from imports.keeping import pack
from imports.models import Import, LastFile
from imports.publishing.kept_files import NewTable, ReadFile, whose_file
from imports.publishing.plan import Plan, PlannedRow
from imports.publishing.plan_marks import EntryMark
from imports.publishing.source_rows import Columns, columns_of
from imports.publishing.still_rows import StillRows
from imports.reading.known_lines import is_list
from imports.reading.numbered import numbers_of
from imports.reading.rows import NO_MARK, NONE_SPARED, ParsedFile, digests_at
from imports.reading.same_row import id_keys
from imports.stages import NO_WORDS
from leaks import Hit
from retainers.models import Retainer
from retainers.row_values import exclusion_text

Part = tuple[Sequence[int], Columns]  # some rows: their lines, and what is kept of them
MarksOn = Callable[[Sequence[int]], list[bytes]]
AT_ONCE = 2_000  # rows
MOST_BESIDE = 1_000  # rows of a file that are read again when it comes again


def keep(plan: Plan, *, source: Import, origins: Iterable[str], retainers: Mapping[int, Retainer]) -> None:
    """Keep what became of the file's rows, now that it is published; where none was, or nothing is new, the last file
    stays. `origins`: of the new entries, in their order; `retainers`: all of them, locked, with the publications that
    they have now.
    """
    clients = plan.published_clients
    standing = [client.stills for client in clients if isinstance(client.stills, StillRows)]
    fresh = _fresh(plan, chain.from_iterable(map(attrgetter("taken"), clients)), origins)
    first = next(fresh, None)
    if first is None and sum(map(len, standing)) in (0, plan.kept_before):
        return
    table, lines = _put_together(standing, chain([first] if first else (), fresh))
    heads = {pk: retainer.publication_id or 0 for pk, retainer in retainers.items()}
    entries, deciding = _entries_on(plan.parsed, lines), plan.parsed.deciding
    kept = table.packed(
        heads, plan.parsed.decided, is_plain=is_list(plan.parsed), deciding=deciding, entries=entries
    )
    del table  # which takes as much again, before the database is given the bytes
    _put(plan, source, kept, _beside(plan.parsed, lines))


def _put(plan: Plan, source: Import, kept: bytes, read: bytes) -> None:
    """In place of the last file of the format."""
    row = LastFile(
        format=plan.parsed.format,
        whose=whose_file(source),
        judged_by=plan.basis.judging,
        read_by=plan.basis.reading if read else "",
    )
    LastFile.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["provider", "format", "whose"],
        update_fields=["judged_by", "read_by"],
    )
    its = LastFile.objects.filter(format=row.format, whose=row.whose)
    large_values.write(its, kept=kept, read=read)


def _put_together(standing: Sequence[StillRows], fresh: Iterable[Part]) -> "tuple[NewTable, array[int]]":
    """All rows, those that stand first, of all clients in one, so that each different value is looked at once; and
    their lines.
    """
    table = NewTable()
    lines, places = (
        array("I", chain.from_iterable(map(attrgetter(name), standing))) for name in ("lines", "places")
    )
    if standing:
        table.add_again(StillRows(standing[0].table, places, lines))
    for its, columns in fresh:
        lines.extend(its)
        table.add(columns)
    return table, lines


def _entries_on(file: ParsedFile, lines: "array[int]") -> "array[int]":
    """Which entry of a file that is a list of rows stands on each of these lines, where it is asked."""
    if not file.deciding:
        return array("I")
    every = array("I", map(attrgetter("line"), file.rows))
    if file.spared:
        every = array("I", sorted(chain(every, file.spared.lines)))
    return numbers_of(map(_places_by_line(every).__getitem__, lines), len(every))


def _beside(file: ParsedFile, lines: "array[int]") -> bytes:
    """What was read of the file beside the rows on these lines; nothing where that is nearly all of it."""
    rest = replace(file, rows=(), marks=b"", spared=NONE_SPARED, deciding=b"")
    if len(lines) == len(file.rows) + len(file.spared):
        return pack(ReadFile(rest, tuple(lines)))
    known, marks = set(lines), digests_at(file.marks, range(len(file.rows)))
    rows = [pair for pair in zip(file.rows, marks, strict=True) if pair[0].line not in known]
    if len(rows) > MOST_BESIDE or not known.issuperset(file.spared.lines):
        return b""
    left, its = zip(*rows, strict=True) if rows else ((), ())
    return pack(ReadFile(replace(rest, rows=left, marks=b"".join(its)), tuple(lines)))


def _fresh(plan: Plan, taken: Iterable[tuple[int, PlannedRow]], origins: Iterable[str]) -> Iterator[Part]:
    """The rows that were read: those that are entries, and need no second look when they come again."""
    marks_on = _marks_by_line(plan.parsed)
    rest, new = iter(taken), iter(origins)
    while part := list(islice(rest, AT_ONCE)):
        pks, rows = zip(*part, strict=True)
        its, columns, plain = _stills(pks, rows, marks_on, new)
        if all(plain):
            yield its, columns
        elif any(plain):
            kept = {name: list(compress(column, plain)) for name, column in columns.items()}
            yield list(compress(its, plain)), kept


def _stills(
    pks: Sequence[int], rows: Sequence[PlannedRow], marks_on: MarksOn, origins: Iterator[str]
) -> tuple[Sequence[int], Columns, Sequence[bool]]:
    """The lines of these rows, what is kept of each, as columns of `Still`, and whether it is."""
    planned, judged, read = columns_of(rows)
    columns: Columns = {
        "mark": marks_on(read["line"]),
        "origin": _origins(planned["kind"], planned["entry"], origins),
        "entry_id": id_keys(read["entry_id"]),
        "client": judged["client"],
        "retainer": judged["retainer"],
        "retainer_id": pks,
        "date": read["date"],
        "worked": read["worked"],
        "counted": planned["counted"],
        "reason": planned["reason"],
        "stands_in": planned["stands_in"],
        **_words(planned),
        "company": read["company"],
        "technician": read["technician"],
        "ticket": read["ticket"],
    }
    return read["line"], columns, _plain(columns, planned, judged, read)


def _marks_by_line(file: ParsedFile) -> MarksOn:
    """A function that gives the marks of the rows on some lines: by numbers in an array, as a mapping takes as much
    memory as the marks of all rows.
    """
    places, marks = _places_by_line(list(map(attrgetter("line"), file.rows))), file.marks
    return lambda wanted: [mark or NO_MARK for mark in digests_at(marks, map(places.__getitem__, wanted))]


def _places_by_line(lines: Sequence[int]) -> "array[int]":
    """By each of these lines which of them it is; by any other how many there are, where nothing is."""
    places = array("I", [len(lines)]) * (max(lines, default=0) + 1)
    for place, line in enumerate(lines):
        places[line] = place
    return places


def _origins(kinds: Sequence[str], entries: Sequence[EntryMark | None], new: Iterator[str]) -> list[str]:
    """The marks of the rows' entries: the next new one of each that isn't as it was."""
    if "unchanged" not in kinds:
        return list(islice(new, len(kinds)))
    return [
        entry.origin.hex if entry and kind == "unchanged" else next(new)
        for kind, entry in zip(kinds, entries, strict=True)
    ]


def _words(planned: Columns) -> Columns:
    """What a client reads of each row, and whether it waits for words; most often nobody has given any."""
    words, reasons = planned["words"], planned["reason"]
    if set(map(id, words)) == {id(NO_WORDS)}:
        return {"wording": [""] * len(words), "waits": [reason is None for reason in reasons]}
    waits = [
        reason is None and each.worded.needs_wording for reason, each in zip(reasons, words, strict=True)
    ]
    return {"wording": [each.shown for each in words], "waits": waits}


def _plain(columns: Columns, planned: Columns, judged: Columns, read: Columns) -> Sequence[bool]:
    """Whether nothing about a row needs a second look when it comes again, of each."""
    judgement = (
        [each.hits for each in planned["words"]],
        judged["unjudged_time"],
        read["worked"],
        judged["exclusion"],
    )
    ids = list(map(NO_MARK.__ne__, columns["mark"])), columns["origin"], read["entry_id"]
    each_once = list(map(set, judgement))
    if all(map(all, ids)) and all(_is_plain(True, *its) for its in product(*each_once)):
        return [True] * len(read["line"])
    known = map(all, zip(*ids, strict=True))
    return [_is_plain(*each) for each in zip(known, *judgement, strict=True)]


def _is_plain(
    known: bool, hits: Sequence[Hit], unjudged: bool, worked: Decimal | None, exclusion: str | None
) -> bool:
    """Whether nothing about a row needs a second look when it comes again. `known`: it has marks and an id."""
    if not known or hits or unjudged or worked is None:
        return False
    return -A_DAY <= worked <= A_DAY and exclusion_text(exclusion) == (exclusion or "")
