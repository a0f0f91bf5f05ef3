"""How fast an account's hours go, and from when on nothing is left at that pace.

Two paces are measured: the one of this cycle so far, and the one of the four weeks up to the last day
covered. Each counts once a week of days is covered. What they say is a range of days; where one of them does
not get there, only its beginning is known. No pace is measured from work that is four weeks old.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from retainers.balance import CycleBalance, Draw
from retainers.hours import ZERO

ONE_DAY = timedelta(days=1)
FOUR_WEEKS = timedelta(days=28)
ENOUGH_DAYS = 7
FAR_OFF_DAYS = 3 * 366  # beyond it "never" is the plainer word


@dataclass(frozen=True, slots=True)
class RunOut:
    """The day on which nothing is left at the faster and at the slower pace; None: not within three years."""

    first: date | None = None
    last: date | None = None

    def is_before(self, day: date | None) -> bool:
        """Both paces get there before that day."""
        return day is not None and self.last is not None and self.last < day

    def may_be_before(self, day: date | None) -> bool:
        """At least one of them does."""
        return day is not None and self.first is not None and self.first < day


def run_out(
    remaining: Decimal,
    draws: Sequence[Draw],
    *,
    cycle_starts: date,
    life_starts: date,
    covered: date,
    today: date,
) -> RunOut | None:
    """When `remaining` hours are used up; None where no pace could be measured.

    `draws` are the account's own, of this cycle and of the four weeks before `covered`.
    """
    if today - covered > FOUR_WEEKS:
        return None
    month = max(life_starts, covered - FOUR_WEEKS + ONE_DAY)
    spans = {start: (covered - start).days + 1 for start in (cycle_starts, month)}
    paces = [_used_since(draws, start) / days for start, days in spans.items() if days >= ENOUGH_DAYS]
    if not paces:
        return None
    since = max(covered, cycle_starts - ONE_DAY)
    days_found = [_last_day(remaining, pace, since) for pace in paces]
    known = sorted(day for day in days_found if day is not None)
    if not known:
        return RunOut()
    return RunOut(known[0], known[-1] if len(known) == len(days_found) else None)


def _used_since(draws: Iterable[Draw], start: date) -> Decimal:
    return sum((draw.hours for draw in draws if draw.work.day >= start), ZERO)


def _last_day(remaining: Decimal, pace: Decimal, since: date) -> date | None:
    """The day whose work takes the last hour at so many hours a day."""
    if pace <= 0:
        return None
    days = (remaining / pace).to_integral_value(rounding=ROUND_CEILING)
    return since + int(days) * ONE_DAY if days <= FAR_OFF_DAYS else None


def recent_draws(cycles: Sequence[CycleBalance], key: str, since: date) -> tuple[Draw, ...]:
    """The draws on one account (its pool's key, "" for the shared one) from that day on, oldest first."""
    return tuple(
        draw
        for cycle in cycles
        if cycle.ends >= since
        for draw in cycle.draws
        if key in ("", draw.pool) and draw.work.day >= since
    )


def over_since(overage: Decimal, draws: Sequence[Draw]) -> date | None:
    """The day whose work passed the cap: the newest draws, taken back, until the overage is gone."""
    for draw in reversed(draws):
        overage -= draw.hours
        if overage <= 0:
            return draw.work.day
    return None
