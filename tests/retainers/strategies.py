"""Agreements of all kinds and what happens under them, for property tests of whatever shows a balance.

Hypothesis looks through each strategy that it meets for the first time, which takes as long as to draw from it: those
that are the same for every example are made once.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import combinations, permutations
from typing import TypeVar

from hypothesis import strategies as st

from retainers.balance import Part, Work
from retainers.cycles import Cycle, cycles_until
from retainers.terms import (
    STANDARD,
    TRAVEL,
    WEEKDAYS,
    Adjustment,
    Agreement,
    Approval,
    Multiplier,
    Pool,
    Rollover,
    Terms,
    TopUp,
)

POOLS = ("reactive", "scheduled", "onsite")
CATEGORIES = ("after_hours", "onsite", TRAVEL)
SOME_CATEGORIES = [
    frozenset(some) for size in range(4) for some in combinations((*CATEGORIES, "remote"), size)
]
SOME_POOLS = [keys for size in (1, 2, 3) for keys in permutations(POOLS, size)]
MINIMUMS = [keys for size in range(3) for keys in combinations((STANDARD, *CATEGORIES), size)]
FACTORS = [Decimal(factor) for factor in ("0.5", "1", "1.25", "1.5", "2")]
Grant = TypeVar("Grant", TopUp, Adjustment)
FEW_CYCLES = 6
RATE = Decimal("141.55")
MARGIN = timedelta(days=20)  # how far entries and the date asked for may lie outside the retainer's life


ANY_CATEGORIES, ANY_POOLS, ANY_MINIMUMS = map(st.sampled_from, (SOME_CATEGORIES, SOME_POOLS, MINIMUMS))
ANY_FACTOR = st.sampled_from(FACTORS)
ONE_IN_FIVE_NONE = st.sampled_from([20, 20, 20, 20, 0])
OVERAGES = st.sampled_from(["bill", "queue", "decline"])
SHARINGS = st.sampled_from(["separate", "shared"])
HOURS_FROM = st.sampled_from(["worked", "billable", "deducted"])
COUNTED = st.sampled_from(["exclude", "count"])
INCREMENTS = st.sampled_from([None, Decimal("0.1"), Decimal("0.25"), Decimal(1)])
STACKINGS = st.sampled_from(["highest", "product"])
PRORATIONS = st.sampled_from(["daily", "start", "end", "full"])
RATES = st.sampled_from([None, RATE])
STARTS = st.dates(date(2023, 12, 1), date(2026, 12, 31))
MONTHS = st.sampled_from([1, 1, 1, 3, 6, 12])
ANCHOR_DAYS, ANCHOR_MONTHS = st.none() | st.integers(1, 31), st.none() | st.integers(1, 12)
UPDATES = st.sampled_from([(), ("mon", "thu"), WEEKDAYS])
MOSTLY_BILLABLE = st.sampled_from([True, True, True, False])
POOL_OF_WORK = st.sampled_from((None, *POOLS, "unheard of"))
POOL_OF_HOURS = st.sampled_from((None, *POOLS))
EXCLUSIONS = st.sampled_from([None, None, None, "internal"])
TOP_UP_ENDS = st.sampled_from(["never", "cycle", 1, 2])
ADJUSTMENT_ENDS = st.sampled_from([None, "never", "cycle", 1, 2])


@dataclass(frozen=True, slots=True)
class History:
    """An agreement, what is dated under it (and just outside), and the date asked for."""

    agreement: Agreement
    works: tuple[Work, ...]
    top_ups: tuple[TopUp, ...]
    adjustments: tuple[Adjustment, ...]
    on: date
    approvals: tuple[Approval, ...] = ()


@cache
def hours(most: int = 40, least: int = 0, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Hours with two places (four as worked): what is not small and exact is in whole quarters."""
    unit, quarter = 10**places, 10**places // 4
    return st.integers(least * unit, most * unit).map(
        lambda units: Decimal(units if abs(units) < unit else units // quarter * quarter).scaleb(-places)
    )


@cache
def rollovers() -> st.SearchStrategy[Rollover | None]:
    """None, everything, capped, short-lived, or both."""
    capped, lasting = hours(20), st.integers(1, 3)
    return st.one_of(
        st.none(),
        st.just(Rollover()),
        st.builds(Rollover, hours=capped),
        st.builds(Rollover, cycles=lasting),
        st.builds(Rollover, hours=capped, cycles=lasting),
    )


@st.composite
def terms(draw: st.DrawFn, starts: date) -> Terms:
    """One version of terms; the pools are any of three, so that later versions drop and add some.

    One in five is a prepaid block.
    """
    keys = draw(ANY_POOLS)
    most = draw(ONE_IN_FIVE_NONE)
    borne = sorted(draw(ANY_CATEGORIES))
    overage = draw(OVERAGES)
    sharing = draw(SHARINGS)
    pools = tuple(Pool(key, key.capitalize(), draw(hours(most))) for key in keys)
    return Terms(
        starts=starts,
        pools=draw(with_hidden(pools)) if sharing == "separate" else pools,
        hours_from=draw(HOURS_FROM),
        non_billable=draw(COUNTED),
        travel=draw(COUNTED),
        increment=draw(INCREMENTS),
        minimum={key: draw(hours(2)) for key in draw(ANY_MINIMUMS)},
        stacking=draw(STACKINGS),
        proration=draw(PRORATIONS),
        sharing=sharing,
        overage=overage,
        overage_rate={"bill": RATE, "decline": draw(RATES)}.get(overage),
        rollover=draw(rollovers()),
        multipliers=tuple(Multiplier(key, key.capitalize(), draw(ANY_FACTOR)) for key in borne),
    )


@st.composite
def with_hidden(draw: st.DrawFn, pools: tuple[Pool, ...]) -> tuple[Pool, ...]:
    """The same pools, in one case of three the last one hidden from the client, where it can be."""
    *shown, last = pools
    is_block = not any(pool.hours for pool in pools)
    can_be = shown and (is_block or any(pool.hours for pool in shown))
    if not can_be or draw(st.integers(0, 2)):
        return pools
    return (*shown, replace(last, hidden=True))


@st.composite
def calendars(draw: st.DrawFn) -> Agreement:
    """An agreement that says when its cycles are, with the plainest terms."""
    starts = draw(STARTS)
    months = draw(MONTHS)
    life = draw(st.none() | st.integers(0, 32 * months * 4))
    return Agreement(
        key="support",
        name="Support",
        starts=starts,
        terms=(Terms(starts, (Pool("reactive", "Reactive", Decimal(8)),)),),
        ends=None if life is None else starts + timedelta(days=life),
        anchor_day=draw(ANCHOR_DAYS),
        anchor_month=draw(ANCHOR_MONTHS),
        months=months,
        updates_on=draw(UPDATES),
    )


def first_cycles(agreement: Agreement) -> tuple[Cycle, ...]:
    horizon = agreement.starts + timedelta(days=31 * agreement.months * FEW_CYCLES)
    return cycles_until(agreement, horizon)[:FEW_CYCLES]


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """Any cycle, sharing, policy and rollover, with up to three versions of terms."""
    agreed = draw(calendars())
    agreed = replace(agreed, terms=(draw(terms(agreed.starts)),))
    for _ in range(draw(st.integers(0, 2))):
        agreed = draw(later_terms(agreed))
    return agreed


@st.composite
def later_terms(draw: st.DrawFn, agreed: Agreement) -> Agreement:
    """The agreement with one more version: from a cycle's first day, or with another cycle from any day."""
    newest = agreed.terms[-1].starts
    coming = [cycle for cycle in first_cycles(agreed) if cycle.ends > newest]
    changed = draw(cycle_changes())
    if changed and coming:
        starts = draw(st.dates(newest + timedelta(days=1), coming[-1].ends))
    else:
        later = [cycle.starts for cycle in coming if cycle.starts > newest]
        if not later:
            return agreed
        starts = draw(st.sampled_from(later))
    version = replace(draw(terms(starts)), **changed)
    return replace(agreed, terms=(*agreed.terms, version))


@cache
def cycle_changes() -> st.SearchStrategy[dict[str, int]]:
    """What a later version says of the cycle: mostly nothing."""
    said = st.fixed_dictionaries(
        {},
        optional={
            "months": st.sampled_from([1, 3]),
            "anchor_day": st.integers(1, 31),
            "anchor_month": st.integers(1, 12),
        },
    )
    return st.one_of(st.just({}), said)


def works(days: st.SearchStrategy[date]) -> st.SearchStrategy[Work]:
    """Entries with any columns filled, corrections among them."""
    return st.builds(
        Work,
        day=days,
        worked=hours(6, -2, places=4),
        billable=perhaps_worked(),
        deducted=perhaps_worked(),
        is_billable=MOSTLY_BILLABLE,
        categories=ANY_CATEGORIES,
        pool=POOL_OF_WORK,
        exclusion=EXCLUSIONS,
        parts=no_parts_or_some(),
    )


@cache
def perhaps_worked() -> st.SearchStrategy[Decimal | None]:
    return st.none() | hours(6, -2, places=4)


@cache
def no_parts_or_some() -> st.SearchStrategy[tuple[Part, ...]]:
    return st.one_of(st.just(()), st.lists(parts(), min_size=2, max_size=3).map(tuple))


@cache
def some_hours(most: int, least: int = 0) -> st.SearchStrategy[Decimal]:
    """Any but none."""
    return hours(most, least).filter(bool)


@cache
def parts() -> st.SearchStrategy[Part]:
    return st.builds(
        Part,
        seconds=st.integers(1, 8 * 3600),
        categories=ANY_CATEGORIES,
        pool=POOL_OF_WORK,
        exclusion=EXCLUSIONS,
    )


def not_ended_before(grant: Grant) -> Grant:
    """Hours end on their own day at the soonest."""
    if isinstance(grant.expires, date):
        return replace(grant, expires=max(grant.expires, grant.date))
    return grant


def top_ups(days: st.SearchStrategy[date]) -> st.SearchStrategy[TopUp]:
    return st.builds(
        TopUp,
        date=days,
        hours=some_hours(20),
        pool=POOL_OF_HOURS,
        expires=TOP_UP_ENDS | days,
    ).map(not_ended_before)


def adjustments(days: st.SearchStrategy[date]) -> st.SearchStrategy[Adjustment]:
    return st.builds(
        Adjustment,
        date=days,
        hours=some_hours(6, -6),
        pool=POOL_OF_HOURS,
        expires=ADJUSTMENT_ENDS | days,
    ).map(not_ended_before)


def approvals(days: st.SearchStrategy[date]) -> st.SearchStrategy[Approval]:
    return st.builds(Approval, cycle=days, hours=some_hours(6))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to a few cycles of a retainer's life, looked at on any date in it or near it."""
    agreement = draw(agreements())
    days = st.dates(agreement.starts - MARGIN, first_cycles(agreement)[-1].ends + MARGIN)
    return History(
        agreement=agreement,
        works=tuple(
            work._replace(ref=ref) for ref, work in enumerate(draw(st.lists(works(days), max_size=10)))
        ),
        top_ups=tuple(draw(st.lists(top_ups(days), max_size=3))),
        adjustments=tuple(draw(st.lists(adjustments(days), max_size=3))),
        on=draw(days),
        approvals=tuple(draw(st.lists(approvals(days), max_size=2))),
    )
