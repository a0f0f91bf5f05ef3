"""A plan as rows of the database: publications, entries that come and go, and the PSA's rows behind them.

Everything is written in one go for all clients, so that the number of queries does not grow with them. The
caller has locked the retainers and made sure that the plan is still true.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from imports import progress
from imports.judging.entry_overrides import carry_choices
from imports.models import Import, ImportPublication, WordingReview
from imports.publishing.plan import ClientPlan, PlannedRow
from imports.publishing.plan_marks import EntryMark
from imports.publishing.source_rows import (
    NewSource,
    marks_now,
    new_marks,
    source_of,
    write,
)
from imports.reading.rows import Row
from imports.stages import Classified
from retainers import publishing
from retainers.hours import WORKED_PLACES, to_units
from retainers.models import Entry, Retainer
from retainers.publishing import NewEntry
from retainers.row_values import clock_of, part_document

BATCH = 500
MOST_REMEMBERED = 20_000
NEUTRAL = str(Entry.WordedBy.NEUTRAL)


class _Row(NamedTuple):
    """A row of a client that becomes an entry, with the retainer under which it will stand, its new mark, and that of
    the entry in whose place it comes.
    """

    retainer_id: int
    client_id: int
    row: PlannedRow
    origin: UUID
    replaces: UUID | None


def store(
    clients: Sequence[ClientPlan],
    *,
    source: Import,
    press: publishing.Press,
    retainers: Mapping[int, Retainer],
) -> dict[int, UUID]:
    """Write what becomes of these clients; the origins of the new entries, by line. A retainer of which nothing
    changes gets no publication.
    """
    rows, reworded, gone = _told_apart(clients)
    _publish(clients, set(map(attrgetter("retainer_id"), chain(gone, rows))), source, press, retainers)
    write(_sources(rows, source))
    publishing.move_entries(
        press, retired=[entry.pk for entry in gone], added=chain(_added(rows), _again(reworded))
    )
    _raise_reviews(rows)
    carry_choices({each.replaces: each.origin for each in rows if each.replaces})
    return {each.row.line: each.origin for each in rows}


def _publish(
    clients: Iterable[ClientPlan],
    touched: set[int],
    source: Import,
    press: publishing.Press,
    retainers: Mapping[int, Retainer],
) -> None:
    """One publication a retainer of which something changes, each tied to the import."""
    wanted: dict[int, dict[str, Any]] = {pk: {} for pk in touched}
    for effect in (effect for client in clients for effect in client.effects if effect.moves):
        wanted[effect.retainer_id] = {"coverage": effect.coverage.document(), "through": effect.through}
    press.publish(
        (retainers[pk], {"updated_at": press.moment(retainers[pk]), **changes})
        for pk, changes in sorted(wanted.items())
    )
    ImportPublication.objects.bulk_create(
        (
            ImportPublication(made_by=source, publication=publication, client=publication.retainer.client)
            for publication in press.made.values()
        ),
        batch_size=BATCH,
    )


def _sources(rows: Sequence[_Row], source: Import) -> Iterator[NewSource]:
    """The PSA's rows, as they are written."""
    for each in progress.counted(progress.WRITING, rows, len(rows)):
        row, client_id, replaces = each.row.classified.row, each.client_id, each.replaces
        yield source_of(row, each.origin, read_in=source, client_id=client_id, replaces=replaces)


def _added(rows: Sequence[_Row]) -> Iterator[tuple[int, NewEntry]]:
    """The entries that come, each with the key of its retainer."""
    entries = _Entries()
    for each in progress.counted(progress.WRITING, rows, len(rows), first=False):
        yield each.retainer_id, entries.of(each)


def _told_apart(clients: Iterable[ClientPlan]) -> tuple[list[_Row], list[PlannedRow], list[EntryMark]]:
    """The rows that become entries, unchanged ones of which the words alone are others now, and the entries that go."""
    rows: list[_Row] = []
    reworded: list[PlannedRow] = []
    gone: list[EntryMark] = []
    marks = new_marks()
    for client in clients:
        gone += (*client.removed, *client.uncounted_removed, *client.replaced)
        for retainer_id, row in client.taken:
            if row.kind != "unchanged":
                replaces = row.entry.origin if row.entry else None
                rows.append(_Row(retainer_id, client.client.pk, row, next(marks), replaces))
            elif row.replaces:
                reworded.append(row)
            else:
                continue
            gone += [row.entry] if row.entry else []
    return rows, reworded, gone


def _again(rows: Sequence[PlannedRow]) -> list[tuple[int, Entry]]:
    """The published entries behind these rows, with the words that they get."""
    ids = [row.entry.pk for row in rows if row.entry]
    parts = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    standing = {entry.pk: entry for part in parts for entry in Entry.objects.filter(pk__in=part)}
    return [
        (
            row.entry.retainer_id,
            publishing.again(standing[row.entry.pk], wording=row.shown_words, worded_by=row.worded.source),
        )
        for row in rows
        if row.entry
    ]


def _raise_reviews(rows: Iterable[_Row]) -> None:
    """Words that a person gave to a title which has changed since are to be looked at."""
    WordingReview.objects.bulk_create(
        (
            WordingReview(
                origin=each.origin,
                title_before=each.row.title_before,
                title_after=each.row.classified.row.title,
            )
            for each in rows
            if each.row.review
        ),
        batch_size=BATCH,
    )


# days, hours, categories: what many entries say alike
Alike = tuple[date, int | None, int | None, int | None, bool, list[str], str, str, list[dict[str, object]]]


class _Entries:
    """Planned rows as entries; of rows that say the same in days, hours and categories that part is made once, and
    nobody changes it.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[Alike, str]] = {}
        self._marks = marks_now()

    def of(self, new: _Row) -> NewEntry:
        row, judged = new.row, new.row.classified
        read, words = judged.row, new.row.shown_words
        alike, clock = self._alike(read, judged)
        return NewEntry(
            new.origin,
            *alike,
            words,
            row.worded.source if words else NEUTRAL,
            self._marks.of_ticket(new.client_id, read.ticket),
            self._marks.of_person(new.client_id, read.technician),
            clock,
            new.replaces,
        )

    def _alike(self, read: Row, judged: Classified) -> tuple[Alike, str]:
        said = _said_of_hours(read), _verdict(judged)
        found = self._known.get(said)
        if found is None:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            found = self._known[said] = _worked_out(read, judged)
        return found


_said_of_hours = attrgetter(
    "date", "worked", "billable", "deducted", "is_billable", "start", "end", "end_date"
)
_verdict = attrgetter("categories", "pool", "exclusion", "parts")


def _worked_out(read: Row, judged: Classified) -> tuple[Alike, str]:
    """What the entries of all rows that say the same have alike, in the order of their fields, and their times."""
    clock = clock_of(read.date, read.start, read.end, read.end_date, read.worked)
    alike = (
        read.date,
        _units(read.worked),
        _units(read.billable),
        _units(read.deducted),
        read.is_billable,
        list(judged.categories),
        judged.pool or "",
        (judged.exclusion or "")[:200],
        [part_document(part) for part in judged.parts],
    )
    return alike, clock


@lru_cache(maxsize=5_000)
def _units(hours: Decimal | None) -> int | None:
    return None if hours is None else to_units(hours, WORKED_PLACES)
