"""A cycle's balance in the words of the outer face: what `balances --json` and `balance.json` print.

Keys, their order and the way numbers are written are promised to other programs (contract.md, "balances").
The figures come finished from `ledger`; the retainer around them and its dates are the caller's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import lru_cache

from retainers.balance import CycleBalance, Figures, MultiplierUse, PoolFigures
from retainers.blocks import BlockLife, life_of_block
from retainers.endings import Ending, ending_soon
from retainers.hours import write_factor, write_hours
from retainers.terms import Agreement

FIGURES = Figures._fields


def cycle_json(
    balance: CycleBalance,
    *,
    provisional: bool,
    settled: bool | None = None,
    restated_on: Iterable[date] | None = None,
) -> dict[str, object]:
    """One element of `cycles` in contract.md, "balances": hours and money as text with two decimals.

    `provisional`: whether the covers-through date has not reached the cycle's last day yet, closed or not.
    `settled`: of a closed cycle, whether changing it is a restatement; `restated_on`: the days on which it was
    restated. None where that is not told.

    >>> from retainers.ledger import balance
    >>> from retainers.terms import Agreement, Pool, Terms
    >>> start = date(2026, 1, 1)
    >>> terms = Terms(start, (Pool("main", "Main", Decimal(8)),))
    >>> agreement = Agreement("support", "Support", start, (terms,))
    >>> (january,) = balance(agreement, (), (), (), date(2026, 1, 31))
    >>> answer = cycle_json(january, provisional=True)
    >>> answer["resets"], answer["total"]["remaining"], answer["total"]["carried_out"]
    ('2026-02-01', '8.00', None)
    """
    told = {
        "settled": settled,
        "restated_on": None if restated_on is None else [day.isoformat() for day in restated_on],
    }
    said = _cycle_json(balance) | {"provisional": provisional}
    return said | {name: each for name, each in told.items() if each is not None}


def _cycle_json(balance: CycleBalance) -> dict[str, object]:
    return {
        "starts": balance.starts.isoformat(),
        "ends": balance.ends.isoformat(),
        "resets": _written_date(balance.resets),
        "closed": balance.closed,
        "sharing": balance.sharing,
        "pools": [pool_json(pool) for pool in balance.pools],
        "total": figures_json(balance.total),
        "used_by_multiplier": [multiplier_json(use) for use in balance.used_by_multiplier],
        "approved": write_hours(balance.approved),
        "overage_amount": write_hours(balance.overage_amount),
        "currency": balance.terms.currency,
    }


def coverage_json(
    by_pool: Mapping[str, date | None], starts_on: date | None, gaps: Iterable[tuple[date, date]]
) -> dict[str, object]:
    """The keys of contract.md, "balances", that say how far, from when and with which gaps files speak.

    >>> coverage_json({"main": date(2026, 1, 18)}, None, [(date(2026, 1, 5), date(2026, 1, 6))])
    {'through_by_pool': {'main': '2026-01-18'}, 'from': None, 'gaps': [['2026-01-05', '2026-01-06']]}
    """
    return {
        "through_by_pool": {key: _written_date(day) for key, day in by_pool.items()},
        "from": _written_date(starts_on),
        "gaps": [[first.isoformat(), last.isoformat()] for first, last in gaps],
    }


def endings_json(found: Iterable[Ending]) -> list[dict[str, str]]:
    """Hours that end, each with its last day.

    >>> endings_json([Ending(Decimal("6.5"), date(2026, 11, 30))])
    [{'hours': '6.50', 'on': '2026-11-30'}]
    """
    return [{"hours": write_hours(each.hours), "on": each.on.isoformat()} for each in found]


def block_json(life: BlockLife) -> dict[str, object]:
    """A prepaid block over its life (contract.md, "balances", `block`)."""
    names = [field.name for field in fields(BlockLife) if field.name not in ("since", "ends")]
    figures = {name: write_hours(getattr(life, name)) for name in names}
    return {"since": life.since.isoformat(), **figures, "ends": endings_json(life.ends)}


def life_json(agreement: Agreement, cycles: Sequence[CycleBalance], on: date) -> dict[str, object]:
    """What `balances --json` says of a retainer beside its cycles: `block` for a prepaid one, and `ending`."""
    life = life_of_block(cycles, agreement)
    block = {} if life is None else {"block": block_json(life)}
    return {**block, "ending": endings_json(ending_soon(cycles, agreement, on))}


def pool_json(pool: PoolFigures) -> dict[str, object]:
    """A pool with its account, or under shared sharing with the three figures that it is tracked by.

    >>> pool_json(PoolFigures("main", "Main", Decimal(8), Decimal("9.5"), Decimal("-1.5"), None))
    {'pool': 'main', 'allocated': '8.00', 'used': '9.50', 'remaining': '-1.50'}
    """
    if pool.account is not None:
        return {"pool": pool.key, **figures_json(pool.account)}
    return {
        "pool": pool.key,
        "allocated": write_hours(pool.allocated),
        "used": write_hours(pool.used),
        "remaining": write_hours(pool.remaining),
    }


def figures_json(figures: Figures) -> dict[str, str | None]:
    """An account's thirteen figures; those of the close are None while the cycle is open.

    >>> zero = Decimal(0)
    >>> answer = figures_json(Figures(Decimal(8), *[zero] * 6, Decimal(8), zero, None, None, None))
    >>> answer["allocated"], answer["queued_out"]
    ('8.00', None)
    """
    return dict(zip(FIGURES, map(written, figures), strict=True))


def multiplier_json(use: MultiplierUse) -> dict[str, object]:
    """One line of `used_by_multiplier`; the factor at its shortest, None for deducted hours.

    >>> multiplier_json(MultiplierUse(("onsite",), Decimal("1.50"), Decimal(2), Decimal(3)))
    {'categories': ['onsite'], 'factor': '1.5', 'counted': '2.00', 'drawn': '3.00'}
    """
    return {
        "categories": list(use.categories),
        "factor": None if use.factor is None else write_factor(use.factor),
        "counted": write_hours(use.counted),
        "drawn": write_hours(use.drawn),
    }


@lru_cache(maxsize=20_000)
def written(hours: Decimal | None) -> str | None:
    return None if hours is None else write_hours(hours)


def _written_date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
