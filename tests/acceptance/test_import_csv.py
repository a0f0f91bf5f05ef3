"""`import_csv` and `undo_import`, as contract.md and domain.md have them."""

import csv
import io
import random

import pytest

from tests.acceptance.conftest import AGREEMENT, at, counts, row

MONTH = [
    [
        number,
        "Acme Dental",
        f"2026-02-{number:02}",
        "0.5",
        "Ann" if number in (7, 8, 9) else "Bob",
        f"T{number}",
        "Maintenance" if number in (3, 13, 17) else "Fix",
    ]
    for number in range(1, 21)
]
NO_IDS = "Client,Date,Hours,Technician,Ticket,Title"


def without(*numbers):
    return [row for row in MONTH if row[0] not in numbers]


@pytest.fixture
def clock():
    with at("2026-02-20 12:00"):
        yield


@pytest.fixture
def month(clock, bring):
    """Twenty entries of acme, one a day."""
    assert bring(MONTH, "--publish").code == 0


# What a preview and a publication say


def test_a_preview_publishes_nothing(clock, bring, rows_held):
    before = rows_held()
    assert bring(MONTH).json["published"] is False
    assert rows_held() == before


def test_the_counts_of_a_mixed_file_reconcile_and_the_lines_are_those_of_the_file(clock, bring):
    text = (
        "Entry ID,Client,Date,Hours,Billable,Work type,Title\r\n"
        '1,Acme Dental,2026-02-02,1,Yes,,"Fix\nof\nthree lines"\r\n'
        "2,Acme Dental,2026-02-03,1,No,,free\r\n"
        "\r\n"
        "3,acme  DENTAL,2026-02-03,1,Yes,Travel time,drive\r\n"
        "4,Acme Dental,2025-12-31,1,Yes,,before\r\n"
        "5,Zeta Corp,2026-02-03,1,Yes,,unknown\r\n"
        "6,Acme Dental,2026-02-30,1,Yes,,no day\r\n"
        "7,Acme Dental,2026-02-04,many,Yes,,no hours\r\n"
        "8,Acme Dental,2026-02-04,1,Yes,,twice\r\n"
        "8,Acme Dental,2026-02-04,1,Yes,,twice\r\n"
        "9,Birch & Lowe,2026-02-04,1,Yes,,one\r\n"
        "9,Birch & Lowe,2026-02-04,2,Yes,,other\r\n"
        "Total,,,9,,,\r\n"
    )
    said = bring(text).json
    assert said["rows"] == 11
    assert said["entries"] == {
        "new": 2, "changed": 0, "unchanged": 0, "removed": 0, "excluded": 4, "refused": 4, "unknown": 1
    }  # fmt: skip
    assert said["excluded"] == [
        {"line": 5, "reason": "non-billable"},
        {"line": 7, "reason": "travel"},
        {"line": 8, "reason": "outside the retainer"},
        {"line": 13, "reason": "repeated"},
    ]
    assert [(p["line"], p["column"], p["value"]) for p in said["problems"]] == [
        (10, "Date", "2026-02-30"),
        (11, "Hours", "many"),
        (14, "Entry ID", "9"),
        (15, "Entry ID", "9"),
    ]
    assert said["set_aside"] == [{"line": 16, "what": "total"}]
    assert said["unknown_companies"] == [{"company": "Zeta Corp", "rows": 1}]
    assert said["wording_needed"] == 2


def test_balances_are_those_of_today_before_and_after(clock, bring):
    said = bring([row(1, hours="2.5"), row(2, hours="9")], "--publish").json
    birch = next(each for each in said["balances"] if each["client"] == "birch")
    assert (birch["retainer"], birch["before"], birch["after"]) == ("support", "10.00", "0.00")


def test_standard_input_is_a_file_too(clock, northwind, shell):
    text = b"Client,Date,Hours\nBirch & Lowe,2026-02-02,1\n"
    said = shell("import_csv", "-", "--provider", "northwind", "--json", stdin=text)
    assert counts(said) == {"new": 1}


# Rows that can't be taken


def test_refused_rows_block_publishing_each_with_its_line_and_column(clock, bring, used):
    said = bring([row(1), row(2, hours="abc"), row(3, hours="1:75")], "--publish")
    assert (said.code, said.json["published"], used("birch", "2026-02-20")) == (1, False, "0.00")
    assert said.lines[0].startswith("Line 3, column Hours: ")
    assert said.lines[1].startswith("Line 4, column Hours: ")


def test_the_other_rows_go_through_where_bad_ones_are_skipped(clock, bring, used):
    said = bring([row(1), row(2, hours="abc")], "--publish", "--skip-bad-rows")
    assert (said.code, counts(said), used("birch", "2026-02-20")) == (0, {"new": 1, "refused": 1}, "1.00")


def test_unknown_companies_never_block(clock, bring, used):
    said = bring([row(1), row(2, client="Zeta Corp"), row(3, client="")], "--publish")
    assert (said.code, counts(said)) == (0, {"new": 1, "unknown": 2})
    assert used("birch", "2026-02-20") == "1.00"


def test_an_import_for_one_client_takes_its_rows_and_those_without_a_company_alone(clock, bring):
    rows = [row(1), row(2, client=""), row(3, client="Acme Dental"), row(4, client="Zeta Corp")]
    said = bring(rows, "--client", "birch")
    assert counts(said) == {"new": 2, "refused": 2}
    assert [problem["line"] for problem in said.json["problems"]] == [4, 5]
    assert bring(rows, "--client", "birch", "--publish").code == 1


# Once more the same period


def test_the_same_file_twice_changes_nothing(month, bring, used):
    before = used("acme", "2026-02-20")
    assert counts(bring(MONTH, "--publish")) == {"unchanged": 20}
    assert used("acme", "2026-02-20") == before


def written_as(rows, *, columns=NO_IDS, delimiter=",", encoding="utf-8", order=None, comma=False):
    order = order or columns.split(",")
    out = io.StringIO()
    writer = csv.DictWriter(out, order, delimiter=delimiter)
    writer.writeheader()
    for cells in rows:
        named = dict(zip(columns.split(","), cells, strict=True))
        writer.writerow(named | ({"Hours": named["Hours"].replace(".", ",")} if comma else {}))
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    "way",
    [
        {"encoding": "utf-8-sig"},
        {"encoding": "utf-16", "delimiter": "\t"},
        {"encoding": "cp1252", "delimiter": ";", "comma": True},
        {"order": ["Title", "Hours", "Ticket", "Client", "Technician", "Date"]},
    ],
    ids=["a mark", "unicode text", "a spreadsheet", "other columns first"],
)
def test_the_same_rows_written_and_ordered_otherwise_are_unchanged(way, clock, bring, used):
    rows = [
        ["Birch & Lowe", f"2026-02-{day:02}", "1.25", "Bob", f"T{day}", f"Réseau “{day}”"]
        for day in range(1, 11)
    ]
    assert bring(written_as(rows), "--publish").code == 0
    random.Random(1).shuffle(rows)
    assert counts(bring(written_as(rows, **way), "--publish")) == {"unchanged": 10}
    assert used("birch", "2026-02-20") == "12.50"


def test_two_equal_rows_without_ids_are_two_entries(clock, bring, used):
    reset = row(1)[1:]
    assert counts(bring([reset, reset], "--publish", columns=NO_IDS)) == {"new": 2}
    assert counts(bring([reset] * 3, "--publish", columns=NO_IDS)) == {"new": 1, "unchanged": 2}
    fewer = bring([reset] * 2, "--publish", "--removals", "apply", columns=NO_IDS)
    assert counts(fewer) == {"unchanged": 2, "removed": 1}
    assert used("birch", "2026-02-20") == "2.00"


def test_without_ids_what_is_left_pairs_by_ticket_technician_and_date(clock, bring, used):
    bring([row(1)[1:], row(2, ticket="T2")[1:]], "--publish", columns=NO_IDS)
    again = bring([row(1, hours="3")[1:], row(2, ticket="T9")[1:]], "--removals", "apply", columns=NO_IDS)
    assert counts(again) == {"changed": 1, "new": 1, "removed": 1}


def test_an_id_pairs_whatever_else_changed(clock, bring, used):
    bring([row(1, day=2), row(2, day=3)], "--publish")
    again = bring([row(1, day=5, hours="2", ticket="T7"), row(2, day=3)], "--publish")
    assert counts(again) == {"changed": 1, "unchanged": 1}
    assert used("birch", "2026-02-20") == "3.00"


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


# Bad usage and bad input


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--client", "nobody"), 1),
        (("--format", "nothing"), 2),
        (("--through", "soon"), 2),
        (("--from", "2026-02-01"), 2),
        (("--from", "2026-02-02", "--to", "2026-02-01"), 2),
        (("--covers", "board:x"), 2),
        (("--removals", "all"), 2),
        (("--nonsense",), 2),
    ],
)
def test_bad_input_is_told_from_bad_usage(words, code, clock, bring, rows_held):
    before = rows_held()
    said = bring(MONTH, *words, "--publish")
    assert (said.code, said.out) == (code, "")
    assert said.err
    assert rows_held() == before


def test_nobody_and_nothing_are_bad_input(shell, northwind, tmp_path):
    assert shell("import_csv", tmp_path / "none.csv", "--provider", "northwind").code == 1
    assert shell("import_csv", tmp_path, "--provider", "northwind").code == 1
    assert shell("import_csv", tmp_path, "--provider", "nobody").code == 1
    assert shell("import_csv").code == 2
    assert shell("undo_import", 99).code == 1
    assert shell("undo_import", "x").code == 2
