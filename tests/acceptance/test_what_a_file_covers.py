"""What a file tells all of: which days, clients and pools, what it takes away there, and up to when it is complete."""

import pytest

from tests.acceptance.conftest import AGREEMENT, MONTH, at, counts, row, without

# What a file speaks for


def test_a_file_removes_nothing_outside_its_dates_nor_of_other_clients(month, bring):
    assert counts(bring(MONTH[4:10])) == {"unchanged": 6}
    assert counts(bring([row(100, day=9)], "--client", "birch")) == {"new": 1}


def test_a_file_for_all_speaks_for_a_client_without_a_row_too(month, bring, used):
    said = bring([row(100, day=9)], "--publish")
    assert counts(said) == {"new": 1, "removed": 1}
    assert used("acme", "2026-02-20") == "9.50"


def test_the_period_given_widens_what_a_file_speaks_for(month, bring):
    said = bring(MONTH[4:10], "--from", "2026-02-04", "--to", "2026-02-12", "--removals", "apply")
    assert counts(said) == {"unchanged": 6, "removed": 3}


def test_a_pool_that_is_not_covered_loses_nothing(month, bring, used):
    said = bring(without(3, 13, 17), "--covers", "pool:reactive", "--publish")
    assert (said.code, counts(said)) == (0, {"unchanged": 17})
    assert counts(bring(without(3, 4), "--covers", "pool:planned")) == {"unchanged": 18, "removed": 1}
    assert used("acme", "2026-02-20") == "10.00"


AGREED = "Entry ID,Client,Agreement,Date,Hours"


def test_a_file_that_covers_one_agreement_is_published_for_a_retainer_that_names_none(clock, bring, balances):
    rows = [[1, "Birch & Lowe", "Managed  Support", "2026-02-02", "1.5"]]
    said = bring(rows, "--covers", "agreement:managed support", "--publish", columns=AGREED).json
    assert said["entries"]["new"] == 1
    assert [(each["client"], each["after"]) for each in said["balances"]] == [("birch", "8.50")]
    birch = balances("--on", "2026-02-20")["birch", "support"]
    assert (birch["through"], birch["cycles"][-1]["total"]["used"]) == ("2026-02-02", "1.50")


def test_an_agreement_that_is_not_covered_loses_nothing(clock, bring, used):
    rows = [
        [1, "Birch & Lowe", "Managed", "2026-02-02", "1"],
        [2, "Birch & Lowe", "Other", "2026-02-02", "2"],
        [3, "Birch & Lowe", "Managed", "2026-02-03", "4"],
    ]
    bring(rows, "--publish", columns=AGREED)
    some = [rows[0], [4, "Birch & Lowe", "Managed", "2026-02-04", "8"]]
    words = ("--covers", "agreement:Managed", "--removals", "apply", "--publish")
    assert counts(bring(some, *words, columns=AGREED)) == {"new": 1, "unchanged": 1, "removed": 1}
    assert used("birch", "2026-02-20") == "11.00"


def test_a_pool_that_nobody_has_is_refused(clock, bring):
    said = bring(MONTH, "--covers", "pool:reactiv", "--publish")
    assert (said.code, said.out) == (1, "")
    assert "main, planned, reactive" in said.err


TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,"
    "Duration,Tags\n"
    "Bob,b@x.example,Birch & Lowe,P,,call,Yes,2026-02-02,09:00:00,2026-02-02,10:00:00,01:00:00,\n"
)


def test_a_file_of_one_format_never_empties_what_another_brought(clock, bring, used):
    bring([row(1), row(2)], "--publish")
    tracker = bring(TOGGL.replace("Bob", "Ann"), "--publish")
    assert (tracker.json["format"], counts(tracker)) == ("toggl", {"new": 1})
    assert counts(bring([row(1), row(2)], "--publish")) == {"unchanged": 2}
    assert used("birch", "2026-02-20") == "3.00"


# Removals


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ((4, 5, 6, 10, 11, 12), "6 of 20 compared entries would be removed, more than a tenth"),
        (
            (3, 13, 17),
            "3 of 3 compared entries of the pool planned (support) would be removed, more than half",
        ),
        ((7, 8, 9), "3 of 3 compared entries of the technician Ann would be removed, more than half"),
    ],
)
def test_removals_that_empty_a_page_are_asked_for(gone, why, month, bring, used):
    said = bring(without(*gone), "--publish")
    assert (said.code, said.json["published"]) == (1, False)
    assert len(said.lines) == 1
    assert why in said.err
    assert "Acme Dental" in said.err
    assert used("acme", "2026-02-20") == "10.00"


def test_a_tenth_of_the_entries_may_go_unasked(month, bring, used):
    said = bring(without(4, 5), "--publish")
    assert (said.code, counts(said)) == (0, {"unchanged": 18, "removed": 2})
    assert used("acme", "2026-02-20") == "9.00"


def test_a_removal_from_a_settled_cycle_is_asked_for(month, bring):
    february = ("--from", "2026-02-01", "--to", "2026-02-28")
    with at("2026-03-02 12:00"):
        bring(MONTH, *february, "--publish")
    with at("2026-03-11 12:00"):
        assert bring(without(4), *february).json["hindrances"] == []
    with at("2026-03-12 12:00"):
        said = bring(without(4), *february, "--publish")
    assert said.code == 1
    assert "settled cycles would be removed, dated 2026-02-04" in said.err


def test_removals_are_applied_or_kept_as_said(month, bring, used):
    kept = bring(without(4, 5, 6), "--publish", "--removals", "keep")
    assert (counts(kept), used("acme", "2026-02-20")) == ({"unchanged": 17}, "10.00")
    applied = bring(without(4, 5, 6), "--publish", "--removals", "apply")
    assert (counts(applied), used("acme", "2026-02-20")) == ({"unchanged": 17, "removed": 3}, "8.50")


# Covers through


def through(balances, client="birch", on="2026-02-20"):
    return balances("--on", on)[client, "support"]["through"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ((), "2026-02-09"),
        (("--from", "2026-02-01", "--to", "2026-02-15"), "2026-02-15"),
        (("--from", "2026-02-01", "--to", "2026-02-15", "--through", "2026-02-12"), "2026-02-12"),
        (("--through", "2026-03-31"), "2026-02-20"),
    ],
    ids=["the last row", "the period", "what is said", "never after today"],
)
def test_covers_through_is_what_is_said_else_the_period_else_the_last_row(words, day, clock, bring, balances):
    assert bring([row(1, day=9)], *words, "--publish").json["through"] == day
    assert through(balances) == day


def test_covers_through_never_goes_back(clock, bring, balances):
    bring([row(1, day=9)], "--publish")
    bring([row(2, day=3)], "--publish", "--through", "2026-02-04")
    assert through(balances) == "2026-02-09"


def test_a_client_without_a_row_in_an_all_clients_file_had_no_work(clock, bring, balances):
    bring([row(1, day=9)], "--publish")
    assert through(balances, "acme") == "2026-02-09"
    bring([row(2, day=11)], "--publish", "--client", "birch")
    assert through(balances, "acme") == "2026-02-09"


def test_a_client_whose_work_came_from_another_format_is_not_quiet(clock, bring, balances):
    bring([row(1, day=9)], "--publish", "--client", "birch")
    bring(TOGGL.replace("Birch & Lowe", "Acme Dental").replace("02-02", "02-12"), "--publish")
    assert through(balances, "acme") == "2026-02-12"
    assert through(balances) == "2026-02-09"


def test_the_last_cycle_of_a_retainer_that_ended_does_not_stay_provisional(clock, load, bring, balances):
    load(AGREEMENT.replace("updates_on", "ends = 2026-02-28\nupdates_on"))
    bring([row(1, day=19)], "--publish")
    with at("2026-03-10 12:00"):
        bring([row(2, day=27)], "--publish", "--through", "2026-03-09")
    for client in ("acme", "birch"):
        last = balances("--on", "2026-03-10")[client, "support"]["cycles"][-1]
        assert (last["starts"], last["resets"], last["provisional"]) == ("2026-02-01", None, False)
