"""What happened to a client: publications and imports, newest first, as lines to read."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import actors as account_words
from accounts.models import AuditEvent, EventClient
from desk.imports import forms
from imports.models import Import, ImportPublication
from imports.saved_mappings import mapping_names
from presentation import days
from presentation.display import turns
from retainers.models import Client, MergedClient, Publication, Retainer

KINDS: Mapping[str, str] = {
    Publication.Kind.AGREEMENT: gettext_noop("Agreement"),
    Publication.Kind.IMPORT: gettext_noop("Import"),
    Publication.Kind.UNDO: gettext_noop("Import undone"),
    Publication.Kind.RULES: gettext_noop("Rules"),
    Publication.Kind.WORDING: gettext_noop("Wording"),
    Publication.Kind.TOP_UP: gettext_noop("Top-up"),
    Publication.Kind.ADJUSTMENT: gettext_noop("Adjustment"),
    Publication.Kind.NOTICE: gettext_noop("Notice"),
    Publication.Kind.ENTRY: gettext_noop("Entry"),
    Publication.Kind.COVERAGE: gettext_noop("No work"),
    Publication.Kind.APPROVAL: gettext_noop("Extra hours approved"),
}


@dataclass(frozen=True, slots=True)
class PublicationLine:
    number: int
    kind: str
    retainer: str
    note: str
    when: str
    who: str
    through: str


@dataclass(frozen=True, slots=True)
class ClientImport:
    pk: int
    file_name: str
    format: str
    when: str
    who: str
    state: str
    tone: str
    through: str


def names_of(rows: Iterable[Retainer]) -> dict[int, str]:
    """The agreements' names by their retainers' keys; those of one name, as a renewal has it, with their first day."""
    documents = {row.pk: row.version.document for row in rows if row.version}
    often = Counter(str(document["name"]) for document in documents.values())
    found = {}
    for pk, document in documents.items():
        name, starts = str(document["name"]), date.fromisoformat(document["starts"])
        found[pk] = f"{name}, from {days.dated(starts)}" if often[name] > 1 else name
    return found


def maker(row: Publication) -> str:
    """Who made the publication; an approval that no member gave is the contact's own."""
    if row.kind == Publication.Kind.APPROVAL and row.made_by is None:
        return _("the client’s contact")
    return account_words.person(row.made_by, row.made_with)


def publication_lines(
    rows: Iterable[Publication], *, names: Mapping[int, str], today: date, zone: ZoneInfo
) -> tuple[PublicationLine, ...]:
    """`names`: the retainers' names by key, where the client has several."""
    return tuple(
        PublicationLine(
            number=row.number,
            kind=_(KINDS[row.kind]),
            retainer=names.get(row.retainer_id, ""),
            note=row.note if row.note.casefold() != KINDS[row.kind].casefold() else "",
            when=days.moment(row.made_at, zone),
            who=maker(row),
            through=days.day_of(row.through, today) if row.through else "",
        )
        for row in rows
    )


def import_lines(rows: Iterable[Import], *, today: date, zone: ZoneInfo) -> tuple[ClientImport, ...]:
    tones = {Import.State.UPLOADED: "amber", Import.State.PUBLISHED: ""}
    names = {
        Import.State.UPLOADED: _("in preview"),
        Import.State.PUBLISHED: _("published"),
        Import.State.UNDONE: _("undone"),
        Import.State.DISCARDED: _("discarded"),
    }
    words = mapping_names()
    return tuple(
        ClientImport(
            pk=row.pk,
            file_name=row.file_name,
            format=forms.format_name(row.format, words),
            when=days.moment(row.uploaded_at, zone),
            who=account_words.person(row.uploaded_by, row.uploaded_with),
            state=names[Import.State(row.state)],
            tone=tones.get(Import.State(row.state), "plain"),
            through=days.day_of(row.through, today) if row.through else "",
        )
        for row in rows
    )


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


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said beside a list that has pages, and where its neighbours are; nothing where it has only one."""

    where: str = ""
    beside: tuple[tuple[str, str, str], ...] = ()


def turn_of(page: Page[Any], name: str) -> Turn:
    """Where the pages before and after lead; the other lists begin anew."""
    if not page.has_other_pages():
        return Turn()
    return Turn(
        where=f"{page.start_index()}–{page.end_index()} of {page.paginator.count}",
        beside=tuple(
            (f"?{name}={number}", words, rel) for number, words, rel in turns(page, "Newer", "Older")
        ),
    )
