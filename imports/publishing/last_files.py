"""Rows that come again as they were: known by the marks of their cells, and taken as they stand published.

A published file is kept row by row (`LastFile`): by which mark each row is known, which entry it is, what became of
it, and under which publications all of that stood. Of the next file only the rows that differ are read, judged, worded
and compared (`spared` says which need not be), as long as all that decides what becomes of a row is what it was
(`Basis.judging`), and as long as its entry stands under the same words. What can't be told so raises `WholeWayError`,
and the file goes the whole way.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from imports.models import Import, LastFile
from imports.publishing.options import Options
from imports.publishing.plan import Plan, PlannedRow
from imports.publishing.standing_rows import PublishedRow
from imports.reading.rows import ParsedFile, Row, worked_of
from imports.reading.same_row import id_key
from imports.stages import Still, StillLine
from retainers.company_names import company_key
from retainers.hours import ZERO
from retainers.models import Entry, Retainer

A_DAY = Decimal(24)
AT_ONCE = 5_000  # rows
LONGEST_REASON = 200  # a longer one stands in the entry cut off


class WholeWayError(Exception):
    """Something about this file can't be told from what is kept of the last one."""


class Kept(NamedTuple):
    """Rows, and the publication of each retainer (keys) under which their entries stood so."""

    rows: Sequence[Still]
    heads: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Stills:
    """The rows of a file that are as they were, in its order, each with its line."""

    lines: tuple[StillLine, ...] = ()
    by_client: Mapping[str, tuple[StillLine, ...]] = field(default_factory=dict)
    kept: int = 0  # how many there were in the last file

    @property
    def rows(self) -> Iterator[Still]:
        return (still for _line, still in self.lines)

    def of(self, slug: str) -> tuple[StillLine, ...]:
        return self.by_client.get(slug, ())


NO_STILLS = Stills()


class LastFiles:
    """What is kept of the last files, for one import."""

    def __init__(self, source: Import, options: Options, judging: str, today: date) -> None:
        self._source, self._judging = source, judging
        self._may = _may_spare(options)
        self._days = options.starts or date.min, today  # what lies beyond is told of
        self._known: dict[str, Still] = {}
        self._kept = 0

    def spare(self, format_name: str) -> Mapping[str, Still]:
        """The rows of that format which need not be read again, by mark: their entries stand as they were."""
        kept = self._find(format_name) if self._may else None
        if kept and kept.rows:
            self._kept = len(kept.rows)
            self._known = {still.mark: still for still in self._within(_standing(kept))}
        return self._known

    def _within(self, rows: Sequence[Still]) -> Sequence[Still]:
        first, last = self._days
        days = {still.date for still in rows}
        if all(first <= day <= last for day in days):
            return rows
        return [still for still in rows if first <= still.date <= last]

    def _find(self, format_name: str) -> Kept | None:
        rows = LastFile.objects.filter(
            format=format_name, whose=_whose(self._source), judged_by=self._judging
        )
        kept = rows.values_list("kept", flat=True).first()
        try:
            return unpacked(bytes(kept)) if kept else None
        except ValueError:  # written by another release
            return None

    def stills(self, file: ParsedFile) -> Stills:
        """The rows that were spared, each with its line.

        Raises `WholeWayError` where they have to be looked at together with the rows that were read.
        """
        lines = tuple((line, self._known[mark]) for line, mark in file.spared)
        if not lines:
            return NO_STILLS
        _refuse_doubles(lines, file.rows)
        _refuse_long_days(lines, file.rows)
        by_client: dict[str, list[StillLine]] = defaultdict(list)
        for line, still in lines:
            by_client[still.client].append((line, still))
        return Stills(lines, {slug: tuple(found) for slug, found in by_client.items()}, self._kept)


def _may_spare(options: Options) -> bool:
    """Whether nothing was said of this file that is about single rows, or about a part of its work."""
    said = (options.rows, options.again, options.replace, options.agreements, options.pools)
    return not any(said)


def _whose(source: Import) -> str:
    return source.client.slug if source.client else ""


def _standing(kept: Kept) -> Sequence[Still]:
    """The rows whose entries stand as they did. Nothing changes an entry but a publication of its retainer: only where
    there has been one since, the entries are looked at.
    """
    heads = dict(Retainer.objects.values_list("pk", "publication"))
    moved = {pk for pk in {still.retainer_id for still in kept.rows} if heads.get(pk) != kept.heads.get(pk)}
    if not moved:
        return kept.rows
    days = {still.date for still in kept.rows if still.retainer_id in moved}
    live = Entry.objects.filter(retainer__in=moved, retired_in=None, day__range=(min(days), max(days)))
    said = live.order_by().annotate(mark=Cast("origin", TextField()))
    found = {
        mark.replace("-", ""): (retainer_id, wording)
        for mark, retainer_id, wording in said.values_list("mark", "retainer_id", "wording").iterator()
    }
    return [
        still
        for still in kept.rows
        if still.retainer_id not in moved or found.get(still.origin) == (still.retainer_id, still.wording)
    ]


def _refuse_doubles(lines: Sequence[StillLine], rows: Sequence[Row]) -> None:
    """Each id is in the file once: else rows repeat or contradict each other."""
    ids = {still.entry_id for _line, still in lines}
    if len(ids) < len(lines) or any(id_key(row.entry_id) in ids for row in rows if row.entry_id):
        raise WholeWayError


def _refuse_long_days(lines: Sequence[StillLine], rows: Sequence[Row]) -> None:
    """Nobody works for more hours than a day has, whatever is taken back."""
    hours: dict[tuple[str, date], Decimal] = defaultdict(lambda: ZERO)
    each: Still | Row
    for each in chain(map(itemgetter(1), lines), rows):
        if each.technician and each.worked and each.worked > 0:
            hours[each.technician, each.date] += each.worked
    if max(hours.values(), default=ZERO) > A_DAY:
        raise WholeWayError


def refuse_shared_ids(
    stills: Stills, published: Mapping[str, Iterable[PublishedRow]], format_name: str
) -> None:
    """Raises `WholeWayError` where another published entry of the format has the id of a row that is as it was."""
    ids = {still.entry_id for still in stills.rows}
    for row in chain.from_iterable(published.values()) if ids else ():
        if row.source.format == format_name and row.row.entry_id and id_key(row.row.entry_id) in ids:
            raise WholeWayError


def names_with(stills: Stills, names: Mapping[str, str]) -> dict[str, str]:
    """These names of companies (`names_before`) with those under which the other rows come again."""
    found = dict(names)
    for company, slug in {(still.company, still.client) for still in stills.rows if still.company}:
        if found.setdefault(company_key(company), slug) != slug:
            raise WholeWayError
    return found


def keep(
    plan: Plan, *, source: Import, origins: Mapping[int, UUID], retainers: Mapping[int, Retainer]
) -> None:
    """Keep what became of the file's rows, now that it is published. `origins`: of the new entries, by line;
    `retainers`: all of them, locked, with the publications that they have now.
    """
    clients = plan.published_clients
    standing = [still for client in clients for _line, still in client.stills]
    fresh = _fresh(plan, chain.from_iterable(map(attrgetter("taken"), clients)), origins)
    first = next(fresh, None)
    if first is None and len(standing) == plan.kept_before:
        return
    rows = chain(standing, [first] if first else (), fresh)
    heads = {pk: retainer.publication_id or 0 for pk, retainer in retainers.items()}
    row = LastFile(
        format=plan.parsed.format,
        whose=_whose(source),
        judged_by=plan.basis.judging,
        kept=packed(rows, heads),
    )
    LastFile.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["provider", "format", "whose"],
        update_fields=["judged_by", "kept"],
    )


def _fresh(
    plan: Plan, taken: Iterable[tuple[int, PlannedRow]], origins: Mapping[int, UUID]
) -> Iterator[Still]:
    """The rows that were read: those that are entries, and need no second look when they come again."""
    lines = map(attrgetter("line"), plan.parsed.rows)
    marks = {line: mark for line, mark in zip(lines, plan.parsed.marks, strict=True) if mark}
    for retainer_id, row in taken:
        line = row.line
        if line in marks and _is_plain(row):
            origin = origins.get(line) or (row.entry.origin if row.entry else None)
            if origin:
                yield _still(row, marks[line], origin, retainer_id)


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


_OWN = frozenset({"mark", "origin", "entry_id"})  # each row has others of these
_SPELT: Mapping[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "date": (date.isoformat, date.fromisoformat),
    "worked": (str, Decimal),
    "counted": (str, Decimal),
}


def packed(rows: Iterable[Still], heads: Mapping[int, int]) -> bytes:
    """As bytes, some thousand rows a line: a column each field, and of most columns the different values with the
    number of each row's.
    """
    packer, rest = zlib.compressobj(1), iter(rows)
    found = [packer.compress(_line(list(heads.items())))]
    while part := list(islice(rest, AT_ONCE)):
        columns = zip(Still._fields, zip(*part, strict=True), strict=True)
        said = [column if name in _OWN else _numbered(name, column) for name, column in columns]
        found.append(packer.compress(_line(said)))
    return b"".join((*found, packer.flush()))


def _line(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def unpacked(data: bytes) -> Kept:
    """Raises `ValueError` for bytes that `packed` has not written."""
    rows: list[Still] = []
    try:
        heads, *lines = zlib.decompress(data).splitlines()
        for line in lines:
            columns = zip(Still._fields, json.loads(line), strict=True)
            told = (column if name in _OWN else _told(name, *column) for name, column in columns)
            rows += map(Still, *told)
        return Kept(rows, dict(json.loads(heads)))
    except (zlib.error, TypeError, IndexError, ArithmeticError) as error:
        raise ValueError("these bytes hold no rows") from error


def _numbered(name: str, column: Sequence[Any]) -> tuple[list[Any], list[int]]:
    numbers = {value: number for number, value in enumerate(dict.fromkeys(column))}
    write = _SPELT[name][0] if name in _SPELT else None
    return list(map(write, numbers) if write else numbers), list(map(numbers.__getitem__, column))


def _told(name: str, values: Sequence[Any], numbers: Sequence[int]) -> list[Any]:
    found = list(map(_SPELT[name][1], values)) if name in _SPELT else values
    return list(map(found.__getitem__, numbers))
