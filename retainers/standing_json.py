"""One retainer with all its cycles in the form of `balances --json`: for the command and for programs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from retainers.balance import CycleBalance
from retainers.closings import Closings
from retainers.hours import write_hours
from retainers.selectors import Standing
from retainers.wire import coverage_json, cycle_json, life_json


def balance_words(cycle: CycleBalance | None) -> str:
    """What `balances` prints of the cycle that runs; None where the agreement has not begun."""
    if cycle is None:
        return "not begun"
    total = cycle.total
    over = f", {write_hours(total.overage)} over" if total.overage else ""
    return (
        f"{write_hours(total.remaining)} left{over}, {write_hours(total.used)} used"
        f" in {cycle.starts} to {cycle.ends}"
    )


def standing_json(
    standing: Standing, closed: Closings, restated: Mapping[date, Sequence[date]]
) -> dict[str, Any]:
    """The retainer ready for JSON; hours and money are texts. `closed`: its closed cycles.

    `restated`: by a cycle's first day, on which days it was restated.
    """
    fresh = standing.freshness
    return {
        "client": standing.retainer.client.slug,
        "retainer": standing.retainer.key,
        "on": standing.on.isoformat(),
        "through": fresh.through.isoformat() if fresh.through else None,
        "next_update": fresh.next_update.isoformat() if fresh.next_update else None,
        **coverage_json(fresh.by_pool, fresh.starts_on, fresh.gaps),
        **life_json(standing.agreement, standing.cycles, standing.on),
        "cycles": [
            cycle_json(
                cycle,
                provisional=standing.is_provisional(cycle),
                settled=closed[cycle.starts].is_settled(standing.on) if cycle.closed else None,
                restated_on=restated.get(cycle.starts, ()),
            )
            for cycle in standing.cycles
        ],
    }
