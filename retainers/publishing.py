"""Writes: the one way in which what a client sees is changed.

Every service locks the retainers it touches, makes one publication a retainer, and adds or retires rows in it.
Nothing is overwritten. Locks are taken in one order, so that two deeds never wait for each other: the provider,
an import, a request or a link, then all retainers at once, by key.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts import many_rows
from accounts.actors import actor_of
from accounts.audit import record
from accounts.models import User
from retainers.agreements.fields import agreement_document
from retainers.coverage import Coverage, pools_of
from retainers.kept.handed import Handed
from retainers.kept.keeping import keep_of
from retainers.models import Adjustment, AgreementVersion, Entry, LiveEntry, Publication, Retainer, TopUp
from retainers.row_values import adjustment_row, adjustment_terms, top_up_row, top_up_terms
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Agreement
from retainers.terms import TopUp as TopUpTerms

BATCH = 500
Columns = Mapping[str, Sequence[Any]]


def lock(retainer_ids: Iterable[int]) -> dict[int, Retainer]:
    """The retainers, locked until the transaction ends, by key.

    Locked without joins and read afterwards: who had to wait must not see the joined rows of before. Rows that
    only point at a retainer (a client's request) don't wait for it.
    """
    return _locked(Retainer.objects.filter(pk__in=set(retainer_ids)))


def lock_all() -> dict[int, Retainer]:
    """All retainers of the provider in scope, likewise."""
    return _locked(Retainer.objects.all())


def _locked(rows: QuerySet[Retainer]) -> dict[int, Retainer]:
    keys = list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    found = Retainer.objects.filter(pk__in=keys).select_related("client", "publication", "version")
    return {row.pk: row for row in found.order_by("pk")}


@dataclass
class Press:
    """Makes at most one publication a retainer for one deed, when it is first needed.

    `kind` and `note` say what the deed is; `at` is its moment, `by` who did it (None: the command line);
    `seen` is the digest of what was in view in the form that asked for it. `handed`: what was worked out, before it was
    published, of the figures that retainers (by key) have once it is.
    """

    kind: str
    at: datetime
    by: User | None
    note: str = ""
    seen: str = ""
    made: dict[int, Publication] = field(default_factory=dict)
    handed: dict[int, Handed] = field(default_factory=dict)

    def publication(self, retainer: Retainer, **changes: Any) -> Publication:
        """The publication of this deed for that (locked) retainer.

        `changes`: updated_at, took_back, and what `covering` gives.
        """
        if retainer.pk not in self.made:
            self.publish([(retainer, changes)])
        return self.made[retainer.pk]

    def publish(self, wanted: Iterable[tuple[Retainer, Mapping[str, Any]]]) -> None:
        """The publications of these (locked) retainers, each once, in a few queries for all of them."""
        if not (rows := [self._unsaved(retainer, changes) for retainer, changes in wanted]):
            return
        if not self.made and connection.in_atomic_block:
            transaction.on_commit(self._keep_figures, robust=True)
        Publication.objects.bulk_create(rows, batch_size=BATCH)
        for row in rows:
            row.retainer.publication = row
            self.made[row.retainer_id] = row
        newest = Publication.objects.filter(retainer=OuterRef("pk")).order_by("-number").values("pk")[:1]
        named = many_rows.Among(row.retainer_id for row in rows)
        Retainer.objects.filter(pk__in=named).update(publication=Subquery(newest))

    def _keep_figures(self) -> None:
        """Worked out once everything of the deed stands, and outside of its locks."""
        providers = {row.provider_id for row in self.made.values()}
        handed = {row.pk: self.handed[pk] for pk, row in self.made.items() if pk in self.handed}
        for provider in providers:
            keep_of(provider, [pk for pk, row in self.made.items() if row.provider_id == provider], handed)

    def moment(self, retainer: Retainer) -> datetime:
        """When that retainer's publication is made: never before the one before it, whatever the clock says."""
        last = retainer.publication
        return max(self.at, last.made_at) if last else self.at

    def _unsaved(self, retainer: Retainer, changes: Mapping[str, Any]) -> Publication:
        last = retainer.publication
        values = {
            "coverage": last.coverage if last else {},
            "through": last.through if last else None,
            "updated_at": last.updated_at if last else None,
            **changes,
        }
        return Publication(
            retainer=retainer,
            number=last.number + 1 if last else 1,
            kind=self.kind,
            made_at=self.moment(retainer),
            made_by=self.by,
            made_with=actor_of(self.by).key,
            version=retainer.version,
            note=self.note[:200],
            seen=self.seen,
            **values,
        )


def covering(agreement: Agreement, coverage: Coverage, on: date) -> dict[str, Any]:
    """What a publication keeps of a coverage, for `Press.publication`."""
    return {"coverage": coverage.document(), "through": coverage.through(pools_of(agreement, on))}


def save_version(*, retainer: Retainer, agreement: Agreement, at: datetime, by: User | None) -> bool:
    """Record the agreement as the retainer's newest version; False when it says what the newest one says.

    The caller publishes it: a version without a publication is seen by nobody.
    """
    document = agreement_document(agreement)
    if retainer.version and retainer.version.document == document:
        return False
    retainer.version = AgreementVersion.objects.create(
        retainer=retainer,
        number=retainer.version.number + 1 if retainer.version else 1,
        document=document,
        recorded_at=at,
        recorded_by=by,
    )
    retainer.save(update_fields=["version"])
    return True


def grant(
    *,
    publication: Publication,
    top_ups: Sequence[TopUpTerms] = (),
    adjustments: Sequence[AdjustmentTerms] = (),
) -> None:
    """Add top-ups and adjustments in a publication."""
    rows: list[TopUp | Adjustment] = [top_up_row(terms) for terms in top_ups]
    rows += [adjustment_row(terms) for terms in adjustments]
    for row in rows:
        row.retainer, row.added_in = publication.retainer, publication
        row.save()
    granted: list[TopUpTerms | AdjustmentTerms] = [*top_ups, *adjustments]
    for terms in granted:
        record(
            publication.made_by,
            _kind(terms),
            publication.retainer.key,
            about=[publication.retainer.client.slug],
            day=str(terms.date),
            hours=str(terms.hours),
        )


def retire_grants(publication: Publication, grants: Sequence[TopUpTerms | AdjustmentTerms]) -> None:
    """Take back, in a publication, one live row of the retainer for each of these grants."""
    for terms in grants:
        retire_grant(publication, _live_row(publication.retainer, terms))


def retire_grant(publication: Publication, row: TopUp | Adjustment) -> None:
    """Take back just that one; `row` itself is left as it is, should the transaction not go through."""
    terms = top_up_terms(row) if isinstance(row, TopUp) else adjustment_terms(row)
    type(row).objects.filter(pk=row.pk).update(retired_in=publication)
    record(
        publication.made_by,
        f"{_kind(terms)} taken back",
        publication.retainer.key,
        about=[publication.retainer.client.slug],
        day=str(terms.date),
        hours=str(terms.hours),
    )


def _live_row(retainer: Retainer, terms: TopUpTerms | AdjustmentTerms) -> TopUp | Adjustment:
    """LookupError where no such grant stands."""
    if isinstance(terms, TopUpTerms):
        standing = TopUp.objects.filter(retainer=retainer, retired_in=None)
        found: list[TopUp | Adjustment] = [row for row in standing if top_up_terms(row) == terms]
    else:
        rows = Adjustment.objects.filter(retainer=retainer, retired_in=None)
        found = [row for row in rows if adjustment_terms(row) == terms]
    if not found:
        raise LookupError(f"no such grant of {terms.date} stands")
    return found[0]


def _kind(terms: TopUpTerms | AdjustmentTerms) -> str:
    return "top-up" if isinstance(terms, TopUpTerms) else "adjustment"


def add_entries(publication: Publication, entries: Sequence[Entry]) -> None:
    for entry in entries:
        entry.retainer, entry.added_in = publication.retainer, publication
    Entry.objects.bulk_create(entries, batch_size=BATCH)


class NewEntry(NamedTuple):
    """What an entry says, about to be added in a publication."""

    origin: UUID
    day: date
    worked_units: int | None
    billable_units: int | None
    deducted_units: int | None
    is_billable: bool
    categories: list[str]
    pool: str
    exclusion: str
    parts: list[dict[str, object]]
    wording: str
    worded_by: str
    incident: str
    person: str = ""
    clock: str = ""
    replaces: UUID | None = None


_said = attrgetter(*NewEntry._fields)
ENTRIES = many_rows.Into(Entry, written=("origin", "categories", "parts"))


def move_entries(
    press: Press,
    *,
    retired: Sequence[int],
    columns: Iterable[tuple[Columns, Columns]] = (),
    beside: many_rows.Into | None = None,
    added: Iterable[tuple[int, NewEntry | Entry]],
) -> None:
    """Retire and add entries of many retainers at once, each in the press's publication of its retainer.

    `added` are (key of the retainer, what the entry says). `columns` are the same, some thousand entries at a time, and
    come before: `retainer_id` and the fields of `NewEntry`, with `origin` as hexadecimal digits and documents as JSON;
    and the columns of the rows that they came from, for the table `beside`.
    Every retainer concerned has been published before. The keys of the new entries are not told.
    """
    _retire(retired)
    made = {pk: publication.pk for pk, publication in press.made.items()}
    if beside:
        parts = ((_placed(entries, made), rows) for entries, rows in columns)
        many_rows.insert_columns([ENTRIES, beside], parts)
    many_rows.insert(
        Entry,
        ("retainer_id", "added_in_id", "retired_in_id", *NewEntry._fields),
        ((pk, made[pk], None, *(_said(entry) if isinstance(entry, Entry) else entry)) for pk, entry in added),
    )


def _placed(part: Columns, made: Mapping[int, int]) -> Columns:
    """With the publication in which each of the entries comes."""
    retainers = part["retainer_id"]
    return {
        **part, "added_in_id": [made[pk] for pk in retainers], "retired_in_id": [None] * len(retainers)
    }  # fmt: skip


def _retire(entry_ids: Sequence[int]) -> None:
    """In the newest publication of the retainer of each."""
    newest = Retainer.objects.filter(pk=OuterRef("retainer")).order_by().values("publication")[:1]
    retire_entries(Subquery(newest), entry_ids)


def retire_entries(publication: Publication | Subquery, entry_ids: Sequence[int]) -> None:
    if entry_ids:
        standing = Entry.objects.filter(pk__in=many_rows.Among(entry_ids), retired_in=None)
        standing.update(retired_in=publication)


def again(entry: Entry | LiveEntry, **changes: Any) -> Entry:
    """A new, unsaved row that says what `entry` says, but for the changes: to be added in a publication."""
    return Entry(**{**said_again(entry)._asdict(), **changes})


def said_again(entry: Entry | LiveEntry) -> NewEntry:
    """What `entry` says, for `move_entries`."""
    return NewEntry._make(_said(entry))
