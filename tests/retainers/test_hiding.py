"""What a client sees where pools are hidden: the others, as the ledger has them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from retainers.agreements import check_agreement
from retainers.balance import Figures, Work
from retainers.hiding import hidden_pools, shown_agreement, shown_cycle, shown_grants, shown_written_cycle
from retainers.ledger import balance
from retainers.terms import Agreement, Pool, Terms, TopUp
from retainers.wire import cycle_json
from tests.retainers import strategies

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
MAIN = Pool("main", "Main", Decimal(8))
SPARE = Pool("spare", "Spare", Decimal(2), hidden=True)


def agreed(*versions: Terms) -> Agreement:
    return Agreement("it", "IT", JANUARY, versions)


@given(strategies.histories())
def test_shown_pools_keep_their_figures_and_sums_are_theirs(history):
    cycles = balance(
        history.agreement, history.works, history.top_ups, history.adjustments, history.on, history.approvals
    )
    for cycle in cycles:
        hidden = hidden_pools(history.agreement, cycle.starts)
        shown = shown_cycle(cycle, hidden)
        assert shown.pools == tuple(pool for pool in cycle.pools if pool.key not in hidden)
        if shown.sharing == "separate":
            for name in Figures._fields:
                parts = [getattr(pool.account, name) for pool in shown.pools]
                expected = None if None in parts else sum(parts)
                assert getattr(shown.total, name) == expected
        used = sum(draw.hours for draw in shown.draws if draw.reason is None)
        assert shown.total.used == used == sum(each.drawn for each in shown.used_by_multiplier)
        assert shown.terms.is_block == cycle.terms.is_block


@given(strategies.histories())
def test_a_written_cycle_says_what_the_cycle_itself_says(history):
    for cycle in balance(history.agreement, history.works, history.top_ups, history.adjustments, history.on):
        hidden = hidden_pools(history.agreement, cycle.starts)
        said = cycle_json(shown_cycle(cycle, hidden), provisional=False)
        whole = cycle_json(cycle, provisional=False)
        written = shown_written_cycle(whole, hidden, cycle.terms.overage_rate)
        if hidden:
            said["used_by_multiplier"] = []
        assert written == said


def test_approved_hours_are_billed_for_what_is_shown_alone():
    terms = Terms(JANUARY, (MAIN, SPARE), hours_from="worked", overage="bill", overage_rate=Decimal(100))
    works = [Work(JANUARY, Decimal(9)), Work(JANUARY, Decimal(5), pool="spare")]
    (cycle,) = balance(agreed(terms), works, (), (), JANUARY)
    assert cycle.overage_amount == Decimal(400)
    assert shown_cycle(cycle, frozenset({"spare"})).overage_amount == Decimal(100)


def test_what_newer_terms_hide_is_hidden_in_the_past_too_and_not_the_other_way_round():
    seen = replace(SPARE, hidden=False)
    hides_later = agreed(Terms(JANUARY, (MAIN, seen)), Terms(FEBRUARY, (MAIN, SPARE)))
    shows_later = agreed(Terms(JANUARY, (MAIN, SPARE)), Terms(FEBRUARY, (MAIN, seen)))
    assert [hidden_pools(hides_later, day) for day in (JANUARY, FEBRUARY)] == [{"spare"}, {"spare"}]
    assert [hidden_pools(shows_later, day) for day in (JANUARY, FEBRUARY)] == [{"spare"}, set()]


def test_cycles_in_which_all_pools_were_one_balance_are_told_whole():
    shared = Terms(JANUARY, (MAIN, replace(SPARE, hidden=False)), sharing="shared")
    agreement = agreed(shared, Terms(FEBRUARY, (MAIN, SPARE)))
    assert hidden_pools(agreement, JANUARY) == set()
    assert [len(terms.pools) for terms in shown_agreement(agreement).terms] == [2, 1]


def test_grants_of_a_hidden_pool_are_left_out():
    agreement = agreed(Terms(JANUARY, (MAIN, SPARE)))
    grants = (
        TopUp(JANUARY, Decimal(1)),
        TopUp(JANUARY, Decimal(2), "main"),
        TopUp(JANUARY, Decimal(3), "spare"),
    )
    assert shown_grants(agreement, grants) == grants[:2]


@pytest.mark.parametrize(
    ("pools", "sharing", "problem"),
    [
        ((SPARE, MAIN), "separate", "the first pool takes what no rule places"),
        ((MAIN, SPARE), "shared", "all pools are one balance"),
        ((replace(MAIN, hours=Decimal(0)), SPARE), "separate", "would read as a prepaid block"),
    ],
)
def test_a_pool_is_not_hidden_where_its_hours_would_show_in_others(pools, sharing, problem):
    (found,) = check_agreement(agreed(Terms(JANUARY, pools, sharing=sharing)), has_business_hours=False)
    assert found.place.startswith("terms[1].pools[spare].hidden")
    assert problem in found.message


def test_a_pool_with_a_balance_of_its_own_can_be_hidden():
    assert check_agreement(agreed(Terms(JANUARY, (MAIN, SPARE))), has_business_hours=False) == ()
