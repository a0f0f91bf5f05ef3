"""Rows that come again as they were: known by the marks of their cells, and taken as they stand published.

A published file is kept row by row (`kept_files`): by which mark each row is known, which entry it is, what became of
it, and under which publications all of that stood. Of the next file only the rows that differ are read, judged, worded
and compared (`spared` says which need not be), as long as all that decides what becomes of a row is what it was
(`Basis.judging`), and as long as its entry stands under the same words. The very same file isn't read at all. What
can't be told so raises `WholeWayError`, and the file goes the whole way.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from operator import attrgetter, itemgetter

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from imports.models import Import, LastFile
from imports.publishing.kept_files import Kept, read_again, unpacked, whose_file
from imports.publishing.options import Options
from imports.publishing.plan_marks import StillKind, kinds_of_stills
from imports.publishing.standing_rows import PublishedRow
from imports.reading.rows import ParsedFile, Row
from imports.reading.same_row import id_key
from imports.stages import Still, StillLine
from retainers.company_names import company_key
from retainers.hours import ZERO
from retainers.models import Entry, Retainer

A_DAY = Decimal(24)
_day_of_a_person = attrgetter("technician", "date", "worked")


class WholeWayError(Exception):
    """Something about this file can't be told from what is kept of the last one."""


@dataclass(frozen=True, slots=True)
class Stills:
    """The rows of a file that are as they were, in its order, each with its line."""

    lines: tuple[StillLine, ...] = ()
    by_client: Mapping[str, tuple[StillLine, ...]] = field(default_factory=dict)
    kinds: Mapping[str, tuple[StillKind, ...]] = field(default_factory=dict)  # what they come to, by client
    ids: frozenset[str] = frozenset()
    days: frozenset[date] = frozenset()
    kept: int = 0  # how many there were in the last file

    @property
    def rows(self) -> Iterator[Still]:
        return (still for _line, still in self.lines)

    @property
    def has_excluded(self) -> bool:
        """Whether one of them is not counted."""
        return any(kind.reason is not None for kinds in self.kinds.values() for kind in kinds)

    @property
    def origins(self) -> dict[str, int]:
        """Their entries, each with the key of its retainer."""
        return dict(map(_entry, self.rows))

    def of(self, slug: str) -> tuple[StillLine, ...]:
        return self.by_client.get(slug, ())


NO_STILLS = Stills()
_entry = attrgetter("origin", "retainer_id")


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

    def read_before(self, reading: str) -> ParsedFile | None:
        """The very same file as it was read last, where all that decides how (`Basis.reading`) is what it was, and each
        of its kept rows stands published as it did.
        """
        name = next((name for name, read_by in self._formats.items() if read_by == reading), None)
        if name is None or not (known := self.spare(name)) or len(known) < self._kept:
            return None
        said = self._rows(name).values_list("read", flat=True).first()
        read = read_again(bytes(said)) if said else None
        if read is None:
            return None
        return replace(read.file, spared=tuple(sorted(zip(read.lines, known, strict=True))))

    @cached_property
    def _formats(self) -> dict[str, str]:
        """The formats of which a file is kept that was judged alike, each with what the last one was read by."""
        rows = LastFile.objects.filter(whose=whose_file(self._source), judged_by=self._judging)
        return dict(rows.values_list("format", "read_by"))

    def _rows(self, format_name: str) -> QuerySet[LastFile]:
        return LastFile.objects.filter(
            format=format_name, whose=whose_file(self._source), judged_by=self._judging
        )

    def _within(self, rows: Sequence[Still]) -> Sequence[Still]:
        first, last = self._days
        days = set(map(attrgetter("date"), rows))
        if all(first <= day <= last for day in days):
            return rows
        return [still for still in rows if first <= still.date <= last]

    def _find(self, format_name: str) -> Kept | None:
        if format_name not in self._formats:
            return None
        kept = self._rows(format_name).values_list("kept", flat=True).first()
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
        rows = list(map(itemgetter(1), lines))
        ids, days = (frozenset(map(attrgetter(name), rows)) for name in ("entry_id", "date"))
        _refuse_doubles(rows, ids, file.rows)
        _refuse_long_days(rows, file.rows)
        found: dict[str, list[StillLine]] = defaultdict(list)
        for pair in lines:
            found[pair[1].client].append(pair)
        by_client = {slug: tuple(its) for slug, its in found.items()}
        kinds = {slug: kinds_of_stills(its) for slug, its in by_client.items()}
        return Stills(lines, by_client, kinds, ids, days, self._kept)


def _may_spare(options: Options) -> bool:
    """Whether nothing was said of this file that is about single rows, or about a part of its work."""
    said = (options.rows, options.again, options.replace, options.agreements, options.pools)
    return not any(said)


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


def _refuse_doubles(stills: Sequence[Still], ids: Collection[str], rows: Sequence[Row]) -> None:
    """Each id is in the file once: else rows repeat or contradict each other."""
    if len(ids) < len(stills) or any(id_key(row.entry_id) in ids for row in rows if row.entry_id):
        raise WholeWayError


def _refuse_long_days(stills: Sequence[Still], rows: Sequence[Row]) -> None:
    """Nobody works for more hours than a day has, whatever is taken back."""
    hours: dict[tuple[str, date], Decimal] = defaultdict(lambda: ZERO)
    for technician, day, worked in map(_day_of_a_person, chain(stills, rows)):
        if technician and worked and worked > 0:
            hours[technician, day] += worked
    if max(hours.values(), default=ZERO) > A_DAY:
        raise WholeWayError


def refuse_shared_ids(
    stills: Stills, published: Mapping[str, Iterable[PublishedRow]], format_name: str
) -> None:
    """Raises `WholeWayError` where another published entry of the format has the id of a row that is as it was."""
    for row in chain.from_iterable(published.values()) if stills.ids else ():
        if row.source.format == format_name and row.row.entry_id and id_key(row.row.entry_id) in stills.ids:
            raise WholeWayError


def names_with(stills: Stills, names: Mapping[str, str]) -> dict[str, str]:
    """These names of companies (`names_before`) with those under which the other rows come again."""
    found = dict(names)
    for company, slug in {(still.company, still.client) for still in stills.rows if still.company}:
        if found.setdefault(company_key(company), slug) != slug:
            raise WholeWayError
    return found
