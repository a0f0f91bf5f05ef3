"""What a client needs, judged from the figures: which states it is in, and which of them comes first.

A `RetainerCase` is what the dashboard keeps of a retainer's standing; a `ClientCase` is the client with the
retainers that matter today and the use of its links. Nothing here is worded: that is `rows`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from desk.dashboard.states import URGENCY, ClientState, LinkUse, all_states
from desk.incidents.figures import IncidentCase, cases_of
from presentation.accounts import Account, accounts, is_block
from presentation.closes import lately_closed_over
from presentation.pace import HALF_YEAR, RunOut, over_since, recent_draws, run_out
from retainers.balance import CycleBalance
from retainers.coverage import Freshness
from retainers.drawn import Incidents, IncidentSum
from retainers.endings import ENDING_SOON, Ending, endings
from retainers.hours import ZERO
from retainers.renewals import follower, is_long_over
from retainers.selectors import Standing
from retainers.terms import Approval

NO_INCIDENTS = Incidents()


@dataclass(frozen=True, slots=True)
class Left:
    """One account of the current cycle with what its pace says."""

    account: Account
    run_out: RunOut | None
    over_since: date | None

    @property
    def share(self) -> Decimal:
        """What is left of what was granted, 0 to 1; below zero past the cap."""
        return self.account.share

    @property
    def is_used_up(self) -> bool:
        """All that was there to use is taken."""
        return not self.account.remaining and bool(self.account.taken)

    def runs_out_before(self, day: date | None) -> bool:
        return self.run_out is not None and self.run_out.is_before(day)


@dataclass(frozen=True, slots=True)
class RetainerCase:
    """One retainer on one day. `cycle` is the current one without its draws, None before it starts.

    `waiting` counts the lines that a client reads as fallback text because nobody has worded them. `endings` are
    the hours that end within 14 days; `closed_over` says of which account the cycle before closed over, lately;
    `approved` who agreed to hours past the cap of this cycle; `claims` the PSA's agreements that it is.
    `renewed_on`: the day from which another agreement follows it. `incident_count` says how many incidents there are
    where `incidents` are the longest alone.
    """

    key: str
    name: str
    starts: date
    ends: date | None
    cycle: CycleBalance | None
    lefts: tuple[Left, ...]
    freshness: Freshness
    waiting: int
    incidents: tuple[IncidentCase, ...]
    states: frozenset[ClientState]
    endings: tuple[Ending, ...] = ()
    closed_over: tuple[tuple[Account, CycleBalance], ...] = ()
    approved: tuple[Approval, ...] = ()
    claims: tuple[str, ...] = ()
    renewed_on: date | None = None
    incident_count: int = 0

    @property
    def is_block(self) -> bool:
        return self.cycle is not None and is_block(self.cycle.terms)

    @property
    def is_over(self) -> bool:
        """The retainer has ended: its last cycle is closed."""
        return self.cycle is not None and self.cycle.closed

    @property
    def until(self) -> date | None:
        """The day to which the hours should last: the reset, or the end; a prepaid block has none."""
        if self.cycle is None or self.is_block:
            return None
        return self.cycle.resets or self.cycle.ends


@dataclass(frozen=True, slots=True)
class ClientCase:
    """`asked` counts the client's requests that nobody has answered."""

    slug: str
    name: str
    retainers: tuple[RetainerCase, ...]
    links: LinkUse
    asked: int
    states: frozenset[ClientState]

    @property
    def first(self) -> ClientState:
        """The state to act on first."""
        return min(self.states, key=URGENCY.__getitem__)

    @property
    def share(self) -> Decimal:
        """The smallest share left in any account that runs; all of it where there is none."""
        running = [each for each in self.retainers if not each.is_over]
        return min((left.share for each in running for left in each.lefts), default=Decimal(2))

    @property
    def through(self) -> date | None:
        """The oldest of its covers-through dates; None while one is missing."""
        found = [each.freshness.through for each in self.retainers]
        return min((day for day in found if day), default=None) if all(found) else None


def retainer_case(standing: Standing, waiting: int = 0, incidents: Incidents = NO_INCIDENTS) -> RetainerCase:
    """The case of a retainer, on the day for which its figures were computed; `incidents` are the current cycle's."""
    cycle = standing.current
    found = accounts(standing.cycles, cycle) if cycle else ()
    lefts = tuple(_left(account, standing, cycle) for account in found) if cycle else ()
    bare = replace(cycle, draws=(), lots=()) if cycle else None
    case = RetainerCase(
        key=standing.agreement.key,
        name=standing.agreement.name,
        starts=standing.agreement.starts,
        ends=standing.agreement.ends,
        cycle=bare,
        lefts=lefts,
        freshness=standing.freshness,
        waiting=waiting,
        incidents=_incidents(standing, cycle, found, incidents.sums),
        incident_count=incidents.count,
        states=frozenset(),
        endings=_endings(standing, cycle),
        closed_over=_closed_over(standing),
        approved=tuple(each for each in standing.approvals if cycle and each.cycle == cycle.starts),
        claims=standing.agreement.psa_agreements,
    )
    return replace(case, states=frozenset(_states(case, standing.on)))


def _endings(standing: Standing, cycle: CycleBalance | None) -> tuple[Ending, ...]:
    found = endings(cycle, standing.agreement) if cycle else ()
    return tuple(each for each in found if each.on <= standing.on + ENDING_SOON)


def _closed_over(standing: Standing) -> tuple[tuple[Account, CycleBalance], ...]:
    found = lately_closed_over(standing.cycles, standing.on)
    return tuple((account, replace(cycle, draws=(), lots=())) for account, cycle in found)


def _incidents(
    standing: Standing, cycle: CycleBalance | None, found: Sequence[Account], sums: Iterable[IncidentSum]
) -> tuple[IncidentCase, ...]:
    if cycle is None or cycle.closed:
        return ()
    return cases_of(sums, standing, cycle, found)


def _left(account: Account, standing: Standing, cycle: CycleBalance) -> Left:
    block = is_block(cycle.terms)
    since = None
    if account.overage:
        passed = recent_draws(standing.cycles if block else (cycle,), account.key, date.min)
        since = over_since(account.overage, passed) or cycle.starts
    return Left(account, _run_out(account, standing, cycle), since)


def _run_out(account: Account, standing: Standing, cycle: CycleBalance) -> RunOut | None:
    covered = standing.freshness.through
    if covered is None or cycle.closed or not account.remaining:
        return None
    oldest = min(cycle.starts, covered - HALF_YEAR)
    return run_out(
        account.remaining,
        recent_draws(standing.cycles, account.key, oldest),
        cycle_starts=standing.agreement.starts if is_block(cycle.terms) else cycle.starts,
        life_starts=standing.agreement.starts,
        covered=covered,
        today=standing.on,
    )


def _states(case: RetainerCase, today: date) -> Iterable[ClientState]:
    if case.cycle is None:
        yield ClientState.NOT_STARTED
        return
    if any(left.account.overage for left in case.lefts):
        yield ClientState.OVER
    if case.is_over:
        yield ClientState.ENDED
        return
    yield from _states_of_hours(case)
    yield from _states_of_updates(case, today)


def _states_of_hours(case: RetainerCase) -> Iterable[ClientState]:
    within = [left for left in case.lefts if not left.account.overage]
    found = {
        ClientState.EMPTY: any(left.is_used_up for left in within),
        ClientState.RUNS_OUT: any(left.runs_out_before(case.until) for left in within),
        ClientState.LOW: any(left.account.is_low for left in within),
        ClientState.ENDING: case.endings,
        ClientState.CLOSED_OVER: case.closed_over,
        ClientState.APPROVED: case.approved,
        ClientState.INCIDENT: any(incident.alerts for incident in case.incidents),
    }
    return (state for state, holds in found.items() if holds)


def _states_of_updates(case: RetainerCase, today: date) -> Iterable[ClientState]:
    if case.freshness.late:
        yield ClientState.LATE
    if case.freshness.next_update == today:
        yield ClientState.DUE
    if case.freshness.gaps:
        yield ClientState.GAP
    if case.waiting:
        yield ClientState.WORDING
    if case.freshness.through is None:
        yield ClientState.NO_WORK


def client_case(
    slug: str, name: str, retainers: Sequence[RetainerCase], *, links: LinkUse, asked: int, today: date
) -> ClientCase:
    """The client with the retainers that matter today, and everything there is to do for it."""
    shown = of_today(retainers, today)
    of_agreements = {state for each in shown for state in each.states}
    states = all_states(of_agreements, has_agreements=bool(shown), links=links, asked=asked)
    return ClientCase(slug, name, shown, links, asked, states)


def _with_followers(retainers: Sequence[RetainerCase]) -> list[RetainerCase]:
    """Each with the day on which a renewal goes on."""
    spans = {each.key: (each.starts, each.ends, each.claims) for each in retainers}
    found = {each.key: follower(spans[each.key], list(spans.items())) for each in retainers}
    return [
        replace(each, renewed_on=spans[key][0]) if (key := found[each.key]) else each for each in retainers
    ]


def of_today(retainers: Sequence[RetainerCase], today: date) -> tuple[RetainerCase, ...]:
    """Those that run or ended lately; where none runs those to come too; else the last one, as on the client's page.

    What is urgent comes first.
    """
    known = _with_followers(retainers)
    now = [each for each in known if each.cycle and not is_long_over(each.ends, today)]
    if not any(not each.is_over for each in now):
        now = [*now, *(each for each in known if not each.cycle)] or known[-1:]
    return tuple(sorted(now, key=lambda each: min((URGENCY[state] for state in each.states), default=99)))


def past_the_caps(found: Sequence[ClientCase]) -> tuple[Decimal, dict[str, Decimal]]:
    """Hours past the caps, and what is billed of them, by currency."""
    over, billed = ZERO, dict[str, Decimal]()
    for cycle in (each.cycle for case in found for each in case.retainers if each.cycle):
        over += cycle.total.overage
        if cycle.overage_amount:
            currency = cycle.terms.currency
            billed[currency] = billed.get(currency, ZERO) + cycle.overage_amount
    return over, billed
