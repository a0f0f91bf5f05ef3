"""Publishing a plan, and nothing but what was planned.

The plan was computed before; here the retainers are locked, what it depends on is compared with what it was,
and what it says is written. Where anything has changed, nothing is published and the manager looks once more.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import planner
from accounts.access import zone_of
from accounts.audit import record
from accounts.models import User
from imports import originals
from imports.judging.entry_overrides import carry_choices
from imports.models import Import, ImportPublication, SourceRow, WordingReview
from imports.publishing.depends import heads_of
from imports.publishing.incident_marks import incident_of
from imports.publishing.options import Options
from imports.publishing.plan import ClientPlan, EntryMark, Plan, PlannedRow
from imports.publishing.report import report
from imports.publishing.source_rows import source_of
from imports.wording.memory import carry_drafts
from retainers import publishing
from retainers.hours import WORKED_PLACES, to_units
from retainers.models import Entry, Publication, Retainer

BATCH = 500


class HinderedError(Exception):
    """The import can't be published as it stands; `hindrances` says why, in sentences."""

    def __init__(self, *hindrances: str) -> None:
        super().__init__(" ".join(hindrances))
        self.hindrances = hindrances


class StaleError(HinderedError):
    """What the plan depends on is no longer what it was."""

    def __init__(self) -> None:
        super().__init__(STALE)


STALE = "What would be published has changed since it was previewed. Look at the preview once more."
DONE = "This import has been published already."


@transaction.atomic
def publish(*, source: Import, plan: Plan, by: User | None, at: datetime) -> None:
    """Publish the plan for every client that is neither held nor blocked, or nothing of it. Where there is no such
    client, the import stays a preview.

    Raises `HinderedError`: the import is published already, refused rows stand in the way, or (`StaleError`)
    the plan is no longer true.
    """
    locked = Import.objects.select_for_update(no_key=True).get(pk=source.pk)
    if locked.state != Import.State.UPLOADED:
        raise HinderedError(DONE)
    if plan.refused and not plan.options.skip_bad_rows:
        raise HinderedError(*plan.hindrances)
    if not plan.published_clients:
        return
    retainers = publishing.lock(Retainer.objects.values_list("pk", flat=True))
    _refuse_stale(locked, plan, at)
    locked.format = plan.parsed.format
    press = publishing.Press(Publication.Kind.IMPORT, at, by, locked.file_name)
    run = _Run(locked, press, retainers)
    for client in plan.published_clients:
        _publish_client(client, run)
    rows = (row.classified.row for client in plan.published_clients for row in client.rows)
    carry_drafts(rows, source=locked, by=by, at=at)
    _close(locked, plan, by, at)
    transaction.on_commit(lambda: originals.let_go(locked))
    transaction.on_commit(planner.learn)
    source.refresh_from_db()


def _refuse_stale(source: Import, plan: Plan, at: datetime) -> None:
    """Under the locks: everything that the plan depends on is what it was."""
    today = at.astimezone(zone_of(source.provider)).date()
    same_answers = Options.read(source.options) == plan.options
    if not same_answers or heads_of(source.provider, today) != plan.basis.heads:
        raise StaleError


def _close(source: Import, plan: Plan, by: User | None, at: datetime) -> None:
    source.state = Import.State.PUBLISHED
    source.published_at, source.published_by, source.through = at, by, plan.through
    source.result = report(plan, published=True)
    source.save()
    record(by, "import published", source.file_name, import_id=source.pk, entries=source.result["entries"])


class _Run:
    """One import's publications: made when first needed, each tied to the import.

    A retainer of which nothing changes gets none: its page goes on saying what it said.
    """

    def __init__(self, source: Import, press: publishing.Press, retainers: dict[int, Retainer]) -> None:
        self.source, self.press, self.retainers = source, press, retainers

    def publication(self, retainer_id: int, **changes: Any) -> Publication:
        retainer = self.retainers[retainer_id]
        new = retainer.pk not in self.press.made
        publication = self.press.publication(retainer, updated_at=self.press.at, **changes)
        if new:
            ImportPublication.objects.create(
                made_by=self.source, publication=publication, client=retainer.client
            )
        return publication


def _publish_client(plan: ClientPlan, run: _Run) -> None:
    ids: dict[str, int] = {}
    for effect in plan.effects:
        ids[effect.retainer] = effect.retainer_id
        if effect.moves:
            run.publication(effect.retainer_id, coverage=effect.coverage.document(), through=effect.through)
    rows = [row for row in plan.rows if row.takes_part and row.classified.retainer in ids]
    replaced = (row.entry for row in rows if row.entry and row.replaces)
    _retire(run, [*plan.removed, *plan.uncounted_removed, *replaced])
    _add(plan, rows, ids, run)


def _retire(run: _Run, entries: Iterable[EntryMark]) -> None:
    """Retire the entries, each in the publication of the retainer that it stood under."""
    by_retainer: dict[int, list[int]] = defaultdict(list)
    for entry in entries:
        by_retainer[entry.retainer_id].append(entry.pk)
    for retainer_id, ids in by_retainer.items():
        publishing.retire_entries(run.publication(retainer_id), ids)


def _add(plan: ClientPlan, rows: list[PlannedRow], ids: dict[str, int], run: _Run) -> None:
    sources: list[SourceRow] = []
    entries: dict[int, list[Entry]] = defaultdict(list)
    reviews: list[WordingReview] = []
    standing = _reworded_entries(rows)
    for row in rows:
        retainer_id = ids[row.classified.retainer or ""]
        if row.kind == "unchanged" and row.entry:
            if row.replaces:
                entries[retainer_id].append(_reworded(row, standing[row.entry.pk]))
            continue
        kept = source_of(row.classified.row, read_in=run.source, client_id=plan.client.pk)
        kept.replaces = row.entry.origin if row.entry else None
        sources.append(kept)
        entries[retainer_id].append(_entry(row, kept))
        if row.review:
            reviews.append(
                WordingReview(origin=kept.origin, title_before=row.title_before, title_after=kept.title)
            )
    SourceRow.objects.bulk_create(sources, batch_size=BATCH)
    for retainer_id, added in entries.items():
        publishing.add_entries(run.publication(retainer_id), added)
    WordingReview.objects.bulk_create(reviews, batch_size=BATCH)
    carry_choices({kept.replaces: kept.origin for kept in sources if kept.replaces})


def _reworded_entries(rows: Iterable[PlannedRow]) -> dict[int, Entry]:
    """The published entries of which the words alone change."""
    ids = [row.entry.pk for row in rows if row.entry and row.kind == "unchanged" and row.replaces]
    parts = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return {entry.pk: entry for part in parts for entry in Entry.objects.filter(pk__in=part)}


def _reworded(row: PlannedRow, entry: Entry) -> Entry:
    return publishing.again(entry, wording=row.shown_words, worded_by=row.worded.source)


def _entry(row: PlannedRow, kept: SourceRow) -> Entry:
    read = row.classified.row
    return Entry(
        origin=kept.origin,
        day=read.date,
        worked_units=_units(read.worked),
        billable_units=_units(read.billable),
        deducted_units=_units(read.deducted),
        is_billable=read.is_billable,
        categories=list(row.classified.categories),
        pool=row.classified.pool or "",
        exclusion=(row.classified.exclusion or "")[:200],
        wording=row.shown_words,
        worded_by=row.worded.source if row.shown_words else Entry.WordedBy.NEUTRAL,
        incident=incident_of(kept),
    )


def _units(hours: Decimal | None) -> int | None:
    return None if hours is None else to_units(hours, WORKED_PLACES)
