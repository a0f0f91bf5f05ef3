"""What a client sees of figures that were written down (statements, restatements) where pools are hidden. Pure.

A written cycle is as `wire` writes it; which pools are hidden, `hiding` says of the agreement as it is shown today.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from retainers.hours import ZERO, round_half_up, write_hours

Written = Mapping[str, Any]


def shown_written_cycle(cycle: Written, hidden: frozenset[str], rate: Decimal | None) -> dict[str, Any]:
    """The cycle without these pools; work by multiplier, which names no pool, is left out with them.

    `rate` is the price of an hour past the cap.

    >>> pools = [{"pool": "main", "overage": "1.00"}, {"pool": "spare", "overage": "2.00"}]
    >>> said = {"sharing": "separate", "pools": pools, "total": {"overage": "3.00"}, "overage_amount": "300.00"}
    >>> shown = shown_written_cycle(said, frozenset({"spare"}), Decimal(100))
    >>> shown["total"], shown["overage_amount"]
    ({'overage': '1.00'}, '100.00')
    """
    if not hidden or cycle["sharing"] == "shared":
        return dict(cycle)
    pools = [pool for pool in cycle["pools"] if pool["pool"] not in hidden]
    total = {name: _sum(pools, name) for name in cycle["total"]}
    most = round_half_up(Decimal(total["overage"] or 0) * (rate or ZERO))
    return {
        **cycle,
        "pools": pools,
        "total": total,
        "used_by_multiplier": [],
        "overage_amount": write_hours(min(Decimal(cycle["overage_amount"]), most)),
    }


def _sum(pools: list[Written], name: str) -> str | None:
    """None, as in the cycle itself, where one of them has no such figure yet."""
    found = [pool.get(name, "0.00") for pool in pools]
    if any(each is None for each in found):
        return None
    return write_hours(sum((Decimal(each) for each in found), ZERO))


def shown_document(document: Written, hidden: frozenset[str]) -> dict[str, Any]:
    """A statement's whole document without these pools, their names and their lines."""
    if not hidden or document["cycle"]["sharing"] == "shared":
        return dict(document)
    rate = document.get("overage_rate")
    return {
        **document,
        "cycle": shown_written_cycle(document["cycle"], hidden, None if rate is None else Decimal(rate)),
        "pools": {key: name for key, name in document["pools"].items() if key not in hidden},
        "log": [line for line in document["log"] if line["pool"] not in hidden],
    }
