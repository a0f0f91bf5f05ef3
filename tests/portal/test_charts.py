"""The pictures: shares of a bar, and a cycle's hours by day as lines on a drawing."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from presentation.accounts import accounts, cycle_accounts
from presentation.charts import BOTTOM, LEFT, RIGHT, TOP, Chart, chart, even_pace, meter, plain_meter
from retainers.balance import CycleBalance, Work
from retainers.ledger import balance
from retainers.terms import Agreement, Pool, Terms
from tests.portal.pages import state

START = date(2026, 11, 1)
TODAY = date(2026, 11, 22)
TERMS = Terms(START, (Pool("main", "Support", Decimal(12)),), hours_from="worked")
AGREEMENT = Agreement("support", "IT support", START, (TERMS,))


def cycle_with(*worked: tuple[int, str], on: date = TODAY) -> CycleBalance:
    works = [Work(date(2026, 11, day), Decimal(hours)) for day, hours in worked]
    return balance(AGREEMENT, works, [], [], on)[0]


def account_with(*worked: tuple[int, str]):
    cycle = cycle_with(*worked)
    return accounts([cycle], cycle)[0]


def drawn(*worked: tuple[int, str], covered: int = 19, today: date = TODAY, on: date = TODAY) -> Chart:
    cycle = cycle_with(*worked, on=on)
    (account,) = cycle_accounts(cycle)
    return chart(account, (cycle,), covered=date(2026, 11, covered), today=today, tone="")


def heights(path: str) -> list[Decimal]:
    return [Decimal(y) for y in re.findall(r"V([\d.]+)", path)]


def test_a_meter_shows_what_was_taken_of_what_was_granted():
    assert meter(account_with((3, "3")), "").used == "25.00%"


def test_a_meter_past_the_cap_marks_where_the_cap_lies():
    over = meter(account_with((3, "16")), "over")
    assert (over.used, over.cap, over.pace) == ("75.00%", "75.00%", "")


def test_a_meter_of_corrections_that_outweigh_the_work_is_empty_not_negative():
    assert meter(account_with((3, "-2")), "").used == "0.00%"


def test_a_meter_of_nothing_granted_is_empty():
    assert plain_meter(Decimal(0), Decimal(0)).used == "0.00%"


def test_a_meter_bears_the_mark_of_an_even_pace():
    assert meter(account_with((3, "3")), "", Decimal(6)).pace == "50.00%"


def test_a_meter_says_in_words_what_it_shows():
    label = meter(account_with((3, "3")), "", Decimal(6)).label
    assert label == "3.0 of 12 hours taken; an even pace would be 6.0"


def test_a_meter_that_repeats_the_words_beside_it_is_silent():
    assert meter(account_with((3, "3")), "", spoken=False).label == ""


def test_before_any_day_is_covered_the_picture_says_so():
    before = date(2026, 10, 31)
    for worked, said in (
        ((), "No work is in yet; there are 12 hours to use"),
        (((1, "3"),), "3.0 of 12 hours used, on days that are not covered yet"),
    ):
        cycle = cycle_with(*worked, on=START)
        (account,) = cycle_accounts(cycle)
        assert chart(account, (cycle,), covered=before, today=START, tone="").label == said


def test_an_even_pace_spreads_the_hours_over_the_days():
    cycle = cycle_with()
    days = (date(2026, 10, 31), START, date(2026, 11, 15), date(2026, 11, 30), date(2026, 12, 9))
    assert [even_pace(Decimal(12), cycle, day) for day in days] == [0, Decimal("0.4"), 6, 12, 12]


def test_the_line_climbs_on_each_day_with_work_and_never_falls():
    rising = heights(drawn((3, "2"), (9, "1"), (9, "1"), (17, "2")).line)
    assert len(rising) == 3
    assert rising == sorted(rising, reverse=True)


def test_the_line_ends_at_the_last_covered_day():
    ends = {drawn((3, "2"), covered=day).line.rsplit("H", 1)[1] for day in (10, 19)}
    assert ends == {"134", "252.8"}


def test_days_between_the_covered_one_and_today_are_not_known():
    picture = drawn((3, "2"), covered=19)
    assert (picture.unknown_x, picture.unknown_width) == ("252.8", "39.6")


def test_a_cycle_covered_to_today_has_nothing_unknown():
    assert drawn((3, "2"), covered=22).unknown_x == ""


def test_a_closed_cycle_not_covered_to_its_end_is_unknown_up_to_its_last_day():
    later = date(2026, 12, 5)
    picture = drawn((3, "2"), covered=29, today=later, on=later)
    assert Decimal(picture.unknown_x) + Decimal(picture.unknown_width) == RIGHT


def test_the_cap_lies_at_the_top_while_it_holds():
    assert Decimal(drawn((3, "2")).cap.y) == TOP


def test_work_past_the_cap_is_drawn_above_it_and_within_the_picture():
    picture = drawn((3, "15"))
    assert TOP < Decimal(picture.dot.y) < Decimal(picture.cap.y) < BOTTOM


def test_the_even_pace_runs_from_nothing_to_the_cap():
    assert drawn((3, "2")).even == f"M{LEFT} {BOTTOM}L{RIGHT} {TOP}"


def test_the_picture_has_its_words():
    assert drawn((3, "2")).label == "2.0 of 12 hours used by Thu 19 November"


def test_a_prepaid_block_has_no_even_pace():
    block = replace(TERMS, overage="queue", pools=(Pool("main", "Hours", Decimal(0)),))
    (cycle,) = balance(replace(AGREEMENT, terms=(block,)), [], [], [], TODAY)
    (account,) = cycle_accounts(cycle)
    assert chart(account, (cycle,), covered=TODAY, today=TODAY, tone="").even == ""


def test_hours_given_back_are_said_without_a_minus_sign():
    (retainer,) = state("given-back").retainers
    (chart,) = retainer.cycle.charts
    assert chart.label == "0 of 20 hours used by Thu 19 November; 2.5 given back by corrections"
    assert chart.dot.text == "0 h"


def test_the_key_names_what_is_drawn_and_nothing_else():
    (retainer,) = state("single-pool").retainers
    (chart,) = retainer.cycle.charts
    assert [look for look, _words in chart.key] == ["line", "even", "cap", "unknown"]
    bare = replace(chart, even="", unknown_x="")
    assert bare.key == [("line", "used"), ("cap", "hours to use")]
