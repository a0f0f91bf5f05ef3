"""`load_retainers` and `dump_retainers`, as contract.md has them."""

import re
import tomllib

import pytest

from retainers.agreements import AgreementError
from retainers.agreements.reading import read_file
from tests.acceptance.conftest import AGREEMENT, at

TOP_UP = """
[[clients.retainers.top_ups]]
date = 2026-02-10
hours = "5"
"""
TERMS = '[[clients.retainers.terms]]\npools = [{ key = "main"'
BIRCH = '[[clients]]\nslug = "birch"'


def last_retainer(text):
    return AGREEMENT + text


def terms_of_one_pool(more):
    return f'[[clients.retainers.terms]]\n{more}\npools = [{{ key = "main", name = "M", hours = "1" }}]'


def test_loading_twice_changes_nothing(load, rows_held):
    assert load(AGREEMENT).code == 0
    before = rows_held()
    again = load(AGREEMENT)
    assert (again.code, again.out, rows_held()) == (0, "Nothing to change.\n", before)


def test_a_dry_run_says_what_would_change_and_writes_nothing(load, rows_held):
    before = rows_held()
    said = load(AGREEMENT, "--dry-run")
    assert said.code == 0
    assert "acme/support" in said.out
    assert rows_held() == before


REFUSED = {
    "an unknown key": AGREEMENT.replace('name = "Northwind"', 'name = "Northwind"\ncolour = "red"'),
    "a wrong type": AGREEMENT.replace('name = "Acme Dental"', "name = 3"),
    "a float": AGREEMENT.replace('hours = "5"', "hours = 5.5"),
    "a cap below zero": AGREEMENT.replace('hours = "5"', 'hours = "-5"'),
    "a cap of thousandths": AGREEMENT.replace('hours = "5"', 'hours = "5.005"'),
    "a cap that is no number": AGREEMENT.replace('hours = "5"', 'hours = "NaN"'),
    "a rule naming no pool": AGREEMENT.replace('pool = "planned"', 'pool = "nowhere"'),
    "a top-up naming no pool": last_retainer(TOP_UP + 'pool = "nowhere"'),
    "a top-up before the start": last_retainer(TOP_UP.replace("2026-02-10", "2025-12-31")),
    "a top-up below zero": last_retainer(TOP_UP.replace('"5"', '"-5"')),
    "an expiry in quotes": last_retainer(TOP_UP + 'expires = "2"'),
    "an expiry of no cycles": last_retainer(TOP_UP + "expires = 0"),
    "an adjustment naming no pool": last_retainer(
        TOP_UP.replace("top_ups", "adjustments") + 'pool = "nowhere"'
    ),
    "no pool where there are several": AGREEMENT.replace(BIRCH, TOP_UP + BIRCH),
    "a rollover for no cycles": AGREEMENT.replace(
        TERMS, TERMS.replace("pools", "rollover = { cycles = 0 }\npools")
    ),
    "a bill without a rate": AGREEMENT.replace(TERMS, TERMS.replace("pools", 'overage = "bill"\npools')),
    "a cycle of two months": AGREEMENT.replace("updates_on", "months = 2\nupdates_on", 1),
    "an anchor on the 32nd": AGREEMENT.replace("updates_on", "anchor_day = 32\nupdates_on", 1),
    "an end before the start": AGREEMENT.replace("updates_on", "ends = 2025-12-31\nupdates_on", 1),
    "terms from the middle of a cycle": last_retainer(terms_of_one_pool("from = 2026-02-10")),
    "first terms that change the cycle": AGREEMENT.replace(
        TERMS, TERMS.replace("pools", "months = 3\npools")
    ),
    "hours that end before they begin": last_retainer(TOP_UP + "expires = 2026-02-09"),
    "two grants of one key": last_retainer((TOP_UP + 'key = "po"\n') * 2),
    "a time rule without business hours": AGREEMENT.replace('title = "maintenance*"', 'time = "after_hours"'),
    "an unknown time zone": AGREEMENT.replace("date_order", 'timezone = "Mars/Base"\ndate_order'),
    "a company of two clients": AGREEMENT.replace('name = "Birch & Lowe"', 'name = "ACME  dental"'),
    "two retainers that claim the same rows": last_retainer(
        '[[clients.retainers]]\nkey = "other"\nname = "O"\nstarts = 2026-03-01\n'
        + terms_of_one_pool("")
    ),
    "no name of the provider": AGREEMENT.replace('name = "Northwind"\n', ""),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_is_refused_with_its_place(what):
    with pytest.raises(AgreementError) as refused:
        read_file(REFUSED[what])
    (problem,) = refused.value.problems
    assert re.match(r"line \d+, (provider|clients\[\w+\])", str(problem))


@pytest.mark.parametrize(
    "what", ["an unknown key", "terms from the middle of a cycle", "a company of two clients"]
)
def test_a_file_that_is_refused_leaves_nothing_behind(what, load, rows_held):
    before = rows_held()
    said = load(REFUSED[what])
    assert (said.code, said.out) == (1, "")
    assert len(said.lines) == 1
    assert re.match(r"line \d+, (provider|clients\[\w+\])", said.err)
    assert rows_held() == before


def test_each_fault_has_a_line_of_its_own_on_stderr(load):
    said = load(AGREEMENT.replace('hours = "5"', 'hours = "-5"').replace('hours = "10"', "hours = true"))
    assert said.code == 1
    assert len(said.lines) == 3


@pytest.mark.parametrize("content", [b"[provider", b"\xff\xfe", b'[provider]\nname = "Caf\xe9"', b""])
def test_what_is_no_toml_text_is_refused_in_one_line(content, shell, file):
    said = shell("load_retainers", file(content))
    assert (said.code, said.out, len(said.lines)) == (1, "", 1)


def test_a_missing_file_is_bad_input_and_a_missing_word_is_bad_usage(shell, tmp_path):
    assert shell("load_retainers", tmp_path / "none.toml").code == 1
    assert shell("load_retainers").code == 2
    assert shell("dump_retainers").code == 2
    assert shell("dump_retainers", "--provider", "nobody").code == 1


def test_what_is_dumped_and_loaded_elsewhere_is_dumped_alike(load, shell):
    text = last_retainer(TOP_UP + 'expires = 2\nnote = "PO 4711"\n' + TOP_UP + TOP_UP)
    load(text.replace("date_order", 'timezone = "America/Chicago"\ndate_order'))
    dumped = shell("dump_retainers", "--provider", "northwind").out
    assert load(dumped).out == "Nothing to change.\n"
    elsewhere = dumped.replace('slug = "northwind"', 'slug = "elsewhere"')
    assert load(elsewhere).code == 0
    assert shell("dump_retainers", "--provider", "elsewhere").out == elsewhere


def test_a_row_under_a_key_replaces_what_stands_under_it(load, shell):
    load(last_retainer(TOP_UP + 'key = "po"\nnote = "PO 4711"\n'))

    said = load(last_retainer(TOP_UP.replace('"5"', '"6"') + 'key = "po"\nnote = "PO 4712"\n'))

    (birch,) = shell(
        "balances", "--provider", "northwind", "--client", "birch", "--json", "--on", "2026-02-28"
    ).json
    assert (said.code, birch["cycles"][-1]["total"]["topped_up"]) == (0, "6.00")
    assert load(shell("dump_retainers", "--provider", "northwind").out).out == "Nothing to change.\n"


def test_a_key_that_is_given_to_a_row_that_stands_grants_nothing_twice(load, shell):
    load(last_retainer(TOP_UP))

    load(last_retainer(TOP_UP + 'key = "po"\n'))

    (birch,) = shell(
        "balances", "--provider", "northwind", "--client", "birch", "--json", "--on", "2026-02-28"
    ).json
    assert birch["cycles"][-1]["total"]["topped_up"] == "5.00"


def test_holidays_that_are_past_stay(load, shell):
    hours = '[provider.business_hours]\ndays = ["mon"]\nstart = "08:00"\nend = "17:00"\nholidays = [%s]\n'
    load(AGREEMENT.replace("[[clients]]", hours % "2020-12-25" + "[[clients]]", 1))

    load(AGREEMENT.replace("[[clients]]", hours % "2999-12-25" + "[[clients]]", 1))

    dumped = tomllib.loads(shell("dump_retainers", "--provider", "northwind").out)
    kept = [str(day) for day in dumped["provider"]["business_hours"]["holidays"]]
    assert kept == ["2020-12-25", "2999-12-25"]


def test_what_a_file_leaves_out_stays(load, shell):
    members = '[[members]]\nemail = "dana@northwind.example"\nrole = "owner"\n'
    load(AGREEMENT + members)
    whole = shell("dump_retainers", "--provider", "northwind").out
    head = '[provider]\nslug = "northwind"\nname = "Northwind"\n'
    load(head + '[[clients]]\nslug = "acme"\nname = "Acme Dental"\n')
    assert shell("dump_retainers", "--provider", "northwind").out == whole


def test_a_top_up_is_added_only_where_it_has_no_equal(load, balances):
    load(last_retainer(TOP_UP))
    load(last_retainer(TOP_UP))
    load(AGREEMENT)
    february = balances("--on", "2026-02-28")["birch", "support"]["cycles"][-1]
    assert february["total"]["topped_up"] == "5.00"
    load(last_retainer(TOP_UP + TOP_UP))
    february = balances("--on", "2026-02-28")["birch", "support"]["cycles"][-1]
    assert february["total"]["topped_up"] == "10.00"


def test_a_new_name_in_the_psa_is_a_change_that_is_said(load):
    load(AGREEMENT)
    said = load(
        AGREEMENT.replace('name = "Birch & Lowe"', 'name = "Birch & Lowe"\npsa_names = ["Birch LLP"]')
    )
    assert said.out == "company names of birch\n"


def test_new_business_hours_are_a_change_that_is_said(load):
    load(AGREEMENT)
    hours = '[provider.business_hours]\ndays = ["mon"]\nstart = "08:00"\nend = "17:00"\n[[clients]]'
    assert load(AGREEMENT.replace("[[clients]]", hours, 1)).out == "the provider's business hours\n"


@pytest.mark.parametrize(
    "change",
    [("starts = 2026-01-01", "starts = 2026-03-01"), ('key = "main"', 'key = "other"')],
    ids=["a later start", "another pool"],
)
def test_hours_on_record_are_never_left_without_a_day_or_a_pool(change, load, shell):
    load(last_retainer(TOP_UP + 'pool = "main"'))
    before = shell("dump_retainers", "--provider", "northwind").out
    said = load(AGREEMENT.replace(*change))
    assert said.code == 1
    assert "clients[birch].retainers[support]: top_ups[1]" in said.err
    assert shell("dump_retainers", "--provider", "northwind").out == before


def test_changed_terms_are_a_new_version_and_the_old_pages_stay(load, balances, rows_held):
    with at("2026-02-01 12:00"):
        load(AGREEMENT)
    before = rows_held()
    with at("2026-02-03 12:00"):
        load(AGREEMENT.replace('hours = "10"', 'hours = "20"'))
    after = rows_held()
    assert after["AgreementVersion"] - before["AgreementVersion"] == 2
    assert after["Publication"] - before["Publication"] == 2
    caps = [
        balances(*words)["birch", "support"]["cycles"][-1]["total"]["allocated"]
        for words in (
            ("--on", "2026-02-02"),
            ("--as-published", "2026-02-02"),
            ("--as-published", "2026-02-03"),
        )
    ]
    assert caps == ["20.00", "10.00", "20.00"]
    assert rows_held() == after


def test_a_changed_rule_judges_published_work_anew_and_the_old_pages_stay(bring, load, balances):
    with at("2026-02-03 12:00"):
        bring([[1, "Acme Dental", "2026-02-02", "1.5", "Bob", "T1", "Cleaning up"]], "--publish")
    with at("2026-02-05 12:00"):
        load(AGREEMENT.replace("maintenance*", "cleaning*"))

    def planned(*words):
        return balances(*words)["acme", "support"]["cycles"][-1]["pools"][1]["used"]

    assert planned("--on", "2026-02-05") == "1.50"
    assert planned("--as-published", "2026-02-04") == "0.00"
