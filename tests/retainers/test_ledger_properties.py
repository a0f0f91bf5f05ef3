"""What is true of every balance, whatever was agreed and whatever happened."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from retainers.balance import CycleBalance, Figures
from retainers.ledger import balance
from retainers.pricing import draws_under
from tests.examples import examples
from tests.retainers.strategies import History, histories

ONE_DAY = timedelta(days=1)
FIGURES = Figures._fields
CLOSING = ("carried_out", "expired", "queued_out")

every_history = settings(max_examples=examples(50), deadline=None)


def balances(history: History) -> tuple[CycleBalance, ...]:
    return balance(
        history.agreement,
        history.works,
        history.top_ups,
        history.adjustments,
        history.on,
        history.approvals,
    )


def accounts(cycle: CycleBalance) -> dict[str, Figures]:
    """Each account that can run out, under its key."""
    if cycle.sharing == "shared":
        return {"": cycle.total}
    return {pool.key: pool.account for pool in cycle.pools if pool.account}


def total(hours: Iterable[Decimal]) -> Decimal:
    return sum(hours, Decimal(0))


@given(histories())
@every_history
def test_what_came_in_is_what_went_out_and_what_is_left(history):
    for cycle in balances(history):
        for its in (*accounts(cycle).values(), cycle.total):
            came = its.carried_in + its.allocated + its.topped_up + its.credited
            went = its.queued_in + its.used + its.charged
            assert came - went == its.remaining + its.lapsed - its.overage
            assert its.lapsed >= 0


@given(histories())
@every_history
def test_what_remains_at_the_close_is_carried_or_expires(history):
    for cycle in balances(history):
        for its in (*accounts(cycle).values(), cycle.total):
            ends = (its.carried_out, its.expired, its.queued_out)
            if cycle.closed:
                assert its.remaining == its.carried_out + its.expired
                assert min(ends) >= 0
            else:
                assert ends == (None, None, None)


@given(st.data())
@every_history
def test_two_accounts_in_one_are_the_sum_of_each_figure_none_where_one_is_open(data):
    hours = st.decimals(-99, 99, places=2) | st.none()
    one, other = (Figures(*(data.draw(hours) for _name in FIGURES)) for _account in range(2))
    both = one.together(other)
    for name in FIGURES:
        its = getattr(one, name), getattr(other, name)
        assert getattr(both, name) == (None if None in its else sum(its))


@given(histories())
@every_history
def test_an_account_never_has_hours_left_and_hours_over(history):
    for cycle in balances(history):
        for its in accounts(cycle).values():
            assert min(its.remaining, its.overage) == 0


@given(histories())
@every_history
def test_the_next_cycle_begins_with_what_was_carried_and_queued(history):
    for closed, following in pairwise(balances(history)):
        assert following.total.carried_in == closed.total.carried_out
        assert following.total.queued_in == closed.total.queued_out
        for key, its in accounts(following).items():
            before = accounts(closed).get(key)
            if before and key != following.terms.pools[0].key:
                assert (its.carried_in, its.queued_in) == (before.carried_out, before.queued_out)


@given(histories())
@every_history
def test_nothing_is_left_to_carry_after_the_last_cycle(history):
    for cycle in balances(history):
        if cycle.closed and cycle.resets is None:
            assert cycle.total.carried_out == 0
            assert cycle.total.expired == cycle.total.remaining


@given(histories())
@every_history
def test_the_log_adds_up_to_the_hours_used(history):
    for cycle in balances(history):
        assert total(draw.hours for draw in cycle.draws) == cycle.total.used
        assert total(use.drawn for use in cycle.used_by_multiplier) == cycle.total.used
        for pool in cycle.pools:
            assert total(draw.hours for draw in cycle.draws if draw.pool == pool.key) == pool.used


@given(histories())
@every_history
def test_the_pools_add_up_to_the_total(history):
    for cycle in balances(history):
        assert total(pool.allocated for pool in cycle.pools) == cycle.total.allocated
        assert total(pool.used for pool in cycle.pools) == cycle.total.used
        if cycle.sharing == "separate":
            for name in FIGURES:
                if name in CLOSING and not cycle.closed:
                    continue
                parts = [getattr(pool.account, name) for pool in cycle.pools]
                assert total(parts) == getattr(cycle.total, name)


@given(histories())
@every_history
def test_the_lots_shown_add_up_to_what_remains(history):
    for cycle in balances(history):
        found = accounts(cycle)
        assert [key for key, _ in cycle.lots] == list(found)
        for key, lots in cycle.lots:
            its = found[key]
            assert total(lot.hours for lot in lots) == its.remaining
            assert all(lot.hours > 0 for lot in lots)
            assert all(lot.lapses is None or lot.lapses >= cycle.index for lot in lots)
            until = min(history.on, cycle.ends)
            assert all(lot.ends is None or lot.ends >= until for lot in lots)


@given(histories())
@every_history
def test_each_entry_of_the_life_is_drawn_once_in_the_cycle_of_its_date(history):
    drawn = [(cycle, draw) for cycle in balances(history) for draw in cycle.draws]

    seen = [it for it in history.works if history.agreement.alive_on(it.day) and it.day <= history.on]
    assert all(cycle.starts <= draw.work.day <= cycle.ends for cycle, draw in drawn)
    for work in seen:
        own = tuple(draw for _, draw in drawn if draw.work.ref == work.ref)
        assert own == draws_under(history.agreement, work)
    assert {draw.work.ref for _, draw in drawn} == {work.ref for work in seen}


@given(histories(), st.randoms(use_true_random=False))
@every_history
def test_the_order_in_which_things_were_recorded_does_not_matter(history, random):
    works, top_ups, adjustments = (
        random.sample(items, len(items)) for items in (history.works, history.top_ups, history.adjustments)
    )

    shuffled = replace(history, works=works, top_ups=top_ups, adjustments=adjustments)
    assert balances(shuffled) == balances(history)


@given(histories(), st.data())
@every_history
def test_a_reversal_cancels_what_it_reverses(history, data):
    if not history.works:
        return
    entry = data.draw(st.sampled_from(history.works))
    reversal = entry._replace(
        worked=-entry.worked,
        billable=None if entry.billable is None else -entry.billable,
        deducted=None if entry.deducted is None else -entry.deducted,
    )
    without = replace(history, works=tuple(it for it in history.works if it is not entry))
    with_both = replace(history, works=(*history.works, reversal))

    assert [cycle.total for cycle in balances(with_both)] == [cycle.total for cycle in balances(without)]


@given(histories())
@every_history
def test_the_balance_of_a_day_is_that_of_what_was_dated_by_then(history):
    seen = replace(
        history,
        works=tuple(it for it in history.works if it.day <= history.on),
        top_ups=tuple(it for it in history.top_ups if it.date <= history.on),
        adjustments=tuple(it for it in history.adjustments if it.date <= history.on),
    )

    assert balances(seen) == balances(history)


@given(histories())
@every_history
def test_a_closed_cycle_does_not_change_as_time_goes_by(history):
    later = balances(replace(history, on=history.on + 40 * ONE_DAY))

    for cycle, again in zip(balances(history), later, strict=False):
        assert not cycle.closed or cycle == again


@given(histories())
@every_history
def test_only_overage_that_is_billed_or_approved_has_a_price(history):
    for cycle in balances(history):
        over, rate = cycle.total.overage, cycle.terms.overage_rate
        agreed = {"bill": over, "queue": 0, "decline": min(over, cycle.approved)}[cycle.terms.overage]
        assert (cycle.overage_amount > 0) == (agreed > 0 and rate is not None)
        assert abs(cycle.overage_amount - agreed * (rate or 0)) <= Decimal("0.005")
        assert cycle.overage_amount == cycle.overage_amount.quantize(Decimal("0.01"))
