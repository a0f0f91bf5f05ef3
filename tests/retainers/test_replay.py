"""The past under other terms: the same work and days; and under the very same terms, exactly what was."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from retainers.ledger import balance
from retainers.replay import Past, added_up, held_since, lapsed_hours, looked_back_on, replay
from retainers.terms import Rollover
from tests.examples import examples
from tests.retainers.builders import JAN_1, agreement, pools, terms, top_up, work
from tests.retainers.strategies import History, histories

every_history = settings(max_examples=examples(100), deadline=None)
MARCH_9 = date(2026, 3, 9)


def past_of(history: History) -> Past:
    return Past(
        history.agreement,
        history.works,
        history.top_ups,
        history.adjustments,
        history.approvals,
        history.on,
    )


def was(past: Past):
    return balance(past.agreement, past.works, past.top_ups, past.adjustments, past.on, past.approvals)


def figures(cycle):
    """All that a cycle says, but for the day its terms are written from."""
    return replace(
        cycle, terms=replace(cycle.terms, starts=JAN_1, months=None, anchor_day=None, anchor_month=None)
    )


@given(histories(), st.data())
@every_history
def test_the_very_same_terms_give_what_was_in_every_cycle(history, data):
    """From any cycle on, where nothing but the cycle's days has changed since."""
    past = past_of(history)
    first, *later = past.agreement.terms
    same = tuple(
        replace(
            first,
            starts=each.starts,
            months=each.months,
            anchor_day=each.anchor_day,
            anchor_month=each.anchor_month,
        )
        for each in later
    )
    past = replace(past, agreement=replace(past.agreement, terms=(first, *same)))
    cycles = was(past)
    if not cycles:
        return
    since = data.draw(st.sampled_from([cycle.starts for cycle in cycles]))

    found = replay(past, first, since)

    assert [figures(each) for each in found] == [figures(each) for each in cycles if each.starts >= since]


@given(histories())
@every_history
def test_the_newest_terms_since_they_hold_give_what_was(history):
    past = past_of(history)
    newest = past.agreement.terms[-1]
    assert replay(past, newest, newest.starts) == tuple(
        cycle for cycle in was(past) if cycle.starts >= newest.starts
    )


@given(histories(), st.data())
@every_history
def test_other_terms_leave_the_work_and_the_days_of_the_cycles(history, data):
    past = past_of(history)
    cycles = was(past)
    if not cycles:
        return
    since = data.draw(st.sampled_from([cycle.starts for cycle in cycles]))
    other = terms("3", starts=since, overage="bill", overage_rate=Decimal(100))

    found = replay(past, other, since)
    before = [cycle for cycle in cycles if cycle.starts >= since]

    assert [(each.starts, each.ends, each.closed) for each in found] == [
        (each.starts, each.ends, each.closed) for each in before
    ]
    for cycle, now in zip(before, found, strict=True):
        assert {draw.work.ref for draw in cycle.draws} == {draw.work.ref for draw in now.draws}
    assert found[0].total.carried_in == before[0].total.carried_in


def three_months(*dated, version=None, on=date(2026, 4, 2)) -> Past:
    agreed = agreement(version or terms("8", overage="bill", overage_rate=Decimal(100), fee=Decimal(500)))
    works = tuple(each for each in dated if hasattr(each, "worked"))
    bought = tuple(each for each in dated if not hasattr(each, "worked"))
    return Past(agreed, works, bought, (), (), on)


def test_a_larger_cap_bills_less_and_lets_more_lapse():
    past = three_months(work(date(2026, 1, 9), "10"), work(date(2026, 2, 9), "6"), work(MARCH_9, "9"))
    more = replace(past.agreement.terms[0], pools=pools(main="10"), fee=Decimal(600))

    before, after = added_up(was(past)), added_up(replay(past, more, JAN_1))

    assert (before.cycles, before.cycles_over, before.over, before.lapsed) == (3, 2, Decimal(3), Decimal(2))
    assert before.billed == (("USD", Decimal(300)),)
    assert before.in_all == (("USD", Decimal(1800)),)
    assert (after.cycles_over, after.over, after.lapsed) == (0, Decimal(0), Decimal(5))
    assert after.billed == (("USD", Decimal(0)),)
    assert after.in_all == (("USD", Decimal(1800)),)


def test_with_rollover_what_was_left_covers_what_comes():
    past = three_months(work(date(2026, 1, 9), "5"), work(date(2026, 2, 9), "10"))
    carrying = replace(past.agreement.terms[0], rollover=Rollover(cycles=1))

    found = replay(past, carrying, JAN_1)

    assert [cycle.total.overage for cycle in found[:2]] == [0, 0]
    assert [lapsed_hours(cycle) for cycle in found[:3]] == [0, 0, 1]
    assert added_up(found).left == 8


def test_hours_that_are_taken_from_the_next_cycle_count_as_over_once():
    past = three_months(work(date(2026, 1, 9), "20"))
    queued = replace(past.agreement.terms[0], overage="queue", overage_rate=None)

    sums = added_up(replay(past, queued, JAN_1))

    assert (sums.cycles_over, sums.over, sums.unbilled) == (2, Decimal(0), Decimal(0))
    earlier = added_up(replay(past, queued, JAN_1)[:2])
    assert earlier.over == 4


def test_hours_over_that_are_declined_are_on_nobodys_bill():
    past = three_months(work(date(2026, 1, 9), "10"))
    declined = replace(past.agreement.terms[0], overage="decline")
    sums = added_up(replay(past, declined, JAN_1))
    assert (sums.over, sums.unbilled, sums.billed) == (2, 2, (("USD", Decimal(0)),))


def test_without_the_hours_bought_what_they_covered_is_over():
    past = three_months(work(date(2026, 2, 9), "10"), top_up(date(2026, 2, 5), "5"))
    same = past.agreement.terms[0]
    assert replay(past, same, JAN_1)[1].total.overage == 0
    assert replay(past, same, JAN_1, keeps_top_ups=False)[1].total.overage == 2


def test_currencies_are_never_added_up_and_a_fee_that_is_missing_makes_no_sum():
    first = terms("8", overage="bill", overage_rate=Decimal(100), fee=Decimal(500))
    second = replace(first, starts=date(2026, 2, 1), currency="EUR", fee=None)
    past = Past(
        agreement(first, second),
        (work(date(2026, 1, 9), "9"), work(date(2026, 2, 9), "10")),
        (),
        (),
        (),
        date(2026, 4, 1),
    )
    sums = added_up(was(past))
    assert sums.billed == (("EUR", Decimal(200)), ("USD", Decimal(100)))
    assert (sums.fees, sums.in_all) == (None, None)


def test_twelve_closed_cycles_are_looked_back_on_and_the_one_that_runs():
    past = three_months(on=date(2027, 6, 10))
    found = looked_back_on(was(past))
    assert len(found) == 13
    assert [cycle.closed for cycle in found] == [True] * 12 + [False]
    assert found[0].starts == date(2026, 6, 1)
    assert added_up(found).cycles == 12


def test_the_cycles_of_later_terms_stay_where_the_draft_holds():
    quarterly = terms("30", starts=date(2026, 3, 1), months=3)
    held = held_since(agreement(terms(), quarterly), terms("20"), date(2026, 2, 1))
    assert [(each.starts, each.months) for each in held.terms] == [
        (JAN_1, None),
        (date(2026, 2, 1), None),
        (date(2026, 3, 1), 3),
    ]
