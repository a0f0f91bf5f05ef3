"""What happened to a client: publications, imports, and what people did, newest first, as lines to read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import words as account_words
from accounts.models import AuditEvent
from desk.imports import format_words
from imports.models import Import
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
}
ACTIONS: Mapping[str, str] = {
    "link created": gettext_noop("Link made"),
    "link copied": gettext_noop("Link copied"),
    "words let through": gettext_noop("Words let through"),
    "text no longer let through": gettext_noop("No longer let through"),
    "link replaced": gettext_noop("Link replaced"),
    "link revoked": gettext_noop("Link revoked"),
    "top-up": gettext_noop("Top-up"),
    "adjustment": gettext_noop("Adjustment"),
    "uploaded": gettext_noop("Export uploaded"),
    "import published": gettext_noop("Import published"),
    "import undone": gettext_noop("Import undone"),
    "preview opened again": gettext_noop("Preview opened again"),
    "original downloaded": gettext_noop("Original downloaded"),
    "worded": gettext_noop("Worded"),
    "entry changed": gettext_noop("Entry changed"),
    "company mapped": gettext_noop("Company mapped"),
    "notice posted": gettext_noop("Notice posted"),
    "notice ended": gettext_noop("Notice taken down"),
    "no work said": gettext_noop("No work said"),
    "statement issued": gettext_noop("Statement issued"),
    "request answered": gettext_noop("Request answered"),
    "overage approved": gettext_noop("Overage approved"),
}
TOLD = ("label", "text", "hours", "day", "cycle", "reason", "by")


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
class ImportLine:
    pk: int
    file_name: str
    format: str
    when: str
    who: str
    state: str
    tone: str
    through: str


@dataclass(frozen=True, slots=True)
class Deed:
    what: str
    about: str
    when: str
    who: str


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
            who=account_words.person(row.made_by),
            through=days.day_of(row.through, today) if row.through else "",
        )
        for row in rows
    )


def import_lines(rows: Iterable[Import], *, today: date, zone: ZoneInfo) -> tuple[ImportLine, ...]:
    tones = {Import.State.UPLOADED: "amber", Import.State.PUBLISHED: "", Import.State.UNDONE: "plain"}
    names = {
        Import.State.UPLOADED: _("in preview"),
        Import.State.PUBLISHED: _("published"),
        Import.State.UNDONE: _("undone"),
    }
    return tuple(
        ImportLine(
            pk=row.pk,
            file_name=row.file_name,
            format=format_words.format_name(row.format),
            when=days.moment(row.uploaded_at, zone),
            who=account_words.person(row.uploaded_by),
            state=names[Import.State(row.state)],
            tone=tones[Import.State(row.state)],
            through=days.day_of(row.through, today) if row.through else "",
        )
        for row in rows
    )


def deeds(events: Iterable[AuditEvent], *, client_name: str, zone: ZoneInfo) -> tuple[Deed, ...]:
    return tuple(
        Deed(
            what=_(ACTIONS[event.action]) if event.action in ACTIONS else event.action,
            about=_about(event, client_name),
            when=days.moment(event.at, zone),
            who=event.actor,
        )
        for event in events
    )


def _about(event: AuditEvent, client_name: str) -> str:
    """What it was done to, without the client's own name, and what is on record of it."""
    subject = event.subject.removeprefix(client_name).removeprefix(" · ")
    detail = event.detail
    told = [str(detail[name]) for name in TOLD if detail.get(name)]
    if event.action.startswith("link") and "link" in detail:
        told.insert(0, _("number %(number)s") % {"number": detail["link"]})
    return " · ".join(text for text in (subject, *told) if text)
