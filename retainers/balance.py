"""What the ledger takes in and gives out: immutable values, in hours (`Decimal`), with no rule in them.

Every `Draw` says how it came about and every `Figures` adds up (domain.md, "Always true"), so that a page
or a file can explain a number without computing one.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import add
from typing import Literal, NamedTuple

from retainers.hours import ZERO
from retainers.terms import HoursFrom, Sharing, Terms


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an entry that is split at the boundary of business hours, midnight or a holiday.

    `seconds` are its share of the entry's clock span; the rest is as a `Work`'s.
    """

    seconds: int
    pool: str | None = None
    categories: frozenset[str] = frozenset()
    exclusion: str | None = None


class Work(NamedTuple):
    """One published entry as the ledger sees it. Hours have four places; None: the export had no figure.

    `pool` None means that no rule chose one. `exclusion` is the reason of the rule that excludes it.
    `ref` is the caller's own mark (an entry's id); the ledger hands it back untouched. `parts` are two or
    more where the entry is split: they are taken instead of pool, categories and exclusion, unless the hours
    are final.
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
    parts: tuple[Part, ...] = ()


class Draw(NamedTuple):
    """What one entry, or one part of it, takes out of its pool, and why.

    `work` is the entry; of a split one the part as an entry of its own, its hours the part's share.

    `reason` is set when it is not counted ("non-billable", "travel", "outside the retainer", or a rule's);
    then `hours` is zero. `column` is where the figure came from, `stands_in` whether that was not the column
    that the terms name. `counted` is after rounding and minimum, `factor` None where the PSA has already
    applied it (deducted hours, then `counted` is the worked hours). `multipliers` are the entry's categories
    that bear a multiplier in these terms, sorted. `whole` is what was counted of the entry that this is a
    part of, None where it is the whole entry.
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
    whole: Decimal | None = None

    @property
    def day(self) -> date:
        return self.work.day


class Figures(NamedTuple):
    """One account in one cycle; `carried_out`, `expired` and `queued_out` are None while the cycle is open.

    `lapsed` are hours whose end on a date is past.
    """

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
    lapsed: Decimal = ZERO

    def together(self, other: "Figures") -> "Figures":
        """Two accounts of the same cycle in one: each figure is the sum, None while the cycle is open."""
        try:
            return Figures._make(map(add, self, other))
        except TypeError:  # some are None
            pairs = zip(self, other, strict=True)
            return Figures._make([None if one is None or its is None else one + its for one, its in pairs])


class PoolFigures(NamedTuple):
    """A pool in one cycle: `account` under separate sharing, None under shared (then tracked only)."""

    key: str
    name: str
    allocated: Decimal
    used: Decimal
    remaining: Decimal  # under shared: allocated - used, may be below zero
    account: Figures | None


class MultiplierUse(NamedTuple):
    categories: tuple[str, ...]
    factor: Decimal | None
    counted: Decimal
    drawn: Decimal


class Lot(NamedTuple):
    """What is left of hours granted: `lapses` is the index of the cycle at whose end it goes, None never.

    `ends` is its last day where that comes before the end of the cycle `lapses`, None otherwise.
    """

    kind: Literal["allocation", "top_up", "credit"]
    granted: date
    lapses: int | None
    hours: Decimal
    ends: date | None = None

    def without(self, taken: Decimal) -> "Lot":
        """What is left of it."""
        left = self.hours - taken
        is_whole = not taken and left.same_quantum(self.hours)
        return self if is_whole else Lot(self.kind, self.granted, self.lapses, left, self.ends)


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
    approved: Decimal  # hours past the cap that the client has agreed to for this cycle
    overage_amount: Decimal
    lots: tuple[tuple[str, tuple[Lot, ...]], ...]  # what is left of each lot, by account (pool key, or "")
    in_hand: tuple[
        tuple[str, Decimal], ...
    ]  # left once the last hours were bought in it, by account that bought
    draws: tuple[
        Draw, ...
    ]  # all work dated in the cycle up to the date, counted or not, in date order, by part
