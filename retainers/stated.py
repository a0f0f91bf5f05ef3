"""What is kept of a closed cycle's figures when they are stated or invoiced, and whether two say the same.

A document is plain JSON, written once: `cycle` as `balances --json` prints it, how far it was covered, the fee and the
price of an hour past the cap. Documents of before a figure was known lack its key; it was nothing then.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from retainers.balance import CycleBalance
from retainers.hours import write_hours
from retainers.selectors import Standing
from retainers.wire import cycle_json

Document = Mapping[str, Any]
NEWER = {"lapsed": "0.00"}  # figures of an account that older documents lack
OF_TERMS = ("fee", "overage_rate")


def closed_cycle(standing: Standing, starts: date) -> CycleBalance | None:
    """The standing's cycle that begins on that day, once it is over."""
    return next((each for each in standing.cycles if each.closed and each.starts == starts), None)


def figures_document(standing: Standing, cycle: CycleBalance) -> dict[str, Any]:
    """The cycle's figures as they stand now."""
    through, terms = standing.freshness.through, cycle.terms
    return {
        "cycle": cycle_json(cycle, provisional=standing.is_provisional(cycle)),
        "through": min(through, cycle.ends).isoformat() if through else None,
        "fee": _written(terms.fee),
        "overage_rate": _written(terms.overage_rate),
    }


def says_the_same(one: Document, other: Document) -> bool:
    """Whether two documents of one cycle state the same, and as far as the same day."""
    known = [name for name in OF_TERMS if name in one and name in other]
    return (
        figures(one["cycle"]) == figures(other["cycle"])
        and one["cycle"]["provisional"] == other["cycle"]["provisional"]
        and one["through"] == other["through"]
        and all(one[name] == other[name] for name in known)
    )


def figures(cycle: Document) -> dict[str, Any]:
    """A cycle of a document without what is no figure of it, and with the figures that older ones lack."""
    kept = {name: value for name, value in cycle.items() if name not in ("provisional", "settled")}
    return {
        "approved": "0.00",
        **kept,
        "total": {**NEWER, **cycle["total"]},
        "pools": [{**(NEWER if "overage" in pool else {}), **pool} for pool in cycle["pools"]],
    }


def _written(amount: Decimal | None) -> str | None:
    return None if amount is None else write_hours(amount)
