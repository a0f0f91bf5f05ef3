"""Takes back what an import brought, newest first; what was published stays on record.

The entries that it brought are retired, those that it replaced or removed stand again, and the
coverage is the one from before. Words that a person gave since stay with their entries. Work that the import
moved from one client to another goes back on both pages or on neither; what has moved since with its company's
name is taken back where it stands now, and what stands again, stands with the client that has its name now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports.judging.name_moves import find_moves, move
from imports.judging.reclassify import reclassify
from imports.models import Import, ImportPublication, SourceRow
from imports.stages import tied
from retainers import publishing
from retainers.agreements import AgreementError
from retainers.agreements.fields import agreement_from_document
from retainers.company_names import company_key
from retainers.coverage import Coverage
from retainers.models import Client, CompanyName, Entry, Publication, Restatement, Retainer
from retainers.restating.changes import Law
from retainers.restating.writing import Agreed, Deed, restating


class NotUndoableError(Exception):
    """The import can't be taken back (now); `reasons` are sentences that name the clients."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NothingToUndoError(NotUndoableError):
    """It was taken back already, or never published (for that client)."""


@transaction.atomic
def undo(
    *, source: Import, by: User | None, at: datetime, client: Client | None = None, agreed: Agreed = ""
) -> list[Client]:
    """Take the import back, for one client or for all of its clients; the clients it was taken back for.

    With one client go those with whom it exchanged entries. Raises `RestatingError` for settled cycles that
    `agreed` does not name, `NothingToUndoError`, and `NotUndoableError` where a client has a newer import.
    """
    locked = Import.objects.select_for_update(no_key=True).get(pk=source.pk)
    links = _standing_links(locked)
    wanted, chosen = _chosen(locked, links, client)
    retainers = publishing.lock_all()
    _refuse_newer(locked, chosen, wanted)
    press = publishing.Press(Publication.Kind.UNDO, at, by, f"Import {source.pk} undone")
    concerned = {pk: row for pk, row in retainers.items() if row.client_id in wanted}
    deed = Deed(Restatement.Cause.UNDO, Law.SETTLED, agreed)
    with restating(locked.provider, retainers, deed, press):
        _cover_as_before(chosen, press, retainers)
        again = _take_back(locked, [link.publication for link in chosen], press, concerned)
        slugs = {row.client.slug for row in concerned.values()} | _to_where_the_name_is(locked, again, press)
        reclassify(locked.provider, press, slugs)
    if len(chosen) == len(links):
        locked.state = Import.State.UNDONE
        locked.save(update_fields=["state"])
    record(by, "import undone", locked.file_name, import_id=locked.pk, clients=sorted(slugs))
    source.refresh_from_db()
    return _clients_of(press)


def _chosen(
    source: Import, links: list[ImportPublication], client: Client | None
) -> tuple[Collection[int], list[ImportPublication]]:
    """The clients that are taken back together, and what the import published for them."""
    linked = [client.pk] if client else {link.client_id for link in links}
    wanted = tied(linked, _moves(source))
    chosen = [link for link in links if link.client_id in wanted]
    if not chosen:
        raise NothingToUndoError(
            f"Import {source.pk} has nothing published {_of(client)}that could be taken back."
        )
    return wanted, chosen


def _clients_of(press: publishing.Press) -> list[Client]:
    """Each client with a new publication once."""
    clients = (publication.retainer.client for publication in press.made.values())
    return list({client.pk: client for client in clients}.values())


def _cover_as_before(
    chosen: list[ImportPublication], press: publishing.Press, retainers: dict[int, Retainer]
) -> None:
    """The publication that takes each of these back, with the coverage of before."""
    before = _before(link.publication for link in chosen)
    wanted: list[tuple[Retainer, dict[str, Any]]] = []
    for link in chosen:
        was, retainer = before.get(link.publication.pk), retainers[link.publication.retainer_id]
        said = {"updated_at": was.updated_at if was else None, "took_back": link.publication}
        wanted.append((retainer, {**_covered_before(was, retainer), **said}))
    press.publish(wanted)


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


def _refuse_newer(source: Import, chosen: list[ImportPublication], wanted: Collection[int]) -> None:
    """`wanted`: the clients that are concerned; one to whom work came with a name alone has no link of its own."""
    first = min(link.pk for link in chosen)
    since = dict.fromkeys(wanted, first) | {link.client_id: link.pk for link in reversed(chosen)}
    newer: dict[str, set[int]] = defaultdict(set)
    later = ImportPublication.objects.filter(
        client__in=since, publication__taken_back_by=None, pk__gt=min(since.values())
    )
    for other in later.exclude(made_by=source).select_related("client"):
        if other.pk > since[other.client_id]:
            newer[other.client.name].add(other.made_by_id)
    if newer:
        raise NotUndoableError(
            *(
                f"{name} has a newer import ({', '.join(str(pk) for pk in sorted(ids))}): undo that one first."
                for name, ids in sorted(newer.items())
            )
        )


def _before(publications: Iterable[Publication]) -> dict[int, Publication]:
    """The publication before each of these, by the key of the later one."""
    after = {(row.retainer_id, row.number - 1): row.pk for row in publications}
    rows = Publication.objects.filter(
        retainer__in={retainer for retainer, _number in after}, number__in={number for _, number in after}
    )
    return {after[row.retainer_id, row.number]: row for row in rows if (row.retainer_id, row.number) in after}


def _take_back(
    source: Import, was: list[Publication], press: publishing.Press, retainers: dict[int, Retainer]
) -> list[Entry]:
    """Retire what the import brought and let stand again what it took away; the latter."""
    brought = set(SourceRow.objects.filter(read_in=source).values_list("origin", flat=True))
    live = {e.origin: e for e in Entry.objects.filter(retainer__in=retainers, retired_in=None)}
    gone = [entry for origin, entry in live.items() if origin in brought]
    again = Entry.objects.filter(retired_in__in=was).exclude(origin__in=list(live.keys() - brought))
    given = _given_since(source, gone)
    restored = [(entry.retainer_id, _restored(entry, given)) for entry in again]
    touched = {entry.retainer_id for entry in (*gone, *again)}
    press.publish((retainers[pk], {}) for pk in sorted(touched - press.made.keys()))
    publishing.move_entries(press, retired=[entry.pk for entry in gone], added=restored)
    return [one for _pk, one in restored]


def _to_where_the_name_is(source: Import, again: list[Entry], press: publishing.Press) -> set[str]:
    """Move what stands again to the clients that have its company's name by now; their slugs."""
    rows = SourceRow.objects.filter(origin__in=[entry.origin for entry in again])
    keys = {company_key(name) for name in rows.values_list("columns__company", flat=True).distinct() if name}
    owners = dict(CompanyName.objects.filter(key__in=keys).values_list("key", "client__slug"))
    try:
        found = find_moves(source.provider, owners)
    except AgreementError as error:
        raise NotUndoableError(*(f"{problem.message}." for problem in error.problems)) from error
    move(found, press)
    return {each.joins.slug for each in found.moves}


def _given_since(source: Import, gone: list[Entry]) -> dict[UUID, str]:
    """Words that a person gave to entries now gone, by the marks of the entries that they had replaced."""
    words = {entry.origin: entry.wording for entry in gone if entry.worded_by == Entry.WordedBy.PERSON}
    rows = SourceRow.objects.filter(read_in=source, replaces__isnull=False)
    replaced = dict(rows.values_list("origin", "replaces"))
    given = {}
    for origin, text in words.items():
        mark = replaced.get(origin)
        while mark is not None:
            given[mark] = text
            mark = replaced.get(mark)
    return given


def _restored(entry: Entry, given: dict[UUID, str]) -> Entry:
    if entry.origin in given:
        return publishing.again(entry, wording=given[entry.origin], worded_by=Entry.WordedBy.PERSON)
    return publishing.again(entry)
