"""The judged rows beside what is published: whom a file speaks of, for which days, and what pairs with what.

The third stage of an import: it reads what stands and asks `reconcile`; what would become of it is for
`planning`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.access import zone_of
from imports.judging.classify import REPEATED, Classified
from imports.judging.entry_overrides import choices_of
from imports.judging.judge import Judged
from imports.judging.provider_rules import Desk
from imports.models import EntryChoice
from imports.publishing.options import Options
from imports.publishing.pairing import Published, Scope
from imports.publishing.published import PublishedRow, Window, formats_by_client, published_rows
from imports.publishing.reconcile import Reconciliation, reconcile
from imports.reading.rows import ParsedFile, Row
from imports.reading.same_row import id_key
from retainers.balance import Work
from retainers.closings import closings
from retainers.cycles import cycle_of
from retainers.models import Client, Entry, Retainer
from retainers.pricing import draws_under, reason_against
from retainers.records import ENTRY_COLUMNS, work_of
from retainers.selectors import Standing
from retainers.terms import Agreement


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a file speaks for, first and last included, and the day that it is said to cover."""

    starts: date | None
    ends: date | None
    through: date | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One client: its rows in the file, what pairs with what, and what stands of it.

    `published` are the entries that were compared, by key; `choices` what a person decided of them, by mark.
    """

    slug: str
    rows: tuple[Classified, ...]
    found: Reconciliation
    published: Mapping[int, PublishedRow]
    choices: Mapping[UUID, EntryChoice]
    standings: Sequence[Standing]


def period_of(options: Options, rows: Iterable[Row], today: date) -> Period:
    """What was said of the file, else from its first to its last day; never past today."""
    days = [row.date for row in rows]
    starts = options.starts or (min(days) if days else None)
    said = options.through or options.ends or (max(days) if days else None)
    through = min(said, today) if said else None
    ends = max((day for day in (options.ends, through, *days) if day), default=None)
    return Period(starts, ends, through)


def compare(
    judged: Judged,
    period: Period,
    desk: Desk,
    file: ParsedFile,
    options: Options,
    *,
    only: Client | None,
    today: date,
) -> tuple[Compared, ...]:
    """Every client of whom the file speaks, by slug. `only`: the client that it is for, None for all."""
    narrowed = only or options.agreements or options.pools
    slugs = sorted((*judged.by_client, *(() if narrowed else _quiet(judged, desk, file.format, period))))
    ids = [desk.clients[slug].pk for slug in slugs]
    published = published_rows(ids, format=file.format, window=_window(file.rows, period, today))
    choices = choices_of(row.entry.origin for rows in published.values() for row in rows)
    standings = desk.standings(slugs, today)
    settled = _Settled(standings, desk, today)
    scope = Scope(period.starts or today, period.ends or today, options.agreements, options.pools)
    found = []
    for slug in slugs:
        rows, entries = judged.by_client.get(slug, ()), published.get(desk.clients[slug].pk, [])
        # a client without a row is not spoken for by the file: nothing of it is compared
        standing = [_standing(slug, row, desk.agreements[slug], settled) for row in entries] if rows else []
        mine = [row for row in rows if takes_part(row)]
        paired = reconcile(standing, mine, scope=scope, present=file.present)
        by_ref = {row.entry.pk: row for row in entries}
        found.append(Compared(slug, rows, paired, by_ref, choices, standings.get(slug, [])))
    return tuple(found)


def takes_part(row: Classified) -> bool:
    """Whether the row is an entry: a repeat is none, nor is a row that no retainer takes."""
    return row.retainer is not None and row.exclusion != REPEATED


def _window(rows: Sequence[Row], period: Period, today: date) -> Window:
    """Published entries of other days than the file's can pair with its rows by their ids only."""
    days = [row.date for row in rows]
    days += [day for day in (period.starts, period.ends) if day] or [today]
    return Window(min(days), max(days), frozenset(id_key(row.entry_id) for row in rows if row.entry_id))


def _quiet(judged: Judged, desk: Desk, format_name: str, period: Period) -> list[str]:
    """Clients without a row in an all-clients file had no work (domain.md, "Importing the same period again")."""
    formats = formats_by_client()
    return [
        slug
        for slug in desk.agreements
        if slug not in judged.by_client
        and formats.get(desk.clients[slug].pk, set()) <= {format_name}
        and any(reaches(period, row, agreement) for row, agreement in desk.retainers_of(slug))
    ]


def reaches(period: Period, retainer: Retainer, agreement: Agreement) -> bool:
    """Whether the covers-through date says something of it: it is alive then, or ended since the last."""
    if period.through is None:
        return False
    before = retainer.publication.through if retainer.publication else None
    ended_since = before and agreement.ends and before < agreement.ends <= period.through
    return agreement.alive_on(period.through) or bool(ended_since)


def work_of_entry(entry: Entry) -> Work:
    """A published entry as the ledger sees it."""
    return work_of(tuple(getattr(entry, name) for name in ENTRY_COLUMNS))


class _Settled:
    """Which cycles are settled today."""

    def __init__(self, standings: Mapping[str, Sequence[Standing]], desk: Desk, today: date) -> None:
        every = [standing for found in standings.values() for standing in found]
        self._today, self._closings = today, closings(every, zone_of(desk.provider))

    def has(self, retainer_id: int, agreement: Agreement, day: date) -> bool:
        cycle = cycle_of(agreement, day)
        found = self._closings.get(retainer_id, {}).get(cycle.starts) if cycle else None
        return found is not None and found.is_settled(self._today)


def _standing(
    slug: str, row: PublishedRow, agreements: Mapping[str, Agreement], settled: _Settled
) -> Published:
    entry = row.entry
    agreement = agreements[entry.retainer.key]
    draws = draws_under(agreement, work_of_entry(entry))
    return Published(
        ref=entry.pk,
        row=row.row,
        client=slug,
        retainer=entry.retainer.key,
        pool=draws[0].pool,
        settled=settled.has(entry.retainer_id, agreement, entry.day),
        counted=reason_against(draws) is None,
    )
