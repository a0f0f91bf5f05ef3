"""What happened to a client: publications and imports, newest first, as lines to read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import actors as account_words
from desk.imports import format_words
from imports.models import Import
from imports.saved_mappings import called
from presentation import days
from retainers.models import Publication

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
    words = called()
    return tuple(
        ClientImport(
            pk=row.pk,
            file_name=row.file_name,
            format=format_words.format_name(row.format, words),
            when=days.moment(row.uploaded_at, zone),
            who=account_words.person(row.uploaded_by, row.uploaded_with),
            state=names[Import.State(row.state)],
            tone=tones.get(Import.State(row.state), "plain"),
            through=days.day_of(row.through, today) if row.through else "",
        )
        for row in rows
    )
