"""What changes a closed cycle by a file: refused without `--restate`, and marked with it."""

import pytest

from accounts.tenancy import all_tenants
from retainers.models import Restatement
from tests.acceptance.conftest import AGREEMENT, at

FEBRUARY = ("--from", "2026-02-01", "--to", "2026-02-28", "--publish")
RULES = '[[rules]]\nwhen = { title = "fix*" }\nthen = { exclude = "warranty" }\n'
GRANT = '[[clients.retainers.top_ups]]\nkey = "po-1"\ndate = 2026-02-10\nhours = "5"\n'
HOURS = """
[provider.business_hours]
days = ["mon", "tue", "wed", "thu", "fri"]
start = "08:00"
end = "17:00"
holidays = [{holidays}]
[[rules]]
when = {{ time = "after_hours" }}
then = {{ category = "after_hours" }}
[[clients]]
slug = "birch"
name = "Birch & Lowe"
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
[[clients.retainers.terms]]
overage = "bill"
overage_rate = "100"
multipliers = [{{ category = "after_hours", name = "After hours", factor = "2" }}]
pools = [{{ key = "main", name = "Main", hours = "2" }}]
"""
PROVIDER = AGREEMENT.split("[[clients]]")[0]


def row(number, day, hours="3", client="Birch & Lowe"):
    return [number, client, f"2026-02-{day:02}", hours, "Bob", f"T{number}", "Fix"]


@pytest.fixture
def february(bring):
    """Twelve hours of Birch's ten in February, which is complete since the 2nd of March."""
    with at("2026-03-02 09:00"):
        assert bring([row(n, n) for n in (2, 3, 4, 5)], *FEBRUARY).code == 0


def marked():
    with all_tenants("looking at what was restated"):
        return [
            (
                row.cycle_starts.isoformat(),
                row.cause,
                row.before["total"]["overage"],
                row.after["total"]["overage"],
            )
            for row in Restatement.objects.order_by("cycle_starts")
        ]


CHANGES = {
    "terms": (AGREEMENT.replace('name = "Main", hours = "10"', 'name = "Main", hours = "11"'), "1.00"),
    "grant": (AGREEMENT + GRANT, "0.00"),
    "rules": (PROVIDER + RULES + AGREEMENT.removeprefix(PROVIDER), "0.00"),
}


@pytest.mark.parametrize("cause", CHANGES)
def test_terms_grants_and_rules_that_change_a_complete_cycle_need_restate(cause, february, load, rows_held):
    text, over = CHANGES[cause]
    with at("2026-03-03 09:00"):
        held = rows_held()
        said = load(text)
        assert (said.code, rows_held(), marked()) == (1, held, [])
        assert any(line.startswith("birch/support: 2026-02 ") for line in said.lines)
        assert "--restate" in said.lines[-1]
        assert load(text, "--restate").code == 0
    assert marked()[-1] == ("2026-02-01", cause, "2.00", over)


def test_a_dry_run_names_the_closed_cycles_and_needs_no_word(february, load, rows_held):
    with at("2026-03-03 09:00"):
        held = rows_held()
        said = load(CHANGES["terms"][0], "--dry-run")
    assert said.code == 0
    assert (
        "restated, which needs --restate: birch/support: 2026-02 0.00 (2.00 over) left → 0.00 (1.00 over)"
        in said.out
    )
    assert rows_held() == held


def test_a_grant_corrected_under_its_key_restates_the_cycle_that_it_is_dated_in(february, load):
    with at("2026-03-03 09:00"):
        load(AGREEMENT + GRANT, "--restate")
        assert load(AGREEMENT + GRANT).code == 0
        other = AGREEMENT + GRANT.replace('"5"', '"1"')
        assert load(other).code == 1
        assert load(other, "--restate").code == 0
    assert [each[2:] for each in marked()] == [("2.00", "0.00"), ("0.00", "1.00")]


def test_other_words_on_a_grant_restate_nothing(february, load):
    with at("2026-03-03 09:00"):
        load(AGREEMENT + GRANT, "--restate")
        assert load(AGREEMENT + GRANT + 'note = "PO 4712"\n').code == 0
    assert len(marked()) == 1


def test_terms_that_begin_with_the_running_cycle_restate_nothing(february, load):
    later = '[[clients.retainers.terms]]\nfrom = 2026-03-01\npools = [{ key = "main", name = "Main", hours = "20" }]\n'
    with at("2026-03-03 09:00"):
        assert load(AGREEMENT + later).code == 0
    assert marked() == []


def test_a_rule_of_the_file_without_from_counts_for_all_dates_and_one_with_it_from_then_on(
    february, load, used
):
    dated = (
        PROVIDER
        + RULES.replace("[[rules]]", "[[rules]]\nfrom = 2026-03-01")
        + AGREEMENT.removeprefix(PROVIDER)
    )
    with at("2026-03-03 09:00"):
        assert load(dated).code == 0
        assert used("birch", "2026-02-28") == "12.00"
        assert load(CHANGES["rules"][0]).code == 1


DECEMBER = "Entry ID,Client,Date,Start,End,Hours,Technician,Ticket,Title"


def test_a_files_list_of_holidays_removes_none_that_is_past_and_restates_nothing(load, bring, balances):
    this_year, next_year = (
        PROVIDER + HOURS.format(holidays=day) for day in ("2026-01-07, 2026-03-04", "2027-01-06")
    )
    with at("2026-01-02 09:00"):
        assert load(this_year, "--restate").code == 0
    with at("2026-02-02 09:00"):
        rows = [[1, "Birch & Lowe", "2026-01-07", "10:00", "13:00", "3", "Ann", "T1", "Fix"]]
        words = ("--from", "2026-01-01", "--to", "2026-02-01", "--publish")
        assert bring(rows, *words, columns=DECEMBER).code == 0
    with at("2026-02-05 09:00"):
        said = load(next_year)
        assert (said.code, said.err) == (0, "")
        january = balances("--client", "birch")["birch", "support"]["cycles"][0]
    assert (january["total"]["used"], january["overage_amount"]) == ("6.00", "400.00")
    assert marked() == []


def test_business_hours_that_change_a_complete_cycle_need_restate(load, bring):
    before, after = (PROVIDER + HOURS.format(holidays=day) for day in ("", "2026-01-07"))
    with at("2026-01-02 09:00"):
        load(before, "--restate")
    with at("2026-02-02 09:00"):
        rows = [[1, "Birch & Lowe", "2026-01-07", "10:00", "13:00", "3", "Ann", "T1", "Fix"]]
        bring(rows, "--from", "2026-01-01", "--to", "2026-02-01", "--publish", columns=DECEMBER)
        assert load(after).code == 1
        assert load(after, "--restate").code == 0
    assert marked() == [("2026-01-01", "hours", "1.00", "4.00")]


def test_an_import_restates_a_settled_cycle_with_restate_and_its_undoing_asks_again(february, bring, shell):
    late = [row(n, n) for n in (2, 3, 4, 5)] + [row(6, 6)]
    with at("2026-03-11 09:00"):
        assert bring(late, *FEBRUARY[:-1]).json["restated"] == []
    with at("2026-03-12 09:00"):
        assert bring(late, *FEBRUARY).code == 1
        said = bring(late, *FEBRUARY, "--restate")
        assert (said.code, said.json["restated"][0]["over_after"]) == (0, "5.00")
        assert marked() == [("2026-02-01", "import", "2.00", "5.00")]
        refused = shell("undo_import", said.json["import"])
        assert (refused.code, refused.lines[-1]) == (1, "Nothing was undone: --restate lets them.")
        assert shell("undo_import", said.json["import"], "--restate").code == 0
    with all_tenants("looking at what was restated"):
        assert [row.cause for row in Restatement.objects.order_by("pk")] == ["import", "undo"]


def test_json_says_on_which_days_each_cycle_was_restated(february, load, balances):
    with at("2026-03-03 09:00"):
        load(CHANGES["terms"][0], "--restate")
        cycles = balances("--client", "birch")["birch", "support"]["cycles"]
        before = balances("--client", "birch", "--as-published", "2026-03-02")["birch", "support"]["cycles"]
    assert [cycle["restated_on"] for cycle in cycles[1:]] == [["2026-03-03"], []]
    assert [cycle["restated_on"] for cycle in before[1:]] == [[], []]


def reasons():
    with all_tenants("looking at what was restated"):
        return [row.reason for row in Restatement.objects.order_by("pk")]


@pytest.mark.parametrize("cause", CHANGES)
def test_restate_carries_a_reason_in_the_clients_words(cause, february, load):
    with at("2026-03-03 09:00"):
        said = load(CHANGES[cause][0], "--restate", "--restate-reason", " As agreed  in February ")
    assert (said.code, set(reasons())) == (0, {"As agreed in February"})


def test_an_import_and_its_undoing_carry_a_reason(february, bring, shell):
    late = [row(n, n) for n in (2, 3, 4, 5)] + [row(6, 6)]
    with at("2026-03-12 09:00"):
        said = bring(late, *FEBRUARY, "--restate", "--restate-reason", "A sheet came late")
        why = ("--restate", "--restate-reason", "The sheet was another client's")
        assert shell("undo_import", said.json["import"], *why).code == 0
    assert reasons() == ["A sheet came late", "The sheet was another client's"]


LEAKS = ("--restate", "--restate-reason", "see 10.20.30.40, root password hunter2")


def test_a_reason_that_leaks_changes_nothing(february, load, bring, rows_held):
    with at("2026-03-12 09:00"):
        held = rows_held()
        said = load(CHANGES["terms"][0], *LEAKS)
        assert (said.code, rows_held(), said.lines[-1]) == (1, held, "Nothing was changed.")
        assert said.lines[0].startswith("The reason can’t be shown on the client’s page: ")
        late = [row(n, n) for n in (2, 3, 4, 5)] + [row(6, 6)]
        brought = bring(late, *FEBRUARY, *LEAKS)
        assert (brought.code, brought.json["published"], marked()) == (1, False, [])


def test_a_reason_without_leave_to_restate_is_wrong_usage(february, load, bring):
    with at("2026-03-12 09:00"):
        assert load(CHANGES["terms"][0], "--restate-reason", "x").code == 2
        assert bring([row(2, 2)], *FEBRUARY, "--restate-reason", "x").code == 2
