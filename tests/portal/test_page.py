"""The balance page as finished values: what a client is told in each state, and what never gets there."""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal import gallery_data as data
from portal import gallery_long as long
from portal.gallery import STATES, Scene, over, page
from portal.page import build_page
from presentation.facts import Asked, LogEntry, Notice, ProviderFacts, shown_cycles
from retainers.ledger import balance
from retainers.terms import Adjustment, TopUp
from tests.portal.pages import only, render, state, words_of


def values(thing: object) -> Iterator[object]:
    if dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from values(getattr(thing, field.name))
    elif isinstance(thing, tuple):
        for each in thing:
            yield from values(each)
    else:
        yield thing


@pytest.mark.parametrize("name", STATES)
def test_every_page_is_made_of_finished_strings(name):
    assert {type(value) for value in values(state(name))} <= {str, bool, type(None)}


@pytest.mark.parametrize("name", STATES)
def test_every_page_is_one_document_without_script_or_inline_style(name):
    html = render(state(name))
    assert html.count("<h1") == 1
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)
    assert len(re.findall(r'\sid="([^"]+)"', html)) == len(set(re.findall(r'\sid="([^"]+)"', html)))


@pytest.mark.parametrize("name", STATES)
def test_a_remaining_number_never_has_a_minus_sign(name):
    numbers = [
        n for each in state(name).retainers if each.cycle for n in (each.cycle.lead, *each.cycle.others)
    ]
    assert not any(sign in number.left for number in numbers for sign in "-−")


def test_the_title_names_neither_client_nor_hours():
    assert re.search(r"<title>(.*?)</title>", render(state("usual"))).group(1) == "Support hours"


def test_the_number_reads_as_a_sentence():
    assert "7.0 hours remaining this cycle, of 12" in words_of(render(state("usual")))


def test_past_the_cap_nothing_is_left_and_the_rest_is_over():
    words = words_of(render(page(over("bill"))))
    assert "0 left, 2.5 over" in words
    assert "The 2.5 hours over are billed at $165 an hour: $412.50 so far." in words


def test_the_reset_stands_beside_the_number():
    assert "Resets on Tue 1 December, in 9 days" in words_of(render(state("usual")))


def test_what_was_taken_beside_work_is_named_under_the_meter():
    cycle = only(Scene(data.CARRYING, top_ups=data.TOPPED_UP, adjustments=data.ADJUSTED))
    assert cycle.lead.used == "5.0 used, 0.75 charged"


def test_separate_pools_each_have_their_own_number_and_are_never_added_up():
    cycle = only(Scene())
    assert (cycle.lead.name, cycle.lead.left) == ("Reactive support", "7.0")
    assert [(pool.name, pool.left) for pool in cycle.others] == [("Scheduled maintenance", "3.25")]
    assert "10.25" not in words_of(render(page(Scene())))


def test_under_shared_sharing_the_total_leads_and_the_pools_are_followed():
    cycle = only(Scene(data.SHARED))
    assert (cycle.lead.name, cycle.lead.left, cycle.others) == ("", "10.25", ())
    assert [(pool.name, pool.words) for pool in cycle.tracked] == [
        ("Reactive support", "5.0 of 12 used"),
        ("Scheduled maintenance", "4.75 of 8 used"),
    ]


def test_a_tracked_pool_past_its_part_says_so_without_a_minus_sign():
    cycle = only(Scene(data.SHARED, (*data.NOVEMBER, *data.PATCHING)))
    assert cycle.tracked[1].words == "9.75 of 8 used, 1.75 past its part"


def test_a_tracked_pool_of_corrections_has_used_nothing():
    cycle = only(Scene(data.SHARED, (data.WorkLine(date(2026, 11, 3), "-1", "Counted twice"),)))
    assert cycle.tracked[0].words == "0 of 12 used"


def test_before_any_work_of_a_cycle_is_in_there_is_no_pace():
    assert state("first-day").retainers[0].cycle.lead.pace == ""
    assert state("usual").retainers[0].cycle.lead.pace == "even pace would be 7.6"


def test_a_prepaid_block_says_what_was_bought_used_and_is_left_over_its_life():
    cycle = only(Scene(data.BLOCK, data.BLOCK_WORK, top_ups=data.BLOCK_BOUGHT))
    assert (cycle.lead.left, cycle.lead.of, cycle.lead.used) == ("3.0", "of 25 bought", "22.0 used")


BILLED = replace(data.BLOCK.terms[0], overage="bill", overage_rate=Decimal(165))


def test_a_block_whose_overage_is_billed_is_a_block():
    cycle = only(Scene(replace(data.BLOCK, terms=(BILLED,)), data.BLOCK_WORK))
    assert (cycle.lead.of, cycle.reset_date) == ("of 0 bought", "")
    assert cycle.lead.meaning == "The 1.5 hours over are billed at $165 an hour: $247.50 so far."


def test_what_went_past_a_block_and_was_billed_is_not_taken_from_the_next_hours():
    bought = (data.BLOCK_BOUGHT[0], replace(data.BLOCK_BOUGHT[1], date=date(2026, 11, 2)))
    lines = (replace(data.BLOCK_WORK[0], worked="16"), *data.BLOCK_WORK[4:])
    cycle = only(Scene(replace(data.BLOCK, terms=(BILLED,)), lines, top_ups=bought))
    assert cycle.lead.used == "17.5 used, 1.0 of it past the block"
    assert [(line.words, line.hours) for line in cycle.sums[0].lines] == [
        ("Bought", "+ 25.00"),
        ("Used", "− 17.50"),
        ("Past the block, billed or declined", "+ 1.00"),
        ("Remaining", "8.50"),
    ]


def test_what_was_credited_on_a_block_is_told_apart_from_what_was_bought():
    credit = (Adjustment(date(2026, 11, 3), Decimal(2), reason="Goodwill"),)
    scene = Scene(data.BLOCK, data.BLOCK_WORK, top_ups=data.BLOCK_BOUGHT, adjustments=credit)
    cycle = only(scene)
    assert cycle.lead.of == "of 25 bought + 2 credited"
    lines = [(line.words, line.hours) for line in cycle.sums[0].lines]
    assert lines[:2] == [("Bought", "+ 25.00"), ("Credited", "+ 2.00")]


def test_hours_that_lapsed_on_a_day_are_told_apart_from_what_is_left():
    bought = (TopUp(date(2026, 11, 2), Decimal(5), expires=date(2026, 11, 10)),)
    cycle = only(Scene(top_ups=bought))
    assert cycle.lead.used.endswith(", 1.5 lapsed")
    assert ("Lapsed on its last day", "− 1.50") in [(line.words, line.hours) for line in cycle.sums[0].lines]


def test_a_prepaid_block_shows_no_reset_date():
    cycle = only(Scene(data.BLOCK, data.BLOCK_WORK, top_ups=data.BLOCK_BOUGHT))
    assert (cycle.reset_date, cycle.lead.pace) == ("", "")


def test_a_block_that_was_overdrawn_and_topped_up_still_adds_up():
    top_ups = (data.BLOCK_BOUGHT[0], replace(data.BLOCK_BOUGHT[1], date=date(2026, 11, 2)))
    lines = (replace(data.BLOCK_WORK[0], worked="16"), *data.BLOCK_WORK[4:])
    cycle = only(Scene(data.BLOCK, lines, top_ups=top_ups))
    assert [(line.words, line.hours) for line in cycle.sums[0].lines] == [
        ("Bought", "+ 25.00"),
        ("Used", "− 17.50"),
        ("Remaining", "7.50"),
    ]


def test_several_accounts_over_have_their_amount_told_once_for_all():
    cycle = only(over("bill", (*data.OUTAGE, *data.PATCHING)))
    assert "so far" not in cycle.lead.meaning + cycle.others[0].meaning
    assert cycle.owed == "In total, hours past the cap come to $701.25 so far."


def test_what_is_left_in_a_kind_of_work_is_the_most_that_fits_and_is_told_where_it_is_drawn():
    on_site = only(Scene()).kinds.rows[2]
    assert on_site.figures == ("4.5 h", "–")


def test_what_is_left_is_told_in_each_kind_of_work():
    cycle = only(Scene(data.BANK, (data.WorkLine(date(2026, 11, 3), "13.5", "Move"),)))
    assert [(kind.figures, kind.words) for kind in cycle.kinds.rows] == [
        (("6.5 h",), "ordinary work (counted once)"),
        (("3.25 h",), "after hours (counted twice)"),
        (("4.25 h",), "on site (counted one and a half times)"),
    ]


def test_once_nothing_is_left_the_price_of_the_next_hour_stands_there():
    cycle = only(Scene(data.BANK, (data.WorkLine(date(2026, 11, 3), "21", "Move"),)))
    assert cycle.kinds.title == "What the next hour costs"
    assert [kind.figures for kind in cycle.kinds.rows] == [("$165",), ("$330",), ("$247.50",)]


def test_a_notice_shows_what_would_remain():
    (retainer,) = page(Scene(notice=data.NOTICE)).retainers
    assert retainer.notice.would_remain == (
        "About 6.0 hours of Reactive support are not yet counted. With them, about 1.0 hours would remain."
    )


def test_a_notice_past_what_is_left_says_how_far():
    (retainer,) = page(Scene(notice=Notice("Outage.", Decimal(9)))).retainers
    assert retainer.notice.would_remain == (
        "About 9.0 hours of Reactive support are not yet counted. With them, about 0 would be left, 2.0 over."
    )


def test_a_notice_belongs_to_the_current_cycle_alone():
    (retainer,) = page(Scene(notice=data.NOTICE, cycle="2026-10-01")).retainers
    assert retainer.notice is None


def test_the_log_adds_up_to_the_hours_used():
    cycle = only(Scene(data.LARGE, tuple(long.many_lines(100))))
    days = [day for fold in cycle.log.folds for day in fold.days]
    lines = [Decimal(line.hours) for day in days for line in day.lines]
    assert len(lines) == 100
    assert sum(lines) == Decimal(cycle.log.totals[-1].hours)


def test_the_log_has_a_sum_for_each_pool_and_one_for_all():
    totals = only(Scene()).log.totals
    assert [(total.name, total.hours) for total in totals] == [
        ("Reactive support", "5.00"),
        ("Scheduled maintenance", "4.75"),
        ("Hours used", "9.75"),
    ]


def test_the_log_is_grouped_by_day_newest_first():
    days = only(Scene()).log.days
    assert [day.date for day in days[:2]] == ["17 Nov", "13 Nov"]
    ninth = next(day for day in days if day.date == "9 Nov")
    assert (len(ninth.lines), ninth.total, ninth.total_words) == (3, "3.00", "On Mon 9 November")


def test_the_log_can_be_narrowed_to_one_pool():
    log = only(Scene(), Asked(pool="scheduled")).log
    assert [line.text for day in log.days for line in day.lines] == [
        "Backup restored on trial and verified",
        "Server updates installed and tested",
    ]
    assert [choice.name for choice in log.choices if choice.chosen] == ["Scheduled maintenance"]
    assert log.csv_href == "log.csv?pool=scheduled"


def test_a_pool_that_the_retainer_does_not_have_narrows_nothing():
    assert len(only(Scene(), Asked(pool="nope")).log.totals) == 3


def test_entries_that_are_not_counted_stay_out_of_the_log():
    facts = Scene().facts()
    hidden = LogEntry("Do not show this", facts.log[0].draw._replace(reason="internal"))
    made = build_page(
        provider=data.PROVIDER,
        client_name="Marlow",
        retainers=[replace(facts, log=(*facts.log, hidden))],
        today=date(2026, 11, 22),
    )
    assert "Do not show this" not in render(made)


def test_no_work_is_an_empty_log_and_a_full_balance():
    cycle = only(Scene(lines=()))
    assert (cycle.log.empty, cycle.lead.left) == ("No work has been recorded for this cycle yet.", "12.0")


def test_the_sum_goes_from_what_was_granted_to_what_remains():
    cycle = only(Scene(data.CARRYING, top_ups=data.TOPPED_UP, adjustments=data.ADJUSTED))
    assert [(line.words, line.hours) for line in cycle.sums[0].lines] == [
        ("Hours of this cycle", "+ 12.00"),
        ("Carried over from before", "+ 2.75"),
        ("Bought on top", "+ 5.00"),
        ("Credited", "+ 1.50"),
        ("Used", "− 5.00"),
        ("Charged", "− 0.75"),
        ("Remaining", "15.50"),
    ]


def test_several_retainers_stand_on_one_page_each_with_its_key_in_its_links():
    shown = state("three-retainers")
    assert [retainer.name for retainer in shown.retainers] == [
        "Managed support",
        "Project days",
        "Prepaid block",
    ]
    assert shown.retainers[2].cycle.log.csv_href == "log.csv?retainer=block"


def test_a_retainer_that_has_not_started_says_when_it_will():
    (retainer,) = state("not-started").retainers
    assert (retainer.cycle, retainer.starts_words) == (None, "Starts on 1 January 2027, in 40 days.")


def test_a_client_without_an_agreement_has_a_page_that_says_so():
    assert "No agreement is in force." in words_of(render(state("no-agreement")))


def test_ways_to_reach_the_provider_are_links_only_where_they_are_known():
    shown = page(Scene(), provider=ProviderFacts("Quillfeather IT"))
    assert (shown.contact.phones, shown.contact.email_href) == ((), "")
    assert state("usual").contact.phones == (("+1 555 0142", "tel:+15550142"),)


def test_an_address_brings_nothing_into_a_mail_but_itself():
    shown = page(Scene(), provider=ProviderFacts("Quillfeather IT", email="pat?bcc=eve@acme.example"))
    assert shown.contact.email_href == "mailto:pat%3Fbcc%3Deve@acme.example"


def test_nothing_of_an_entry_but_its_words_and_figures_has_a_place_on_the_page():
    """The allow-list: a new field of these values is a decision, so it has to be made here too."""
    line = only(Scene()).log.days[0].lines[0]
    assert list(line._fields) == [
        "text",
        "why",
        "pool",
        "hours",
        "corrected",
        "so_far",
        "ask_href",
        "number",
        "parts",
        "is_open",
    ]
    assert set(LogEntry._fields) == {
        "description",
        "draw",
        "corrected_on",
        "was",
        "incident",
        "person",
        "terms",
    }


def test_text_of_others_cannot_become_markup():
    lines = (data.WorkLine(date(2026, 11, 3), "1", "<img src=x> fixed"),)
    html = render(page(Scene(lines=lines), client="<script>alert(1)</script>"))
    assert "<img" not in html
    assert "<script" not in html


def test_a_client_whose_retainer_has_not_started_has_no_cycle_to_show():
    later = replace(data.SUPPORT, starts=date(2027, 1, 1))
    assert shown_cycles([(later, balance(later, [], [], [], date(2026, 11, 22)))], Asked()) == (None,)


def test_hours_that_corrections_give_back_are_said_without_a_minus_sign():
    said = state("given-back").retainers[0].cycle
    assert (said.lead.left, said.lead.used.split(" · ")[0]) == (
        "22.5",
        "0 used, 2.5 given back by corrections",
    )
    assert ("Given back by corrections", "+ 2.50") in [
        (line.words, line.hours) for line in said.sums[0].lines
    ]


def test_nothing_used_has_no_sign():
    lines = state("no-entries").retainers[0].cycle.sums[0].lines
    assert ("Used", "0.00") in [(line.words, line.hours) for line in lines]


def test_a_long_page_leads_to_its_parts_and_a_short_one_to_none():
    (retainer,) = state("long-log").retainers
    assert [href for href, _words in retainer.jumps] == [
        f"#{part}-{retainer.key}" for part in ("ask", "log", "sums", "past", "terms")
    ]
    over = replace(retainer, cycle=replace(retainer.cycle, what_if=None))
    assert f"#ask-{retainer.key}" not in [href for href, _words in over.jumps]
    assert state("usual").retainers[0].jumps == []
