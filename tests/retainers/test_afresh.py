"""What comes to a retainer of which nothing stands is taken by kinds: it is what the ledger makes of all entries."""

from dataclasses import replace
from datetime import timedelta
from operator import is_
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainers.afresh import Coming, afresh
from retainers.balance import Part
from retainers.kept.document import line_of
from retainers.kept.handed import hand_on
from retainers.ledger import balance
from retainers.pricing import Prices, hours_drawn, reason_against
from retainers.published_rows import Beside
from retainers.tally import by_cycle, read_tally, tally_of, tally_of_days
from tests.retainers.strategies import histories
from tests.retainers.test_onward import NEW, some_history


def mark_of(ticket):
    """Marks are in another order than tickets."""
    return f"{sum(map(ord, ticket)) * 31 % 97}-{ticket}"


def both(history, works, random, tickets):
    """What is handed on of all entries with the cycles that it is of, and the same by kinds."""
    agreed, granted = history.agreement, (history.top_ups, history.adjustments, history.on, history.approvals)
    works = [each._replace(ref=NEW + number) for number, each in enumerate(works)]
    said = [random.choice(tickets) if random.random() < 0.9 else "" for _ in works]
    bare = [random.random() < 0.2 for _ in works]
    draws = [Prices(agreed).draws_of(each) for each in works]
    empty = balance(agreed, [], *granted)
    standing = SimpleNamespace(
        agreement=agreed, on=history.on, top_ups=history.top_ups, adjustments=history.adjustments,
        approvals=history.approvals, cycles=empty, current=empty[-1], publication=SimpleNamespace(version_id=1),
    )  # fmt: skip
    coming = Coming(
        days=[each.day for each in works],
        tickets=said,
        hours=list(map(hours_drawn, draws)),
        counts=[reason_against(each) is None for each in draws],
        bare=bare,
        works=lambda places: [works[place] for place in places],
    )
    tally = tally_of(draw for each in draws for draw in each)
    found = afresh(standing, tally, coming, mark_of)
    if found:
        assert all(
            map(is_, found.cycles, [each for each in empty if each.closed and each.ends < min(coming.days)])
        )
    cycles = balance(agreed, works, *granted)
    marks = {each.ref: ticket for each, ticket in zip(works, said, strict=True) if ticket}
    unworded = frozenset(each.ref for each, is_bare in zip(works, bare, strict=True) if is_bare)
    dates = [each.date for each in (*history.top_ups, *history.adjustments)]
    dated, since = [*coming.days, *dates], min(coming.days)
    whole = hand_on(cycles, since, Beside(marks, frozenset()), unworded, history.on, 1, mark_of, dated=dated)
    return cycles, whole, found


def is_the_same(cycles, whole, found):
    assert [line_of(each) for each in found.cycles] == [line_of(each) for each in cycles]
    assert [replace(each, draws=()) for each in found.cycles] == [replace(each, draws=()) for each in cycles]
    assert replace(found.handed, tally="") == replace(whole, tally="")
    assert read_tally(found.handed.tally) == read_tally(whole.tally)


def on_their_days(kinds):
    """All draws of these kinds, one by one."""
    for draws, numbers in kinds:
        for day, number in numbers:
            yield from [draw._replace(work=draw.work._replace(day=day)) for draw in draws * number]


@given(histories(), st.integers(1, 5))
def test_kinds_on_days_come_to_what_their_draws_come_to(history, often):
    prices = Prices(history.agreement)
    kinds = [
        (prices.draws_of(each), [(each.day, 1), (each.day + timedelta(days=often), often)])
        for each in history.works
    ]
    assert tally_of_days(kinds) == tally_of(on_their_days(kinds))


@pytest.mark.parametrize("seed", range(3))
def test_many_kinds_on_many_days_come_to_what_their_draws_come_to(seed):
    random = Random(seed)
    history = some_history(random, "shared")
    prices = Prices(history.agreement)
    kinds = [
        (prices.draws_of(each), [(each.day + timedelta(days=more), 1 + more % 3) for more in range(4)])
        for each in history.works
    ]
    found = tally_of_days(kinds)
    assert found
    assert found == tally_of(on_their_days(kinds))


@given(histories())
def test_each_cycle_has_what_is_of_its_days(history):
    cycles = balance(history.agreement, [], [], [], history.on)
    tally = (
        tally_of(draw for each in history.works for draw in Prices(history.agreement).draws_of(each)) or {}
    )
    found = by_cycle(tally, {each.index: (each.starts, each.ends) for each in cycles})
    for each in cycles:
        of_days = {
            slot: {day: its for day, its in days.items() if str(each.starts) <= day <= str(each.ends)}
            for slot, days in tally.items()
        }
        assert found[each.index] == {slot: days for slot, days in of_days.items() if days}


@given(histories(), st.randoms(use_true_random=False), st.integers(1, 6))
def test_what_comes_first_is_what_its_entries_come_to(history, random, often):
    works = [
        each._replace(day=each.day + timedelta(days=more)) for each in history.works for more in range(often)
    ]
    begun = balance(history.agreement, [], [], [], history.on)
    if not works or not begun or begun[-1].closed:
        return
    cycles, whole, found = both(history, works, random, "abcdefgh")
    if found:
        is_the_same(cycles, whole, found)


@pytest.mark.parametrize("sharing", ["shared", "separate"])
def test_most_of_what_comes_first_is_told_by_its_kinds(sharing):
    answered = 0
    for seed in range(60):
        random = Random(seed)
        history = some_history(random, sharing)
        first = random.choice((0, 0, 35))  # in the second cycle
        works = [
            each._replace(day=each.day + timedelta(days=random.randrange(first, 50)))
            for each in history.works
        ]
        if seed % 3 == 0:
            half = Part(1800), Part(1800, pool="web", categories=frozenset({"night"}))
            works = [each._replace(parts=half) if random.random() < 0.3 else each for each in works]
        if seed % 20 == 0:
            works[0] = works[0]._replace(worked=-works[0].worked)
        cycles, whole, found = both(history, works, random, [f"i{number}" for number in range(20)])
        assert (found is None) == (seed % 20 == 0)
        if found:
            is_the_same(cycles, whole, found)
            answered += 1

    assert answered == 57
