"""Files that people really have, brought one after the other; the cases stand in `tests/cases`."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.conftest import at

CASES = Path(__file__).parent.parent / "cases"
ALONE = ("--client", "acme")


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
    us.bring("cw-week.csv", *ALONE, on="2026-11-07")
    said = us.bring("cw-week-deleted.csv", *ALONE, "--through", "2026-11-06", on="2026-11-07")

    assert (said.code, said.json["entries"]["removed"]) == (0, 1)
    assert us.say("acme", "2026-11-07") == ("2.00", "2026-11-06")


def test_a_file_without_entries_says_that_there_was_no_work(us):
    said = us.bring(
        "cw-header-only.csv",
        "--client",
        "acme",
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-05",
        on="2026-11-06",
    )

    assert said.code == 0
    assert us.say("acme", "2026-11-06") == ("0.00", "2026-11-05")


def test_a_file_without_entries_takes_none_away_unasked(us):
    us.bring("cw-1.csv", on="2026-11-04")
    words = ("cw-header-only.csv", "--client", "acme", "--from", "2026-11-01", "--to", "2026-11-05")

    said = us.bring(*words, on="2026-11-06")
    assert (said.code, "has no entries" in said.err) == (1, True)
    assert us.bring(*words, "--removals", "apply", on="2026-11-06").code == 0
    assert us.say("acme", "2026-11-06") == ("0.00", "2026-11-05")


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


def test_the_same_work_under_another_format_is_asked_and_counts_once_where_it_is_replaced(us):
    assert us.bring("twin-a.csv", *ALONE, on="2026-11-04").code == 0
    said = us.bring("twin-b.csv", *ALONE, on="2026-11-05")
    assert (said.code, us.say("acme", "2026-11-05")[0]) == (1, "2.25")
    (asked,) = [each for each in said.json["questions"] if each["question"] == "twice"]
    assert (asked["lines"], asked["hours"]) == ([2, 3], "2.25")

    replaced = us.bring("twin-b.csv", *ALONE, "--replace", "freshbooks", on="2026-11-05")
    assert (replaced.code, us.say("acme", "2026-11-05")[0]) == (0, "2.25")
    assert us.bring("twin-b.csv", *ALONE, on="2026-11-06").json["entries"]["unchanged"] == 2


def test_two_formats_of_which_a_person_says_that_both_count_are_not_asked_about_again(us):
    us.bring("twin-a.csv", *ALONE, on="2026-11-04")
    assert us.bring("twin-b.csv", *ALONE, "--accept", "twice", on="2026-11-05").code == 0
    assert us.say("acme", "2026-11-05")[0] == "4.50"

    undone = us.bring("twin-b.csv", *ALONE, "--through", "2026-11-04", on="2026-11-06")
    assert (undone.code, undone.json["questions"]) == (0, [])


def test_what_replaced_another_format_gives_it_back_when_it_is_undone(us, shell):
    us.bring("twin-a.csv", *ALONE, on="2026-11-04")
    second = us.bring("twin-b.csv", *ALONE, "--replace", "freshbooks", on="2026-11-05").json["import"]
    with at("2026-11-05 16:00"):
        shell("undo_import", second)

    assert us.bring("twin-a.csv", *ALONE, on="2026-11-06").json["entries"]["unchanged"] == 2


def test_ids_that_begin_anew_are_asked_and_count_beside_the_old_ones(one):
    one.bring("restart-1.csv", "--from", "2026-01-05", "--to", "2026-01-11", on="2026-01-12")
    second = ("restart-2.csv", "--from", "2026-01-12", "--to", "2026-01-18")
    said = one.bring(*second, on="2026-01-19")
    assert (said.code, [each["question"] for each in said.json["questions"]]) == (1, ["ids"])
    assert one.say("acme", "2026-01-19")[0] == "10.00"

    assert one.bring(*second, "--accept", "ids", on="2026-01-19").code == 0
    assert one.say("acme", "2026-01-19")[0] == "15.00"
    again = one.bring(*second, on="2026-01-20")
    assert (again.code, again.json["entries"]["unchanged"], again.json["questions"]) == (0, 5, [])


def test_a_pool_that_is_used_up_again_after_hours_were_bought_is_told_again(provider, shell):
    provider.load("bill.toml", "nw")

    def told(file, on):
        assert provider.bring(file, on=on).code == 0
        with at(f"{on} 16:00"):
            return shell("tick").out

    assert "3 crossings told" in told("again-1.csv", "2026-01-07")
    with at("2026-01-08 15:00"):
        assert shell("load_retainers", CASES / "bill-topup.toml").code == 0
    assert "2 crossings told" in told("again-2.csv", "2026-01-13")
    assert "1 crossing told" in told("again-3.csv", "2026-01-15")
    assert provider.say("acme", "2026-01-15")[0] == "22.50"


@pytest.mark.parametrize(("split", "used"), [("boundary", "9.50"), ("start", "10.00")])
def test_an_entry_across_the_edge_of_business_hours_draws_by_its_parts(
    provider, shell, tmp_path, split, used
):
    """By the start alone the whole of 06:00-10:00 is after hours and nothing of 16:30-18:30."""
    said = (
        (CASES / "holidays-1.toml").read_text().replace('end = "17:00"', f'end = "17:00"\nsplit = "{split}"')
    )
    (tmp_path / "hours.toml").write_text(said)
    provider.slug = "nw"
    with at("2025-12-01 15:00"):
        assert shell("load_retainers", tmp_path / "hours.toml").code == 0
    assert provider.bring("boundary.csv", on="2025-12-12").code == 0

    assert provider.say("acme", "2025-12-12")[0] == used


@pytest.fixture
def cycles(shell):
    """The cycles of one retainer of Acme on a day, by their first days."""

    def cycles(on, retainer="support"):
        with at(f"{on} 16:00"):
            found = shell("balances", "--provider", "nw", "--client", "acme", "--json").json
        (said,) = [each for each in found if each["retainer"] == retainer]
        return {cycle["starts"]: cycle for cycle in said["cycles"]}

    return cycles


def figures(cycle, *names):
    return tuple(cycle["total"][name] for name in names)


def test_next_years_list_of_holidays_leaves_this_years_and_every_closed_figure(provider, shell, cycles):
    provider.slug = "nw"
    with at("2025-12-01 15:00"):
        assert shell("load_retainers", CASES / "holidays-1.toml").code == 0
    words = ("--from", "2025-12-01", "--to", "2026-01-01")
    assert provider.bring("holidays.csv", *words, on="2026-01-02").code == 0
    december = cycles("2026-01-02")["2025-12-01"]
    assert (figures(december, "used"), december["overage_amount"]) == (("13.00",), "300.00")

    with at("2026-01-05 15:00"):
        assert shell("load_retainers", CASES / "holidays-2.toml").code == 0
        said = tomllib.loads(shell("dump_retainers", "--provider", "nw").out)
    held = [day.isoformat() for day in said["provider"]["business_hours"]["holidays"]]
    assert held == ["2025-12-25", "2025-12-26", "2026-12-25", "2026-12-28"]
    december = cycles("2026-01-05")["2025-12-01"]
    assert (figures(december, "used"), december["overage_amount"]) == (("13.00",), "300.00")
    assert december["restated_on"] == []


def test_another_anchor_for_all_of_the_past_is_refused_and_marked_where_it_is_let(provider, shell, cycles):
    provider.load("bill.toml", "nw")
    assert provider.bring("anchor.csv", "--through", "2026-03-01", on="2026-03-02").code == 0
    before = cycles("2026-03-02")
    assert (before["2026-01-01"]["overage_amount"], figures(before["2026-02-01"], "used")) == (
        "200.00",
        ("4.00",),
    )

    with at("2026-03-10 15:00"):
        refused = shell("load_retainers", CASES / "anchor-2.toml")
        assert (refused.code, cycles("2026-03-10") == before) == (1, True)
        assert [line[:21] for line in refused.lines[:-1]] == [
            "acme/support: 2026-01",
            "acme/support: 2026-02",
        ]
        assert shell("load_retainers", CASES / "anchor-2.toml", "--restate").code == 0
    after = cycles("2026-03-10")
    assert list(after) == ["2026-01-01", "2026-01-15", "2026-02-15"]
    assert figures(after["2026-01-01"], "allocated", "used", "overage") == ("4.52", "12.00", "7.48")
    assert (after["2026-01-01"]["overage_amount"], after["2026-01-01"]["restated_on"]) == (
        "748.00",
        ["2026-03-10"],
    )
    assert figures(after["2026-02-15"], "allocated", "used") == ("10.00", "4.00")


def test_a_new_anchor_by_dated_terms_leaves_the_past_as_it_was(provider, shell, cycles, tmp_path):
    provider.load("bill.toml", "nw")
    provider.bring("anchor.csv", "--through", "2026-03-01", on="2026-03-02")
    before = cycles("2026-03-02")
    said = (CASES / "bill.toml").read_text()
    terms = said[said.index("[[clients.retainers.terms]]") :]
    (tmp_path / "april.toml").write_text(
        said + terms.replace("terms]]\n", "terms]]\nfrom = 2026-04-01\nanchor_day = 15\n")
    )
    with at("2026-03-10 15:00"):
        assert shell("load_retainers", tmp_path / "april.toml").code == 0
    after = cycles("2026-04-20")
    assert {starts: after[starts]["total"] for starts in list(before)[:-1]} == {
        starts: cycle["total"] for starts, cycle in list(before.items())[:-1]
    }
    assert list(after)[-2:] == ["2026-04-01", "2026-04-15"]
    assert figures(after["2026-04-01"], "allocated") == ("4.52",)


def test_after_a_renewal_what_runs_leads_and_nothing_that_lapsed_is_left(provider, shell, cycles, client):
    provider.load("renewed.toml", "nw")
    assert provider.bring("renewed.csv", on="2026-04-02").code == 0
    with at("2026-04-02 16:00"):
        url = shell("share_link", "create", "--provider", "nw", "--client", "acme").out.split()[-1]
        page = "/b/" + url.split("/b/")[1]
        said = client.get(f"{page.rstrip('/')}/balance.json").json()["retainers"]
        text = client.get(page).text
    assert [(each["retainer"], each["left"]) for each in said] == [
        ("support_2026_04", {"a": "8.00"}),
        ("support", {"a": "0.00"}),
    ]
    assert text.index("IT support 2026/2") < text.index("The agreement ended on")
    assert figures(cycles("2026-04-02")["2026-03-01"], "remaining", "expired", "carried_out") == (
        "29.00",
        "29.00",
        "0.00",
    )
