"""The balance of a retainer: what was granted, used and left in each cycle, as it stood on a date.

This is domain.md, "Balance of a cycle", worked through one cycle after the other, so that every figure can be
followed by hand: sort what is dated into cycles; open each account with what the cycle before left; book grants and
draws; let the need consume the lots; close. The dates of cycles come from `cycles`, the hours of one entry from
`pricing`, the life of granted hours from `lots`; what is published, and what day it is, from the caller. The work
grows with the entries and with the cycles, not with their product.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from retainers.balance import CycleBalance, Draw, Figures, Lot, PoolFigures, Work
from retainers.cycles import Cycle, cycle_of, cycles_until
from retainers.hours import ZERO, round_half_up
from retainers.lots import (
    HandedOn,
    Need,
    allocation_expires,
    carry,
    credit_expires,
    handed_on,
    hours_by_kind,
    hours_in,
    in_hand,
    lapses,
    meet,
)
from retainers.tally import Worked, worked
from retainers.terms import Adjustment, Agreement, Approval, Expiry, Pool, Terms, TopUp

Dated = TypeVar("Dated", Work, Draw, TopUp, Adjustment, Approval)
SHARED_ACCOUNT = ""  # the key of the one account under shared sharing


class _Period(NamedTuple):
    """A cycle as it stands `on` the date asked for: the terms in force and what is dated in it by then."""

    agreement: Agreement
    cycle: Cycle
    on: date
    terms: Terms
    work: Worked
    top_ups: Sequence[TopUp]
    adjustments: Sequence[Adjustment]
    approved: Decimal
    closed: bool

    @property
    def until(self) -> date:
        return min(self.on, self.cycle.ends)

    def account_of(self, pool: str | None) -> str:
        """The account that `pool` draws on; the first pool's for one that the terms don't have."""
        return SHARED_ACCOUNT if self.terms.sharing == "shared" else self.terms.pool(pool).key


@dataclass(slots=True)
class _Account:
    """One account while its cycle is added up; `needs` are all the hours wanted of it, by their day."""

    carried: list[Lot] = field(default_factory=list)
    granted: list[Lot] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    queued_in: Decimal = ZERO
    used: Decimal = ZERO
    charged: Decimal = ZERO


class _Outcome(NamedTuple):
    """An account after its need has consumed its lots; `carried` is what the next cycle begins with."""

    figures: Figures
    left: tuple[Lot, ...]
    carried: tuple[Lot, ...]
    in_hand: Decimal | None


def balance(
    agreement: Agreement,
    works: Iterable[Work],
    top_ups: Iterable[TopUp],
    adjustments: Iterable[Adjustment],
    on: date,
    approvals: Iterable[Approval] = (),
    closed: Sequence[CycleBalance] = (),
    counted: Mapping[int, Worked] = MappingProxyType({}),
) -> tuple[CycleBalance, ...]:
    """Each cycle that has begun by `on`, with what was dated up to and including that day.

    Source: domain.md, "Balance of a cycle". Hours and money are at two places; empty before `starts`. What is dated
    outside the retainer's life is left out (`pricing.draws_under`). ValueError if an entry has no hours. `closed`: the
    first cycles, not looked into; `counted`: what work comes to that isn't in `works`, by the cycle's index.

    >>> start = date(2026, 1, 1)
    >>> terms, works = Terms(start, (Pool("main", "Main", Decimal(8)),)), [Work(date(2026, 1, 9), Decimal("3.5"))]
    >>> found = balance(Agreement("it", "IT", start, (terms,)), works, [TopUp(start, Decimal(2))], [], start)
    >>> [str(cycle.total.remaining) for cycle in found]  # on the first day the work is still to come
    ['10.00']
    """
    balances, before = list(closed), handed_on(closed[-1]) if closed else {}
    cycles, facts = cycles_until(agreement, on)[len(closed) :], (works, top_ups, adjustments, approvals)
    for period in _periods(agreement, cycles, facts, counted, on):
        outcomes = _outcomes(period, before)
        before = {key: (its.carried, its.figures.queued_out or ZERO) for key, its in outcomes.items()}
        balances.append(_cycle_balance(period, outcomes))
    return tuple(balances)


def _periods(
    agreement: Agreement,
    cycles: Sequence[Cycle],
    facts: tuple[Iterable[Work], Iterable[TopUp], Iterable[Adjustment], Iterable[Approval]],
    counted: Mapping[int, Worked],
    on: date,
) -> Iterator[_Period]:
    """These cycles, each with what is dated in it by then."""
    every, top_ups, adjustments, approvals = facts
    dated = zip(
        cycles,
        dated_in(cycles, sorted(every, key=attrgetter("day", "ref")), attrgetter("day"), on),
        dated_in(cycles, top_ups, attrgetter("date"), on),
        dated_in(cycles, adjustments, attrgetter("date"), on),
        dated_in(cycles, approvals, attrgetter("cycle"), on),
        strict=True,
    )
    for cycle, works, bought, adjusted, agreed_to in dated:
        terms = agreement.terms_on(cycle.starts)
        approved = sum((approval.hours for approval in agreed_to), ZERO)
        its = worked(works, terms, counted.get(cycle.index))
        yield _Period(agreement, cycle, on, terms, its, bought, adjusted, approved, closed=on > cycle.ends)


def dated_in(
    cycles: Sequence[Cycle | CycleBalance],
    items: Iterable[Dated],
    day_of: Callable[[Dated], date],
    on: date,
) -> list[list[Dated]]:
    """`items` dated up to `on`, cycle by cycle, in the order given."""
    if not cycles:
        return []
    firsts, until = [cycle.starts for cycle in cycles], min(on, cycles[-1].ends)
    found: list[list[Dated]] = [[] for _ in cycles]
    for day, dated in groupby(items, key=day_of):
        if firsts[0] <= day <= until:
            found[bisect_right(firsts, day) - 1].extend(dated)
    return found


def _outcomes(period: _Period, before: Mapping[str, HandedOn]) -> dict[str, _Outcome]:
    """Every account of the cycle, settled, in the order of its pools; `before` is what the one before it left."""
    accounts = {period.account_of(pool.key): _Account() for pool in period.terms.pools}
    for key, (carried, queued) in before.items():
        account = accounts[period.account_of(key)]
        account.carried.extend(carried)
        account.queued_in += queued
        account.needs.append((period.cycle.starts, queued))
    for key, lot in _grants(period):
        accounts[key].granted.append(lot)
    for pool, its in period.work.by_pool.items():
        account = accounts[period.account_of(pool)]
        account.used += its.hours
        account.needs += its.days
    for charge in period.adjustments:
        if charge.hours < 0:
            account = accounts[period.account_of(charge.pool)]
            account.charged -= charge.hours
            account.needs.append((charge.date, -charge.hours))
    return {key: _settled(account, period) for key, account in accounts.items()}


def _grants(period: _Period) -> Iterator[tuple[str, Lot]]:
    """The lots granted in the cycle, each with its account ("Balance of a cycle" 1 and 4)."""
    allocated: dict[str, Decimal] = {}
    for pool in period.terms.pools:
        key = period.account_of(pool.key)
        allocated[key] = allocated.get(key, ZERO) + _cap(pool, period)
    for key, hours in allocated.items():
        if hours:
            yield key, _allocation(period, hours)
    for top_up in period.top_ups:
        lapse, ends = _end(top_up.expires, period)
        yield period.account_of(top_up.pool), Lot("top_up", top_up.date, lapse, top_up.hours, ends)
    for credit in period.adjustments:
        if credit.hours > 0:
            lapse, ends = _end(credit_expires(credit, period.terms), period)
            yield period.account_of(credit.pool), Lot("credit", credit.date, lapse, credit.hours, ends)


def _allocation(period: _Period, hours: Decimal) -> Lot:
    lapse = lapses(allocation_expires(period.terms), period.cycle.index)
    return Lot("allocation", period.cycle.starts, lapse, hours)


def _given_back(period: _Period, hours: Decimal) -> Lot:
    """What corrections give back beyond the work: allocation, but on a prepaid block it stays ("Balance" 3)."""
    stays = period.terms.is_block
    return Lot("credit", period.cycle.starts, None, hours) if stays else _allocation(period, hours)


def _end(expires: Expiry, period: _Period) -> tuple[int | None, date | None]:
    """The cycle with which hours granted in the period go, and their last day where that comes earlier."""
    if not isinstance(expires, date):
        return lapses(expires, period.cycle.index), None
    if (cycle := cycle_of(period.agreement, expires)) is None:  # after the last day of all, which takes them
        return None, None
    return cycle.index, None if expires == cycle.ends else expires


def _cap(pool: Pool, period: _Period) -> Decimal:
    """The hours that `pool` gets in this cycle ("Cycles": a partial cycle's cap)."""
    paid_days, full_days = period.cycle.paid_days(period.terms.proration), period.cycle.full_days
    return round_half_up(pool.hours if paid_days == full_days else pool.hours * paid_days / full_days)


def _settled(account: _Account, period: _Period) -> _Outcome:
    """The account after its need has consumed its lots, closed where the cycle is ("Balance of a cycle")."""
    met = meet(account.carried + account.granted, account.needs)
    left, lapsed = _without_past(met.left, period.until)
    if met.rest < 0:
        left += (_given_back(period, -met.rest),)
    overage = max(met.rest, ZERO)
    goes_on = period.closed and period.cycle.resets is not None
    carried = carry(left, period.terms, period.cycle.index) if goes_on else ()
    remaining, granted, goes_over = hours_in(left), hours_by_kind(account.granted), hours_in(carried)
    owed = overage if period.terms.overage == "queue" else ZERO
    at_close = (goes_over, remaining - goes_over, owed) if period.closed else (None, None, None)
    figures = Figures(
        allocated=granted["allocation"],
        carried_in=hours_in(account.carried),
        topped_up=granted["top_up"],
        credited=granted["credit"],
        queued_in=account.queued_in,
        used=account.used,
        charged=account.charged,
        remaining=remaining,
        overage=overage,
        carried_out=at_close[0],
        expired=at_close[1],
        queued_out=at_close[2],
        lapsed=lapsed,
    )
    return _Outcome(figures, left, carried, in_hand(account.carried, account.granted, account.needs))


def _without_past(lots: tuple[Lot, ...], until: date) -> tuple[tuple[Lot, ...], Decimal]:
    """The lots that haven't ended before that day, and the hours of those that have."""
    past = [lot for lot in lots if lot.ends is not None and lot.ends < until]
    return tuple([lot for lot in lots if lot not in past]) if past else lots, hours_in(past)


def _cycle_balance(period: _Period, outcomes: Mapping[str, _Outcome]) -> CycleBalance:
    cycle, terms, work = period.cycle, period.terms, period.work
    total = reduce(Figures.together, (outcome.figures for outcome in outcomes.values()))
    return CycleBalance(
        index=cycle.index,
        starts=cycle.starts,
        ends=cycle.ends,
        resets=cycle.resets,
        closed=period.closed,
        terms=terms,
        sharing=terms.sharing,
        pools=tuple(_pools(period, outcomes)),
        total=total,
        used_by_multiplier=work.uses,
        approved=period.approved,
        overage_amount=_overage_amount(total.overage, period),
        lots=tuple((key, outcome.left) for key, outcome in outcomes.items()),
        in_hand=tuple((key, its.in_hand) for key, its in outcomes.items() if its.in_hand is not None),
        draws=work.draws,
    )


def _overage_amount(overage: Decimal, period: _Period) -> Decimal:
    """What the overage costs: all of it where it is billed, where it is declined what was approved."""
    priced = {"bill": overage, "decline": min(overage, period.approved), "queue": ZERO}
    return round_half_up(priced[period.terms.overage] * (period.terms.overage_rate or ZERO))


def _pools(period: _Period, outcomes: Mapping[str, _Outcome]) -> Iterator[PoolFigures]:
    """Each pool with its account, or under shared sharing with its use against its own cap."""
    if period.terms.sharing == "separate":
        for pool in period.terms.pools:
            its = outcomes[pool.key].figures
            yield PoolFigures(pool.key, pool.name, its.allocated, its.used, its.remaining, its)
        return
    for pool in period.terms.pools:
        cap = _cap(pool, period)
        drawn = period.work.by_pool.get(pool.key)
        used = drawn.hours if drawn else ZERO
        yield PoolFigures(pool.key, pool.name, cap, used, cap - used, None)
