"""One entry for staff: what the PSA says, what counts and why, every version of it, and a change seen first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import actors as account_words
from desk.clients.log import Inside
from desk.doors import OpenedRetainer
from imports.publishing.entry_change import EntryOverride
from imports.publishing.published import replaced_by, versions_of
from imports.publishing.source_rows import row_of
from presentation import days
from presentation.days import dated
from presentation.explanations import Phrases, explain
from presentation.terms_of_counting import category_name
from retainers.effects import BalanceChange, change_of
from retainers.models import Entry
from retainers.pricing import draws_under, reason_against
from retainers.row_values import ENTRY_COLUMNS, work_of
from retainers.terms import STANDARD, TRAVEL, Agreement


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the entry: since which publication, by whom, and what then held."""

    since: str
    who: str
    kind: str
    wording: str
    pool: str
    categories: str
    exclusion: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    day: str
    counts: str
    inside: Inside
    notes: str
    versions: tuple[Version, ...]


def entry_page(opened: OpenedRetainer, entry: Entry) -> EntryPage:
    sources = replaced_by(entry.origin)
    row = row_of(sources[0]) if sources else None
    return EntryPage(
        day=dated(entry.day),
        counts=_counts(opened.standing.agreement, entry),
        inside=Inside(row.technician, row.ticket, row.title, row.work_type) if row else Inside(),
        notes=row.notes if row else "",
        versions=_versions(opened, [entry.origin, *(each.origin for each in sources[1:])]),
    )


def _counts(agreement: Agreement, entry: Entry) -> str:
    draws = draws_under(agreement, work_of(tuple(getattr(entry, column) for column in ENTRY_COLUMNS)))
    if reason := reason_against(draws):
        return _("not counted: %(reason)s") % {"reason": reason}
    terms, phrases = agreement.terms_on(entry.day), Phrases.here()
    counted = [draw for draw in draws if draw.reason is None]
    return "; ".join(f"{explain(draw, terms, phrases)} · {terms.pool(draw.pool).name}" for draw in counted)


def _versions(opened: OpenedRetainer, marks: Sequence[UUID]) -> tuple[Version, ...]:
    """Every state of the entries with these marks, the newest first."""
    names = {pool.key: pool.name for terms in opened.standing.agreement.terms for pool in terms.pools}
    return tuple(
        Version(
            since=days.moment(row.added_in.made_at, opened.zone),
            who=account_words.person(row.added_in.made_by, row.added_in.made_with),
            kind=row.added_in.get_kind_display(),
            wording=row.wording or _("the pool’s fallback text"),
            pool=names.get(row.pool or "", row.pool or ""),
            categories=", ".join(map(category_name, row.categories)),
            exclusion=row.exclusion,
        )
        for row in versions_of(marks)
    )


def effect_of(opened: OpenedRetainer, entry: Entry, choice: EntryOverride) -> BalanceChange:
    """What the choice would do to open and closed cycles."""
    works = [
        work._replace(
            pool=choice.pool or None,
            categories=frozenset(choice.categories),
            exclusion=choice.exclusion or None,
            parts=(),
        )
        if work.ref == entry.pk
        else work
        for work in opened.standing.works
    ]
    return change_of(opened.standing, works=works)


def known_categories(agreement: Agreement, entry: Entry) -> Sequence[str]:
    """The categories that mean something under the terms, and those that the entry has."""
    terms = agreement.terms_on(entry.day)
    known = [each.category for each in terms.multipliers] + [key for key in terms.minimum if key != STANDARD]
    return list(dict.fromkeys([*known, TRAVEL, *entry.categories]))
