"""How far, from when and with which gaps files speak, as `balances --json` has it after imports."""

from datetime import date

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Provider
from accounts.tenancy import all_tenants, tenant_scope
from retainers.models import Retainer
from retainers.no_work import say_no_work
from tests.acceptance.conftest import at

PERIOD = ("--from", "2026-02-02", "--to", "2026-02-08")


def row(number, day=2, client="Acme Dental", title="Fix", month=2):
    return [number, client, f"2026-{month:02}-{day:02}", "1", "Bob", f"T{number}", title]


@pytest.fixture
def clock():
    with at("2026-02-20 12:00"):
        yield


@pytest.fixture
def said(balances):
    def said(client="acme", on="2026-02-20"):
        found = balances("--on", on)[client, "support"]
        return {key: found[key] for key in ("through", "through_by_pool", "from", "gaps")}

    return said


def test_before_the_first_file_no_pool_has_a_day(clock, northwind, said):
    assert said() == {
        "through": None, "through_by_pool": {"reactive": None, "planned": None}, "from": None, "gaps": []
    }  # fmt: skip


def test_a_file_that_covers_a_pool_moves_that_pool_alone(clock, bring, said):
    bring([row(1)], *PERIOD, "--publish")
    bring(
        [row(2, 14, title="maintenance")],
        "--from",
        "2026-02-02",
        "--to",
        "2026-02-15",
        "--covers",
        "pool:planned",
        "--publish",
    )

    found = said()
    assert found["through_by_pool"] == {"reactive": "2026-02-08", "planned": "2026-02-15"}
    assert found["through"] == "2026-02-08"


def test_a_file_speaks_to_the_day_that_it_is_said_to_cover(clock, bring, used):
    bring([row(1), row(5, 6)], "--publish")
    answer = bring([row(1)], "--publish", "--through", "2026-02-06")

    assert (answer.code, answer.json["entries"]["removed"]) == (0, 1)
    assert used("acme", "2026-02-20") == "1.00"


def test_a_file_whose_rows_no_retainer_takes_is_no_file_without_entries(clock, bring):
    bring([row(1)], *PERIOD, "--publish")
    outside = [9, "Acme Dental", "2025-12-31", "1", "Bob", "T9", "Fix"]
    said = bring([outside], *PERIOD, "--client", "acme")

    assert said.json["entries"]["removed"] == 1
    assert not any("has no entries" in why for why in said.json["hindrances"])


def test_a_closed_cycle_is_settled_ten_days_after_it_was_complete(bring, balances):
    def settled(on):
        return [cycle.get("settled") for cycle in balances("--on", on)["acme", "support"]["cycles"]]

    with at("2026-03-02 12:00"):
        bring([row(1)], "--from", "2026-02-01", "--to", "2026-03-01", "--publish")
    with at("2026-03-20 12:00"):
        assert settled("2026-03-11") == [False, False, None]
        assert settled("2026-03-12") == [True, True, None]


def test_a_provisional_cycle_is_not_settled(clock, bring, balances):
    bring([row(1)], *PERIOD, "--publish")
    with at("2026-05-20 12:00"):
        february = balances("--on", "2026-05-20")["acme", "support"]["cycles"][1]
        assert (february["provisional"], february["settled"]) == (True, False)


def test_the_first_days_of_a_cycle_that_are_in_no_file_are_told(clock, bring, said):
    bring([row(1, 9)], "--from", "2026-02-04", "--to", "2026-02-09", "--publish")
    assert said()["from"] == "2026-02-04"

    bring([row(2, 2)], "--from", "2026-02-01", "--to", "2026-02-03", "--publish")
    assert said()["from"] is None


def test_an_earlier_cycles_page_says_from_when_on_files_cover_it(clock, bring, shell):
    bring([row(1, 20, month=1), row(2, 9)], "--from", "2026-01-12", "--to", "2026-02-09", "--publish")
    made = shell("share_link", "create", "--provider", "northwind", "--client", "acme").out
    page = "/b/" + made.strip().rsplit("/b/", 1)[1]

    january, february = (Browser().get(f"{page}?cycle=2026-{month}-01") for month in ("01", "02"))
    assert "This cycle is covered from Mon 12 January on" in january.content.decode()
    assert "This cycle is covered from" not in february.content.decode()
    (said,) = Browser().get(f"{page}balance.json?cycle=2026-01-01").json()["retainers"]
    assert said["from"] == "2026-01-12"


def test_days_between_two_files_are_named_until_a_file_fills_them(clock, bring, said):
    bring([row(1)], *PERIOD, "--publish")
    bring([row(3, 12)], "--from", "2026-02-11", "--to", "2026-02-15", "--publish")
    assert said()["gaps"] == [["2026-02-09", "2026-02-10"]]
    assert said()["through"] == "2026-02-15"

    bring([row(2, 9)], "--from", "2026-02-09", "--to", "2026-02-10", "--publish")
    assert said()["gaps"] == []


def test_fewer_than_seven_days_before_a_first_row_are_no_gap(clock, bring, said):
    bring([row(1)], *PERIOD, "--publish")
    bring([row(3, 15)], "--publish")
    assert said()["gaps"] == []

    bring([row(4, 25, month=2)], "--publish", "--through", "2026-02-20")
    assert said()["through"] == "2026-02-20"


def test_undo_gives_back_the_days_of_before(clock, bring, shell, said):
    bring([row(1)], *PERIOD, "--publish")
    before = said()
    second = bring([row(3, 18)], "--from", "2026-02-16", "--to", "2026-02-18", "--publish").json["import"]
    assert said()["gaps"]

    assert shell("undo_import", second).code == 0
    assert said() == before


def test_a_persons_word_that_there_was_no_work_stays_when_an_import_is_undone(clock, bring, shell, said):
    bring([row(1)], *PERIOD, "--publish")
    second = bring([row(3, 18)], "--from", "2026-02-16", "--to", "2026-02-18", "--publish").json["import"]
    with all_tenants("the command line has no member"):
        provider = Provider.objects.get()
    with tenant_scope(provider):
        acme = Retainer.objects.get(client__slug="acme")
        days = {"starts": date(2026, 2, 9), "ends": date(2026, 2, 10), "today": date(2026, 2, 20)}
        say_no_work(retainer=acme, **days, by=None, at=timezone.now())

    shell("undo_import", second)

    assert (said()["through"], said()["gaps"]) == ("2026-02-10", [])


def test_what_a_page_said_on_a_past_day_keeps_its_coverage(bring, balances):
    with at("2026-02-09 12:00"):
        bring([row(1)], *PERIOD, "--publish")
    with at("2026-02-20 12:00"):
        bring([row(3, 18)], "--from", "2026-02-16", "--to", "2026-02-18", "--publish")
        then = balances("--as-published", "2026-02-10")["acme", "support"]
        assert (then["through"], then["gaps"]) == ("2026-02-08", [])


def test_a_quiet_client_is_covered_as_the_others_are(clock, bring, said):
    bring([row(1)], *PERIOD, "--publish")

    assert said("birch")["through_by_pool"] == {"main": "2026-02-08"}
