"""What stands published, as `reconcile` compares it: with its place, and whether it is settled and counts."""

from collections.abc import Iterable, Mapping
from datetime import date

from imports.judging.provider_setup import ProviderSetup
from imports.publishing.standing_rows import PublishedRow
from imports.stages import StandingEntry
from retainers.balance import Work
from retainers.closings import Closings
from retainers.company_names import company_key
from retainers.cycles import Cycle, cycle_among, cycles_until
from retainers.pricing import Prices, reason_against
from retainers.terms import Agreement


def standing_entries(
    published: Mapping[str, Iterable[PublishedRow]],
    closed: Mapping[int, Closings],
    setup: ProviderSetup,
    today: date,
) -> list[StandingEntry]:
    """The entries of all these clients (by slug); `closed` are the closed cycles of their retainers."""
    settled = _Settled(closed, today)
    found: list[StandingEntry] = []
    for slug, rows in published.items():
        counted = {key: _Counted(agreement) for key, agreement in setup.agreements[slug].items()}
        found += [_standing(slug, row, setup.agreements[slug], counted, settled) for row in rows]
    return found


def names_before(published: Mapping[str, Iterable[PublishedRow]]) -> dict[str, str]:
    """The company names under which the entries came, with the client that they are of."""
    return {
        company_key(row.row.company): slug
        for slug, rows in published.items()
        for row in rows
        if row.row.company
    }


class _Counted:
    """From which pool entries under one agreement draw, and whether anything counts of them. It is looked at once of
    those with the very same values, which are told apart without a look at these: the reader of entries makes what many
    of them say alike once. Each first one is held, so that its values stay who they are.
    """

    def __init__(self, agreement: Agreement) -> None:
        self._prices = Prices(agreement)
        self._known: dict[tuple[object, ...], tuple[str, bool, Work]] = {}

    def of(self, work: Work) -> tuple[str, bool]:
        day, worked, billable, deducted, is_billable, categories, pool, exclusion, _ref, parts = work
        figures = id(worked), id(billable), id(deducted), is_billable
        said = self._prices.terms_of(day), figures, id(categories), pool, exclusion, id(parts)
        if (found := self._known.get(said)) is None:
            draws = self._prices.draws_of(work)
            found = self._known[said] = draws[0].pool, reason_against(draws) is None, work
        return found[:2]


class _Settled:
    """Which cycles are settled today."""

    def __init__(self, closed: Mapping[int, Closings], today: date) -> None:
        self._today, self._closings = today, closed
        self._known: dict[tuple[int, date], bool] = {}
        self._cycles: dict[int, tuple[Cycle, ...]] = {}

    def has(self, retainer_id: int, agreement: Agreement, day: date) -> bool:
        known = self._known.get((retainer_id, day))
        if known is None:
            known = self._known[retainer_id, day] = self._look_up(retainer_id, agreement, day)
        return known

    def _look_up(self, retainer_id: int, agreement: Agreement, day: date) -> bool:
        if retainer_id not in self._cycles:
            self._cycles[retainer_id] = cycles_until(agreement, self._today)  # what is to come isn't settled
        cycle = cycle_among(self._cycles[retainer_id], day)
        found = self._closings.get(retainer_id, {}).get(cycle.starts) if cycle else None
        return found is not None and found.is_settled(self._today)


def _standing(
    slug: str,
    row: PublishedRow,
    agreements: Mapping[str, Agreement],
    counted: Mapping[str, _Counted],
    settled: _Settled,
) -> StandingEntry:
    entry = row.entry
    key = entry.retainer.key
    pool, counts = counted[key].of(row.work)
    return StandingEntry(
        ref=entry.pk,
        row=row.row,
        client=slug,
        retainer=key,
        pool=pool,
        settled=settled.has(entry.retainer_id, agreements[key], entry.day),
        counted=counts,
    )
