"""Closed cycles and grants as text and back. Pure.

A cycle is a line of text, of which a figure is read when somebody needs it: lines are kept, handed on and put together
as they are. They say figures alone: days, terms and names are the agreement's, and read from it. Approvals stand with
the moment at which they were given, and are read from their rows: where there are any, no grants are kept.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache, reduce
from operator import attrgetter
from typing import Any, Literal

import msgspec

from retainers.balance import CycleBalance, Draw, Figures, Lot, MultiplierUse, PoolFigures
from retainers.cycles import Cycle
from retainers.drawn import Kinds, UnreadDraws, kinds_in, written
from retainers.hours import ZERO
from retainers.terms import Adjustment, Agreement, Approval, Expiry, Terms, TopUp

_writing = msgspec.json.Encoder()
Line = str  # a cycle, as JSON that begins with its first day
Cells = list[Any]  # what a line or a grant says
Granted = list[list[Cells]] | None  # top-ups and adjustments; None: they are read from their rows
_parts = msgspec.json.Decoder(tuple[list[msgspec.Raw], Granted])
_reading = msgspec.json.Decoder()
_billed = msgspec.json.Decoder(
    tuple[str, Any, Any, msgspec.Raw, Any, Any, msgspec.Raw, msgspec.Raw, msgspec.Raw, msgspec.Raw]
)
_cells = msgspec.json.Decoder(tuple[(msgspec.Raw,) * 10])  # type: ignore[misc]
TOTAL, POOLS, USES, APPROVED, AMOUNT, LOTS, IN_HAND, WORK, KINDS = range(1, 10)  # behind the first day
USED = Figures._fields.index("used")
_FIRST_DAY = slice(len('["'), len('["2026-01-01'))


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
    return line[_FIRST_DAY]


def cells_of(line: Line) -> Cells:
    """What a month's end is told by: of uses, lots and work nothing is read."""
    return list(_billed.decode(line))


def accounts_in(cells: Cells) -> list[Cells]:
    """Of what `cells_of` told the figures of each account: of the one that all pools share, or of each pool."""
    shared, pools = cells[TOTAL], cells[POOLS]
    return [shared] if shared else [pool[-1] for pool in pools if pool[-1]]


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


class KeptCycle(CycleBalance):
    """A cycle as it is kept: the same as one that was worked out, but each of its figures is read from its line when
    somebody asks for it.
    """

    __slots__ = ("line",)
    line: Line

    def __getattr__(self, name: str) -> Any:
        if name not in _FIGURES:
            raise AttributeError(name)
        found = _FIGURES[name](self)
        object.__setattr__(self, name, found)
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CycleBalance) and _whole(self) == _whole(other)

    __hash__ = None  # type: ignore[assignment]  # as of one that was worked out: its terms have none


def with_draws(cycle: CycleBalance, draws: tuple[Draw, ...]) -> CycleBalance:
    """The cycle with its work. Of one that is kept nothing else is read for that."""
    if not isinstance(cycle, KeptCycle):
        return replace(cycle, draws=draws)
    made = cycle_from(cycle.line, cycle.terms, cycle, closed=cycle.closed)
    object.__setattr__(made, "draws", draws)
    return made


def used_in(cycle: CycleBalance) -> Decimal:
    """The hours used in it, of one that is kept without reading its other figures."""
    if not isinstance(cycle, KeptCycle):
        return cycle.total.used
    return sum([hours_of(account[USED]) for account in accounts_in(cells_of(cycle.line))], ZERO)


def cycle_from(line: Line, terms: Terms, cycle: Cycle | KeptCycle, *, closed: bool = True) -> KeptCycle:
    """The cycle again that has these days."""
    made = KeptCycle.__new__(KeptCycle)
    said = cycle.index, cycle.starts, cycle.ends, cycle.resets, closed, terms, terms.sharing, line
    for put, value in zip(_PUT, said, strict=True):
        put(made, value)
    return made


class _WorkInLine(UnreadDraws):
    """The draws of such a cycle, by their days and kinds."""

    _line: Line

    def __new__(cls, line: Line) -> "_WorkInLine":
        made: _WorkInLine = tuple.__new__(cls)
        made._line = line
        return made

    @cached_property
    def days(self) -> str:  # several accounts of a cycle ask for them
        return str(_cell(self._line, WORK))

    @property
    def kinds(self) -> Kinds:
        found: Kinds = _cell(self._line, KINDS)
        return found


def _cell(line: Line, place: int) -> Any:
    """One of the ten: the others are passed over."""
    return _reading.decode(_cells.decode(line)[place])


def _total(cycle: KeptCycle) -> Figures:
    return reduce(Figures.together, map(_figures, accounts_in(cells_of(cycle.line))))


def _use(cells: Cells) -> MultiplierUse:
    *categories, factor, counted, drawn = cells
    return MultiplierUse(tuple(categories), *map(hours_of, (factor, counted, drawn)))


def _pool(cells: Cells, terms: Terms) -> PoolFigures:
    key, *hours, account = cells
    allocated, used, remaining = map(hours_of, hours)
    its = _figures(account) if account else None
    return PoolFigures(key, terms.pool(key).name, allocated, used, remaining, its)


def _figures(cells: Cells) -> Figures:
    return Figures._make(map(hours_of, cells))


@lru_cache(maxsize=8192)
def hours_of(text: str | None) -> Any:
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


_whole = attrgetter(*(each.name for each in fields(CycleBalance)))
_KNOWN = ("index", "starts", "ends", "resets", "closed", "terms", "sharing")  # without its line
_PUT = [getattr(CycleBalance, name).__set__ for name in _KNOWN] + [KeptCycle.__dict__["line"].__set__]
_FIGURES: Mapping[str, Callable[[KeptCycle], Any]] = {
    "pools": lambda its: tuple(_pool(pool, its.terms) for pool in _cell(its.line, POOLS)),
    "total": _total,
    "used_by_multiplier": lambda its: tuple(map(_use, _cell(its.line, USES))),
    "approved": lambda its: hours_of(_cell(its.line, APPROVED)),
    "overage_amount": lambda its: hours_of(_cell(its.line, AMOUNT)),
    "lots": lambda its: tuple(
        (key, tuple(_lot(*each) for each in lots)) for key, lots in _cell(its.line, LOTS)
    ),
    "in_hand": lambda its: tuple((key, hours_of(hours)) for key, hours in _cell(its.line, IN_HAND)),
    "draws": lambda its: _WorkInLine(its.line),
}
