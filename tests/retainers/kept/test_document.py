"""Closed cycles as they are kept: read again they are what they were, and what follows on them is the same."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation.accounts import accounts
from presentation.pace import over_since, recent_draws, run_out
from retainers.cycles import cycles_until
from retainers.drawn import NotReadError, UnreadDraws, drawn_in, is_read, kinds_in, written
from retainers.effects import CycleChange
from retainers.kept import document
from retainers.kept.document import (
    cycles_of,
    granted_lines,
    grants_of,
    lines_of,
    read,
    text_of,
    used_in,
    with_draws,
)
from retainers.ledger import balance
from tests.retainers.builders import agreement, cycles, work
from tests.retainers.strategies import MARGIN, first_cycles, histories


def worked_out(history, on, closed=()):
    return balance(
        history.agreement,
        history.works if not closed else [w for w in history.works if w.day > closed[-1].ends],
        history.top_ups,
        history.adjustments,
        on,
        history.approvals,
        closed=closed,
    )


def kept_and_read(history, cycles, on, count=None):
    """The first of these cycles, once written and read again."""
    lines, granted = read(text_of(lines_of(cycles), granted_lines(history.top_ups, history.adjustments, ())))
    assert grants_of(granted) == ([*history.top_ups], [*history.adjustments])
    over = [cycle for cycle in cycles_until(history.agreement, on) if cycle.ends < on]
    return cycles_of(lines, history.agreement, over[:count])


def bare(cycle):
    return replace(cycle, draws=())


@given(histories(), st.integers(0, 6))
def test_what_follows_on_closed_cycles_that_were_kept_is_what_it_is_without(history, count):
    late = max(history.on, first_cycles(history.agreement)[-1].ends + MARGIN)
    for on in (history.on, late):
        cycles = worked_out(history, on)
        kept = kept_and_read(history, cycles, on, count)

        again = worked_out(history, on, closed=kept)

        assert [bare(each) for each in again] == [bare(each) for each in cycles]
        assert [each.draws for each in again if is_read(each)] == [each.draws for each in cycles[len(kept) :]]
        assert [is_read(each) for each in again[: len(kept)]] == [False] * len(kept)
        assert list(map(used_in, kept)) == [each.total.used for each in cycles[: len(kept)]]


@given(histories())
def test_how_long_hours_last_is_said_alike_of_kept_cycles(history):
    on = history.on + timedelta(days=20)
    cycles = worked_out(history, on)
    kept = (*kept_and_read(history, cycles, on), *(each for each in cycles if not each.closed))
    assert [set(kinds_in(each)) for each in kept] == [set(kinds_in(each)) for each in cycles]
    if not cycles:
        return
    for account in accounts(cycles, cycles[-1]):
        said = [
            (
                run_out(
                    Decimal(5),
                    recent_draws(each, account.key, date.min),
                    cycle_starts=cycles[-1].starts,
                    life_starts=history.agreement.starts,
                    covered=on,
                    today=on,
                ),
                over_since(Decimal(3), recent_draws(each, account.key, date.min)),
            )
            for each in (cycles, kept)
        ]
        assert said[0] == said[1]


@given(histories())
def test_what_was_read_from_what_is_kept_is_kept_alike(history):
    on = history.on + timedelta(days=20)
    cycles = worked_out(history, on)

    again = worked_out(history, on, closed=kept_and_read(history, cycles, on))

    assert lines_of(again) == lines_of(cycles)


@given(histories())
def test_lines_of_other_days_are_not_taken(history):
    on = history.on + timedelta(days=40)
    lines = lines_of(worked_out(history, on))
    over = [cycle for cycle in cycles_until(history.agreement, on) if cycle.ends < on]
    moved = [replace(cycle, starts=cycle.starts - timedelta(days=1)) for cycle in over]

    assert not moved or cycles_of(lines, history.agreement, moved) is None
    assert not lines or cycles_of(lines[:-1], history.agreement, over) is None


@pytest.mark.parametrize("look", [list, len, bool, sum, lambda draws: draws[0], reversed])
def test_work_that_was_not_read_is_refused_to_whoever_looks_into_it(look):
    with pytest.raises(NotReadError):
        look(UnreadDraws("", ()))


def test_hours_of_a_day_are_one_line_unless_some_are_below_zero():
    plain = [work(date(2026, 1, 5), None, billable=hours) for hours in ("1", "2")]
    below = work(date(2026, 1, 6), None, billable="-1")
    (cycle,) = cycles(agreement(), *plain, on=date(2026, 1, 9))
    (mixed,) = cycles(agreement(), *plain, below, on=date(2026, 1, 9))

    assert len(written(cycle.draws).split(";")) == 1
    assert [each.hours for each in drawn_in(mixed)] == [1, 2, -1]


def a_year(monkeypatch):
    """Closed cycles, the same as they are kept, and which cells of their lines are asked for from then on."""
    agreed, on = agreement(starts=date(2026, 1, 1)), date(2026, 12, 9)
    made = cycles(agreed, work(date(2026, 1, 5), None, billable="1"), on=on)[:-1]
    days, cell, asked = cycles_until(agreed, on)[:-1], document._cell, []
    monkeypatch.setattr(document, "_cell", lambda line, place: asked.append(place) or cell(line, place))
    return made, cycles_of(lines_of(made), agreed, days), asked


def test_of_a_kept_cycle_a_figure_is_read_when_it_is_asked_for_and_once(monkeypatch):
    made, found, asked = a_year(monkeypatch)
    said = [(each.starts, each.closed, is_read(each)) for each in found]
    assert said == [(each.starts, True, False) for each in made]
    assert asked == []

    assert [found[0].pools[0].used for _again in range(2)] == [1, 1]
    assert asked == [document.POOLS]


def test_a_kept_cycle_that_gets_its_work_is_asked_for_its_hours_alone(monkeypatch):
    made, found, asked = a_year(monkeypatch)

    again, used = with_draws(found[0], made[0].draws), used_in(found[0])

    assert asked == []
    assert used == used_in(made[0]) == made[0].total.used > 0
    assert (again, is_read(again), again.draws) == (made[0], True, made[0].draws)
    assert not is_read(found[0])


def test_a_kept_cycle_whose_hours_differ_is_asked_for_nothing_else_to_tell(monkeypatch):
    made, found, asked = a_year(monkeypatch)
    other = replace(made[0], total=made[0].total._replace(used=Decimal(2)))

    assert CycleChange(found[0], other).differs
    assert asked == []
    assert not CycleChange(found[0], made[0]).differs
    assert asked != []


def test_cycles_differ_in_days_figures_of_pools_and_price_and_not_in_names():
    (cycle,) = cycles(agreement(), work(date(2026, 1, 5), None, billable="1"), on=date(2026, 1, 9))
    (pool,) = cycle.pools

    def differs(**said):
        return CycleChange(cycle, replace(cycle, **said)).differs

    assert differs(ends=cycle.ends - timedelta(days=1))
    assert differs(starts=cycle.starts - timedelta(days=1))
    assert differs(pools=(pool._replace(allocated=pool.allocated + 1),))
    assert differs(pools=(pool._replace(key="other"),))
    assert differs(pools=())
    assert differs(overage_amount=Decimal(5))
    assert not differs(pools=(pool._replace(name="Other"),))
    assert not differs(terms=replace(cycle.terms, currency="CHF"))  # nothing is billed
    assert CycleChange(cycle, None).differs
    assert CycleChange(None, cycle).differs


def test_figures_and_lots_that_are_alike_in_kept_cycles_are_read_once():
    agreed, on = agreement(starts=date(2026, 1, 1)), date(2026, 12, 9)
    lines = lines_of(cycles(agreed, work(date(2026, 1, 5), None, billable="1"), on=on))
    over = [cycle for cycle in cycles_until(agreed, on) if cycle.ends < on]
    ways = document.hours_of, document._lot
    for way in ways:
        way.cache_clear()

    first = tuple(map(replace, cycles_of(lines, agreed, over)))  # with all that they say
    made = [way.cache_info().misses for way in ways]
    assert cycles_of(lines, agreed, over) == first

    assert [way.cache_info().misses for way in ways] == made
    assert len(lines) == 11
    assert made[0] < len(lines)
    assert document._lot.cache_info().hits == len(lines)
    assert document.hours_of.cache_info().hits > 2 * 13 * len(lines)  # an account has thirteen figures
