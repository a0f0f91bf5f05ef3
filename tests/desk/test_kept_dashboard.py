"""The dashboard from what is kept says the same as the one that is worked out, asks as often for many clients as for
one, and never shows what is no longer so.
"""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tenancy import tenant_scope
from desk.dashboard import holding, keeping, kept
from desk.dashboard.holding import edition
from desk.dashboard.keeping import differing, keep_clients, keep_days
from desk.dashboard.page import page_of
from desk.dashboard.query import ORDERS, DashboardQuery
from desk.dashboard.states import ClientState
from desk.models import ClientDay, SavedView
from portal.models import ClientRequest
from retainers import publishing
from retainers.models import Approval, Client, CompanyName, Entry, Publication, Retainer
from retainers.terms import Pool
from tests.desk.conftest import NOW, TODAY, spread
from tests.factories import bank, publish_work

NOV_3 = date(2026, 11, 3)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def many(world):
    """A client in each of many states."""
    billed = bank(overage="bill", overage_rate=Decimal(90))
    world.client("Acme Dental", (NOV_3, "13"), agreement=billed, incident="T1")
    world.client("Birch Lowe", (NOV_3, "10"), through=date(2026, 11, 18), wording="")
    world.client("Cobalt Freight", *spread("1", 2, 19), agreement=bank(name="Freight desk"), incident="T2")
    world.client("Delta", agreement=False)
    world.client("Echo", (NOV_3, "2"), link=False)
    world.client(
        "Foxtrot",
        (date(2026, 1, 5), "30"),
        agreement=bank(ends=date(2026, 11, 10), overage_rate=Decimal(90)),
    )
    world.client("Golf", agreement=bank(starts=date(2026, 12, 1)))
    approved = world.client("Kilo", *spread("13", 2, 19))
    world.also(approved, (NOV_3, "1"), agreement=bank(key="more", name="More"))
    approve(approved)
    asks = world.client("Hotel", *spread("12", 2, 19, 2), agreement=bank(updates_on=("sunday",)))
    pools = (Pool("remote", "Remote", Decimal(3)), Pool("site", "On site", Decimal(4)))
    two = world.client(
        "India", (NOV_3, "5"), agreement=bank(overage="bill", overage_rate=Decimal(50), sharing="shared")
    )
    world.also(two, (NOV_3, "1"), agreement=bank(key="more", name="More", pools=pools), pool="site")
    never = world.client("Juliett", (NOV_3, "0.5"), link=False)
    world.link(never, opened=False)
    with tenant_scope(world.provider):
        CompanyName.objects.create(client=two, name="B&L Holding", key="b&l holding")
        link = asks.share_links.get()
        ClientRequest.objects.create(
            retainer=asks.retainers.get(),
            link=link,
            kind=ClientRequest.Kind.QUESTION,
            name="Eve",
            made_at=NOW,
        )
    return world


def approve(client):
    """Two hours past the cap of the running cycle, as they are confirmed."""
    with tenant_scope(client.provider):
        row = publishing.lock([client.retainers.get(key="support").pk]).popitem()[1]
        publication = publishing.Press(Publication.Kind.APPROVAL, NOW, None).publication(row)
        Approval.objects.create(
            retainer=row,
            added_in=publication,
            cycle=date(2026, 11, 1),
            hours_units=200,
            name="Eve",
            confirmed_at=NOW,
        )


def shown(world, **query):
    """The page from what is kept."""
    question = DashboardQuery.read(query)
    with tenant_scope(world.provider):
        found = kept.kept_list(world.provider, question, TODAY)
        assert found is not None
        return page_of(found, question, today=TODAY)


QUESTIONS = (
    [{}]
    + [{"state": state} for state in ClientState]
    + [{"sort": f"{way}{order}"} for order in ORDERS for way in ("", "-")]
    + [{"q": words} for words in ("DENTAL", "freight desk", "holding", "  more  india ", "nobody")]
    + [{"q": "o", "state": "over", "sort": "-name"}, {"q": "e", "state": "no-link"}]
)


def test_every_question_is_answered_as_from_the_cases(many):
    for asked in QUESTIONS:
        assert shown(many, **asked) == many.page(**asked), asked


def test_pages_turn_as_those_of_the_cases(world, monkeypatch):
    for module in ("page", "kept"):
        monkeypatch.setattr(f"desk.dashboard.{module}.A_PAGE", 2)
    for name in ("Acme", "Birch", "Cobalt", "Delta", "Echo"):
        world.client(name, (NOV_3, "1"))
    for number in ("1", "2", "3", "4", "odd"):
        assert shown(world, page=number) == world.page(page=number), number


def without_marks(answer):
    """The page without the marks of its forms, which are others each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())


def asked_for(browser, path="/"):
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return [each["sql"] for each in asked if each["sql"].startswith("SELECT")]


def test_entries_are_not_read_and_eight_selects_are_enough(many, viewer):
    viewer.get("/")
    found = asked_for(viewer)
    assert not [sql for sql in found if "retainers_entry" in sql or "agreementversion" in sql]
    assert len(found) <= 8


def test_it_asks_as_often_for_many_clients_as_for_one(world, viewer):
    world.client("Acme", (NOV_3, "1"))
    viewer.get("/")
    of_one = len(asked_for(viewer))
    for number in range(60):
        world.client(f"Client {number}", (NOV_3, "1"))
    viewer.get("/")
    assert len(asked_for(viewer)) == of_one


def test_a_publication_is_seen_at_once(world, viewer):
    world.client("Acme", (NOV_3, "1"))
    assert "<strong>11.0</strong>" in viewer.get("/").content.decode()
    with tenant_scope(world.provider):
        retainer = Retainer.objects.get()
    publish_work(retainer, (NOV_3, "3"), at=NOW)
    assert "<strong>8.0</strong>" in viewer.get("/").content.decode()


def test_a_new_name_is_seen_at_once(world, viewer):
    world.client("Acme", (NOV_3, "1"))
    viewer.get("/")
    with tenant_scope(world.provider):
        Client.objects.update(name="Ace")
    assert "Ace</bdi>" in viewer.get("/").content.decode()


@pytest.mark.parametrize("column", ["words", "over", "states", "share", "balances"])
def test_a_row_that_was_changed_is_not_shown(world, viewer, column):
    world.client("Acme", (NOV_3, "13"))
    world.client("Birch", (NOV_3, "12.5"))  # less over, so it comes after
    page = without_marks(viewer.get("/"))
    with tenant_scope(world.provider):
        row = ClientDay.objects.get(client__name="Acme")
        changed = getattr(row, column).replace("1", "7") if isinstance(getattr(row, column), str) else 5
        ClientDay.objects.filter(pk=row.pk).update(**{column: changed})
    assert without_marks(viewer.get("/")) == page


def test_verify_finds_a_row_that_is_not_what_is_worked_out(world, viewer):
    world.client("Acme", (NOV_3, "1"))
    with tenant_scope(world.provider):
        keep_clients(world.provider, TODAY)
        assert list(differing(world.provider)) == []
        ClientDay.objects.update(states=1)
        assert list(differing(world.provider)) == ["acme"]


def test_verify_finds_entries_that_say_something_else(world):
    world.client("Acme", (NOV_3, "1"))
    with tenant_scope(world.provider):
        keep_clients(world.provider, TODAY)
        row = ClientDay.objects.get()
        row.through, row.seal = None, ""
        row.seal = kept.seal_of(row)
        row.save()
        assert list(differing(world.provider)) == ["acme"]


def test_where_nothing_can_be_written_the_page_is_made_of_the_cases(world, viewer, monkeypatch):
    def locked(_rows):
        raise OperationalError("database is locked")

    world.client("Acme", (NOV_3, "1"))
    monkeypatch.setattr("desk.dashboard.keeping.write", locked)
    assert "<strong>11.0</strong>" in viewer.get("/").content.decode()


def test_tick_keeps_today_and_tomorrow_and_forgets_yesterday(world, viewer, time_machine):
    world.client("Acme", (NOV_3, "1"))
    with tenant_scope(world.provider):
        assert keep_days(world.provider) == 2
        assert keep_days(world.provider) == 0
        assert {row.day for row in ClientDay.objects.all()} == {TODAY, TOMORROW}
        time_machine.move_to(NOW + timedelta(days=1), tick=False)
        assert keep_days(world.provider) == 1
        assert {row.day for row in ClientDay.objects.all()} == {TOMORROW, TOMORROW + timedelta(days=1)}


def test_the_first_dashboard_after_midnight_reads_no_entries(world, time_machine, as_role):
    world.client("Acme", (NOV_3, "1"))
    time_machine.move_to("2026-11-30T12:00:00Z", tick=False)
    with tenant_scope(world.provider):
        keep_days(world.provider)
    time_machine.move_to("2026-12-01T00:00:01Z", tick=False)
    browser = as_role("viewer")
    assert not [sql for sql in asked_for(browser) if "retainers_entry" in sql]
    assert "<strong>12.0</strong>" in browser.get("/").content.decode()


def test_clients_that_are_alike_in_all_that_is_counted_count_each(world):
    billed = bank(overage="bill", overage_rate=Decimal(90))
    for name in ("Acme", "Birch"):
        world.client(name, (NOV_3, "13"), agreement=billed)
    with tenant_scope(world.provider):
        found = kept.kept_list(world.provider, DashboardQuery.read({}), TODAY)
    assert (found.over, found.billed, found.found) == (Decimal(2), {"USD": Decimal(180)}, 2)


def test_the_card_of_words_begins_with_the_client_with_most_lines_without(world):
    world.client("Acme", (NOV_3, "1"), wording="")
    world.client("Birch", (NOV_3, "1"), (date(2026, 11, 4), "1"), wording="")
    with tenant_scope(world.provider):
        *_others, words = kept.kept_list(world.provider, DashboardQuery.read({}), TODAY).cards
    assert ["Birch" in each.text for each in words.lines] == [True, False]


def test_the_card_of_incidents_names_the_longest_of_all_whoever_is_listed(world):
    for number in range(kept.LINES + 1):
        work = (NOV_3, str(number + 5))
        world.client(f"Client {number}", work, agreement=bank("90"), incident=f"T{number}")
    world.client("Delta", agreement=False)
    with tenant_scope(world.provider):
        look = DashboardQuery.read({"state": "no-agreement"})
        _due, incidents, _words = kept.kept_list(world.provider, look, TODAY).cards
    assert f"Client {kept.LINES}" in incidents.lines[0].text
    assert incidents.more


def test_who_is_over_stands_behind_whom_nothing_is_wrong_with_though_no_link_is_left(world):
    world.client("Acme", (NOV_3, "1"), agreement=bank(ends=date(2026, 11, 10)), link=False)
    world.client("Zulu", (NOV_3, "1"))
    with tenant_scope(world.provider):
        rows = kept.kept_list(world.provider, DashboardQuery.read({}), TODAY).rows
    assert [row.name for row in rows] == ["Zulu", "Acme"]


def test_another_edition_of_the_ledger_is_another_of_the_dashboard(monkeypatch):
    before = edition.__wrapped__()
    monkeypatch.setattr(holding, "ledger_edition", lambda: "another")
    assert edition.__wrapped__() != before


def test_what_another_edition_kept_is_worked_out_again(world, monkeypatch):
    world.client("Acme", (NOV_3, "1"))
    with tenant_scope(world.provider):
        keep_clients(world.provider, TODAY)
        ClientDay.objects.update(code="another")
        assert keep_clients(world.provider, TODAY) == 1
        assert ClientDay.objects.get().code == edition()


def test_a_publication_made_while_it_is_worked_out_leaves_nothing_behind(world, monkeypatch):
    world.client("Acme", (NOV_3, "1"))

    whole = keeping.judged

    def meanwhile(*said):
        cases, _moved = whole(*said)
        return cases, frozenset(cases)

    monkeypatch.setattr(keeping, "judged", meanwhile)
    with tenant_scope(world.provider):
        keep_clients(world.provider, TODAY)
        assert not ClientDay.objects.exists()


def test_nothing_is_kept_of_a_client_that_has_nothing(world):
    world.client("Acme", agreement=False)
    with tenant_scope(world.provider):
        assert keep_days(world.provider) == 0
        assert not Entry.objects.exists()


def test_at_a_busy_desk_eight_selects_are_enough_too(many, manager):
    with tenant_scope(many.provider):
        SavedView.objects.create(user=User.objects.get(), name="Mine")
    manager.get("/")
    assert len(asked_for(manager)) <= 8
