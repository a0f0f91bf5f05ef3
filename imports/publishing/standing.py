"""What stands published, as `reconcile` compares it: with its place, and whether it is settled and counts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from imports.judging.provider_rules import Desk
from imports.publishing.standing_rows import PublishedRow
from imports.stages import StandingEntry
from retainers.balance import Work
from retainers.closings import closings
from retainers.company_names import company_key
from retainers.cycles import cycle_of
from retainers.models import Entry
from retainers.pricing import draws_under, reason_against
from retainers.row_values import ENTRY_COLUMNS, work_of
from retainers.selectors import Standing
from retainers.terms import Agreement


def standing_entries(
    published: Mapping[str, Iterable[PublishedRow]],
    standings: Mapping[str, Sequence[Standing]],
    desk: Desk,
    today: date,
) -> list[StandingEntry]:
    """The entries of all these clients (by slug)."""
    settled = _Settled(standings, desk, today)
    return [
        _standing(slug, row, desk.agreements[slug], settled)
        for slug, rows in published.items()
        for row in rows
    ]


def names_before(published: Mapping[str, Iterable[PublishedRow]]) -> dict[str, str]:
    """The company names under which the entries came, with the client that they are of."""
    return {
        company_key(row.row.company): slug
        for slug, rows in published.items()
        for row in rows
        if row.row.company
    }


def work_of_entry(entry: Entry) -> Work:
    """A published entry as the ledger sees it."""
    return work_of(tuple(getattr(entry, name) for name in ENTRY_COLUMNS))


class _Settled:
    """Which cycles are settled today."""

    def __init__(self, standings: Mapping[str, Sequence[Standing]], desk: Desk, today: date) -> None:
        every = [standing for found in standings.values() for standing in found]
        self._today, self._closings = today, closings(every, desk.provider)

    def has(self, retainer_id: int, agreement: Agreement, day: date) -> bool:
        cycle = cycle_of(agreement, day)
        found = self._closings.get(retainer_id, {}).get(cycle.starts) if cycle else None
        return found is not None and found.is_settled(self._today)


def _standing(
    slug: str, row: PublishedRow, agreements: Mapping[str, Agreement], settled: _Settled
) -> StandingEntry:
    entry = row.entry
    agreement = agreements[entry.retainer.key]
    draws = draws_under(agreement, work_of_entry(entry))
    return StandingEntry(
        ref=entry.pk,
        row=row.row,
        client=slug,
        retainer=entry.retainer.key,
        pool=draws[0].pool,
        settled=settled.has(entry.retainer_id, agreement, entry.day),
        counted=reason_against(draws) is None,
    )
