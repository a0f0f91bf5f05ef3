"""The list of imports: what came in, from whom, and what it did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from accounts.access import today_at, zone_of
from accounts.actors import person
from accounts.models import Provider
from desk.imports import forms
from desk.imports.selectors import SHOWN_OF_RESULT, listed_imports, published_clients
from imports.models import Import
from imports.publishing.plan import Plan
from imports.reading.formats.by_hand import FORMAT as BY_HAND
from imports.saved_mappings import mapping_names
from presentation import counts, days, phrases
from retainers.closings import open_since
from retainers.coverage import LONG_GAP
from retainers.selectors import retainers_of

A_PAGE = 25
TONES = {Import.State.UPLOADED: "amber", Import.State.PUBLISHED: ""}


@dataclass(frozen=True, slots=True)
class ImportLine:
    pk: int
    file_name: str
    size: str
    by: str
    at: str
    format: str
    clients: str
    counts: str
    effect: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class ListingPage:
    lines: tuple[ImportLine, ...]
    number: int
    pages: int
    newer: int | None
    older: int | None
    total: int
    states: tuple[tuple[str, str, bool], ...]
    state: str
    export_from: str


def listing_page(provider: Provider, *, state: str, number: str) -> ListingPage:
    """One page of the provider's imports, newest first, all or those of one state."""
    chosen = state if state in Import.State.values else ""
    page = Paginator(listed_imports(chosen), A_PAGE).get_page(number)
    zone = zone_of(provider)
    shown = list(page.object_list)
    clients, words = published_clients(shown), mapping_names()
    return ListingPage(
        lines=tuple(_line(row, clients.get(row.pk, 0), zone, words) for row in shown),
        number=page.number,
        pages=page.paginator.num_pages,
        newer=page.previous_page_number() if page.has_previous() else None,
        older=page.next_page_number() if page.has_next() else None,
        total=page.paginator.count,
        states=(
            ("", _("All"), not chosen),
            *((value, _(label), chosen == value) for value, label in Import.State.choices),
        ),
        state=chosen,
        export_from=export_from(provider),
    )


def _line(row: Import, clients: int, zone: ZoneInfo, words: Mapping[str, str]) -> ImportLine:
    result = {name: getattr(row, name) for name in SHOWN_OF_RESULT if getattr(row, name) is not None}
    return ImportLine(
        pk=row.pk,
        file_name=row.file_name,
        size=file_size(row.size),
        by=person(row.uploaded_by, row.uploaded_with),
        at=days.moment(row.uploaded_at, zone),
        format=forms.format_name(row.format, words),
        clients=row.client.name if row.client else _clients(row, clients),
        counts=counts_of(result),
        effect=effect_of(result),
        state=_(row.get_state_display()),
        tone=TONES.get(Import.State(row.state), "plain"),
    )


def file_size(size: int) -> str:
    """
    >>> file_size(900), file_size(48_000), file_size(3_400_000)
    ('1 kB', '48 kB', '3.4 MB')
    """
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def _clients(row: Import, count: int) -> str:
    if row.state in (Import.State.UPLOADED, Import.State.DISCARDED):
        return _("All clients")
    return counts.clients(count) if count else _("No client: nothing changed")


def counts_of(result: dict[str, Any]) -> str:
    """What became of the rows, without the zeros."""
    entries = result.get("entries", {})
    rest = (
        (entries.get("excluded", 0), _("%(count)s excluded")),
        (entries.get("refused", 0), _("%(count)s refused")),
        (entries.get("unknown", 0), _("%(count)s of unknown companies")),
    )
    kinds = (entries.get(kind, 0) for kind in ("new", "changed", "unchanged", "removed"))
    words = [counts.changes(*kinds), *(text % {"count": f"{count:,}"} for count, text in rest if count)]
    return ", ".join(word for word in words if word)


def effect_of(result: dict[str, Any]) -> str:
    """What it did to balances: of one retainer the figures, of several how many moved."""
    moved = [
        each for each in result.get("balances", ()) if _figures(each, "before") != _figures(each, "after")
    ]
    if len(moved) == 1:
        before, after = (phrases.left(*_figures(moved[0], when)) for when in ("before", "after"))
        return _("%(before)s → %(after)s") % {"before": before, "after": after}
    if not moved:
        return _("no balance moved") if result else ""
    over = sum(_figures(each, "after")[1] > 0 for each in moved)
    words = _("%(count)d balances moved") % {"count": len(moved)}
    return words + (", " + _("%(count)d over") % {"count": over} if over else "")


def _figures(balance: dict[str, Any], when: str) -> tuple[Decimal, Decimal]:
    return Decimal(balance[when]), Decimal(balance.get(f"over_{when}", "0"))


def export_from(provider: Provider) -> str:
    """The sentence of the upload page; "" while nobody has an agreement that has begun."""
    rows = list(retainers_of())
    opened = open_since(rows, today_at(provider), provider)
    by_day: dict[date, set[str]] = {}
    for row in rows:
        if row.pk in opened:
            by_day.setdefault(opened[row.pk], set()).add(row.client.name)
    if not by_day:
        return ""
    first, *later = sorted(by_day)
    words = {"day": days.full_day(first)}
    if not later:
        return _("Export from %(day)s on: everything before that is settled.") % words
    words |= {"clients": phrases.some(sorted(by_day[first])), "other": days.full_day(later[0])}
    return _("Export from %(day)s on for %(clients)s; for the others, %(other)s is early enough.") % words


def late_start(plan: Plan) -> Iterator[str]:
    """One line where a file begins later than that for the clients that it covers.

    The first row's day alone is no late start while fewer than seven days lie before it; hours by hand only add.
    """
    if plan.starts is None or plan.open_since is None or plan.parsed.format == BY_HAND:
        return
    late = (plan.starts - plan.open_since).days
    if late >= (1 if plan.options.starts else LONG_GAP):
        yield _(
            "The file begins on %(day)s. Earlier work of cycles that aren’t settled yet"
            " (from %(first)s on) isn’t in it."
        ) % {"day": days.full_day(plan.starts), "first": days.full_day(plan.open_since)}
