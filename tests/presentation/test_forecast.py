"""How long hours last, as the client reads it: from the past, only where they end before they reset."""

from datetime import date
from decimal import Decimal

from presentation.accounts import accounts
from presentation.facts import RetainerFacts
from presentation.pace import forecast_lines
from retainers.terms import Pool, TopUp
from tests.retainers.builders import agreement, cycles, terms, work

JAN_1, NOV_20, NOV_22 = date(2026, 1, 1), date(2026, 11, 20), date(2026, 11, 22)


def told(hours: str, *works: tuple[date, str], through: date | None = NOV_20, today: date = NOV_22):
    agreed = agreement(terms(hours, starts=JAN_1, hours_from="worked"))
    found = cycles(agreed, *(work(day, each) for day, each in works), on=today)
    facts = RetainerFacts(agreed, found, found[-1], through)
    return forecast_lines(facts, accounts(found, found[-1]), today)


def test_hours_that_end_before_their_reset_say_about_when():
    # 12 h in 20 days and in the 28 days up to the 20th: 3 h last 5 or 7 days
    assert told("15", (date(2026, 11, 10), "12")) == (
        "At this pace, what is left lasts until about 25–27 Nov.",
    )


def test_nothing_is_said_where_they_reach_their_reset_or_nothing_is_left():
    assert told("25", (date(2026, 11, 10), "12")) == ()
    assert told("12", (date(2026, 11, 10), "12")) == ()
    assert told("10", (date(2026, 11, 10), "12")) == ()


def test_nothing_is_said_without_work_or_from_old_figures():
    assert told("15") == ()
    assert told("15", (date(2026, 11, 10), "12"), through=None) == ()
    assert told("15", (date(2026, 9, 10), "12"), through=date(2026, 10, 10)) == ()


def test_a_cycle_that_is_over_has_no_forecast():
    agreed = agreement(terms("15", starts=JAN_1, hours_from="worked"))
    found = cycles(agreed, work(date(2026, 10, 10), "12"), on=NOV_22)
    october = next(each for each in found if each.starts == date(2026, 10, 1))
    facts = RetainerFacts(agreed, found, october, NOV_20)
    assert forecast_lines(facts, accounts(found, october), NOV_22) == ()


def test_each_pool_has_its_own():
    pools = (Pool("a", "Reactive", Decimal(15)), Pool("b", "Projects", Decimal(90)))
    agreed = agreement(terms(starts=JAN_1, hours_from="worked", pools=pools))
    found = cycles(agreed, work(date(2026, 11, 10), "12", pool="a"), on=NOV_22)
    facts = RetainerFacts(agreed, found, found[-1], NOV_20)
    (line,) = forecast_lines(facts, accounts(found, found[-1]), NOV_22)
    assert line.startswith("Reactive: At this pace")


def test_a_prepaid_block_lasts_over_its_life():
    agreed = agreement(terms("0", starts=JAN_1, hours_from="worked"))
    works = [work(date(2026, month, 10), "2") for month in range(5, 12)]
    found = cycles(agreed, *works, TopUp(JAN_1, Decimal(18)), on=NOV_22)
    facts = RetainerFacts(agreed, found, found[-1], NOV_20)
    (line,) = forecast_lines(facts, accounts(found, found[-1]), NOV_22)
    assert "Jan" in line or "Feb" in line
