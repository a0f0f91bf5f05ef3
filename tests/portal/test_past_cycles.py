"""Cycles that are over on the balance page: what became of the rest, the history, and the page of an earlier one."""

from dataclasses import replace
from datetime import date

import pytest

from portal import gallery_data as data
from portal.gallery import Scene, page
from presentation.facts import Asked, shown_cycles
from tests.portal.pages import only, state


def test_a_closed_cycle_says_what_became_of_the_rest():
    cycle = only(Scene(data.CARRYING, cycle="2026-10-01"))
    after = [(line.words, line.hours) for line in cycle.sums[0].lines if line.kind == "after"]
    assert after == [("of it carried over", "2.75")]


def test_the_history_shows_the_last_twelve_cycles_newest_first():
    found = only(Scene()).history
    rows = found.rows
    assert (len(rows), len(found.older), found.older_words) == (12, 2, "2 earlier cycles")
    assert [row.name for row in found.older] == ["Nov 2025", "Oct 2025"]
    assert not found.is_open
    assert (rows[0].name, rows[0].href, rows[0].chosen) == ("Nov 2026", "./", True)
    assert rows[2].href == "./?retainer=support&cycle=2026-09-01"
    assert (rows[2].cells[0].words, rows[2].cells[0].over, rows[2].price) == ("12", "+ 2.5 over", "$412.50")
    assert [row.price for row in rows[:2]] == ["", ""]


def test_an_older_cycle_is_open_in_the_history_of_its_own_page():
    found = only(Scene(cycle="2025-10-01")).history
    assert found.is_open
    assert [row.chosen for row in found.older] == [False, True]


@pytest.mark.parametrize(
    ("through", "provisional"), [(date(2026, 8, 30), 3), (date(2026, 8, 31), 2), (None, 13)]
)
def test_the_history_marks_closed_cycles_whose_last_days_are_not_in_yet(through, provisional):
    found = only(Scene(through=through)).history
    marks = [row.provisional for row in (*found.rows, *found.older)]
    assert marks == [False] + [True] * provisional + [False] * (13 - provisional)


def test_the_history_of_cycles_longer_than_a_month_names_their_years():
    yearly = replace(
        data.SUPPORT,
        starts=date(2023, 3, 15),
        months=12,
        terms=(replace(data.TERMS, starts=date(2023, 3, 15)),),
    )
    names = [row.name for row in only(Scene(yearly)).history.rows]
    assert names[:2] == ["15 Mar 2026 – 14 Mar 2027", "15 Mar 2025 – 14 Mar 2026"]
    assert len(set(names)) == 4


def test_the_history_tells_the_pools_of_a_shared_balance_apart():
    (now, *_) = only(Scene(data.SHARED)).history.rows
    assert now.cells[0].shares == (
        "Reactive support: 5.0 of 12",
        "Scheduled maintenance: 4.75 of 8",
    )


def test_the_history_tells_the_work_without_the_charges():
    charged = Scene(data.BANK, adjustments=data.ADJUSTED[1:])
    assert only(charged).history.rows[0].cells[0].words == "9.75 of 20"


def test_an_earlier_cycle_has_the_terms_of_its_time():
    cycle = only(Scene(cycle="2025-11-01"))
    assert cycle.lead.of == "of 10"
    assert cycle.terms.sentences[0].startswith("10 hours of reactive support")
    assert cycle.terms.since == "In force from 1 October 2025 to 31 December 2025"


def test_an_earlier_cycle_leads_back_and_keeps_its_date_in_its_links():
    (retainer,) = page(Scene(cycle="2026-10-01"), asked=Asked(cycle="2026-10-01")).retainers
    assert retainer.back_href == "./"
    assert retainer.cycle.log.csv_href == "log.csv?retainer=support&cycle=2026-10-01"
    assert retainer.json_href == "balance.json?retainer=support&cycle=2026-10-01"


def test_an_earlier_cycle_of_one_retainer_is_a_page_of_its_own():
    asked = Asked(cycle="2026-10-01", retainer="support")
    shown = page(Scene(cycle="2026-10-01"), Scene(data.BLOCK, data.BLOCK_WORK), asked=asked)
    assert [retainer.key for retainer in shown.retainers] == ["support"]


def test_the_newest_cycle_is_shown_unless_another_is_asked_for():
    cycles = Scene().facts().cycles
    known = [(data.SUPPORT, cycles)]
    assert shown_cycles(known, Asked()) == (cycles[-1],)
    assert shown_cycles(known, Asked(cycle="2026-09-01")) == (cycles[-3],)


@pytest.mark.parametrize(
    "asked", [Asked(cycle="2026-09-02"), Asked(cycle="x"), Asked(retainer="no"), Asked("block", "2026-09-01")]
)
def test_a_cycle_or_retainer_that_there_is_not_is_a_wrong_address(asked):
    cycles = Scene().facts().cycles
    with pytest.raises(LookupError):
        shown_cycles([(data.SUPPORT, cycles)], asked)


def test_hours_from_a_cycle_whose_last_days_are_not_in_can_still_change():
    words = "What carries over from November 2026 can still change: its last days aren’t in yet."
    assert words in state("carried-over-from-open-days").retainers[0].cycle.told
    assert not any("come" in line for line in state("granted-and-owed").retainers[0].cycle.told)
