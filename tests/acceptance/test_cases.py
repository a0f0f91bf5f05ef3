"""Files that people really have, brought one after the other; the cases stand in `tests/cases`."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.conftest import at

CASES = Path(__file__).parent.parent / "cases"


@pytest.fixture
def provider(shell):
    """A provider from one of the cases' files: `load(name)`, then `bring(name, …)` and `say(client)`."""

    class Provider:
        slug = ""

        def load(self, name, slug):
            self.slug = slug
            with at("2026-01-01 15:00"):
                assert shell("load_retainers", CASES / name).code == 0

        def bring(self, name, *words, on):
            if "--client" not in words:
                words = (*words, "--accept", "one-company")  # the files of these cases are whole
            with at(f"{on} 15:00"):
                return shell(
                    "import_csv", CASES / name, "--provider", self.slug, "--publish", "--json", *words
                )

        def say(self, client, on):
            with at(f"{on} 15:00"):
                said = shell("balances", "--provider", self.slug, "--client", client, "--json").json
            (found,) = said
            used = sum(Decimal(cycle["total"]["used"]) for cycle in found["cycles"])
            return str(used), found["through"]

    return Provider()


@pytest.fixture
def us(provider):
    provider.load("us.toml", "us")
    return provider


@pytest.fixture
def one(provider):
    provider.load("one.toml", "nw")
    return provider


def test_work_that_has_moved_to_another_client_counts_there_alone(us):
    us.bring("cw-1.csv", on="2026-11-04")
    said = us.bring("cw-2-moved.csv", on="2026-11-05")

    assert said.json["moved"] == [{"line": 2, "from": "acme", "to": "birch", "hours": "2.00"}]
    assert (said.json["entries"]["changed"], said.json["entries"]["removed"]) == (1, 0)
    assert us.say("acme", "2026-11-05") == ("0.00", "2026-11-03")
    assert us.say("birch", "2026-11-05") == ("3.00", "2026-11-03")


def test_work_that_comes_back_counts_where_it_was_before(us):
    us.bring("cw-1.csv", on="2026-11-04")
    us.bring("cw-2-moved.csv", on="2026-11-05")
    us.bring("cw-1.csv", on="2026-11-06")

    assert (us.say("acme", "2026-11-06")[0], us.say("birch", "2026-11-06")[0]) == ("2.00", "1.00")


def test_moved_work_goes_back_to_both_pages_with_an_undo(us, shell):
    us.bring("cw-1.csv", on="2026-11-04")
    moved = us.bring("cw-2-moved.csv", on="2026-11-05").json["import"]

    with at("2026-11-05 16:00"):
        said = shell("undo_import", moved, "--client", "acme")

    assert (said.code, "Birch" in said.out) == (0, True)
    assert (us.say("acme", "2026-11-06")[0], us.say("birch", "2026-11-06")[0]) == ("2.00", "1.00")


def test_a_date_stays_while_rows_wait_under_a_new_company_name(us):
    us.bring("cw-1.csv", on="2026-11-04")
    said = us.bring("cw-2-renamed.csv", on="2026-11-07")

    assert said.json["entries"]["unknown"] == 2
    assert us.say("acme", "2026-11-07") == ("2.00", "2026-11-03")
    assert us.say("birch", "2026-11-07") == ("2.00", "2026-11-06")


def test_a_whole_month_under_a_new_company_name_takes_nothing_away(one):
    one.bring("month-1.csv", "--from", "2026-01-01", "--to", "2026-01-11", on="2026-01-12")
    one.bring("renamed-2.csv", "--from", "2026-01-01", "--to", "2026-01-12", on="2026-01-13")

    assert one.say("acme", "2026-01-13") == ("20.00", "2026-01-11")


def test_an_entry_deleted_on_a_day_that_the_file_covers_is_gone(us):
    us.bring("cw-week.csv", on="2026-11-07")
    said = us.bring("cw-week-deleted.csv", "--through", "2026-11-06", on="2026-11-07")

    assert (said.code, said.json["entries"]["removed"]) == (0, 1)
    assert us.say("acme", "2026-11-07") == ("2.00", "2026-11-06")


def test_an_entry_whose_row_is_refused_stays_and_so_does_the_date(one):
    one.bring("month-1.csv", "--from", "2026-01-01", "--to", "2026-01-11", on="2026-01-12")
    said = one.bring(
        "badcell-2.csv", "--from", "2026-01-01", "--to", "2026-01-12", "--skip-bad-rows", on="2026-01-13"
    )

    assert (said.json["entries"]["refused"], said.json["entries"]["removed"]) == (1, 0)
    assert one.say("acme", "2026-01-13") == ("20.00", "2026-01-11")


def test_a_file_for_one_pool_leaves_the_other_pools_date(provider):
    provider.load("pools.toml", "nw")
    week = ("--from", "2026-01-05", "--to", "2026-01-11")
    provider.bring("covers-1.csv", *week, on="2026-01-12")
    provider.bring(
        "covers-2.csv", "--from", "2026-01-05", "--to", "2026-01-18", "--covers", "pool:b", on="2026-01-19"
    )

    assert provider.say("acme", "2026-01-19") == ("7.00", "2026-01-11")
