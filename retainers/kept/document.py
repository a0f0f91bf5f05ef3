"""Closed cycles and grants as text and back. Pure.

Of cycles figures alone: days, terms and names are the agreement's, and read from it. Approvals stand with the moment at
which they were given, and are read from their rows: where there are any, no grants are kept.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, reduce
from typing import Any, Literal

import msgspec

from retainers.balance import CycleBalance, Figures, Lot, MultiplierUse, PoolFigures
from retainers.cycles import Cycle
from retainers.drawn import UnreadDraws, kinds_in, written
from retainers.terms import Adjustment, Agreement, Approval, Expiry, Terms, TopUp

_writing = msgspec.json.Encoder()
Line = list[Any]
Granted = list[list[Line]] | None  # top-ups and adjustments; None: they are read from their rows


def lines_of(cycles: Iterable[CycleBalance]) -> list[Line]:
    """A line for each closed cycle."""
    return [line_of(cycle) for cycle in cycles if cycle.closed]


def granted_lines(
    top_ups: Iterable[TopUp], adjustments: Iterable[Adjustment], approvals: Collection[Approval]
) -> Granted:
    """What was bought, credited and charged; None where anything was approved."""
    if approvals:
        return None
    return [
        [[*_grant_line(each), each.note] for each in top_ups],
        [[*_grant_line(each), each.reason] for each in adjustments],
    ]


def grants_of(lines: list[list[Line]]) -> tuple[list[TopUp], list[Adjustment]]:
    """The grants again."""
    bought, given = lines
    return (
        [
            TopUp(*_granted(line), expires=_expiry(line[3]) or "never", note=line[5], key=line[4])
            for line in bought
        ],
        [
            Adjustment(*_granted(line), expires=_expiry(line[3]), reason=line[5], key=line[4])
            for line in given
        ],
    )


def _grant_line(grant: TopUp | Adjustment) -> Line:
    expires = None if grant.expires is None else str(grant.expires)
    return [grant.date.isoformat(), str(grant.hours), grant.pool, expires, grant.key]


def _granted(line: Line) -> tuple[date, Decimal, str | None]:
    return date.fromisoformat(line[0]), Decimal(line[1]), line[2]


def _expiry(text: str | None) -> Expiry | None:
    if text is None or text in ("never", "cycle"):
        return text  # type: ignore[return-value]  # as said
    return int(text) if text.isdigit() else date.fromisoformat(text)


def compact(said: object) -> str:
    """What is kept is written so: as JSON, without blanks."""
    return _writing.encode(said).decode()


def text_of(lines: Sequence[Line], granted: Granted) -> str:
    return compact([lines, granted])


def read(text: str) -> tuple[list[Line], Granted]:
    lines, granted = json.loads(text)
    return lines, granted


def cycles_of(
    lines: Sequence[Line], agreement: Agreement, days: Sequence[Cycle]
) -> tuple[CycleBalance, ...] | None:
    """The cycles again, in the agreement's words; None where the lines are not of these days.

    `days` are the closed cycles of the agreement, as many as are wanted, oldest first.
    """
    if not are_of(lines, days):
        return None
    pairs = zip(lines, days, strict=False)
    return tuple(cycle_from(line, agreement.terms_on(cycle.starts), cycle) for line, cycle in pairs)


def are_of(lines: Sequence[Line], days: Sequence[Cycle]) -> bool:
    """Whether the first of these lines are of these cycles."""
    starts = [line[0] for line in lines[: len(days)]]
    return starts == [cycle.starts.isoformat() for cycle in days]


def line_of(cycle: CycleBalance) -> Line:
    """Its figures; those of an open cycle are as they are on its day."""
    return [
        cycle.starts.isoformat(),
        _figures_line(cycle.total) if cycle.sharing == "shared" else None,
        [_pool_line(pool) for pool in cycle.pools],
        [_use_line(each) for each in cycle.used_by_multiplier],
        str(cycle.approved),
        str(cycle.overage_amount),
        [[key, list(map(_lot_line, lots))] for key, lots in cycle.lots],
        [[key, str(hours)] for key, hours in cycle.in_hand],
        cycle.draws.days if isinstance(cycle.draws, UnreadDraws) else written(cycle.draws),
        sorted([sorted(categories), pool] for categories, pool in kinds_in(cycle)),
    ]


def _use_line(use: MultiplierUse) -> Line:
    return [*use.categories, _text(use.factor), str(use.counted), str(use.drawn)]


def cycle_from(line: Line, terms: Terms, cycle: Cycle, *, closed: bool = True) -> CycleBalance:
    """The cycle again that has these days."""
    _starts, total, pools, uses, approved, amount, lots, in_hand, days, kinds = line
    read = tuple(_pool(pool, terms) for pool in pools)
    whole = (
        _figures(total)
        if total
        else reduce(Figures.together, (pool.account for pool in read if pool.account))
    )
    return CycleBalance(
        index=cycle.index,
        starts=cycle.starts,
        ends=cycle.ends,
        resets=cycle.resets,
        closed=closed,
        terms=terms,
        sharing=terms.sharing,
        pools=read,
        total=whole,
        used_by_multiplier=tuple(_use(each) for each in uses),
        approved=Decimal(approved),
        overage_amount=Decimal(amount),
        lots=tuple((key, tuple(_lot(*each) for each in its)) for key, its in lots),
        in_hand=tuple((key, Decimal(hours)) for key, hours in in_hand),
        draws=UnreadDraws(days, kinds),
    )


def _use(line: Line) -> MultiplierUse:
    *categories, factor, counted, drawn = line
    return MultiplierUse(tuple(categories), _hours(factor), _decimal(counted), _decimal(drawn))


def _pool_line(pool: PoolFigures) -> Line:
    account = _figures_line(pool.account) if pool.account else None
    return [pool.key, str(pool.allocated), str(pool.used), str(pool.remaining), account]


def _pool(line: Line, terms: Terms) -> PoolFigures:
    key, allocated, used, remaining, account = line
    return PoolFigures(
        key,
        terms.pool(key).name,
        _decimal(allocated),
        _decimal(used),
        _decimal(remaining),
        _figures(account) if account else None,
    )


def _figures_line(its: Figures) -> Line:
    return list(map(_text, its))


def _figures(line: Line) -> Figures:
    return Figures(*[text and _decimal(text) for text in line])  # None where it was None


_decimal = lru_cache(maxsize=8192)(Decimal)  # thousands of figures are zero, or what is granted each month


def _lot_line(lot: Lot) -> Line:
    ends = lot.ends.isoformat() if lot.ends else None
    return [lot.kind, lot.granted.isoformat(), lot.lapses, str(lot.hours), ends]


@lru_cache(maxsize=8192)
def _lot(
    kind: Literal["allocation", "top_up", "credit"],
    granted: str,
    lapses: int | None,
    hours: str,
    ends: str | None,
) -> Lot:
    last = date.fromisoformat(ends) if ends else None
    return Lot(kind, date.fromisoformat(granted), lapses, Decimal(hours), last)


def _text(hours: Decimal | None) -> str | None:
    return None if hours is None else str(hours)


def _hours(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
