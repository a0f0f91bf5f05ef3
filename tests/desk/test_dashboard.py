"""The dashboard as an address: search, filter, order, pages, the file, and how many queries it takes."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from accounts.tenancy import tenant_scope
from desk.dashboard.keeping import keep_days
from desk.dashboard.page import A_PAGE
from desk.dashboard.query import DashboardQuery
from desk.dashboard.selectors import forget_all
from retainers.models import CompanyName, Retainer
from tests.desk.conftest import NOW
from tests.factories import bank, publish_work
from tests.shared_rows import shared_rows

NOV_3 = date(2026, 11, 3)


@shared_rows(upon="world")
def three(world):
    """One client is over, one low, one in order."""
    world.client("Acme Dental", (NOV_3, "13"))
    world.client("Birch Lowe", (NOV_3, "10"), through=date(2026, 11, 18))
    world.client("Cobalt Freight", (NOV_3, "1"), agreement=bank(name="Freight desk"))
    return world


def test_search_finds_names_of_clients_and_agreements_whatever_their_case(three):
    assert three.names(q="DENTAL") == ["Acme Dental"]
    assert three.names(q="  freight   cobalt ") == ["Cobalt Freight"]
    assert three.names(q="freight desk") == ["Cobalt Freight"]
    assert three.names(q="nobody") == []


def test_search_finds_the_names_that_the_psa_uses(three):
    with tenant_scope(three.provider):
        retainer = Retainer.objects.get(client__slug="birch-lowe")
        CompanyName.objects.create(client=retainer.client, name="B&L Holding", key="b&l holding")
    assert three.names(q="holding") == ["Birch Lowe"]


def test_a_state_shows_the_clients_that_are_in_it(three):
    assert three.names(state="over") == ["Acme Dental"]
    assert three.names(state="low") == ["Birch Lowe"]
    assert three.names(state="fine") == ["Cobalt Freight"]


def test_a_state_that_nobody_knows_filters_nothing(three):
    assert len(three.names(state="odd")) == 3


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "Acme Dental"),
        ("name", "Acme Dental"),
        ("left", "Acme Dental"),
        ("through", "Birch Lowe"),
        ("odd", "Acme Dental"),
    ],
)
def test_the_order_is_the_one_asked_for(three, sort, first):
    assert three.names(sort=sort)[0] == first


def test_the_client_whose_link_was_not_opened_for_the_longest_time_comes_first(three):
    never = three.client("Delta", (NOV_3, "1"), link=False)
    three.link(never, opened=False)
    assert three.names(sort="opened")[0] == "Delta"


@pytest.mark.parametrize("sort", ["name", "left", "through", "opened"])
def test_a_column_sorts_the_other_way_round_by_its_heading_pressed_again(three, sort):
    up, down = three.page(sort=sort), three.page(sort=f"-{sort}")
    headings = [{each.name: each for each in page.headings} for page in (up, down)]
    (name,) = [name for name, each in headings[0].items() if each.sort == "ascending"]
    assert f"sort=-{sort}" in headings[0][name].href
    assert headings[1][name].sort == "descending"
    assert headings[1][name].href.endswith(f"sort={sort}")


@pytest.mark.parametrize("sort", ["name", "left", "through"])
def test_the_other_way_round_the_first_client_is_another_one(three, sort):
    assert three.names(sort=sort)[0] != three.names(sort=f"-{sort}")[0]


def test_clients_alike_stand_by_name_whichever_way_a_column_goes(world):
    for name in ("Birch", "Acme"):
        world.client(name, agreement=False, link=False)
    assert world.names(sort="-left") == world.names(sort="left") == ["Acme", "Birch"]
    assert world.names(sort="-name") == ["Birch", "Acme"]


def test_tiles_count_all_clients_and_lead_to_them(three):
    page = three.page(q="nobody")
    tiles = {tile.words: (tile.count, tile.href) for tile in page.tiles}
    assert tiles["Over"] == (1, "?state=over")
    assert tiles["Low"] == (1, "?state=low")
    assert tiles["Update late"] == (0, "?state=late")


def test_the_chosen_tile_leads_back_to_all(three):
    (chosen,) = [tile for tile in three.page(state="over").tiles if tile.chosen]
    assert (chosen.words, chosen.href) == ("Over", "./")


def test_the_form_offers_the_states_that_there_are_with_their_number(three):
    assert [choice.name for choice in three.page().states] == [
        "All (3)",
        "Over (1)",
        "Runs out before the reset (1)",
        "Low (1)",
        "On track (1)",
    ]


def test_headings_sort_and_keep_what_was_asked(three):
    page = three.page(q="e", state="low", sort="left")
    by_name = {heading.name: heading for heading in page.headings}
    assert by_name["Client"].href == "?q=e&state=low&sort=name"
    assert by_name["What is left"].sort == "ascending"


def test_fifty_clients_stand_on_a_page_and_the_address_turns_it(world):
    for number in range(A_PAGE + 2):
        world.client(f"Client {number:02}", agreement=False)
    first, second = world.page(), world.page(page="2")
    assert (len(first.rows), len(second.rows)) == (A_PAGE, 2)
    assert (first.newer_href, first.older_href) == ("", "?page=2")
    assert (second.newer_href, second.older_href) == ("./", "")
    assert first.found == "1–50 of 52 clients"
    assert world.names(page="odd") == world.names()
    assert world.names(page="99") == world.names(page="2")


def test_a_changed_question_begins_on_its_first_page():
    assert DashboardQuery.read({"q": "a", "page": "3"}).address(order="name") == "?q=a&sort=name"


def test_the_page_shows_rows_form_and_tiles(three, viewer):
    page = viewer.get("/", {"q": "dental"}).content.decode()
    assert 'value="dental"' in page
    assert "/clients/acme-dental/" in page
    assert "Birch Lowe" not in page
    assert "1.0 h over since Tue 3 Nov." in page


def test_names_are_text_and_never_markup(world, viewer):
    world.client("Acme", (NOV_3, "1"), agreement=bank(name="<script>alert(1)</script>"))
    page = viewer.get("/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_without_clients_it_says_what_comes_next(world, viewer):
    assert "Upload a time report from your PSA" in viewer.get("/").content.decode()


def test_clients_of_another_provider_are_not_shown(three, stranger):
    assert "Acme" not in stranger.get("/").content.decode()


def test_the_file_has_a_line_for_each_account_of_what_is_shown(three, viewer):
    answer = viewer.get("/clients.csv", {"state": "over"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="clients-2026-11-22.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (row,) = rows
    assert (row["Client"], row["Granted"], row["Taken"], row["Over"]) == (
        "Acme Dental",
        "12.00",
        "13.00",
        "1.00",
    )
    assert (row["Covers through"], row["Times opened"], row["State"]) == ("2026-11-20", "3", "Over")


def test_no_cell_of_the_file_starts_a_formula(world, viewer):
    world.client("=cmd", (NOV_3, "1"), agreement=bank(name="@sum"), link=False)
    text = viewer.get("/clients.csv").content.decode("utf-8-sig")
    assert "'=cmd,'@sum" in text


def selects(browser, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return sum(query["sql"].startswith("SELECT") for query in queries)


def test_the_number_of_queries_is_the_same_for_three_clients_and_for_sixty(three, viewer):
    viewer.get("/")  # the session's own first query
    forget_all()
    few = selects(viewer, "/")
    for number in range(57):
        client = three.client(f"Client {number}", (NOV_3, "1"))
        three.also(client, (NOV_3, "1"), agreement=bank(key="more"))
    with tenant_scope(three.provider):
        keep_days(three.provider)  # as what publishes does
    forget_all()
    assert selects(viewer, "/") == few <= 8


def test_what_was_judged_before_is_not_read_again(three, viewer):
    first = selects(viewer, "/")
    again = selects(viewer, "/")
    assert again <= first - 4
    assert again <= 8


def test_a_publication_is_seen_at_once(three):
    assert three.row("Cobalt Freight").first.pools[0].left == "11.0"
    with tenant_scope(three.provider):
        retainer = Retainer.objects.get(client__slug="cobalt-freight")
    publish_work(retainer, (NOV_3, "3"), at=NOW)
    assert three.row("Cobalt Freight").first.pools[0].left == "8.0"


def test_the_next_day_is_judged_anew(three, time_machine, viewer):
    assert "11.0" in viewer.get("/").content.decode()
    time_machine.move_to("2026-12-01T12:00:00Z", tick=False)
    page = three.person(Role.VIEWER).get("/", {"q": "cobalt"}).content.decode()
    assert "resets 1 Jan 2027" in page
    assert "<strong>12.0</strong>" in page
