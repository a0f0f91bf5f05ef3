"""Takes back what an import brought, newest first; what was published stays on record.

The entries that it brought are retired, those that it replaced or removed stand again, and the
coverage is the one from before. Words that a person gave since stay with their entries. Work that the import
moved from one client to another goes back on both pages or on neither.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports.judging.reclassify import reclassify
from imports.models import Import, ImportPublication, SourceRow
from imports.ties import tied
from retainers import publishing
from retainers.agreements.documents import agreement_from_document
from retainers.coverage import Coverage
from retainers.models import Client, Entry, Publication, Retainer


class NotUndoableError(Exception):
    """The import can't be taken back (now); `reasons` are sentences that name the clients."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def undo(*, source: Import, by: User | None, at: datetime, client: Client | None = None) -> list[Client]:
    """Take the import back, for one client or for all of its clients; the clients it was taken back for.

    With one client go those with whom it exchanged entries. Raises `NotUndoableError` when there is nothing to
    take back, or a client has a newer import.
    """
    locked = Import.objects.select_for_update(no_key=True).get(pk=source.pk)
    links = _standing_links(locked)
    wanted = tied([client.pk], _moves(locked)) if client else {link.client_id for link in links}
    chosen = [link for link in links if link.client_id in wanted]
    if client and client.pk not in {link.client_id for link in chosen}:
        chosen = []
    if not chosen:
        raise NotUndoableError(
            f"Import {source.pk} has nothing published {_of(client)}that could be taken back."
        )
    clients = {link.client_id for link in chosen}
    retainers = publishing.lock(Retainer.objects.filter(client__in=clients).values_list("pk", flat=True))
    _refuse_newer(locked, chosen)
    press = publishing.Press(Publication.Kind.UNDO, at, by, f"Import {source.pk} undone")
    for link in chosen:
        was = _before(link.publication)
        press.publication(
            retainers[link.publication.retainer_id],
            **_covered_before(was, retainers[link.publication.retainer_id]),
            updated_at=was.updated_at if was else None,
            took_back=link.publication,
        )
    _take_back(locked, [link.publication for link in chosen], press, retainers)
    slugs = {link.client.slug for link in chosen}
    reclassify(locked.provider, press, slugs)
    if len(chosen) == len(links):
        locked.state = Import.State.UNDONE
        locked.save(update_fields=["state"])
    record(by, "import undone", locked.file_name, import_id=locked.pk, clients=sorted(slugs))
    source.refresh_from_db()
    return list({link.client_id: link.client for link in chosen}.values())


def _moves(source: Import) -> list[tuple[int, int]]:
    """From which client's page to which the import moved entries."""
    brought = SourceRow.objects.filter(read_in=source, replaces__isnull=False)
    before = SourceRow.objects.filter(origin__in=brought.values("replaces"))
    clients = dict(before.values_list("origin", "client_id"))
    pairs = ((clients.get(was, now), now) for was, now in brought.values_list("replaces", "client_id"))
    return [(was, now) for was, now in pairs if was != now]


def _covered_before(was: Publication | None, retainer: Retainer) -> dict[str, Any]:
    """The coverage of before; what a person has said since of days without work stays."""
    now = retainer.publication
    if now is None or retainer.version is None:
        return {}
    before = Coverage.read(was.coverage if was else {}).without_work_of(Coverage.read(now.coverage))
    agreement = agreement_from_document(retainer.version.document)
    return publishing.covering(agreement, before, now.made_at.date())


def _of(client: Client | None) -> str:
    return f"for {client.name} " if client else ""


def _standing_links(source: Import) -> list[ImportPublication]:
    """The import's publications that were not taken back yet."""
    links = source.publications.select_related("client", "publication__retainer")
    return list(links.filter(publication__taken_back_by=None).order_by("pk"))


def _refuse_newer(source: Import, chosen: list[ImportPublication]) -> None:
    newer: dict[str, set[int]] = defaultdict(set)
    for link in chosen:
        later = ImportPublication.objects.filter(
            client=link.client_id,
            publication__taken_back_by=None,
            pk__gt=link.pk,
        ).exclude(made_by=source)
        for other in later:
            newer[link.client.name].add(other.made_by_id)
    if newer:
        raise NotUndoableError(
            *(
                f"{name} has a newer import ({', '.join(str(pk) for pk in sorted(ids))}): undo that one first."
                for name, ids in sorted(newer.items())
            )
        )


def _before(publication: Publication) -> Publication | None:
    found: Publication | None = Publication.objects.filter(
        retainer=publication.retainer_id, number=publication.number - 1
    ).first()
    return found


def _take_back(
    source: Import, was: list[Publication], press: publishing.Press, retainers: dict[int, Retainer]
) -> None:
    brought = set(SourceRow.objects.filter(read_in=source).values_list("origin", flat=True))
    live = {e.origin: e for e in Entry.objects.filter(retainer__in=retainers, retired_in=None)}
    gone = [entry for origin, entry in live.items() if origin in brought]
    again = Entry.objects.filter(retired_in__in=was).exclude(origin__in=list(live.keys() - brought))
    given = _given_since(gone)
    for entry in gone:
        publishing.retire_entries(press.publication(retainers[entry.retainer_id]), [entry.pk])
    for entry in again:
        publishing.add_entries(press.publication(retainers[entry.retainer_id]), [_restored(entry, given)])


def _given_since(gone: list[Entry]) -> dict[UUID, str]:
    """Words that a person gave to entries now gone, by the mark of the entry that each had replaced."""
    words = {entry.origin: entry.wording for entry in gone if entry.worded_by == Entry.WordedBy.PERSON}
    replaced = SourceRow.objects.filter(origin__in=words, replaces__isnull=False)
    return {source.replaces: words[source.origin] for source in replaced}


def _restored(entry: Entry, given: dict[UUID, str]) -> Entry:
    if entry.origin in given:
        return publishing.again(entry, wording=given[entry.origin], worded_by=Entry.WordedBy.PERSON)
    return publishing.again(entry)
