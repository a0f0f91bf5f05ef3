"""Reads of what happened to a client: its publications, its imports, and the audit trail about it."""

from collections.abc import Collection, Iterator
from itertools import islice

from django.db.models import Q, QuerySet

from accounts.models import AuditEvent
from imports.models import Import
from retainers.models import Client, Publication

MOST = 25
MOST_LOOKED_AT = 1000  # events among which those that only name the client in their detail are looked for


def publications_of(client: Client) -> QuerySet[Publication]:
    rows: QuerySet[Publication] = Publication.objects.filter(retainer__client=client)
    return rows.select_related("made_by").order_by("-made_at", "-number")


def imports_of(client: Client) -> QuerySet[Import]:
    """Those that were made for this client alone, and those that published something of it."""
    rows: QuerySet[Import] = Import.objects.filter(Q(client=client) | Q(publications__client=client))
    return rows.select_related("uploaded_by").distinct().order_by("-pk")


def events_about(client: Client, import_ids: Collection[int]) -> list[AuditEvent]:
    """The newest deeds about the client: named by it, about its imports, or with it in their detail."""
    rows = AuditEvent.objects.filter(
        Q(subject=client.name)
        | Q(subject__startswith=f"{client.name} · ")
        | Q(detail__import_id__in=list(import_ids))
        | Q(action__in=["worded", "company mapped"])
    )
    return list(islice(_about(client, rows[:MOST_LOOKED_AT]), MOST))


def _about(client: Client, events: QuerySet[AuditEvent]) -> Iterator[AuditEvent]:
    for event in events:
        if event.action == "worded" and client.slug not in event.detail.get("clients", ()):
            continue
        if event.action == "company mapped" and event.detail.get("client") != client.slug:
            continue
        yield event
