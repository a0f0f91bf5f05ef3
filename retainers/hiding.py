"""What a client sees of an agreement in which pools are hidden: the others, with figures that are true of them. Pure.

Only pools with balances of their own can be hidden (`agreements.hiding`), so that no figure of a shown pool has
anything of a hidden one in it, and sums are those of what is shown.

Figures that were written down (statements, restatements) are as `wire` writes them; which pools are hidden is said
of the agreement as it is shown today.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, TypeVar

from retainers.balance import CycleBalance, Figures
from retainers.drawn import used_by_multiplier
from retainers.hours import ZERO, round_half_up, write_hours
from retainers.terms import Adjustment, Agreement, Terms, TopUp

Grant = TypeVar("Grant", TopUp, Adjustment)


def hidden_pools(agreement: Agreement, day: date) -> frozenset[str]:
    """The keys of the pools that the client doesn't see in the cycle of that day.

    What the newest terms with a pool hide, they hide in the past too; what they show again stays hidden in the
    cycles of terms that hid it. Pools that are one balance are told together, so none of them is hidden.

    >>> from decimal import Decimal
    >>> from retainers.terms import Pool
    >>> first, later = date(2026, 1, 1), date(2026, 2, 1)
    >>> pools = Pool("main", "Main", Decimal(8)), Pool("spare", "Spare", Decimal(2))
    >>> hiding = Terms(later, (pools[0], replace(pools[1], hidden=True)))
    >>> sorted(hidden_pools(Agreement("it", "IT", first, (Terms(first, pools), hiding)), first))
    ['spare']
    """
    return _hidden(agreement.terms_on(day), _hidden_at_last(agreement))


def _hidden_at_last(agreement: Agreement) -> frozenset[str]:
    newest = {pool.key: pool.hidden for terms in agreement.terms for pool in terms.pools}
    return frozenset(key for key, hidden in newest.items() if hidden)


def _hidden(terms: Terms, at_last: frozenset[str]) -> frozenset[str]:
    if terms.sharing == "shared":
        return frozenset()
    found = frozenset(pool.key for pool in terms.pools if pool.hidden or pool.key in at_last)
    return frozenset() if len(found) == len(terms.pools) else found


def shown_agreement(agreement: Agreement) -> Agreement:
    """The agreement without its hidden pools; itself where it hides none."""
    at_last = _hidden_at_last(agreement)
    hidden = [_hidden(terms, at_last) for terms in agreement.terms]
    if not any(hidden):
        return agreement
    shown = zip(agreement.terms, hidden, strict=True)
    return replace(agreement, terms=tuple(_terms(terms, keys) for terms, keys in shown))


def _terms(terms: Terms, hidden: frozenset[str]) -> Terms:
    return replace(terms, pools=tuple(pool for pool in terms.pools if pool.key not in hidden))


def with_marks(agreement: Agreement) -> Agreement:
    """For staff, whose pages are English: pools that are hidden from the client say so in their names."""
    at_last = _hidden_at_last(agreement)
    if not any(pool.hidden for terms in agreement.terms for pool in terms.pools):
        return agreement
    return replace(
        agreement, terms=tuple(_marked(terms, _hidden(terms, at_last)) for terms in agreement.terms)
    )


def _marked(terms: Terms, hidden: frozenset[str]) -> Terms:
    names = {pool.key: f"{pool.name} (hidden from the client)" for pool in terms.pools if pool.key in hidden}
    return replace(
        terms, pools=tuple(replace(pool, name=names.get(pool.key, pool.name)) for pool in terms.pools)
    )


def shown_cycle(cycle: CycleBalance, hidden: frozenset[str]) -> CycleBalance:
    """The cycle without these pools: what is summed is summed over the others."""
    if not hidden:
        return cycle
    pools = tuple(pool for pool in cycle.pools if pool.key not in hidden)
    total = reduce(Figures.together, (pool.account for pool in pools if pool.account))
    draws = tuple(draw for draw in cycle.draws if draw.pool not in hidden)
    most = round_half_up(total.overage * (cycle.terms.overage_rate or ZERO))
    return replace(
        cycle,
        terms=_terms(cycle.terms, hidden),
        pools=pools,
        total=total,
        used_by_multiplier=used_by_multiplier(draws),
        overage_amount=min(cycle.overage_amount, most),
        lots=tuple((key, lots) for key, lots in cycle.lots if key not in hidden),
        in_hand=tuple((key, hours) for key, hours in cycle.in_hand if key not in hidden),
        draws=draws,
    )


def shown_grants(agreement: Agreement, grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants of pools that are shown on the grant's own day."""
    return tuple(
        grant
        for grant in grants
        if agreement.terms_on(grant.date).pool(grant.pool).key not in hidden_pools(agreement, grant.date)
    )


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
