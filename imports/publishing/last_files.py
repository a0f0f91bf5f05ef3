"""Rows that come again as they were: known by the marks of their cells, and taken as they stand published.

A published file is kept row by row (`kept_files`): by which mark each row is known, which entry it is, what became of
it, and under which publications all of that stood. Of the next file only the rows that differ are read, judged, worded
and compared (`spared` says which need not be), as long as all that decides what becomes of a row is what it was
(`Basis.judging`), and as long as its entry stands under the same words. The very same file isn't read at all. What
can't be told so raises `WholeWayError`, and the file goes the whole way.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain, compress
from operator import attrgetter, eq, itemgetter

from django.db.models import QuerySet

from accounts import large_values
from imports.judging.plausible import A_DAY, day_of_a_person
from imports.models import Import, LastFile
from imports.publishing.kept_files import NOTHING_KEPT, Kept, read_again, unpacked, whose_file
from imports.publishing.options import Options
from imports.publishing.plan_marks import StillKind
from imports.publishing.standing_rows import PublishedRow, with_digits
from imports.publishing.still_rows import (
    NO_ROWS,
    LastEntries,
    StillLine,
    StillRows,
    StillTable,
    by_client,
    kinds_of,
)
from imports.reading.deciding_cells import KeptCells
from imports.reading.rows import ParsedFile, Problem, Row, Spared
from imports.reading.same_row import keys_of
from retainers.company_names import company_key
from retainers.hours import ZERO
from retainers.models import Entry, Retainer


class WholeWayError(Exception):
    """Something about this file can't be told from what is kept of the last one."""


@dataclass(frozen=True, slots=True)
class Stills:
    """The rows of a file that are as they were, each with its line; and what they come to, by client."""

    lines: StillRows = NO_ROWS
    kinds: Mapping[str, tuple[StillKind, ...]] = field(default_factory=dict)
    by_client: Mapping[str, StillRows] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()
    days: frozenset[date] = frozenset()
    kept: int = 0  # how many are kept already, just as these would be
    changed: Sequence[int] = ()  # where the others of these are whose entries stand as well

    @property
    def excluded(self) -> Iterator[tuple[int, str]]:
        """The lines of those that are not counted, each with why not."""
        reasons = [outcome.reason for outcome in self.lines.table.outcomes]
        if any(reasons):
            said = zip(self.lines.lines, self.lines.numbers("outcome"), strict=True)
            yield from ((line, reason) for line, number in said if (reason := reasons[number]) is not None)

    @property
    def entries(self) -> LastEntries:
        return LastEntries(self.lines, self.changed)

    def of(self, slug: str) -> Sequence[StillLine]:
        return self.by_client.get(slug, ())


NO_STILLS = Stills()


class LastFiles:
    """What is kept of the last files, for one import."""

    def __init__(self, source: Import, options: Options, judging: str, today: date) -> None:
        self._source, self._judging = source, judging
        self._may = _may_spare(options)
        self._days = options.starts or date.min, today  # what lies beyond is told of
        self._last = NOTHING_KEPT
        self._places: Sequence[int] = ()
        self._marks: Mapping[bytes, int] | None = None

    def lines(self, format_name: str) -> Mapping[bytes, int]:
        """The rows of that format which need not be read again, by mark: their entries stand as they were. None where
        the last file was more than a list of rows.
        """
        known = self._known(format_name)
        return known if self._last.is_plain else {}

    def cells(self) -> KeptCells | None:
        """What decides how those are read, where it is kept."""
        with suppress(ValueError):  # written by another release
            return self._last.cells() if self._last.is_plain else None
        return None

    def let_go(self) -> None:
        """The marks, which take as much memory as a fifth of the file's rows: the file is read."""
        self._marks = None

    def rows(self, format_name: str, decided: str) -> Mapping[bytes, int]:
        """Those that were read as it is `decided` now."""
        known = self._known(format_name)
        return known if self._last.decided == decided else {}

    def _known(self, format_name: str) -> Mapping[bytes, int]:
        if self._marks is None:
            places = self.standing(format_name)
            self._marks = dict(zip(self._last.table.own("mark", places), places, strict=True))
        return self._marks

    def standing(self, format_name: str) -> Sequence[int]:
        """Where those rows are in the table of the last file."""
        kept = self._find(format_name) if self._may else None
        if not kept:
            return ()
        self._last = kept
        self._places = self._within(_standing(kept))
        return self._places

    def read_before(self, reading: str) -> ParsedFile | None:
        """The very same file as it was read last, where all that decides how (`Basis.reading`) is what it was, and each
        of its kept rows stands published as it did.
        """
        name = next((name for name, read_by in self._formats.items() if read_by == reading), None)
        if name is None or not (places := self.standing(name)) or len(places) < len(self._last.table):
            return None
        said = large_values.read(self._files.filter(format=name), "read")
        read = read_again(said) if said else None
        if read is None:
            return None
        spared = Spared(array("I", read.lines), array("I", places))
        return replace(read.file, spared=spared, deciding=self._last.deciding)

    @cached_property
    def _formats(self) -> dict[str, str]:
        """The formats of which a file is kept that was judged alike, each with what the last one was read by."""
        return dict(self._files.values_list("format", "read_by"))

    @property
    def _files(self) -> QuerySet[LastFile]:
        return LastFile.objects.filter(whose=whose_file(self._source), judged_by=self._judging)

    def _within(self, places: Sequence[int]) -> Sequence[int]:
        first, last = self._days
        days = self._last.table.values["date"]
        if all(first <= day <= last for day in days):
            return places
        said = zip(places, self._last.table.numbers_at("date", places), strict=True)
        return [place for place, number in said if first <= days[number] <= last]

    def _find(self, format_name: str) -> Kept | None:
        if format_name not in self._formats:
            return None
        kept = large_values.read(self._files.filter(format=format_name), "kept")
        try:
            return unpacked(kept) if kept else None
        except ValueError:  # written by another release
            return None

    def stills(self, file: ParsedFile) -> Stills:
        """The rows that were spared, each with its line.

        Raises `WholeWayError` where they have to be looked at together with the rows that were read.
        """
        if not file.spared:
            return NO_STILLS
        places, every = file.spared.places, range(len(self._last.table))
        is_all = len(places) == len(every) and all(map(eq, places, every))
        rows = StillRows(self._last.table, every if is_all else places, file.spared.lines)
        ids = frozenset(rows.table.own("entry_id", rows.places))
        _refuse_doubles(rows, ids, (*file.rows, *file.refused))
        _refuse_long_days(rows, file.rows)
        days, changed = frozenset(rows.different("date")), sorted({*self._places}.difference(places))
        kept = len(every) if bool(self._last.deciding) == bool(file.deciding) else 0
        return Stills(rows, kinds_of(rows), by_client(rows), ids, days, kept, changed)


def _may_spare(options: Options) -> bool:
    """Whether nothing was said of this file that is about single rows, or about a part of its work."""
    said = (options.rows, options.again, options.replace, options.agreements, options.pools)
    return not any(said)


def _standing(kept: Kept) -> Sequence[int]:
    """The rows whose entries stand as they did. Nothing changes an entry but a publication of its retainer: only where
    there has been one since, the entries are looked at.
    """
    table, every = kept.table, range(len(kept.table))
    heads = dict(Retainer.objects.values_list("pk", "publication"))
    moved = {pk for pk in table.different("retainer_id", every) if heads.get(pk) != kept.heads.get(pk)}
    if not moved:
        return every
    retainers = list(table.column("retainer_id", every))
    changed = _changed(table, [place for place in every if retainers[place] in moved], moved)
    return [place for place in every if place not in changed] if changed else every


def _changed(table: StillTable, places: Sequence[int], moved: Collection[int]) -> set[int]:
    """Which of these rows, of these retainers, have no entry any more that says the same."""
    days = table.different("date", places)
    live = Entry.objects.filter(retainer__in=moved, retired_in=None, day__range=(min(days), max(days)))
    found = set(with_digits(live).values_list("digits", "retainer_id", "wording").iterator())
    kept = zip(*(table.column(name, places) for name in ("origin", "retainer_id", "wording")), strict=True)
    return {place for place, row in zip(places, kept, strict=True) if row not in found}


def _refuse_doubles(stills: StillRows, ids: AbstractSet[str], others: Iterable[Row | Problem]) -> None:
    """Each id is in the file once: else rows repeat or contradict each other, as some of `others` may do already."""
    if len(ids) < len(stills) or not ids.isdisjoint(keys_of(others)):
        raise WholeWayError


def _refuse_long_days(stills: StillRows, rows: Sequence[Row]) -> None:
    """Nobody works for more hours than a day has, whatever is taken back."""
    hours: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for technician, day, worked in map(day_of_a_person, rows):
        if technician and worked and worked > 0:
            hours[technician, day] += worked
    for day_of, worked in _worked_on_full_days(stills, max(hours.values(), default=ZERO)):
        hours[day_of] += worked
    if any(total > A_DAY for total in hours.values()):
        raise WholeWayError


def _worked_on_full_days(stills: StillRows, more: Decimal) -> Iterator[tuple[tuple[str, date], Decimal]]:
    """What is worked in each of these rows, without what is taken back; of a person's day only where there are so many
    that with `more` hours beside them they may come to more than a day has, if each is as long as the longest.
    """
    worked = [max(outcome.worked, ZERO) for outcome in stills.table.outcomes]
    longest = max(worked, default=ZERO)
    if not longest:
        return
    days_of_people = list(zip(stills.numbers("technician"), stills.numbers("date"), strict=True))
    least = max(A_DAY - more, ZERO) // longest
    full = {day_of for day_of, count in Counter(days_of_people).items() if count > least}
    people, days = (stills.table.values[name] for name in ("technician", "date"))
    numbers = compress(
        zip(days_of_people, stills.numbers("outcome"), strict=True), map(full.__contains__, days_of_people)
    )
    for (who, on), number in numbers:
        if people[who]:
            yield (people[who], days[on]), worked[number]


def refuse_shared_ids(
    stills: Stills, published: Mapping[str, Iterable[PublishedRow]], format_name: str
) -> None:
    """Raises `WholeWayError` where another published entry of the format has the id of a row that is as it was."""
    rows = chain.from_iterable(published.values()) if stills.ids else ()
    own = [row.row for row in rows if row.source.format == format_name]
    if not stills.ids.isdisjoint(keys_of(own)):
        raise WholeWayError


def names_with(stills: Stills, names: Mapping[str, str]) -> dict[str, str]:
    """These names of companies (`names_before`) with those under which the other rows come again."""
    found = dict(names)
    named = set(map(attrgetter("company", "client"), stills.lines.different("outcome")))
    for company, slug in filter(itemgetter(0), named):
        if found.setdefault(company_key(company), slug) != slug:
            raise WholeWayError
    return found
