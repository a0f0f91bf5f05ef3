"""The balance of a retainer: what was granted, used and left in each cycle, as it stood on a date.

This is domain.md, "Balance of a cycle", worked through one cycle after the other, so that every figure can
be followed by hand: sort what is dated into cycles; open each account with what the cycle before left; book
grants and draws; let the need consume the lots; close. The dates of cycles come from `cycles`, the hours of
one entry from `pricing`, the life of granted hours from `lots`; what is published, and what day it is, from
the caller. The work grows with the entries and with the cycles, not with their product.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TypeVar

from retainers.balance import CycleBalance, Draw, Figures, Lot, MultiplierUse, PoolFigures, Work
from retainers.cycles import Cycle, cycles_until
from retainers.hours import ZERO, round_half_up
from retainers.lots import allocation_expires, carry, consume, hours_in, lapses
from retainers.pricing import draws_of
from retainers.terms import Adjustment, Agreement, Pool, Sharing, Terms, TopUp

Dated = TypeVar("Dated", Work, TopUp, Adjustment)

SHARED_ACCOUNT = ""  # the key of the one account under shared sharing


@dataclass(frozen=True, slots=True)
class _Period:
    """A cycle, the terms in force and what is dated in it."""

    cycle: Cycle
    terms: Terms
    sharing: Sharing
    closed: bool
    draws: tuple[Draw, ...]
    top_ups: Sequence[TopUp]
    adjustments: Sequence[Adjustment]

    def account_of(self, pool: str | None) -> str:
        """The account that `pool` draws on; the first pool's for one that the terms don't have."""
        return SHARED_ACCOUNT if self.sharing == "shared" else self.terms.pool(pool).key


@dataclass(slots=True)
class _Account:
    """One account while its cycle is added up."""

    carried: list[Lot] = field(default_factory=list)
    granted: list[Lot] = field(default_factory=list)
    queued_in: Decimal = ZERO
    used: Decimal = ZERO
    charged: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class _Outcome:
    """An account after its need has consumed its lots; `carried` is what the next cycle begins with."""

    figures: Figures
    left: tuple[Lot, ...]
    carried: tuple[Lot, ...]


def balance(
    agreement: Agreement,
    works: Iterable[Work],
    top_ups: Iterable[TopUp],
    adjustments: Iterable[Adjustment],
    on: date,
) -> tuple[CycleBalance, ...]:
    """Each cycle that has begun by `on`, with what was dated up to and including that day.

    Source: domain.md, "Balance of a cycle". Hours and money are at two places; empty before `starts`. What is
    dated outside the retainer's life lies in no cycle and is left out (`pricing.draw_under` says why).
    A top-up has hours above zero. ValueError if an entry has no hours in any column.

    >>> start = date(2026, 1, 1)
    >>> terms = Terms(start, (Pool("main", "Main", Decimal(8)),))
    >>> works = [Work(date(2026, 1, 9), Decimal("3.5"))]
    >>> found = balance(Agreement("it", "IT", start, (terms,)), works, [TopUp(start, Decimal(2))], [], start)
    >>> [str(cycle.total.remaining) for cycle in found]  # on the first day the work is still to come
    ['10']
    """
    cycles = cycles_until(agreement, on)
    in_order = sorted(works, key=lambda work: (work.day, work.ref))
    dated = zip(
        cycles,
        _by_cycle(cycles, in_order, lambda work: work.day, on),
        _by_cycle(cycles, top_ups, lambda top_up: top_up.date, on),
        _by_cycle(cycles, adjustments, lambda adjustment: adjustment.date, on),
        strict=True,
    )
    balances: list[CycleBalance] = []
    outcomes: Mapping[str, _Outcome] = {}
    for cycle, its_works, its_top_ups, its_adjustments in dated:
        terms = agreement.terms_on(cycle.starts)
        draws = draws_of(its_works, terms)
        closed = on > cycle.ends
        period = _Period(cycle, terms, agreement.sharing, closed, draws, its_top_ups, its_adjustments)
        outcomes = _outcomes(period, outcomes)
        balances.append(_cycle_balance(period, outcomes))
    return tuple(balances)


def _by_cycle(
    cycles: Sequence[Cycle], items: Iterable[Dated], day_of: Callable[[Dated], date], on: date
) -> list[list[Dated]]:
    """`items` dated up to `on`, cycle by cycle, in the order given."""
    if not cycles:
        return []
    firsts = [cycle.starts for cycle in cycles]
    until = min(on, cycles[-1].ends)
    found: list[list[Dated]] = [[] for _ in cycles]
    for item in items:
        if firsts[0] <= day_of(item) <= until:
            found[bisect_right(firsts, day_of(item)) - 1].append(item)
    return found


def _outcomes(period: _Period, before: Mapping[str, _Outcome]) -> dict[str, _Outcome]:
    """Every account of the cycle, settled, in the order of its pools; `before` are those that it follows."""
    accounts = {period.account_of(pool.key): _Account() for pool in period.terms.pools}
    for key, outcome in before.items():
        account = accounts[period.account_of(key)]
        account.carried.extend(outcome.carried)
        account.queued_in += outcome.figures.queued_out or ZERO
    for key, lot in _grants(period):
        accounts[key].granted.append(lot)
    for key, hours in _used(period).items():
        accounts[period.account_of(key)].used += hours
    for adjustment in period.adjustments:
        accounts[period.account_of(adjustment.pool)].charged += max(-adjustment.hours, ZERO)
    return {key: _settled(account, period) for key, account in accounts.items()}


def _grants(period: _Period) -> Iterator[tuple[str, Lot]]:
    """The lots granted in the cycle, each with its account ("Balance of a cycle" 1 and 4)."""
    starts, index = period.cycle.starts, period.cycle.index
    allocated: dict[str, Decimal] = {}
    for pool in period.terms.pools:
        key = period.account_of(pool.key)
        allocated[key] = allocated.get(key, ZERO) + _cap(pool, period)
    end = lapses(allocation_expires(period.terms), index)
    for key, hours in allocated.items():
        if hours:
            yield key, Lot("allocation", starts, end, hours)
    for top_up in period.top_ups:
        end = lapses(top_up.expires, index)
        yield period.account_of(top_up.pool), Lot("top_up", top_up.date, end, top_up.hours)
    for credit in period.adjustments:
        if credit.hours > 0:
            end = lapses(credit.expires, index)
            yield period.account_of(credit.pool), Lot("credit", credit.date, end, credit.hours)


def _used(period: _Period) -> dict[str, Decimal]:
    """The hours drawn from each pool."""
    used = dict.fromkeys((pool.key for pool in period.terms.pools), ZERO)
    for draw in period.draws:
        used[draw.pool] += draw.hours
    return used


def _cap(pool: Pool, period: _Period) -> Decimal:
    """The hours that `pool` gets in this cycle ("Cycles": a partial cycle's cap)."""
    cycle = period.cycle
    if not cycle.partial or period.terms.proration == "full":
        return pool.hours
    return round_half_up(pool.hours * cycle.days / cycle.full_days)


def _settled(account: _Account, period: _Period) -> _Outcome:
    """The account after its need has consumed its lots, closed where the cycle is ("Balance of a cycle")."""
    need = account.queued_in + account.used + account.charged
    left, overage = consume(account.carried + account.granted, need)
    remaining = hours_in(left) + max(-need, ZERO)
    goes_on = period.closed and period.cycle.resets is not None
    carried = carry(left, period.terms, period.cycle.index) if goes_on else ()
    carried_out = hours_in(carried)
    queued = overage if period.terms.overage == "queue" else ZERO
    figures = Figures(
        allocated=hours_in(lot for lot in account.granted if lot.kind == "allocation"),
        carried_in=hours_in(account.carried),
        topped_up=hours_in(lot for lot in account.granted if lot.kind == "top_up"),
        credited=hours_in(lot for lot in account.granted if lot.kind == "credit"),
        queued_in=account.queued_in,
        used=account.used,
        charged=account.charged,
        remaining=remaining,
        overage=overage,
        carried_out=carried_out if period.closed else None,
        expired=remaining - carried_out if period.closed else None,
        queued_out=queued if period.closed else None,
    )
    return _Outcome(figures, left, carried)


def _cycle_balance(period: _Period, outcomes: Mapping[str, _Outcome]) -> CycleBalance:
    cycle, terms = period.cycle, period.terms
    total = reduce(_added, (outcome.figures for outcome in outcomes.values()))
    rate = terms.overage_rate if terms.overage == "bill" else None
    return CycleBalance(
        index=cycle.index,
        starts=cycle.starts,
        ends=cycle.ends,
        resets=cycle.resets,
        closed=period.closed,
        terms=terms,
        sharing=period.sharing,
        pools=tuple(_pools(period, outcomes)),
        total=total,
        used_by_multiplier=_used_by_multiplier(period.draws),
        overage_amount=round_half_up(total.overage * (rate or ZERO)),
        lots=tuple((key, outcome.left) for key, outcome in outcomes.items()),
        draws=period.draws,
    )


def _pools(period: _Period, outcomes: Mapping[str, _Outcome]) -> Iterator[PoolFigures]:
    """Each pool with its account, or under shared sharing with its use against its own cap."""
    if period.sharing == "separate":
        for pool in period.terms.pools:
            its = outcomes[pool.key].figures
            yield PoolFigures(pool.key, pool.name, its.allocated, its.used, its.remaining, its)
        return
    used = _used(period)
    for pool in period.terms.pools:
        cap = _cap(pool, period)
        yield PoolFigures(pool.key, pool.name, cap, used[pool.key], cap - used[pool.key], None)


def _used_by_multiplier(draws: Iterable[Draw]) -> tuple[MultiplierUse, ...]:
    """The counted draws added up by multipliers and factor, in that order; factor None comes last."""
    sums: dict[tuple[tuple[str, ...], Decimal | None], tuple[Decimal, Decimal]] = {}
    for draw in draws:
        if draw.reason is None:
            key = draw.multipliers, draw.factor
            counted, drawn = sums.get(key, (ZERO, ZERO))
            sums[key] = counted + draw.counted, drawn + draw.hours
    ordered = sorted(sums, key=lambda key: (key[0], key[1] is None, key[1] or ZERO))
    return tuple(MultiplierUse(*key, *sums[key]) for key in ordered)


def _added(one: Figures, other: Figures) -> Figures:
    """Two accounts of the same cycle in one: each figure is the sum, None while the cycle is open."""
    return Figures(
        allocated=one.allocated + other.allocated,
        carried_in=one.carried_in + other.carried_in,
        topped_up=one.topped_up + other.topped_up,
        credited=one.credited + other.credited,
        queued_in=one.queued_in + other.queued_in,
        used=one.used + other.used,
        charged=one.charged + other.charged,
        remaining=one.remaining + other.remaining,
        overage=one.overage + other.overage,
        carried_out=_added_at_close(one.carried_out, other.carried_out),
        expired=_added_at_close(one.expired, other.expired),
        queued_out=_added_at_close(one.queued_out, other.queued_out),
    )


def _added_at_close(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
