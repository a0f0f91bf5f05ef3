"""Agreements of all kinds and what happens under them, for property tests of whatever shows a balance."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
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


@dataclass(frozen=True, slots=True)
class History:
    """An agreement, what is dated under it (and just outside), and the date asked for."""

    agreement: Agreement
    works: tuple[Work, ...]
    top_ups: tuple[TopUp, ...]
    adjustments: tuple[Adjustment, ...]
    on: date
    approvals: tuple[Approval, ...] = ()


def hours(most: int = 40, least: int = 0, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Hours with two places (four as worked): what is not small and exact is in whole quarters."""
    unit, quarter = 10**places, 10**places // 4
    return st.integers(least * unit, most * unit).map(
        lambda units: Decimal(units if abs(units) < unit else units // quarter * quarter).scaleb(-places)
    )


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
    keys = draw(st.sampled_from(SOME_POOLS))
    most = draw(st.sampled_from([20, 20, 20, 20, 0]))
    borne = sorted(draw(st.sampled_from(SOME_CATEGORIES)))
    overage = draw(st.sampled_from(["bill", "queue", "decline"]))
    sharing = draw(st.sampled_from(["separate", "shared"]))
    pools = tuple(Pool(key, key.capitalize(), draw(hours(most))) for key in keys)
    return Terms(
        starts=starts,
        pools=draw(with_hidden(pools)) if sharing == "separate" else pools,
        hours_from=draw(st.sampled_from(["worked", "billable", "deducted"])),
        non_billable=draw(st.sampled_from(["exclude", "count"])),
        travel=draw(st.sampled_from(["exclude", "count"])),
        increment=draw(st.sampled_from([None, Decimal("0.1"), Decimal("0.25"), Decimal(1)])),
        minimum={key: draw(hours(2)) for key in draw(st.sampled_from(MINIMUMS))},
        stacking=draw(st.sampled_from(["highest", "product"])),
        proration=draw(st.sampled_from(["daily", "start", "end", "full"])),
        sharing=sharing,
        overage=overage,
        overage_rate={"bill": RATE, "decline": draw(st.sampled_from([None, RATE]))}.get(overage),
        rollover=draw(rollovers()),
        multipliers=tuple(Multiplier(key, key.capitalize(), draw(st.sampled_from(FACTORS))) for key in borne),
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
    starts = draw(st.dates(date(2023, 12, 1), date(2026, 12, 31)))
    months = draw(st.sampled_from([1, 1, 1, 3, 6, 12]))
    life = draw(st.none() | st.integers(0, 32 * months * 4))
    return Agreement(
        key="support",
        name="Support",
        starts=starts,
        terms=(Terms(starts, (Pool("reactive", "Reactive", Decimal(8)),)),),
        ends=None if life is None else starts + timedelta(days=life),
        anchor_day=draw(st.none() | st.integers(1, 31)),
        anchor_month=draw(st.none() | st.integers(1, 12)),
        months=months,
        updates_on=draw(st.sampled_from([(), ("mon", "thu"), WEEKDAYS])),
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
    worked = hours(6, -2, places=4)
    return st.builds(
        Work,
        day=days,
        worked=worked,
        billable=st.none() | worked,
        deducted=st.none() | worked,
        is_billable=st.sampled_from([True, True, True, False]),
        categories=st.sampled_from(SOME_CATEGORIES),
        pool=st.sampled_from((None, *POOLS, "unheard of")),
        exclusion=st.sampled_from([None, None, None, "internal"]),
        parts=st.one_of(st.just(()), st.lists(parts(), min_size=2, max_size=3).map(tuple)),
    )


def parts() -> st.SearchStrategy[Part]:
    return st.builds(
        Part,
        seconds=st.integers(1, 8 * 3600),
        categories=st.sampled_from(SOME_CATEGORIES),
        pool=st.sampled_from((None, *POOLS, "unheard of")),
        exclusion=st.sampled_from([None, None, None, "internal"]),
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
        hours=hours(20).filter(bool),
        pool=st.sampled_from((None, *POOLS)),
        expires=st.sampled_from(["never", "cycle", 1, 2]) | days,
    ).map(not_ended_before)


def adjustments(days: st.SearchStrategy[date]) -> st.SearchStrategy[Adjustment]:
    return st.builds(
        Adjustment,
        date=days,
        hours=hours(6, -6).filter(bool),
        pool=st.sampled_from((None, *POOLS)),
        expires=st.sampled_from([None, "never", "cycle", 1, 2]) | days,
    ).map(not_ended_before)


def approvals(days: st.SearchStrategy[date]) -> st.SearchStrategy[Approval]:
    return st.builds(Approval, cycle=days, hours=hours(6).filter(bool))


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
