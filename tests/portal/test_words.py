"""The words of the balance page: hours, money, dates, and the explanation of a counted hour."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.what_if import read_hours
from presentation.accounts import accounts
from presentation.days import cadence, in_days, long_date, ordinal, short_span, span
from presentation.explanations import Phrases, explain
from presentation.facts import RetainerFacts
from presentation.phrases import agreed, column, counted_times, hours, listed, lower_first, money, price
from presentation.plain_terms import plain_terms, sentences
from presentation.sentences import freshness, meaning, reset
from retainers.balance import Work
from retainers.ledger import balance
from retainers.pricing import draw_of
from retainers.terms import Agreement, Multiplier, Pool, Rollover, Terms, TopUp

START = date(2026, 11, 1)
TODAY = date(2026, 11, 22)
NIGHT = Multiplier("after_hours", "After hours", Decimal(2))
SITE = Multiplier("onsite", "On site", Decimal("1.5"))
TERMS = Terms(
    starts=START,
    pools=(Pool("main", "Support", Decimal(12)),),
    hours_from="worked",
    multipliers=(NIGHT, SITE),
)
AGREEMENT = Agreement("support", "IT support", START, (TERMS,), updates_on=("mon", "thu"))


def explained(worked: str | None, kinds: str = "", *, terms: Terms = TERMS, **columns: str) -> str:
    work = Work(
        day=START,
        worked=Decimal(worked) if worked else None,
        categories=frozenset(kinds.split()),
        **{name: Decimal(value) for name, value in columns.items()},
    )
    return explain(draw_of(work, terms), terms, Phrases.here())


def agreement_with(**changes: object) -> Agreement:
    return replace(AGREEMENT, terms=(replace(TERMS, **changes),))


def over_words(agreement: Agreement, on: date = TODAY, worked: str = "14.5", top_ups: tuple = ()) -> str:
    cycles = balance(agreement, [Work(START, Decimal(worked))], top_ups, [], on)
    (account,) = accounts(cycles, cycles[0])
    return meaning(account, cycles[0], cycles[0].overage_amount)


def facts(on: date = TODAY, through: date | None = date(2026, 11, 19), **more: object) -> RetainerFacts:
    cycles = balance(AGREEMENT, [], [], [], on)
    defaults = {"next_update": date(2026, 11, 23), "provisional": True}
    return RetainerFacts(AGREEMENT, cycles, cycles[0], through, **(defaults | more))


@pytest.mark.parametrize(
    ("value", "text"),
    [("6.5", "6.5"), ("3.25", "3.25"), ("15.00", "15.0"), ("0.00", "0"), ("-0.5", "−0.5"), ("0.1", "0.1")],
)
def test_measured_hours_are_exact_with_at_least_one_decimal(value, text):
    assert hours(Decimal(value)) == text


def test_hours_in_a_column_have_two_decimals():
    assert [column(Decimal(value)) for value in ("2", "0.5", "-1.25")] == ["2.00", "0.50", "−1.25"]


def test_agreed_hours_are_written_shortest():
    assert [agreed(Decimal(value)) for value in ("12.00", "0.25", "100", "0")] == ["12", "0.25", "100", "0"]


def test_an_amount_has_its_cents_and_a_whole_rate_none():
    assert money(Decimal("1412.5"), "USD") == "$1,412.50"
    assert price(Decimal("165.00"), "USD") == "$165"
    assert price(Decimal("141.50"), "EUR") == "€141.50"


def test_a_currency_without_a_symbol_is_named():
    assert money(Decimal(120), "CHF") == "CHF\N{NO-BREAK SPACE}120.00"


def test_a_name_within_a_sentence_starts_small_but_an_abbreviation_stays():
    assert (lower_first("After hours"), lower_first("VIP line")) == ("after hours", "VIP line")


@pytest.mark.parametrize(
    ("factor", "words"),
    [("2", "counted twice"), ("1.50", "counted one and a half times"), ("1.25", "counted × 1.25")],
)
def test_a_factor_is_told_in_words(factor, words):
    assert counted_times(Decimal(factor)) == words


def test_a_list_ends_with_and():
    assert [listed("a"), listed("ab"), listed("abc")] == ["a", "a and b", "a, b and c"]


def test_the_cadence_is_told_in_weekdays():
    assert cadence(("thu", "mon")) == "Mondays and Thursdays"
    assert cadence(("mon", "tue", "wed", "thu", "fri")) == "every weekday"


def test_a_date_names_weekday_day_and_month():
    assert long_date(date(2026, 12, 1)) == "Tue 1 December"


def test_how_far_a_day_is_off_is_counted_in_days():
    days = (TODAY, date(2026, 11, 23), date(2026, 12, 1))
    assert [in_days(TODAY, day) for day in days] == ["today", "tomorrow", "in 9 days"]


def test_a_cycle_that_is_a_month_bears_its_name():
    assert span(START, date(2026, 11, 30)) == "November 2026"
    assert short_span(START, date(2026, 11, 30)) == "Nov 2026"


def test_another_cycle_is_named_by_its_first_and_last_day():
    assert span(date(2026, 12, 15), date(2027, 1, 14)) == "15 Dec 2026 – 14 Jan 2027"
    assert short_span(date(2026, 12, 15), date(2027, 1, 14)) == "15 Dec 2026 – 14 Jan 2027"
    assert short_span(date(2026, 10, 1), date(2026, 12, 31)) == "1 Oct – 31 Dec 2026"


def test_the_day_of_a_month_is_an_ordinal():
    assert [ordinal(day) for day in (1, 2, 3, 11, 22, 31)] == ["1st", "2nd", "3rd", "11th", "22nd", "31st"]


def test_an_hour_that_counts_as_worked_says_so():
    assert explained("0.5") == "0.5 h worked"


def test_a_multiplied_hour_shows_factor_name_and_result():
    assert explained("1", "after_hours") == "1.0 h × 2 after hours = 2.0 h"


def test_of_several_multipliers_the_highest_is_named():
    assert explained("1", "onsite after_hours") == "1.0 h × 2 after hours = 2.0 h"


def test_multipliers_that_stack_are_all_named():
    terms = replace(TERMS, stacking="product")
    assert explained("1", "onsite after_hours", terms=terms) == "1.0 h × 2 after hours × 1.5 on site = 3.0 h"


def test_rounding_up_is_shown():
    terms = replace(TERMS, increment=Decimal("0.25"))
    assert explained("0.67", terms=terms) == "0.67 h rounded up to 0.75 h"


def test_a_minimum_is_named_as_one():
    terms = replace(TERMS, minimum={"standard": Decimal("0.25")})
    assert explained("0.2", terms=terms) == "0.2 h worked, minimum 0.25 h"


def test_rounding_and_multiplier_are_shown_in_their_order():
    terms = replace(TERMS, increment=Decimal("0.25"))
    assert (
        explained("0.67", "after_hours", terms=terms)
        == "0.67 h rounded up to 0.75 h, × 2 after hours = 1.5 h"
    )


def test_a_third_of_an_hour_needs_no_explanation_beyond_its_hundredths():
    assert explained("0.3333") == "0.33 h worked"


def test_billable_hours_stand_beside_the_worked_ones_where_they_differ():
    terms = replace(TERMS, hours_from="billable")
    assert explained("0.75", terms=terms, billable="0.5") == "0.75 h worked, taken as 0.5 h"


def test_deducted_hours_show_work_multiplier_and_what_was_taken():
    terms = replace(TERMS, hours_from="deducted")
    text = explained("1", "after_hours", terms=terms, deducted="2")
    assert text == "1.0 h worked, after hours: 2.0 h taken"


def test_deducted_hours_without_multiplier_show_both_figures():
    terms = replace(TERMS, hours_from="deducted")
    assert explained("0.67", terms=terms, deducted="0.75") == "0.67 h worked, 0.75 h taken"


def test_a_correction_is_called_one():
    assert explained("-1", "after_hours") == "Correction: −1.0 h × 2 after hours = −2.0 h"


def test_billed_overage_has_its_rate_and_its_amount_so_far():
    agreement = agreement_with(overage="bill", overage_rate=Decimal(165))
    assert over_words(agreement) == "The 2.5 hours over are billed at $165 an hour: $412.50 so far."


def test_billed_overage_of_a_closed_cycle_is_final():
    agreement = agreement_with(overage="bill", overage_rate=Decimal(165))
    words = over_words(agreement, date(2026, 12, 1))
    assert words == "The 2.5 hours over are billed at $165 an hour: $412.50."


def test_queued_overage_is_taken_from_the_next_cycle():
    words = over_words(agreement_with(overage="queue"))
    assert words == "The 2.5 hours over will be taken from the next cycle's hours."


def test_queued_overage_of_the_last_cycle_stays_to_be_settled():
    agreement = replace(agreement_with(overage="queue"), ends=date(2026, 11, 30))
    assert over_words(agreement) == "The 2.5 hours over are still to be settled, as no cycle follows."


def test_declined_overage_needs_authorization_first():
    assert "Further work needs your authorization first." in over_words(AGREEMENT)


def test_hours_past_a_prepaid_block_are_owed_to_the_next_one():
    block = agreement_with(overage="queue", pools=(Pool("main", "Hours", Decimal(0)),))
    words = over_words(block, top_ups=(TopUp(START, Decimal(12)),))
    assert words == "The 2.5 hours over are owed: they come off the next block of hours first."


def test_an_empty_pool_says_what_the_next_hour_means():
    agreement = agreement_with(overage="bill", overage_rate=Decimal(165))
    assert over_words(agreement, worked="12") == "Each further hour counted is billed at $165."


def test_nothing_is_said_while_hours_are_left():
    assert over_words(AGREEMENT, worked="5") == ""


def test_the_reset_has_its_date_and_distance():
    (cycle,) = balance(AGREEMENT, [], [], [], TODAY)
    assert reset(cycle, TODAY) == ("Resets on", "Tue 1 December", "in 9 days")


def test_a_last_cycle_has_an_end_and_no_reset():
    (cycle,) = balance(replace(AGREEMENT, ends=date(2026, 11, 30)), [], [], [], TODAY)
    assert reset(cycle, TODAY) == ("The agreement ends on", "Mon 30 November", "in 8 days")


def test_an_agreement_that_is_over_says_when_it_ended():
    day = date(2026, 12, 9)
    (cycle,) = balance(replace(AGREEMENT, ends=date(2026, 11, 30)), [], [], [], day)
    assert reset(cycle, day) == ("The agreement ended on", "Mon 30 November", "")


def test_a_prepaid_block_has_no_reset():
    block = agreement_with(overage="queue", pools=(Pool("main", "Hours", Decimal(0)),))
    (cycle,) = balance(block, [], [], [], TODAY)
    assert reset(cycle, TODAY) == ("", "", "")


def test_freshness_names_what_is_covered_and_when_it_moves_next():
    fresh = freshness(facts(), TODAY)
    assert fresh.rows == (("Covers work through", "Thu 19 November"), ("Next update", "Mon 23 November"))
    assert "Work since then isn’t in this number yet." in fresh.words
    assert "Updated Mondays and Thursdays." in fresh.words


def test_a_number_that_covers_today_lacks_nothing():
    assert "Work since then isn’t in this number yet." not in freshness(facts(through=TODAY), TODAY).words


def test_a_late_update_is_told_plainly():
    fresh = freshness(facts(late=True, next_update=date(2026, 11, 19)), TODAY)
    assert (fresh.tone, fresh.chip) == ("late", "Update late")
    assert ("Update was promised for", "Thu 19 November") in fresh.rows


def test_the_first_days_of_a_cycle_say_that_no_work_is_in():
    fresh = freshness(facts(first_days=True, through=date(2026, 10, 31)), TODAY)
    assert fresh.words[0] == "No work has been recorded for this cycle yet."


def test_nothing_published_is_no_number_to_trust():
    fresh = freshness(facts(through=None, next_update=None), TODAY)
    assert fresh.words[0] == "No work has been published yet."


def test_a_closed_cycle_not_covered_to_its_end_is_provisional():
    fresh = freshness(facts(on=date(2026, 12, 2)), date(2026, 12, 2))
    assert fresh.chip == "Provisional"


def test_a_closed_cycle_that_is_covered_is_final():
    final = facts(on=date(2026, 12, 2), through=date(2026, 12, 1), provisional=False)
    assert freshness(final, date(2026, 12, 2)).rows == (("Covers all work of", "November 2026"),)


def test_the_agreement_states_cap_and_rhythm_first():
    pools = (Pool("a", "Reactive support", Decimal(12)), Pool("b", "Maintenance", Decimal(1)))
    agreement = agreement_with(pools=pools)
    words = "12 hours of reactive support and 1 hour of maintenance each month, from the 1st."
    assert sentences(agreement, agreement.terms[0])[0] == words


def test_a_prepaid_block_states_no_reset():
    block = agreement_with(overage="queue", pools=(Pool("main", "Hours", Decimal(0)),))
    assert "there is no monthly reset" in sentences(block, block.terms[0])[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "After hours is counted twice and on site is counted one and a half times. "
             "If several apply, the highest counts."),
        ({"multipliers": ()}, "Every kind of work counts once."),
        ({"increment": Decimal("0.25")}, "Each entry is rounded up to the next 0.25 h."),
        ({"minimum": {"standard": Decimal("0.25"), "onsite": Decimal(1)}},
         "Each entry is counted as at least 0.25 h and 1 h for on site."),
        ({"travel": "count"}, "Travel counts like other work."),
        ({}, "Unused agreed hours lapse at the end of the cycle."),
        ({"rollover": Rollover(hours=Decimal(4), cycles=1)},
         "Up to 4 unused agreed hours carry over for 1 cycle; the rest lapses."),
        ({"rollover": Rollover(cycles=2)}, "Unused agreed hours carry over for 2 cycles."),
        ({"rollover": Rollover()}, "Unused agreed hours carry over and stay until they are used."),
        ({"overage": "bill", "overage_rate": Decimal(165)}, "Past the cap, each hour counted costs $165."),
        ({"overage": "queue"}, "Hours past the cap are taken from the next cycle's."),
        ({"scope": "Backups."}, "Covered by the fixed fee, without hours: Backups."),
    ],
)  # fmt: skip
def test_each_clause_of_the_agreement_is_a_sentence(changes, words):
    agreement = agreement_with(**changes)
    assert words in sentences(agreement, agreement.terms[0])


def test_the_fee_is_no_part_of_the_plain_words():
    agreement = agreement_with(fee=Decimal(2417))
    assert "2417" not in str(plain_terms(agreement, agreement.terms[0], TODAY)).replace(",", "")


def test_what_will_change_is_announced_with_its_date():
    later = replace(TERMS, starts=date(2027, 1, 1), pools=(Pool("main", "Support", Decimal(16)),))
    words = plain_terms(replace(AGREEMENT, terms=(TERMS, later)), TERMS, TODAY)
    assert words.coming == (("From 1 January 2027", ("16 hours each month, from the 1st.",)),)


def test_terms_that_change_the_cycle_say_their_own_rhythm():
    later = replace(TERMS, starts=date(2026, 12, 10), anchor_day=15)
    agreement = replace(AGREEMENT, terms=(TERMS, later))

    assert sentences(agreement, TERMS)[0].endswith("each month, from the 1st.")
    assert sentences(agreement, later)[0].endswith("each month, from the 15th.")


def test_what_hours_cost_that_are_authorized_past_the_cap_is_said():
    agreement = agreement_with(overage="decline", overage_rate=Decimal(165))

    words = "work needs your authorization first; each hour you authorize costs $165."
    assert any(words in sentence for sentence in sentences(agreement, agreement.terms[0]))


@pytest.mark.parametrize(
    ("typed", "value"),
    [("3", "3"), ("1.5", "1.5"), (".5", "0.5"), ("1,5", "1.5"), ("1:30", "1.5"), ("0:45", "0.75")],
)
def test_hours_are_read_as_people_type_them(typed, value):
    assert read_hours(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed", ["", "three", "0", "-1", "1001", "nan", "Infinity", "1:75", "1:", ":30", "1e3"]
)
def test_what_is_no_number_of_hours_is_not_read(typed):
    assert read_hours(typed) is None
