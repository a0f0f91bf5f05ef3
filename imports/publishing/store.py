"""A plan as rows of the database: publications, entries that come and go, and the PSA's rows behind them.

Everything is written in one go for all clients, so that the number of queries does not grow with them. The
caller has locked the retainers and made sure that the plan is still true.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import UUID

from imports import progress
from imports.judging.entry_overrides import carry_choices
from imports.models import Import, ImportPublication, WordingReview
from imports.publishing.plan import ClientPlan, PlannedRow
from imports.publishing.plan_marks import EntryMark
from imports.publishing.source_rows import (
    KEPT_APART,
    SOURCES,
    Columns,
    NewOrigins,
    columns_of,
    documents,
    marks_now,
)
from imports.stages import NEUTRAL, Words
from retainers import publishing
from retainers.balance import Part
from retainers.entry_clocks import clock_of
from retainers.hours import WORKED_PLACES, to_units
from retainers.models import Entry, Retainer
from retainers.row_values import Once, exclusion_text, part_document

BATCH = 500
AT_ONCE = 2000
ANY_DAY = date(2000, 1, 1)
CLOCKED = ("start", "end", "end_date", "worked")


@dataclass
class _Fresh:
    """Rows of clients that become entries: with the retainer under which each will stand, its client, the mark of the
    entry in whose place it comes, and its own new one.
    """

    rows: list[PlannedRow] = field(default_factory=list)
    retainer_ids: list[int] = field(default_factory=list)
    client_ids: list[int] = field(default_factory=list)
    replaces: Sequence[UUID | None] = ()
    origins: Sequence[str] = ()

    def parts(self) -> Iterator["_Fresh"]:
        """Some thousand at a time, told as they go by."""
        for start in range(0, len(self.rows), AT_ONCE):
            progress.tell(progress.WRITING, start, len(self.rows))
            part = slice(start, start + AT_ONCE)
            yield _Fresh(
                self.rows[part],
                self.retainer_ids[part],
                self.client_ids[part],
                self.replaces[part],
                self.origins[part],
            )


def store(
    clients: Sequence[ClientPlan],
    *,
    source: Import,
    press: publishing.Press,
    retainers: Mapping[int, Retainer],
) -> Sequence[str]:
    """Write what becomes of these clients; the origins of the new entries, in the order of the rows that are taken. A
    retainer of which nothing changes gets no publication.
    """
    fresh, reworded, gone = _told_apart(clients)
    touched = {*fresh.retainer_ids, *map(attrgetter("retainer_id"), gone)}
    _publish(clients, touched, source, press, retainers)
    publishing.move_entries(
        press,
        retired=[entry.pk for entry in gone],
        columns=_written(fresh, source),
        beside=SOURCES,
        added=_again(reworded),
    )
    _raise_reviews(fresh)
    _carry_choices(fresh)
    return fresh.origins


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


def _written(fresh: _Fresh, source: Import) -> Iterator[tuple[Columns, Columns]]:
    """The entries that come, and the PSA's rows behind them, some thousand at a time."""
    entries = _Entries()
    for part in fresh.parts():
        planned, judged, read = columns_of(part.rows)
        yield entries.of(part, planned, judged, read), _sources(part, read, source)


def _sources(part: _Fresh, read: Columns, source: Import) -> Columns:
    count = len(part.rows)
    return {
        "origin": part.origins,
        "replaces": part.replaces,
        "read_in_id": [source.pk] * count,
        "client_id": part.client_ids,
        "format": [source.format] * count,
        **{name: read[name] for name in KEPT_APART},
        "columns": documents(read),
    }


def _told_apart(clients: Iterable[ClientPlan]) -> tuple[_Fresh, list[PlannedRow], list[EntryMark]]:
    """The rows that become entries, unchanged ones of which the words alone are others now, and the entries that go."""
    fresh = _Fresh()
    reworded: list[PlannedRow] = []
    gone: list[EntryMark] = []
    for client in clients:
        gone += (*client.removed, *client.uncounted_removed, *client.replaced)
        before = len(fresh.rows)
        for retainer_id, row in client.taken:
            if row.kind != "unchanged":
                fresh.rows.append(row)
                fresh.retainer_ids.append(retainer_id)
            elif row.replaces:
                reworded.append(row)
            else:
                continue
            if row.entry:
                gone.append(row.entry)
        fresh.client_ids += [client.client.pk] * (len(fresh.rows) - before)
    fresh.replaces = [row.entry.origin if row.entry else None for row in fresh.rows]
    fresh.origins = NewOrigins(len(fresh.rows))
    return fresh, reworded, gone


def _again(rows: Sequence[PlannedRow]) -> list[tuple[int, Entry]]:
    """The published entries behind these rows, with the words that they get."""
    ids = [row.entry.pk for row in rows if row.entry]
    parts = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    standing = {entry.pk: entry for part in parts for entry in Entry.objects.filter(pk__in=part)}
    return [
        (
            row.entry.retainer_id,
            publishing.again(
                standing[row.entry.pk], wording=row.shown_words, worded_by=row.words.worded.source
            ),
        )
        for row in rows
        if row.entry
    ]


def _raise_reviews(fresh: _Fresh) -> None:
    """Words that a person gave to a title which has changed since are to be looked at."""
    WordingReview.objects.bulk_create(
        (
            WordingReview(
                origin=UUID(fresh.origins[place]),
                title_before=row.words.title_before,
                title_after=row.classified.row.title,
            )
            for place, row in enumerate(fresh.rows)
            if row.words.title_before is not None
        ),
        batch_size=BATCH,
    )


def _carry_choices(fresh: _Fresh) -> None:
    """What was chosen for an entry holds for the one in its place."""
    carry_choices({was: fresh.origins[place] for place, was in enumerate(fresh.replaces) if was is not None})


class _Entries:
    """Planned rows as entries, column by column; what many of them say alike is turned once."""

    def __init__(self) -> None:
        self._marks = marks_now()
        self._units, self._documents = Once(_units), Once(_document)

    def of(self, part: _Fresh, planned: Columns, judged: Columns, read: Columns) -> Columns:
        """The entries of these rows, by the columns of what was planned, judged and read."""
        words, marks = [each.shown for each in planned["words"]], self._marks
        return {
            "retainer_id": part.retainer_ids,
            "origin": part.origins,
            "replaces": part.replaces,
            "day": read["date"],
            "clock": list(map(clock_of, _days(read), *(read[name] for name in CLOCKED))),
            "worked_units": list(self._units.over(read["worked"])),
            "billable_units": list(self._units.over(read["billable"])),
            "deducted_units": list(self._units.over(read["deducted"])),
            "is_billable": read["is_billable"],
            "categories": list(self._documents.over(judged["categories"])),
            "pool": [pool or "" for pool in judged["pool"]],
            "exclusion": list(map(exclusion_text, judged["exclusion"])),
            "parts": list(self._documents.over(judged["parts"])),
            "wording": words,
            "worded_by": list(map(_source, planned["words"])),
            "incident": marks.of_tickets(part.client_ids, read["ticket"]),
            "person": marks.of_people(part.client_ids, read["technician"]),
        }


def _days(read: Columns) -> list[date]:
    """Of each row the day that its clock is told by: any, unless the day of its end is said. So it is told once of all
    rows with the same times.
    """
    return [day if ends else ANY_DAY for day, ends in zip(read["date"], read["end_date"], strict=True)]


def _source(words: Words) -> str:
    return words.worded.source if words.shown else NEUTRAL.source


def _document(said: Sequence[str | Part]) -> str:
    """Categories, or the parts of a split entry, as JSON."""
    return json.dumps([part_document(each) if isinstance(each, Part) else each for each in said])


def _units(hours: Decimal | None) -> int | None:
    return None if hours is None else to_units(hours, WORKED_PLACES)
