"""How fast an account's hours go, and from when on nothing is left at that pace.

Incidents come in bursts, so a client with a history is judged by it: the coming days are played through as
if they went like the past half-year from each of its days on, and at its end from its beginning again. The
range leaves out the fifth of these replays that ends first, and the fifth that ends last.

Where less than eight weeks of work are known, two even paces stand in: the one of this cycle so far, and the
one of the four weeks up to the last day covered. Each counts once a week of days is covered; where one of
them does not get there, only the range's beginning is known. Nothing is said from work that is four weeks
old. How well both do on simulated clients is measured in `bench/run_out.py`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from presentation.accounts import Account, is_block
from presentation.days import between
from retainers.balance import CycleBalance
from retainers.drawn import Drawn, drawn_in
from retainers.hours import ZERO

if TYPE_CHECKING:  # takes long to load, and the dashboard's words need none of it
    from presentation.facts import RetainerFacts

ONE_DAY = timedelta(days=1)
FOUR_WEEKS = timedelta(days=28)
HALF_YEAR = timedelta(days=182)
ENOUGH_HISTORY = timedelta(weeks=8)
ENOUGH_DAYS = 7
LEFT_OUT = 5  # one part of so many at either end of the replays
FAR_OFF_DAYS = 3 * 366  # beyond it "never" is the plainer word


class Work(Protocol):
    """Hours drawn on a day."""

    @property
    def day(self) -> date: ...

    @property
    def hours(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class RunOut:
    """The day on which nothing is left at the faster and at the slower pace; None: not within three years."""

    first: date | None = None
    last: date | None = None

    def within(self, until: date | None) -> "RunOut":
        """The same with the days before `until` alone; None: all of them."""
        kept = (day if day and (until is None or day < until) else None for day in (self.first, self.last))
        return RunOut(*kept)

    def is_before(self, day: date | None) -> bool:
        """The whole range lies before that day."""
        return day is not None and self.last is not None and self.last < day

    def may_be_before(self, day: date | None) -> bool:
        """Its beginning does."""
        return day is not None and self.first is not None and self.first < day


def run_out(
    remaining: Decimal,
    draws: Sequence[Work],
    *,
    cycle_starts: date,
    life_starts: date,
    covered: date,
    today: date,
) -> RunOut | None:
    """When `remaining` hours are used up; None where nothing can be said.

    `draws` are the account's own, of this cycle and of the half-year before `covered`.
    """
    if today - covered > FOUR_WEEKS:
        return None
    since = max(covered, cycle_starts - ONE_DAY)
    return replayed(remaining, draws, covered=covered, since=since) or even_paces(
        remaining, draws, cycle_starts=cycle_starts, life_starts=life_starts, covered=covered
    )


def replayed(remaining: Decimal, draws: Sequence[Work], *, covered: date, since: date) -> RunOut | None:
    """The range of the days on which the hours end if the days after `since` go like each past stretch.

    None where less than eight weeks of work are known.
    """
    first = max(covered - HALF_YEAR + ONE_DAY, min((draw.day for draw in draws), default=covered))
    if covered - first < ENOUGH_HISTORY:
        return None
    by_day = [ZERO] * ((covered - first).days + 1)
    for draw in draws:
        if first <= draw.day <= covered:
            by_day[(draw.day - first).days] += max(draw.hours, ZERO)
    days = sorted(_replays(remaining, by_day))
    if not days:
        return RunOut()
    cut = len(days) // LEFT_OUT
    return RunOut(
        *(since + each * ONE_DAY if each <= FAR_OFF_DAYS else None for each in (days[cut], days[-1 - cut]))
    )


def _replays(remaining: Decimal, by_day: Sequence[Decimal]) -> list[int]:
    """After how many days nothing is left, for each day that the past can be played from."""
    length, total = len(by_day), sum(by_day, ZERO)
    if total <= 0:
        return []
    rounds = int((remaining / total).to_integral_value(rounding=ROUND_CEILING)) - 1
    rest = remaining - rounds * total
    twice = list(accumulate((*by_day, *by_day), initial=ZERO))
    found: list[int] = []
    for before, starts in groupby(range(length), twice.__getitem__):  # no work between them: they end alike
        start = next(starts)
        end = bisect_left(twice, before + rest, start, start + length + 1)
        found += [rounds * length + end - each for each in (start, *starts)]
    return found


def even_paces(
    remaining: Decimal,
    draws: Sequence[Work],
    *,
    cycle_starts: date,
    life_starts: date,
    covered: date,
) -> RunOut | None:
    """The same at two even paces; None where neither could be measured."""
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


def _used_since(draws: Iterable[Work], start: date) -> Decimal:
    return sum((draw.hours for draw in draws if draw.day >= start), ZERO)


def _last_day(remaining: Decimal, pace: Decimal, since: date) -> date | None:
    """The day whose work takes the last hour at so many hours a day."""
    if pace <= 0:
        return None
    days = (remaining / pace).to_integral_value(rounding=ROUND_CEILING)
    return since + int(days) * ONE_DAY if days <= FAR_OFF_DAYS else None


def recent_draws(cycles: Sequence[CycleBalance], key: str, since: date) -> tuple[Drawn, ...]:
    """What was drawn on one account (its pool's key, "" for the shared one) from that day on, oldest first."""
    return tuple(
        draw
        for cycle in cycles
        if cycle.ends >= since
        for draw in drawn_in(cycle)
        if key in ("", draw.pool) and draw.day >= since
    )


def over_since(overage: Decimal, draws: Sequence[Work]) -> date | None:
    """The day whose work passed the cap: the newest draws, taken back, until the overage is gone."""
    for draw in reversed(draws):
        overage -= draw.hours
        if overage <= 0:
            return draw.day
    return None


FAR_OFF = timedelta(days=182)  # what a prepaid block lasts longer than is no news


def forecast_lines(facts: "RetainerFacts", found: Sequence[Account], today: date) -> tuple[str, ...]:
    """A sentence for each account that is used up before its reset; with its name where there are several."""
    shown = facts.shown
    if shown is None or shown.closed or not facts.is_current or facts.through is None:
        return ()
    lines = []
    for account in found:
        days = _days(facts, shown, account, today)
        if days is not None:
            words = _("At this pace, what is left lasts until about %(days)s.") % {"days": days}
            lines.append(f"{account.name}: {words}" if len(found) > 1 else words)
    return tuple(lines)


def _days(facts: "RetainerFacts", shown: CycleBalance, account: Account, today: date) -> str | None:
    if account.overage or not account.remaining:
        return None
    until = today + FAR_OFF if is_block(shown.terms) else shown.ends
    match _run_out(facts, shown, account, today):
        case RunOut(date() as first, date() as last) if today < last < until:
            return between(max(first, today), last, today)
    return None


def _run_out(facts: "RetainerFacts", shown: CycleBalance, account: Account, today: date) -> RunOut | None:
    covered = facts.through
    if covered is None:
        return None
    starts = facts.agreement.starts if is_block(shown.terms) else shown.starts
    return run_out(
        account.remaining,
        recent_draws(facts.cycles, account.key, min(shown.starts, covered - HALF_YEAR)),
        cycle_starts=starts,
        life_starts=facts.agreement.starts,
        covered=covered,
        today=today,
    )
