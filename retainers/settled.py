"""When a closed cycle is settled: what changes it from then on is a restatement (domain.md, "Settled").

Pure: the caller brings the days on which things happened, and the provider's days of grace.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from retainers.coverage import is_provisional


@dataclass(frozen=True, slots=True)
class Closing:
    """How far a closed cycle is: `complete_on`: since when its last day is covered; None: provisional.

    `settled_on`: the first day on which it is settled, which may be to come; None while it is provisional.
    """

    complete_on: date | None
    settled_on: date | None

    def is_settled(self, on: date) -> bool:
        return self.settled_on is not None and self.settled_on <= on


def closing(
    ends: date,
    reached: Sequence[tuple[date, date | None]],
    *,
    acts: Iterable[date] = (),
    after_days: int,
) -> Closing:
    """Where a cycle with that last day stands.

    `reached`: the days on which something was published, oldest first, each with the day then covered through.
    `acts`: the days on which its statement was issued, it was marked as invoiced, its month was closed.
    `after_days`: so many days after it was complete it is settled by itself.

    >>> reached = [(date(2026, 1, 30), date(2026, 1, 29)), (date(2026, 2, 2), date(2026, 2, 1))]
    >>> closing(date(2026, 1, 31), reached, after_days=10)
    Closing(complete_on=datetime.date(2026, 2, 2), settled_on=datetime.date(2026, 2, 12))
    """
    complete_on = _complete_on(ends, reached)
    if complete_on is None:
        return Closing(None, None)
    by_itself = complete_on + timedelta(days=after_days)
    return Closing(complete_on, min([by_itself, *(max(day, complete_on) for day in acts)]))


def _complete_on(ends: date, reached: Sequence[tuple[date, date | None]]) -> date | None:
    """The day of the oldest publication since which the cycle's last day has been covered without a break."""
    found = None
    for made_on, through in reversed(reached):
        if is_provisional(ends, through):
            break
        found = made_on
    return found
