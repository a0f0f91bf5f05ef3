"""A plan as rows of the database: publications, entries that come and go, and the PSA's rows behind them.

Everything is written in one go for all clients, so that the number of queries does not grow with them. The
caller has locked the retainers and made sure that the plan is still true.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache, partial
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
    mark_of_person,
    mark_of_ticket,
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
    """A row of a client that becomes an entry, with the retainer under which it will stand, and its new mark."""

    retainer_id: int
    client_id: int
    row: PlannedRow
    origin: UUID

    @property
    def replaces(self) -> UUID | None:
        return self.row.entry.origin if self.row.entry else None


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
    rows = list(_new_rows(clients))
    reworded = list(chain.from_iterable(map(_reworded_rows, clients)))
    gone = list(chain.from_iterable(map(_gone, clients)))
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


def _gone(client: ClientPlan) -> Iterator[EntryMark]:
    yield from (*client.removed, *client.uncounted_removed, *client.replaced)
    yield from (row.entry for _, row in client.taken if row.entry and row.replaces)


def _new_rows(clients: Iterable[ClientPlan]) -> Iterator[_Row]:
    marks = new_marks()
    for client in clients:
        for retainer_id, row in client.taken:
            if row.kind != "unchanged":
                yield _Row(retainer_id, client.client.pk, row, next(marks))


def _reworded_rows(client: ClientPlan) -> Iterator[PlannedRow]:
    """Unchanged rows of which the words alone are others now."""
    return (row for _, row in client.taken if row.kind == "unchanged" and row.replaces)


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


class _Entries:
    """Planned rows as entries; of rows that say the same in days, hours and categories that part is made once, and
    nobody changes it.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Callable[..., NewEntry]] = {}

    def of(self, new: _Row) -> NewEntry:
        row, judged = new.row, new.row.classified
        read, words = judged.row, new.row.shown_words
        return self._alike(read, judged)(
            origin=new.origin,
            wording=words,
            worded_by=row.worded.source if words else NEUTRAL,
            incident=mark_of_ticket(new.client_id, read.ticket),
            person=mark_of_person(new.client_id, read.technician),
            replaces=new.replaces,
        )

    def _alike(self, read: Row, judged: Classified) -> Callable[..., NewEntry]:
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


def _worked_out(read: Row, judged: Classified) -> Callable[..., NewEntry]:
    """What makes the entries of all rows that say the same, of the mark, words, ticket and person of each."""
    return partial(
        NewEntry,
        day=read.date,
        worked_units=_units(read.worked),
        billable_units=_units(read.billable),
        deducted_units=_units(read.deducted),
        is_billable=read.is_billable,
        categories=list(judged.categories),
        pool=judged.pool or "",
        exclusion=(judged.exclusion or "")[:200],
        parts=[part_document(part) for part in judged.parts],
        clock=clock_of(read.date, read.start, read.end, read.end_date, read.worked),
    )


@lru_cache(maxsize=5_000)
def _units(hours: Decimal | None) -> int | None:
    return None if hours is None else to_units(hours, WORKED_PLACES)
