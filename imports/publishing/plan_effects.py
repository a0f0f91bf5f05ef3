"""What a plan would do to the pages of a retainer: figures and dates before and after, as plain values. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from retainers.coverage import Coverage
from retainers.kept.handed import Handed


@dataclass(frozen=True, slots=True)
class PoolEffect:
    """What is left in one pool before and after, and what is over; under shared hours `before` and `after` may be
    below zero, and only the retainer as a whole is over.
    """

    pool: str
    before: Decimal
    after: Decimal
    name: str
    over_before: Decimal
    over_after: Decimal


@dataclass(frozen=True, slots=True)
class CycleEffect:
    """What one cycle says before and after. `settled`: to change it is a restatement (domain.md)."""

    starts: date
    before: Decimal
    after: Decimal
    over_before: Decimal
    over_after: Decimal
    settled: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What a retainer's page says before and after, of its current cycle (totals, in hours).

    `closed`: the closed cycles whose figures change. `handed`: the figures themselves, for those who keep them.
    """

    retainer_id: int
    retainer: str  # its key
    name: str
    before: Decimal
    after: Decimal
    over_before: Decimal
    over_after: Decimal
    pools: tuple[PoolEffect, ...]
    closed: tuple[CycleEffect, ...]
    through_before: date | None
    through: date | None
    coverage: Coverage
    shared: bool  # its pools are one account; else they are never added up
    is_block: bool  # a prepaid block, told over its whole life: nobody reads of its cycles
    reached: bool  # whether the file's covers-through date says something of it
    moves: bool  # whether its entries, its coverage or the day of its next update change
    handed: Handed | None = None

    @property
    def closed_cycles(self) -> tuple[date, ...]:
        """The first days of the closed cycles whose figures change."""
        return tuple(cycle.starts for cycle in self.closed)
