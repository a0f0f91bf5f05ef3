"""`share_link`, and the page, the JSON and the CSV behind a link, which agree to the hundredth."""

import csv
import io
from decimal import Decimal

import pytest

from tests.acceptance.conftest import AGREEMENT, at

DAY = "2026-02-20"


@pytest.fixture
def link(shell, northwind):
    """Creates a link of birch's; the path of its page."""

    def link(*words):
        said = shell("share_link", "create", "--provider", "northwind", "--client", "birch", *words)
        assert said.code == 0, said.err
        return "/" + said.out.strip().split("/", 3)[3]

    return link


@pytest.fixture
def clock():
    with at(f"{DAY} 12:00"):
        yield


@pytest.fixture
def worked(clock, load, bring):
    """Work of two cycles, some of it after hours at double."""
    load(
        AGREEMENT.replace('name = "Main"', 'name = "Main support"').replace(
            "[[clients.retainers.terms]]\n", TERMS
        )
    )
    columns = "Entry ID,Client,Date,Hours,Work type,Title,Technician"
    rows = [
        [number, "Birch & Lowe", day, hours, kind, "SECRET vlan", "Bob"]
        for number, (day, hours, kind) in enumerate(
            [
                ("2026-01-10", "3", ""),
                ("2026-02-03", "0.3333", "After hours"),
                ("2026-02-04", "1.005", ""),
                ("2026-02-05", "-0.25", "After hours"),
                ("2026-02-06", "0", ""),
            ]
        )
    ]
    assert bring(rows, "--publish", columns=columns).code == 0


TERMS = (
    "[[clients.retainers.terms]]\n"
    'multipliers = [{ category = "after_hours", name = "After hours", factor = "2" }]\n'
)


def test_the_page_the_json_the_csv_and_the_command_agree(worked, link, client, balances):
    path = link()
    page = client.get(path).content.decode()
    said = client.get(path + "balance.json").json()["retainers"][0]
    of_command = balances("--on", DAY)["birch", "support"]
    assert said["cycle"] == of_command["cycles"][-1]
    assert (said["through"], said["next_update"]) == (of_command["through"], of_command["next_update"])
    used = Decimal(said["cycle"]["total"]["used"])
    assert used == Decimal("1.17")
    assert sum(Decimal(line["hours"]) for line in said["log"]) == used
    for line in said["log"]:
        assert Decimal(line["hours"]) == Decimal(line["counted"]) * Decimal(line["factor"])
    log = list(csv.DictReader(io.StringIO(client.get(path + "log.csv").content.decode("utf-8-sig"))))
    assert sum(Decimal(each["Hours"]) for each in log if each["Date"] != "Total") == used
    assert said["cycle"]["total"]["remaining"] in page
    assert "SECRET" not in page
    assert "Bob" not in page


def test_an_earlier_cycle_is_behind_its_first_day(worked, link, client):
    path = link()
    for query in ("?cycle=2026-01-01", "?cycle=2026-01-01&retainer=support"):
        said = client.get(path + "balance.json" + query).json()["retainers"][0]
        assert (said["cycle"]["starts"], said["cycle"]["total"]["used"]) == ("2026-01-01", "3.00")
        assert client.get(path + query).status_code == 200
    wrong = ("?cycle=2026-01-15", "?cycle=2026-03-01", "?cycle=soon", "?retainer=other")
    for query in wrong:
        assert [client.get(path + end + query).status_code for end in ("", "balance.json", "log.csv")] == [
            404
        ] * 3


def test_a_wrong_a_malformed_and_a_revoked_link_get_one_and_the_same_page(worked, link, client, shell):
    path = link("--label", "Board")
    revoked = shell(
        "share_link", "revoke", "--provider", "northwind", "--client", "birch", "--label", "Board"
    )
    assert revoked.code == 0
    pages = [client.get(where) for where in (path, f"/b/{'A' * 43}/", "/b/x/")]
    assert [page.status_code for page in pages] == [404] * 3
    assert len({page.content for page in pages}) == 1


def test_an_expired_link_says_so_without_data(clock, link, client):
    path = link("--expires", "2026-02-21")
    for day, status in (("2026-02-21", 200), ("2026-02-22", 410)):
        with at(f"{day} 12:00"):
            for end in ("", "balance.json", "log.csv"):
                assert client.get(path + end).status_code == status
    with at("2026-02-22 12:00"):
        assert "10.00" not in client.get(path).content.decode()


def test_links_are_listed_and_revoked_each_on_its_own(clock, link, client, shell):
    words = ("--provider", "northwind", "--client", "birch")
    one, other = link("--label", "Board"), link("--label", "Front desk")
    listed = shell("share_link", "list", *words).out
    assert "Board" in listed
    assert one.split("/")[2] not in listed
    assert shell("share_link", "revoke", *words, "--label", "Board").code == 0
    assert [client.get(path).status_code for path in (one, other)] == [404, 200]
    assert shell("share_link", "revoke", *words, "--label", "Board").code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("create", "--provider", "northwind", "--client", "nobody"), 1),
        (("create", "--provider", "nobody", "--client", "birch"), 1),
        (("create", "--provider", "northwind", "--client", "birch", "--expires", "soon"), 2),
        (("create", "--provider", "northwind"), 2),
        (("revoke", "--provider", "northwind", "--client", "birch"), 1),
        (("steal", "--provider", "northwind", "--client", "birch"), 2),
        ((), 2),
    ],
)
def test_bad_input_is_told_from_bad_usage(words, code, northwind, shell):
    said = shell("share_link", *words)
    assert (said.code, said.out) == (code, "")
    assert said.err


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Pacific/Auckland", "2026-02-28 10:59", "2026-02-28 11:00"),
        ("America/Los_Angeles", "2026-03-01 07:59", "2026-03-01 08:00"),
    ],
)
def test_a_page_turns_over_at_midnight_where_the_provider_is(zone, before, after, load, link, client):
    with at("2026-02-01 12:00"):
        load(AGREEMENT.replace("date_order", f'timezone = "{zone}"\ndate_order'))
        path = link()
    starts = []
    for moment in (before, after):
        with at(moment):
            said = client.get(path + "balance.json").json()
            starts.append(said["retainers"][0]["cycle"]["starts"])
    assert starts == ["2026-02-01", "2026-03-01"]
