"""A plan as rows of the database: publications, entries that come and go, and the PSA's rows behind them.

Everything is written in one go for all clients, so that the number of queries does not grow with them. The
caller has locked the retainers and made sure that the plan is still true.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from imports.judging.entry_overrides import carry_choices
from imports.models import Import, ImportPublication, WordingReview
from imports.publishing.plan import ClientPlan, PlannedRow
from imports.publishing.plan_marks import EntryMark
from imports.publishing.source_rows import NewSource, incident_of, person_of, source_of, write
from retainers import publishing
from retainers.hours import WORKED_PLACES, to_units
from retainers.models import Entry, Retainer
from retainers.publishing import NewEntry
from retainers.row_values import clock_of, part_document

BATCH = 500
NEUTRAL = str(Entry.WordedBy.NEUTRAL)


class _Row(NamedTuple):
    """A row of a client that becomes an entry, with the retainer under which it will stand."""

    retainer_id: int
    row: PlannedRow
    kept: NewSource


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
    rows = [each for client in clients for each in _new_rows(client, source)]
    reworded = [each for client in clients for each in _reworded_rows(client)]
    gone = [entry for client in clients for entry in _gone(client)]
    touched = {entry.retainer_id for entry in gone} | {each.retainer_id for each in rows}
    _publish(clients, touched, source, press, retainers)
    write(each.kept for each in rows)
    entries = _Entries()
    added: list[tuple[int, NewEntry | Entry]] = [
        (each.retainer_id, entries.of(each.row, each.kept)) for each in rows
    ]
    added += _again(reworded)
    publishing.move_entries(press, retired=[entry.pk for entry in gone], added=added)
    _raise_reviews(rows)
    carry_choices({each.kept.replaces: each.kept.origin for each in rows if each.kept.replaces})
    return {each.row.line: each.kept.origin for each in rows}


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


def _gone(client: ClientPlan) -> Iterator[EntryMark]:
    yield from (*client.removed, *client.uncounted_removed, *client.replaced)
    yield from (row.entry for _, row in client.taken if row.entry and row.replaces)


def _new_rows(client: ClientPlan, source: Import) -> Iterator[_Row]:
    for retainer_id, row in client.taken:
        if row.kind != "unchanged":
            kept = source_of(
                row.classified.row,
                read_in=source,
                client_id=client.client.pk,
                replaces=row.entry.origin if row.entry else None,
            )
            yield _Row(retainer_id, row, kept)


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
                origin=each.kept.origin, title_before=each.row.title_before, title_after=each.kept.title
            )
            for each in rows
            if each.row.review
        ),
        batch_size=BATCH,
    )


class _Entries:
    """Planned rows as entries; rows with the same categories share one list, which nobody changes."""

    def __init__(self) -> None:
        self._categories: dict[tuple[str, ...], list[str]] = {}
        self._whole: list[dict[str, object]] = []

    def of(self, row: PlannedRow, kept: NewSource) -> NewEntry:
        read, judged, words = row.classified.row, row.classified, row.shown_words
        return NewEntry(
            origin=kept.origin,
            day=read.date,
            worked_units=_units(read.worked),
            billable_units=_units(read.billable),
            deducted_units=_units(read.deducted),
            is_billable=read.is_billable,
            categories=self._categories.setdefault(judged.categories, list(judged.categories)),
            pool=judged.pool or "",
            exclusion=(judged.exclusion or "")[:200],
            parts=[part_document(part) for part in judged.parts] or self._whole,
            wording=words,
            worded_by=row.worded.source if words else NEUTRAL,
            incident=incident_of(kept),
            person=person_of(kept),
            clock=clock_of(read.date, read.start, read.end, read.end_date, read.worked),
            replaces=kept.replaces,
        )


def _units(hours: Decimal | None) -> int | None:
    return None if hours is None else to_units(hours, WORKED_PLACES)
