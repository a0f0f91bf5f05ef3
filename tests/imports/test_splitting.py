"""An entry cut at the boundary of business hours, at midnight and at holidays: the pieces and their parts."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.judging.classify import Classifier
from imports.judging.splitting import joined, pieces_of
from imports.reading.rows import Row
from imports.stages import Place
from retainers.balance import Part
from retainers.terms import Agreement, BusinessHours, Effects, OpeningTimes, Pool, Rule, Terms, TextCondition

TUESDAY, SATURDAY, SUNDAY = date(2026, 1, 6), date(2026, 1, 10), date(2026, 1, 18)
OPEN = BusinessHours(
    ("mon", "tue", "wed", "thu", "fri"),
    time(8),
    time(17),
    holidays=(date(2026, 1, 19),),
    split="boundary",
)
NIGHT = Rule("Night", Effects(categories=("night",)), after_hours=True)
SUNDAYS = Rule("Sunday", Effects(categories=("sunday",)), weekdays=("sun",))
HOLIDAYS = Rule("Holiday", Effects(categories=("holiday",)), holiday=True)


def row(day: date, start: str, hours: str | None = "2", **words: object) -> Row:
    worked = None if hours is None else Decimal(hours)
    return Row(2, day, worked, start=time.fromisoformat(start) if start else None, company="Acme", **words)


def pieces(one: Row, hours: OpeningTimes = (OPEN,)) -> list[tuple[str, int]]:
    """When each piece begins, and its minutes."""
    return [(f"{at.date:%a} {at.start:%H:%M}", seconds // 60) for at, seconds in pieces_of(one, hours)]


def classified(one: Row, *rules: Rule, hours: OpeningTimes = (OPEN,), **words: object) -> Place:
    starts = date(2026, 1, 1)
    terms = Terms(starts, (Pool("main", "Main", Decimal(10)), Pool("second", "Second", Decimal(10))))
    agreement = Agreement("support", "Support", starts, (terms,), **words)
    classifier = Classifier(
        rules=rules, companies={"Acme": "acme"}, agreements=[("acme", agreement)], business_hours=hours
    )
    return classifier.place(one)


def parts(one: Row, *rules: Rule, **words: object) -> list[tuple[int, str]]:
    """The minutes of each part, and its categories."""
    found = classified(one, *rules, **words)
    return [(part.seconds // 60, " ".join(sorted(part.categories))) for part in found.parts]


def test_an_evening_is_cut_where_the_business_hours_end():
    assert pieces(row(TUESDAY, "16:30")) == [("Tue 16:30", 30), ("Tue 17:00", 90)]


def test_a_long_day_is_cut_at_both_edges():
    assert pieces(row(TUESDAY, "06:00", "12")) == [("Tue 06:00", 120), ("Tue 08:00", 540), ("Tue 17:00", 60)]


def test_a_night_is_cut_at_midnight():
    assert pieces(row(SATURDAY, "23:00", "6"))[:2] == [("Sat 23:00", 60), ("Sun 00:00", 300)]


def test_the_end_that_the_file_states_is_the_end_of_the_span():
    assert pieces(row(TUESDAY, "16:30", "1", end=time(18))) == [("Tue 16:30", 30), ("Tue 17:00", 60)]


def test_an_end_past_midnight_is_on_its_own_day():
    late = row(TUESDAY, "22:00", "3", end=time(1), end_date=date(2026, 1, 7))

    assert pieces(late) == [("Tue 22:00", 120), ("Wed 00:00", 60)]


def test_an_end_with_a_day_of_its_own_is_on_that_day():
    long = row(TUESDAY, "22:00", "28", end=time(2), end_date=date(2026, 1, 8))

    assert sum(minutes for _, minutes in pieces(long)) == 28 * 60


@pytest.mark.parametrize(
    "words",
    [{}, {"end": time(16, 30)}, {"end": time(10)}],
    ids=["no end", "the start", "before the start on a stated day"],
)
def test_without_an_end_that_can_be_true_the_hours_say_how_long_it_took(words):
    assert pieces(row(TUESDAY, "16:30", "1", **words)) == [("Tue 16:30", 30), ("Tue 17:00", 30)]


def test_a_correction_is_cut_like_what_it_corrects():
    assert pieces(row(TUESDAY, "16:30", "-2")) == pieces(row(TUESDAY, "16:30", "2"))


def test_hours_of_four_places_are_whole_seconds():
    assert pieces(row(TUESDAY, "16:40", "0.8333")) == [("Tue 16:40", 20), ("Tue 17:00", 30)]


@pytest.mark.parametrize(
    ("one", "hours"),
    [
        (row(TUESDAY, "", "2"), (OPEN,)),
        (row(TUESDAY, "16:30", "0"), (OPEN,)),
        (row(TUESDAY, "16:30", None), (OPEN,)),
        (row(TUESDAY, "16:30"), (replace(OPEN, split="start"),)),
        (row(TUESDAY, "16:30"), ()),
    ],
    ids=["no start", "zero hours", "no hours", "the start decides", "no business hours"],
)
def test_what_is_not_cut_has_no_pieces(one, hours):
    assert pieces(one, hours) == []


def test_each_day_is_cut_by_the_business_hours_that_hold_on_it():
    late = replace(OPEN, start=time(9), since=date(2026, 1, 7))

    assert pieces(row(TUESDAY, "23:00", "12"), (OPEN, late))[1:] == [("Wed 00:00", 540), ("Wed 09:00", 120)]


@given(st.times().map(lambda at: at.replace(microsecond=0)), st.integers(1, 300000))
def test_the_pieces_follow_each_other_and_add_up_to_the_span(start, ten_thousandths):
    one = Row(2, TUESDAY, Decimal(ten_thousandths).scaleb(-4), start=start)
    now = datetime.combine(TUESDAY, start)
    for piece in pieces_of(one, (OPEN,)):
        assert datetime.combine(piece.at.date, piece.at.start) == now
        now += timedelta(seconds=piece.seconds)
    assert abs((now - datetime.combine(TUESDAY, start)).total_seconds() - ten_thousandths * 0.36) <= 1.5


def test_parts_are_judged_by_their_own_moment():
    assert parts(row(TUESDAY, "16:30"), NIGHT) == [(30, ""), (90, "night")]


def test_pieces_that_are_judged_alike_are_one_part():
    assert parts(row(SATURDAY, "23:00", "6"), NIGHT, SUNDAYS) == [(60, "night"), (300, "night sunday")]
    assert parts(row(SATURDAY, "23:00", "6"), NIGHT) == []


def test_the_morning_of_a_holiday_is_after_hours_to_its_end():
    found = parts(row(SUNDAY, "22:00", "12"), NIGHT, SUNDAYS, HOLIDAYS)

    assert found == [(120, "night sunday"), (600, "holiday night")]


def test_a_holiday_is_one_day_and_any_other_is_none():
    working = Rule("Working day", Effects(categories=("working",)), holiday=False)

    assert classified(row(date(2026, 1, 19), "10:00", "1"), HOLIDAYS, working).categories == ("holiday",)
    assert classified(row(TUESDAY, "10:00", "1"), HOLIDAYS, working).categories == ("working",)


def test_a_part_may_have_its_own_pool_and_be_excluded():
    free = Rule("Free", Effects(pool="second", exclude="nights are free"), after_hours=True)

    found = classified(row(TUESDAY, "16:30"), free)

    assert [(part.pool, part.exclusion) for part in found.parts] == [
        (None, None),
        ("second", "nights are free"),
    ]
    assert (found.pool, found.exclusion) == (None, None)


def test_where_no_rule_asks_what_the_clock_says_nothing_is_cut():
    always = Rule("Always", Effects(categories=("onsite",)))

    assert classified(row(TUESDAY, "16:30"), always).parts == ()


def test_a_retainers_own_business_hours_stand_instead_of_the_providers():
    own = BusinessHours(("tue",), time(8), time(18), split="boundary")

    assert parts(row(TUESDAY, "16:30"), NIGHT, business_hours=(own,)) == [(90, ""), (30, "night")]


def test_its_own_rules_are_judged_part_by_part_too():
    own = Rule("Own", Effects(pool="second"), after_hours=True)

    found = classified(row(TUESDAY, "16:30"), SUNDAYS, rules=(own,))

    assert [part.pool for part in found.parts] == [None, "second"]


@pytest.mark.parametrize(
    ("day", "caught"),
    [
        (date(2026, 2, 1), False),
        (date(2026, 2, 2), True),
        (date(2026, 2, 8), True),
        (date(2026, 2, 9), False),
    ],
)
def test_a_rule_is_judged_for_entries_dated_between_its_days(day, caught):
    week = Rule("Week", Effects(exclude="patching"), since=date(2026, 2, 2), until=date(2026, 2, 8))

    assert (classified(row(day, "10:00"), week).exclusion == "patching") is caught


def test_the_dates_of_a_rule_look_at_the_day_of_the_entry_not_of_its_part():
    until = replace(NIGHT, until=TUESDAY)

    assert classified(row(TUESDAY, "23:00", "4"), until).parts == ()


def test_a_condition_on_the_status_is_a_text_condition():
    draft = Rule("Draft", Effects(exclude="draft"), texts=(TextCondition("status", ("draft*",)),))

    assert classified(row(TUESDAY, "10:00", status="Draft entry"), draft).exclusion == "draft"


def test_a_single_part_is_no_part():
    assert joined([Part(60), Part(30)]) == ()
