"""Merges one client into another: what was looked at, once, under the locks of all that it touches."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import Provider, User
from accounts.providers import lock_provider
from accounts.seen import StaleError
from imports.judging.merging import Merge, find_merge
from retainers import publishing
from retainers.hours import write_hours
from retainers.merging import former_client, join
from retainers.models import Client, Publication, Retainer


class MergeRefusedError(Exception):
    """Something speaks against the merge; nothing is changed. `reasons` are sentences."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@transaction.atomic
def merge_clients(
    *, provider: Provider, gone: str, goes_on: str, form: str, by: User | None, at: datetime
) -> Client:
    """What is `gone`'s (its key) is `goes_on`'s from now on; the client that goes on. Sent twice merges once.

    No figure changes. Agreements whose key the other has too get another one, in a publication of their own.
    Raises `MergeRefusedError`, and `StaleError` where something else stands by now than what was in view
    (`form`, its mark).
    """
    lock_provider(provider)
    former = former_client(gone)
    if former is not None and former.client.slug == goes_on:
        already: Client = former.client
        return already
    locked = publishing.lock(
        Retainer.objects.filter(client__slug__in=[gone, goes_on]).values_list("pk", flat=True)
    )
    both = _locked(gone, goes_on)
    found = find_merge(provider, both[gone], both[goes_on])
    if not found.seen.is_in(form):
        raise StaleError(found.seen.differing(form))
    if found.refusals:
        raise MergeRefusedError(found.refusals)
    _rename(found, locked, publishing.Press(Publication.Kind.AGREEMENT, at, by, f"Merged from {gone}"))
    join(gone=both[gone], goes_on=both[goes_on], keys=found.keys, at=at, by=by)
    _note(found, by)
    return both[goes_on]


def _locked(gone: str, goes_on: str) -> dict[str, Client]:
    """Both clients, locked after their agreements: an import that holds these still names its clients."""
    rows: dict[str, Client] = {
        each.slug: each for each in Client.objects.select_for_update().filter(slug__in=[gone, goes_on])
    }
    if rows.keys() != {gone, goes_on} or gone == goes_on:
        raise StaleError(("clients",))
    return rows


def _rename(found: Merge, locked: dict[int, Retainer], press: publishing.Press) -> None:
    """Agreements of a key that the other client has already are called otherwise, each in a new version."""
    for each in found.passing:
        if each.is_renamed:
            retainer = locked[each.retainer.pk]
            publishing.save_version(retainer=retainer, agreement=each.agreement, at=press.at, by=press.by)
            retainer.key = each.key
            retainer.save(update_fields=["key"])
            press.publication(retainer)


def _note(found: Merge, by: User | None) -> None:
    record(
        by,
        "clients merged",
        found.gone.name,
        clients=[found.goes_on.slug, found.gone.slug],
        to=found.goes_on.slug,
        agreements=found.keys,
        lines=found.lines,
        hours=write_hours(found.hours),
    )
