"""What there is to say of the shown cycles that are over: stated, restated, when they will be settled."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from accounts.models import Provider
from presentation.accounts import run_of
from presentation.restated import Restated
from retainers.agreements.fields import agreement_from_document
from retainers.balance import CycleBalance
from retainers.closings import closings
from retainers.gate.known import Gate
from retainers.hiding import hidden_pools, shown_written_cycle
from retainers.models import Restatement, Statement
from retainers.restating.reading import restatements_of
from retainers.selectors import Standing

Run = Sequence[CycleBalance]  # the cycles that a page shows of a retainer: one, of a prepaid block its life


def runs_of(found: Sequence[Standing], shown: Sequence[CycleBalance | None]) -> list[Run]:
    """Of each retainer those that are shown with the one that was chosen."""
    return [run_of(each.cycles, cycle) for each, cycle in zip(found, shown, strict=True)]


def _closed(found: Sequence[Standing], runs: Sequence[Run]) -> dict[int, dict[date, CycleBalance]]:
    """The shown cycles that are over, by retainer and first day."""
    closed = {
        each.retainer.pk: {cycle.starts: cycle for cycle in run if cycle.closed}
        for each, run in zip(found, runs, strict=True)
    }
    return {pk: cycles for pk, cycles in closed.items() if cycles}


def stated(found: Sequence[Standing], runs: Sequence[Run]) -> dict[int, set[date]]:
    """The first days of the shown, closed cycles of which there is a statement."""
    closed, known = _closed(found, runs), defaultdict(set)
    if closed:
        rows = Statement.objects.filter(retainer__in=closed).order_by()
        for retainer_id, starts in rows.values_list("retainer_id", "cycle_starts"):
            if starts in closed[retainer_id]:
                known[retainer_id].add(starts)
    return known


def restated(
    found: Sequence[Standing], runs: Sequence[Run], gate: Gate, zone: ZoneInfo
) -> dict[int, tuple[Restated, ...]]:
    """How the shown cycles that are closed were restated, by what is shown, oldest first."""
    closed = _closed(found, runs)
    heads = {each.retainer.pk: each for each in found if each.retainer.pk in closed}
    if not heads:
        return {}
    rows = restatements_of(
        [each.retainer for each in heads.values()],
        seen={pk: each.publication for pk, each in heads.items()},
    )
    return {
        pk: tuple(
            said
            for starts, cycle in cycles.items()
            for row in rows.get(pk, {}).get(starts, ())
            if (said := _restated(row, heads[pk], cycle, gate, zone))
        )
        for pk, cycles in closed.items()
    }


def _restated(
    row: Restatement, standing: Standing, cycle: CycleBalance, gate: Gate, zone: ZoneInfo
) -> Restated | None:
    """As the client may read it; None where only what is hidden from the client became another."""
    hidden = hidden_pools(agreement_from_document(standing.publication.version.document), cycle.starts)
    before, after = (
        None if said is None else shown_written_cycle(said, hidden, cycle.terms.overage_rate)
        for said in (row.before, row.after)
    )
    if before == after and row.before != row.after:
        return None
    reason = gate.out(row.reason, standing.retainer.client.slug)
    return Restated(row.made_at.astimezone(zone).date(), row.cause, reason, before, after)


def settling(
    found: Sequence[Standing], shown: Sequence[CycleBalance | None], today: date, provider: Provider
) -> dict[int, date]:
    """When the shown cycles that are complete and not yet settled will be."""
    closed = {
        each.retainer.pk: cycle.starts
        for each, cycle in zip(found, shown, strict=True)
        if cycle and cycle.closed
    }
    known = closings([each for each in found if each.retainer.pk in closed], provider)
    days = {pk: known[pk][starts].settled_on for pk, starts in closed.items()}
    return {pk: day for pk, day in days.items() if day and day > today}
