"""Which agreement follows another without a seam, what it begins with, and how long one that ended is shown; pure.

A renewal is recognised by what it takes over: it begins on the day after the other's last, and the PSA's rows
that went to the one go to the other (domain.md, "From company to retainer").
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from retainers.hours import ZERO
from retainers.ledger import balance
from retainers.terms import Adjustment, Agreement, TopUp

ONE_DAY = timedelta(days=1)
SHOWN_AFTER_ITS_END = timedelta(days=30)
BROUGHT = "Brought along from "  # begins the note of what a renewal brings along
Life = tuple[date, date | None, Collection[str]]  # first day, last day, the PSA's agreements


@dataclass(frozen=True, slots=True)
class Beginning:
    """What an agreement begins with: each pool's hours in its first cycle, and what is brought along."""

    key: str
    name: str
    starts: date
    is_block: bool
    pools: tuple[tuple[str, Decimal], ...]
    brought: Decimal
    owed: Decimal

    @property
    def allocated(self) -> Decimal:
        return sum((hours for _name, hours in self.pools), ZERO)


def follower(life: Life, others: Iterable[tuple[str, Life]]) -> str | None:
    """The key of the agreement that goes on where one with that life ends; None without one.

    >>> old = (date(2026, 1, 1), date(2026, 12, 16), ())
    >>> follower(old, [("old", old), ("new", (date(2026, 12, 17), None, ()))])
    'new'
    """
    _starts, ends, claims = life
    if ends is None:
        return None
    return next(
        (key for key, (starts, _ends, its) in others if starts == ends + ONE_DAY and set(its) == set(claims)),
        None,
    )


def life_of(agreement: Agreement) -> Life:
    return agreement.starts, agreement.ends, agreement.psa_agreements


def brought_note(name: str) -> str:
    """The note or reason of hours that come from the agreement of that name."""
    return f"{BROUGHT}{name}"


def is_brought_along(grant: TopUp | Adjustment, agreement: Agreement) -> bool:
    """Whether a grant of that agreement is what its renewal brought along: on its first day, and it says so.

    >>> day = date(2026, 12, 17)
    >>> renewed = Agreement("it", "IT", day, ())
    >>> is_brought_along(TopUp(day, Decimal(3), note=brought_note("IT")), renewed), is_brought_along(
    ...     TopUp(day, Decimal(3), note="PO 4711"), renewed
    ... )
    (True, False)
    """
    said = grant.note if isinstance(grant, TopUp) else grant.reason
    return grant.date == agreement.starts and said.startswith(BROUGHT)


def beginning(
    agreement: Agreement, top_ups: Iterable[TopUp] = (), adjustments: Iterable[Adjustment] = ()
) -> Beginning:
    """The first cycle as it stands on its first day, before any work.

    >>> from retainers.terms import Pool, Terms
    >>> start = date(2026, 12, 17)
    >>> terms = Terms(start, (Pool("main", "Main", Decimal(12)),))
    >>> found = beginning(Agreement("it", "IT", start, (terms,)), [TopUp(start, Decimal("3.5"))])
    >>> [(name, str(hours)) for name, hours in found.pools], str(found.brought)
    ([('Main', '12.00')], '3.5')
    """
    (first,) = balance(agreement, (), top_ups, adjustments, agreement.starts)[:1]
    return Beginning(
        key=agreement.key,
        name=agreement.name,
        starts=agreement.starts,
        is_block=first.terms.is_block,
        pools=tuple((pool.name, pool.allocated) for pool in first.pools),
        brought=first.total.topped_up + first.total.credited,
        owed=first.total.charged,
    )


def is_long_over(ends: date | None, today: date) -> bool:
    """Whether an agreement ended so long ago that neither the client's page nor the dashboard shows it."""
    return ends is not None and today > ends + SHOWN_AFTER_ITS_END
