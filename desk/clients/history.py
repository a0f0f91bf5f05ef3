"""Reads of what happened to a client: its publications, its imports, and the audit trail about it."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import AuditEvent, EventClient
from imports.models import Import, ImportPublication
from retainers.models import Client, MergedClient, Publication

A_PAGE = 10
WITH_DEEDS = 200  # newest imports whose deeds are told


def publications_of(client: Client) -> QuerySet[Publication]:
    rows: QuerySet[Publication] = Publication.objects.filter(retainer__client=client)
    return rows.select_related("made_by", "made_with").order_by("-made_at", "-number")


def imports_of(client: Client) -> QuerySet[Import]:
    """Those that were made for this client alone, and those that published something of it."""
    published = ImportPublication.objects.filter(client=client).order_by().values("made_by")
    rows: QuerySet[Import] = Import.objects.filter(Q(client=client) | Q(pk__in=published))
    return rows.select_related("uploaded_by", "uploaded_with").defer("result").order_by("-pk")


def events_about(client: Client, import_ids: Collection[int]) -> QuerySet[AuditEvent]:
    """The deeds about the client, about those that were merged into it, and about these imports, newest first."""
    slugs = [client.slug, *MergedClient.objects.filter(client=client).values_list("slug", flat=True)]
    named = EventClient.objects.filter(client__in=slugs).values("event")
    rows: QuerySet[AuditEvent] = AuditEvent.objects.filter(
        Q(pk__in=named) | Q(detail__import_id__in=list(import_ids))
    )
    return rows.select_related("member")
