"""What becomes of every row of one client: which entry it continues, what it draws, in which words. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import Any
from uuid import UUID

from imports.judging.entry_overrides import chosen
from imports.models import EntryChoice
from imports.publishing.compared import AddedUp, Compared
from imports.publishing.plan import Kind, PlannedRow
from imports.publishing.plan_marks import EntryMark
from imports.publishing.standing_rows import PublishedRow
from imports.stages import NO_WORDS, Classified, StandingEntry, Words, taking_no_part
from retainers.balance import Draw
from retainers.hours import ZERO
from retainers.pricing import Prices, hours_counted, hours_drawn, reason_against
from retainers.tally import Tally, tally_of_days
from retainers.terms import Agreement

WordsOf = Callable[[Classified, PublishedRow | None], Words]


def planned_rows(
    compared: Compared, agreements: Mapping[str, Agreement], words_of: WordsOf
) -> tuple[list[PlannedRow], AddedUp]:
    """The rows that are entries and those that are none, in the order of the file. `agreements`: by retainer.

    With them, by each retainer that begins, how many of its rows continue no entry, and what these come to.
    """
    figures = {key: _Figures(agreement) for key, agreement in agreements.items()}
    new = _new(compared.found.new, figures, words_of)
    rows = (*new, *_entries(compared, figures, words_of), *_no_entries(compared.rows))
    keys = (standing.retainer.key for standing in compared.beginning)
    added_up = {key: figures[key].of_new for key in keys if key in figures}
    return sorted(rows, key=attrgetter("classified.row.line")), added_up


def mark_of(was: PublishedRow, slug: str) -> EntryMark:
    """A published entry as the plan names it, on the page of that client."""
    entry, work = was.entry, was.work
    instead = work.deducted if work.billable is None else work.billable
    return EntryMark(
        pk=entry.pk,
        client=slug,
        origin=entry.origin,
        retainer_id=entry.retainer_id,
        retainer=entry.retainer.key,
        day=entry.day,
        hours=instead if work.worked is None else work.worked,
        worked=work.worked,
        pool=entry.pool,
        wording=entry.wording,
    )


def _new(
    rows: Sequence[Classified], figures: "Mapping[str, _Figures]", words_of: WordsOf
) -> Iterator[PlannedRow]:
    """The rows that continue no entry, column by column: of a first file that is all of them."""
    if not rows:
        return iter(())
    counted = zip(*_counted(rows, {key: its.take for key, its in figures.items()}), strict=True)
    words = (words_of(row, None) for row in rows)
    return map(_made, zip(rows, repeat("new"), repeat(None), *counted, words, strict=False))


def _counted(
    rows: Sequence[Classified], counted: "Mapping[str, Callable[[Sequence[Classified]], list[Counted]]]"
) -> "Iterator[Counted]":
    """What each of these comes to, as is told by its own retainer."""
    retainers = [row.place.retainer or "" for row in rows]
    own: dict[str, list[Classified]] = defaultdict(list)
    for key, row in zip(retainers, rows, strict=True):
        own[key].append(row)
    taken = {key: iter(counted[key](its)) for key, its in own.items()}
    return map(next, map(taken.__getitem__, retainers))


def _entries(
    compared: Compared, figures: "Mapping[str, _Figures]", words_of: WordsOf
) -> Iterator[PlannedRow]:
    """The rows that continue an entry, column by column too."""
    if not (found := list(_kinds(compared))):
        return iter(())
    judged, kinds, stood = zip(*found, strict=True)
    published = [compared.published[each.ref] for each in stood]
    rows = list(map(_decided, judged, published, repeat(compared.choices))) if compared.choices else judged
    counted = zip(*_counted(rows, {key: its.of for key, its in figures.items()}), strict=True)
    entries = map(mark_of, published, map(attrgetter("client"), stood))
    return map(_made, zip(rows, kinds, entries, *counted, map(words_of, rows, published), strict=True))


def _decided(judged: Classified, was: PublishedRow, choices: Mapping[UUID, EntryChoice]) -> Classified:
    """The row with what a person has decided of its entry."""
    return Classified(judged.row, chosen(judged.place, choices.get(was.entry.origin)))


def _kinds(compared: Compared) -> Iterator[tuple[Classified, Kind, StandingEntry]]:
    for pair in compared.found.changed:
        yield pair.row, "changed" if pair.published.counted else "new", pair.published
    for pair in compared.found.unchanged:
        yield pair.row, "unchanged", pair.published


# why not, counted, drawn, by another column than is named
Counted = tuple[str | None, Decimal, Decimal, bool]
FIGURES = "worked", "billable", "deducted", "is_billable"
_figures = attrgetter(*FIGURES)
_verdict = attrgetter("categories", "pool", "exclusion", "parts")
_made = partial(tuple.__new__, PlannedRow)  # without a look at how many values there are


@dataclass(slots=True, eq=False)
class _Kind:
    """Rows that say the same but for the day, under the same terms, and what they come to."""

    counted: Counted
    draws: tuple[Draw, ...]


class _Figures(dict[tuple[Any, ...], _Kind]):
    """What rows draw under one agreement; of rows that say the same it is worked out once, whatever their days."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__()
        self._prices = Prices(agreement)
        self._new: Counter[tuple[_Kind, date]] = Counter()  # the rows that continue no entry, by their days

    def of(self, rows: Sequence[Classified]) -> list[Counted]:
        return list(map(attrgetter("counted"), self._kinds(rows)))

    def take(self, rows: Sequence[Classified]) -> list[Counted]:
        """The same of rows that continue no entry."""
        kinds = self._kinds(rows)
        self._new.update(zip(kinds, map(attrgetter("row.date"), rows), strict=True))
        return list(map(attrgetter("counted"), kinds))

    @property
    def of_new(self) -> tuple[int, Tally | None]:
        """How many rows continue no entry, and what they come to."""
        days: dict[_Kind, list[tuple[date, int]]] = defaultdict(list)
        for (kind, day), number in self._new.items():
            days[kind].append((day, number))
        return self._new.total(), tally_of_days((kind.draws, its) for kind, its in days.items())

    def _kinds(self, rows: Sequence[Classified]) -> list[_Kind]:
        """Of each row. Rows with the very same values are looked at once: they are told apart without a look at these,
        as a file's reader and its judge make what many rows have alike once.
        """
        read, places = zip(*rows, strict=True)
        terms = list(map(self._prices.terms_of, map(attrgetter("date"), read)))
        values = (map(id, map(attrgetter(name), read)) for name in FIGURES)
        same = list(zip(terms, *values, map(id, places), strict=True))
        first = dict(zip(reversed(same), reversed(rows), strict=True))
        known = {its: self._kind(its[0], row) for its, row in first.items()}
        return list(map(known.__getitem__, same))

    def _kind(self, terms: tuple[date, bool], row: Classified) -> _Kind:
        said = terms, _figures(row.row), _verdict(row.place)
        kind = self.get(said)
        if kind is None:
            draws = self._prices.draws_of(row.work())
            figures = reason_against(draws), hours_counted(draws), hours_drawn(draws), draws[0].stands_in
            kind = self[said] = _Kind(figures, draws)
        return kind


def _no_entries(rows: Sequence[Classified]) -> Iterator[PlannedRow]:
    """Rows that are no entries: repeats, and those that no retainer takes."""
    for row in taking_no_part(rows):
        yield PlannedRow(row, "new", None, row.place.exclusion, ZERO, ZERO, stands_in=False, words=NO_WORDS)
