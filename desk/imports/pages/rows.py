"""Every row of one client in an import: what becomes of it, and in which words."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from imports.publishing.plan import ClientPlan, Plan, PlannedRow
from imports.publishing.plan_marks import EntryMark
from presentation import days, phrases
from retainers.agreements import agreement_from_document
from retainers.hours import round_half_up
from retainers.selectors import retainers_of
from retainers.terms import NEUTRAL_TEXT, Agreement

A_PAGE = 200


@dataclass(frozen=True, slots=True)
class RowLine:
    line: int
    day: str
    title: str
    technician: str
    shown: str
    source: str
    hours: str
    what: str
    was: str
    tone: str


@dataclass(frozen=True, slots=True)
class GoneLine:
    day: str
    shown: str
    worked: str


@dataclass(frozen=True, slots=True)
class RowsPage:
    slug: str
    name: str
    lines: tuple[RowLine, ...]
    gone: tuple[GoneLine, ...]
    number: int
    pages: int
    newer: int | None
    older: int | None


def rows_page(plan: Plan, client: ClientPlan, number: str) -> RowsPage:
    """One page of the client's rows, in the order of the file; what would be removed stands below."""
    page = Paginator(client.rows, A_PAGE).get_page(number)
    agreements = _agreements(client)
    return RowsPage(
        slug=client.client.slug,
        name=client.client.name,
        lines=tuple(_line(row, agreements) for row in page.object_list),
        gone=tuple(_gone(entry, agreements) for entry in client.removed[:A_PAGE]),
        number=page.number,
        pages=page.paginator.num_pages,
        newer=page.previous_page_number() if page.has_previous() else None,
        older=page.next_page_number() if page.has_next() else None,
    )


def _agreements(client: ClientPlan) -> dict[str, Agreement]:
    return {
        row.key: agreement_from_document(row.publication.version.document)
        for row in retainers_of([client.client.slug])
        if row.publication
    }


def _line(row: PlannedRow, agreements: dict[str, Agreement]) -> RowLine:
    read = row.classified.row
    return RowLine(
        line=row.line,
        day=days.full_day(read.date),
        title=read.title or read.ticket,
        technician=read.technician,
        shown=_shown(row, agreements),
        source=_source(row),
        hours=phrases.hours(row.hours) if row.reason is None else "",
        what=_what(row),
        was=_was(row) if row.kind == "changed" and row.entry else "",
        tone="plain" if row.reason is not None or row.kind == "unchanged" else "",
    )


def _shown(row: PlannedRow, agreements: dict[str, Agreement]) -> str:
    """What the client reads of it; "" of what is not counted."""
    if row.reason is not None:
        return ""
    placed = row.classified
    return row.shown_words or _neutral(
        agreements.get(placed.place.retainer or ""), placed.row.date, placed.place.pool
    )


def _neutral(agreement: Agreement | None, day: date, pool: str | None) -> str:
    return agreement.terms_on(day).pool(pool).neutral_text if agreement else NEUTRAL_TEXT


def _source(row: PlannedRow) -> str:
    if row.reason is not None:
        return ""
    if row.words.hits:
        return _("flagged, so clients read the fallback text")
    known = {
        "person": _("a person's words"),
        "rule": _("a rule's words"),
        "memory": _("from memory"),
        "notes": _("the export's notes"),
        "neutral": _("fallback text"),
    }
    return known[row.words.worded.source]


def _what(row: PlannedRow) -> str:
    if row.reason is not None:
        return _("excluded: %(reason)s") % {"reason": row.reason}
    return {"new": _("new"), "changed": _("changed"), "unchanged": _("unchanged")}[row.kind]


def _was(row: PlannedRow) -> str:
    """What differs from the published entry, as far as a client can see it."""
    entry, read = row.entry, row.classified.row
    if entry is None:
        return ""
    parts: list[str] = []
    if entry.day != read.date:
        parts.append(days.full_day(entry.day))
    if entry.worked is not None and entry.worked != read.worked:
        parts.append(_("%(hours)s h worked") % {"hours": phrases.hours(entry.worked)})
    if entry.wording and entry.wording != row.shown_words:
        parts.append(f"“{entry.wording}”")
    return _("was: %(parts)s") % {"parts": ", ".join(parts)} if parts else _("details only staff can see")


def _gone(entry: EntryMark, agreements: dict[str, Agreement]) -> GoneLine:
    return GoneLine(
        day=days.full_day(entry.day),
        shown=entry.wording or _neutral(agreements.get(entry.retainer), entry.day, entry.pool or None),
        worked=phrases.hours(round_half_up(entry.hours)) if entry.hours is not None else "",
    )
