"""Rows that come again as they were: known by the marks of their cells, and taken as they stand published.

A published file is kept row by row (`LastFile`): by which mark each row is known, which entry it is, what became of
it. Of the next file only the rows that differ are read, judged, worded and compared (`spared` says which need not be),
as long as all that decides what becomes of a row is what it was (`Basis.judging`), and as long as its entry stands
under the same words. What can't be told so raises `WholeWayError`, and the file goes the whole way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from imports import keeping
from imports.models import DraftWording, Import, LastFile
from imports.publishing.options import Options
from imports.publishing.plan import Plan, PlannedRow
from imports.publishing.standing_rows import PublishedRow
from imports.reading.rows import ParsedFile, Row, worked_of
from imports.reading.same_row import id_key
from imports.stages import Still, StillLine
from retainers.company_names import company_key
from retainers.hours import ZERO
from retainers.models import Entry

A_DAY = Decimal(24)
LONGEST_REASON = 200  # a longer one stands in the entry cut off


class WholeWayError(Exception):
    """Something about this file can't be told from what is kept of the last one."""


@dataclass(frozen=True, slots=True)
class Kept:
    rows: tuple[Still, ...]


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
        kept = self._find(format_name) if self._may else ()
        if kept and not DraftWording.objects.filter(draft_of=self._source).exists():
            self._kept, standing = len(kept), _standing(kept)
            self._known = {
                still.mark: still
                for still in kept
                if standing.get(still.origin) == (still.retainer_id, still.wording)
                and self._days[0] <= still.date <= self._days[1]
            }
        return self._known

    def _find(self, format_name: str) -> tuple[Still, ...]:
        rows = LastFile.objects.filter(
            format=format_name, whose=_whose(self._source), judged_by=self._judging
        )
        kept = rows.values_list("kept", flat=True).first()
        try:
            return keeping.unpack(bytes(kept), Kept).rows if kept else ()
        except ValueError:  # written by another release
            return ()

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


def _standing(kept: Sequence[Still]) -> dict[str, tuple[int, str]]:
    """Retainer and words of the live entries of those days, by origin."""
    days = {still.date for still in kept}
    live = Entry.objects.filter(retired_in=None, day__range=(min(days), max(days))).order_by()
    said = live.annotate(mark=Cast("origin", TextField())).values_list("mark", "retainer_id", "wording")
    return {mark.replace("-", ""): (retainer_id, wording) for mark, retainer_id, wording in said}


def _refuse_doubles(lines: Sequence[StillLine], rows: Sequence[Row]) -> None:
    """Each id is in the file once: else rows repeat or contradict each other."""
    ids = {still.entry_id for _line, still in lines}
    if len(ids) < len(lines) or any(id_key(row.entry_id) in ids for row in rows if row.entry_id):
        raise WholeWayError


def _refuse_long_days(lines: Sequence[StillLine], rows: Sequence[Row]) -> None:
    """Nobody works for more hours than a day has, whatever is taken back."""
    hours: dict[tuple[str, date], Decimal] = defaultdict(lambda: ZERO)
    for _line, still in lines:
        if still.technician and still.worked > 0:
            hours[still.technician, still.date] += still.worked
    for row in rows:
        worked = row.worked or ZERO
        if row.technician and worked > 0:
            hours[row.technician, row.date] += worked
    if max(hours.values(), default=ZERO) > A_DAY:
        raise WholeWayError


def refuse_shared_ids(
    stills: Stills, published: Mapping[str, Iterable[PublishedRow]], format_name: str
) -> None:
    """Raises `WholeWayError` where another published entry of the format has the id of a row that is as it was."""
    ids = {still.entry_id for still in stills.rows}
    for row in (row for rows in published.values() for row in rows) if ids else ():
        if row.source.format == format_name and row.row.entry_id and id_key(row.row.entry_id) in ids:
            raise WholeWayError


def names_with(stills: Stills, names: Mapping[str, str]) -> dict[str, str]:
    """These names of companies (`names_before`) with those under which the other rows come again."""
    found = dict(names)
    for company, slug in {(still.company, still.client) for still in stills.rows if still.company}:
        if found.setdefault(company_key(company), slug) != slug:
            raise WholeWayError
    return found


def keep(plan: Plan, *, source: Import, origins: Mapping[int, UUID]) -> None:
    """Keep what became of the file's rows, now that it is published. `origins`: of the new entries, by line."""
    clients = plan.published_clients
    before = [still for client in clients for _line, still in client.stills]
    marks = {row.line: mark for row, mark in zip(plan.parsed.rows, plan.parsed.marks, strict=True) if mark}
    fresh = [
        _still(row, marks[row.line], origin, retainer_id)
        for client in clients
        for retainer_id, row in client.taken
        if row.line in marks
        and _is_plain(row)
        and (origin := origins.get(row.line) or (row.entry.origin if row.entry else None))
    ]
    if not fresh and len(before) == plan.kept_before:
        return
    kept = keeping.pack(Kept((*before, *fresh)))
    row = LastFile(format=plan.parsed.format, whose=_whose(source), judged_by=plan.basis.judging, kept=kept)
    LastFile.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["provider", "format", "whose"],
        update_fields=["judged_by", "kept"],
    )


def _is_plain(row: PlannedRow) -> bool:
    """Whether nothing about it needs a second look when it comes again."""
    read, judged = row.classified.row, row.classified
    cut_off = len(judged.exclusion or "") > LONGEST_REASON
    is_usual = bool(read.entry_id) and read.worked is not None and abs(read.worked) <= A_DAY
    return is_usual and not (row.hits or judged.unjudged_time or cut_off)


def _still(row: PlannedRow, mark: str, origin: UUID, retainer_id: int) -> Still:
    read = row.classified.row
    return Still(
        mark=mark,
        origin=origin.hex,
        entry_id=id_key(read.entry_id),
        client=row.classified.client or "",
        retainer=row.classified.retainer or "",
        retainer_id=retainer_id,
        date=read.date,
        worked=worked_of(read),
        counted=row.counted,
        reason=row.reason,
        stands_in=row.stands_in,
        waits=row.waits,
        wording=row.shown_words,
        company=read.company,
        technician=read.technician,
        ticket=read.ticket,
    )
