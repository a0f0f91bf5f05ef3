"""What a retainer's cycles become where no entry stands yet and many come: of their kinds, not of each. Pure.

The hours of a kind are known, and how many there are of it a day (`tally`): from that the ledger makes every cycle.
Only of the longest incidents, and of the days on which these begin, the entries themselves are priced. What comes out
is what the ledger makes of all entries; where it can't be told so there is no answer, and all of them are looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from retainers.balance import CycleBalance, Draw, Work
from retainers.drawn import Incidents, IncidentSum, Naming, account_of, longest_of
from retainers.hours import ZERO
from retainers.kept.handed import SHOWN_INCIDENTS, Handed, lines_since, same_until
from retainers.onward import Onward, added_up
from retainers.pricing import draws_of, hours_drawn
from retainers.selectors import Standing
from retainers.tally import Tally, by_cycle, drawn_after, tally_text, worked_in_each


class Coming(NamedTuple):
    """Entries that come, in columns, in the order in which they will be written: their days, the tickets that their
    incidents are of ("" for none), what each draws, whether it counts, and whether it has no words. `works` gives those
    at these places as the ledger takes them.
    """

    days: Sequence[date]
    tickets: Sequence[str]
    hours: Sequence[Decimal]
    counts: Sequence[bool]
    bare: Sequence[bool]
    works: Callable[[Sequence[int]], Sequence[Work]]


def afresh(standing: Standing, tally: Tally | None, coming: Coming, named: Naming) -> Onward | None:
    """`tally`: all that comes, added up; `named` makes an incident's mark of a ticket."""
    newest, on = standing.current, standing.on
    if tally is None or newest is None or newest.closed or not _have_one_price(standing):
        return None
    spans = {each.index: (each.starts, min(each.ends, on)) for each in standing.cycles}
    parts = by_cycle(tally, spans)
    running, since = parts[newest.index], min(coming.days)
    cycles = added_up(standing, worked_in_each(parts), _closed_before(standing, since))
    granted = [*(each.date for each in standing.top_ups), *(each.date for each in standing.adjustments)]
    its = Handed(
        on=on,
        version=standing.publication.version_id,
        lines=lines_since(cycles, since),
        incidents=_Incidents(coming, running, newest, on).longest(named),
        unworded=_without_words(coming, cycles[0].starts, on),
        until=same_until(cycles[-1], [*{*coming.days}, *granted], on),
        tally=tally_text(running),
    )
    return Onward(cycles, its)


def _closed_before(standing: Standing, since: date) -> list[CycleBalance]:
    """The cycles of which nothing changes, as nothing comes before that day."""
    return [cycle for cycle in standing.cycles if cycle.closed and cycle.ends < since]


def _have_one_price(standing: Standing) -> bool:
    """Whether each cycle has the same terms on all of its days."""
    agreed = standing.agreement.terms_on
    return all(agreed(each.starts) is agreed(each.ends) for each in standing.cycles)


def _without_words(coming: Coming, first: date, last: date) -> int:
    days = zip(coming.days, coming.counts, coming.bare, strict=True)
    return sum(first <= day <= last for day, counts, is_bare in days if is_bare and counts)


class _Incidents:
    """Those of the cycle that runs, up to the day `on`; entries are called by their places."""

    def __init__(self, coming: Coming, running: Tally, cycle: CycleBalance, on: date) -> None:
        self._coming, self._running, self._cycle = coming, running, cycle
        days = {day for day in {*coming.days} if cycle.starts <= day <= on}
        self._inside = [day in days for day in coming.days]
        accounts = {account_of(pool.key, cycle) for pool in cycle.terms.pools}
        self._one, self._is_one_account = min(accounts), len(accounts) == 1

    def longest(self, named: Naming) -> Incidents:
        hours: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for inside, ticket, its in zip(self._inside, self._coming.tickets, self._coming.hours, strict=True):
            if inside and ticket:
                hours[ticket] += its  # what isn't counted draws none
        found = {ticket: its for ticket, its in hours.items() if its > 0}
        marks = longest_of(found, SHOWN_INCIDENTS, named)
        places = self._places(marks.keys())
        sums = (self._sum(mark, places[ticket], found[ticket]) for ticket, mark in marks.items())
        return Incidents(tuple(sums), len(found))

    def _places(self, tickets: AbstractSet[str]) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, (inside, ticket) in enumerate(zip(self._inside, self._coming.tickets, strict=True)):
            if inside and ticket in tickets:
                found[ticket].append(place)
        return found

    def _sum(self, mark: str, places: Sequence[int], hours: Decimal) -> IncidentSum:
        mine = sorted((place for place in places if self._coming.counts[place]), key=self._order)
        account, since = self._since(mine[0])
        days = self._coming.days[mine[0]], self._coming.days[mine[-1]]
        return IncidentSum(mark, account, hours, *days, since)

    def _order(self, place: int) -> tuple[date, int]:
        return self._coming.days[place], place

    def _since(self, first: int) -> tuple[str, Decimal]:
        """The account that this entry draws on, and what was drawn on it from there on: of its day by those after it,
        and on all later days.
        """
        day = self._coming.days[first]
        that_day = [place for place, its in enumerate(self._coming.days) if its == day and place >= first]
        account, drawn = self._drawn(that_day)
        return account, drawn_after(self._running, day, self._cycle, account) + drawn

    def _drawn(self, places: Sequence[int]) -> tuple[str, Decimal]:
        """The account that the first of these draws on, and what all of them draw on it."""
        if self._is_one_account:
            return self._one, sum((self._coming.hours[place] for place in places), ZERO)
        draws = self._counted(places)
        account = account_of(draws[0].pool, self._cycle)
        return account, hours_drawn(draw for draw in draws if account_of(draw.pool, self._cycle) == account)

    def _counted(self, places: Sequence[int]) -> list[Draw]:
        """What counts of these."""
        draws = draws_of(self._coming.works(places), self._cycle.terms)
        return [draw for draw in draws if draw.reason is None]
