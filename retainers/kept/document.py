"""Closed cycles and grants as text and back. Pure.

A cycle is a line of text, and is read only by whoever needs its figures: lines are kept, handed on and put together as
they are. They say figures alone: days, terms and names are the agreement's, and read from it. Approvals stand with the
moment at which they were given, and are read from their rows: where there are any, no grants are kept.
"""

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
Line = str  # a cycle, as JSON that begins with its first day
Cells = list[Any]  # what a line or a grant says
Granted = list[list[Cells]] | None  # top-ups and adjustments; None: they are read from their rows
_parts = msgspec.json.Decoder(tuple[list[msgspec.Raw], Granted])


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


def grants_of(lines: list[list[Cells]]) -> tuple[list[TopUp], list[Adjustment]]:
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


def _grant_line(grant: TopUp | Adjustment) -> Cells:
    expires = None if grant.expires is None else str(grant.expires)
    return [grant.date.isoformat(), str(grant.hours), grant.pool, expires, grant.key]


def _granted(line: Cells) -> tuple[date, Decimal, str | None]:
    return date.fromisoformat(line[0]), Decimal(line[1]), line[2]


def _expiry(text: str | None) -> Expiry | None:
    if text is None or text in ("never", "cycle"):
        return text  # type: ignore[return-value]  # as said
    return int(text) if text.isdigit() else date.fromisoformat(text)


def compact(said: object) -> str:
    """What is kept is written so: as JSON, without blanks."""
    return _writing.encode(said).decode()


def text_of(lines: Sequence[Line], granted: Granted) -> str:
    return f"[[{','.join(lines)}],{compact(granted)}]"


def read(text: str) -> tuple[list[Line], Granted]:
    lines, granted = _parts.decode(text)
    return [bytes(line).decode() for line in lines], granted


def starts_of(line: Line) -> str:
    """The first day of the cycle.

    >>> starts_of('["2026-01-01",null,[]]')
    '2026-01-01'
    """
    return line[len('["') :][: len("2026-01-01")]


def cells_of(line: Line) -> Cells:
    found: Cells = msgspec.json.decode(line)
    return found


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
    starts = [starts_of(line) for line in lines[: len(days)]]
    return starts == [cycle.starts.isoformat() for cycle in days]


def line_of(cycle: CycleBalance) -> Line:
    """Its figures; those of an open cycle are as they are on its day."""
    cells = [
        cycle.starts,
        cycle.total if cycle.sharing == "shared" else None,
        [(its.key, its.allocated, its.used, its.remaining, its.account) for its in cycle.pools],
        [(*its.categories, its.factor, its.counted, its.drawn) for its in cycle.used_by_multiplier],
        cycle.approved,
        cycle.overage_amount,
        cycle.lots,
        cycle.in_hand,
        cycle.draws.days if isinstance(cycle.draws, UnreadDraws) else written(cycle.draws),
        sorted([sorted(categories), pool] for categories, pool in kinds_in(cycle)),
    ]
    return compact(cells)


def cycle_from(line: Line, terms: Terms, cycle: Cycle, *, closed: bool = True) -> CycleBalance:
    """The cycle again that has these days."""
    _starts, total, pools, uses, approved, amount, lots, in_hand, days, kinds = cells_of(line)
    read = tuple(_pool(pool, terms) for pool in pools)
    accounts = (pool.account for pool in read if pool.account)
    return CycleBalance(
        index=cycle.index,
        starts=cycle.starts,
        ends=cycle.ends,
        resets=cycle.resets,
        closed=closed,
        terms=terms,
        sharing=terms.sharing,
        pools=read,
        total=_figures(total) if total else reduce(Figures.together, accounts),
        used_by_multiplier=tuple(_use(each) for each in uses),
        approved=_hours(approved),
        overage_amount=_hours(amount),
        lots=tuple((key, tuple(_lot(*each) for each in its)) for key, its in lots),
        in_hand=tuple((key, _hours(hours)) for key, hours in in_hand),
        draws=UnreadDraws(days, kinds),
    )


def _use(cells: Cells) -> MultiplierUse:
    *categories, factor, counted, drawn = cells
    return MultiplierUse(tuple(categories), *map(_hours, (factor, counted, drawn)))


def _pool(cells: Cells, terms: Terms) -> PoolFigures:
    key, *hours, account = cells
    allocated, used, remaining = map(_hours, hours)
    its = _figures(account) if account else None
    return PoolFigures(key, terms.pool(key).name, allocated, used, remaining, its)


def _figures(cells: Cells) -> Figures:
    return Figures._make(map(_hours, cells))


@lru_cache(maxsize=8192)
def _hours(text: str | None) -> Any:
    """Thousands of figures are zero, or what is granted each month; None where they were None."""
    return None if text is None else Decimal(text)


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
