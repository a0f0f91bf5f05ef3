"""What the ledger takes in and gives out: immutable values, in hours (`Decimal`), with no rule in them.

Every `Draw` says how it came about and every `Figures` adds up (domain.md, "Always true"), so that a page
or a file can explain a number without computing one.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from retainers.terms import HoursFrom, Sharing, Terms


@dataclass(frozen=True, slots=True)
class Work:
    """One published entry as the ledger sees it. Hours have four places; None: the export had no figure.

    `pool` None means that no rule chose one. `exclusion` is the reason of the rule that excludes it.
    `ref` is the caller's own mark (an entry's id); the ledger hands it back untouched.
    """

    day: date
    worked: Decimal | None
    billable: Decimal | None = None
    deducted: Decimal | None = None
    is_billable: bool = True
    categories: frozenset[str] = frozenset()
    pool: str | None = None
    exclusion: str | None = None
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Draw:
    """What one entry takes out of its pool, and why.

    `reason` is set when it is not counted ("non-billable", "travel", "outside the retainer", or a rule's);
    then `hours` is zero. `column` is where the figure came from, `stands_in` whether that was not the column
    that the terms name. `counted` is after rounding and minimum, `factor` None where the PSA has already
    applied it (deducted hours, then `counted` is the worked hours). `multipliers` are the entry's categories
    that bear a multiplier in these terms, sorted.
    """

    work: Work
    pool: str
    reason: str | None
    column: HoursFrom
    stands_in: bool
    figure: Decimal
    counted: Decimal
    factor: Decimal | None
    hours: Decimal
    multipliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """One account in one cycle; the last three are None while the cycle is open."""

    allocated: Decimal
    carried_in: Decimal
    topped_up: Decimal
    credited: Decimal
    queued_in: Decimal
    used: Decimal
    charged: Decimal
    remaining: Decimal
    overage: Decimal
    carried_out: Decimal | None
    expired: Decimal | None
    queued_out: Decimal | None


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """A pool in one cycle: `account` under separate sharing, None under shared (then tracked only)."""

    key: str
    name: str
    allocated: Decimal
    used: Decimal
    remaining: Decimal  # under shared: allocated - used, may be below zero
    account: Figures | None


@dataclass(frozen=True, slots=True)
class MultiplierUse:
    categories: tuple[str, ...]
    factor: Decimal | None
    counted: Decimal
    drawn: Decimal


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of hours granted: `lapses` is the index of the cycle at whose end it goes, None never."""

    kind: Literal["allocation", "top_up", "credit"]
    granted: date
    lapses: int | None
    hours: Decimal


@dataclass(frozen=True, slots=True)
class CycleBalance:
    """One cycle of a retainer on the date asked for; `ends` is its last day, `resets` None in a last cycle."""

    index: int
    starts: date
    ends: date
    resets: date | None
    closed: bool
    terms: Terms
    sharing: Sharing
    pools: tuple[PoolFigures, ...]
    total: Figures
    used_by_multiplier: tuple[MultiplierUse, ...]
    overage_amount: Decimal
    lots: tuple[tuple[str, tuple[Lot, ...]], ...]  # what is left of each lot, by account (pool key, or "")
    draws: tuple[Draw, ...]  # all work dated in the cycle up to the date, counted or not, in date order
