"""Work that is counted: cycle for cycle it comes to what the ledger makes of the entries one by one."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainers.alike import Alike, counted_in, may_be_counted
from retainers.balance import Part
from retainers.cycles import cycles_until
from retainers.drawn import is_read
from retainers.kept.document import line_of
from retainers.ledger import balance
from tests.retainers.builders import agreement, terms, work
from tests.retainers.strategies import MARGIN, first_cycles, histories

DAY = date(2026, 1, 5)


def counted(works):
    """Each kind of work with the days on which there was any."""
    kinds = defaultdict(Counter)
    for each in works:
        kinds[each._replace(day=date.min, ref=0)][str(each.day)] += 1
    return [Alike(kind, often) for kind, often in kinds.items()]


def both(history, works, on):
    """The cycles worked out of the entries, and the same with the work of closed ones counted."""
    granted = history.top_ups, history.adjustments, on, history.approvals
    over = [cycle for cycle in cycles_until(history.agreement, on) if cycle.ends < on]
    last = over[-1].ends if over else date.min
    early = [each for each in works if each.day <= last]
    late = [each for each in works if each.day > last]
    return (
        balance(history.agreement, works, *granted),
        balance(history.agreement, late, *granted, counted=counted_in(history.agreement, counted(early), on)),
    )


@given(histories(), st.lists(st.integers(0, 9), min_size=1, max_size=9))
def test_work_that_is_counted_comes_to_what_it_comes_to_one_by_one(history, often):
    """Figures, lots, days, kinds and multipliers, each with the places that the ledger gives it."""
    able = [each for each in history.works if may_be_counted(each)]
    works = [
        each._replace(day=each.day + timedelta(days=more), ref=len(able) * more + number)
        for number, each in enumerate(able)
        for more in often
    ]
    for on in (history.on, max(history.on, first_cycles(history.agreement)[-1].ends + MARGIN)):
        one_by_one, again = both(history, works, on)

        assert [line_of(each) for each in again] == [line_of(each) for each in one_by_one]
        assert [replace(each, draws=()) for each in again] == [replace(each, draws=()) for each in one_by_one]
        assert [each.draws for each in again if not each.closed] == [
            each.draws for each in one_by_one if not each.closed
        ]


def test_each_entry_is_rounded_by_itself():
    agreed = agreement(terms(increment=Decimal("0.25")))
    two = Alike(work(DAY, "0.30"), {"2026-01-05": 2})
    three = Alike(work(DAY, "0.10"), {"2026-01-05": 2, "2026-01-06": 1})

    on = date(2026, 2, 1)
    january, _february = balance(agreed, [], [], [], on, counted=counted_in(agreed, [three, two], on))

    assert january.total.used == Decimal("1.75")
    assert january.draws.days == "2026-01-05 main 1.50;2026-01-06 main 0.25"
    assert not is_read(january)


@pytest.mark.parametrize("figure", ["worked", "billable", "deducted"])
def test_work_below_zero_is_not_counted(figure):
    its = work(DAY, "1.00")
    assert may_be_counted(its)
    assert not may_be_counted(its._replace(**{figure: Decimal("-0.01")}))


def test_work_in_more_than_two_parts_is_not_counted():
    """The last part takes what the others were rounded by, and may come out below zero."""
    its = work(DAY, "0.02")
    assert may_be_counted(its._replace(parts=(Part(900),) * 2))
    assert not may_be_counted(its._replace(parts=(Part(900),) * 4))


def test_a_cycle_is_not_counted_and_read():
    its, on = work(DAY, "1.00"), date(2026, 2, 1)
    both_ways = counted_in(agreement(), counted([its]), on)
    with pytest.raises(ValueError, match="both read and counted"):
        balance(agreement(), [its], [], [], on, counted=both_ways)
