"""`import_csv` and `undo_import`, as contract.md and domain.md have them."""

import csv
import io
import random

import pytest

from tests.acceptance.conftest import MONTH, counts, row

NO_IDS = "Client,Date,Hours,Technician,Ticket,Title"


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
