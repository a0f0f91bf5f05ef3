"""A prepaid block's page knows no cycle: bought, used and left over its life, and the log of all of it."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.tenancy import tenant_scope
from portal import gallery_data as data
from portal import links
from portal.gallery import Scene
from portal.gallery import page as gallery_page
from portal.ics import days_of
from portal.page import build_page
from portal.selectors import page_facts, page_retainers
from presentation.facts import Asked
from retainers.granting import grant_hours, seen_of
from retainers.models import Retainer
from retainers.selectors import retainers_of, standings
from retainers.settling import acts
from retainers.statements import issue
from retainers.terms import Pool, Terms, TopUp
from tests.factories import ClientFactory, MembershipFactory, ProviderFactory, a_retainer, bank, publish_work

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
JANUARY, FEBRUARY = date(2026, 1, 20), date(2026, 2, 20)


@pytest.fixture
def provider(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    return ProviderFactory()


@pytest.fixture
def block(provider):
    """Ten hours bought on 2 January, six used in January and one and a half in February."""
    with tenant_scope(provider):
        acme = ClientFactory(provider=provider, slug="acme", name="Acme Dental")
    row = a_retainer(acme, bank("0", overage="queue"))
    grant(row, TopUp(date(2026, 1, 2), Decimal(10), note="PO 4711"), at=datetime(2026, 1, 2, 9, tzinfo=UTC))
    publish_work(
        row,
        (JANUARY, "6"),
        (FEBRUARY, "1.5"),
        through=date(2026, 3, 15),
        at=datetime(2026, 3, 1, 9, tzinfo=UTC),
    )
    return row


def grant(row, top_up, *, at):
    with tenant_scope(row.provider):
        row = Retainer.objects.get(pk=row.pk)
        form = seen_of(row, top_ups=[top_up]).mark
        grant_hours(retainer=row, top_ups=[top_up], form=form, by=None, at=at, agreed=True)


@pytest.fixture
def address(provider, block):
    with tenant_scope(provider):
        return f"/b/{links.create(client=block.client, by=None)[1]}/"


@pytest.fixture
def page(client, address):
    return lambda asked="": " ".join(client.get(f"{address}{asked}").text.split())


@pytest.fixture
def said(client, address):
    return lambda asked="": client.get(f"{address}balance.json{asked}").json()["retainers"][0]


def state(row, starts, at=NOW):
    with tenant_scope(row.provider):
        (standing,) = standings(retainers_of(), on=NOW.date(), zone=ZoneInfo("UTC"))
        form = acts.seen_of([acts.CycleKey(standing.retainer.pk, starts)]).mark
        issue(standing=standing, cycle_starts=starts, form=form, by=None, at=at)


def test_the_page_heads_with_its_life_and_never_with_a_cycle(page):
    text = page()
    assert "Since 1 January 2026" in text
    assert "2.5" in text
    assert "calendar.ics" not in text  # no date of it is coming
    assert "2 January: Bought <" in text or "2 January: Bought<" in text
    text = re.sub(r"As of [^<]+", "", text)  # the day of printing
    for word in (
        "March 2026",
        "Cycle by cycle",
        "Resets and",
        "Bought on top",
        "The cycle so far",
        "this cycle",
        "Resets on",
        "reset:",
    ):
        assert word not in text


def test_its_calendar_holds_update_days_and_no_resets():
    scene = Scene(data.BLOCK, data.BLOCK_WORK, top_ups=data.BLOCK_BOUGHT)
    page = build_page(
        provider=data.PROVIDER,
        client_name="Acme Dental",
        retainers=[scene.facts()],
        today=scene.today,
        calendar_href="calendar.ics",
    )
    assert page.calendar_href == "calendar.ics"
    assert page.calendar_words == "Update days and ends of hours as a calendar (.ics)"


def test_the_log_is_that_of_all_its_life_and_adds_up_to_what_was_used(client, address, page, said):
    assert "Since 1 January 2026 · 2 entries" in page()
    assert [line["date"] for line in said()["log"]] == ["2026-01-20", "2026-02-20"]
    assert said()["block"]["used"] == "7.50"
    assert client.get(f"{address}log.csv").text.splitlines()[-1] == "Total,,,,,7.50,,,,,,Acme Dental"


def test_an_earlier_day_of_a_block_is_looked_at_as_it_stood(page, said):
    text = page("?cycle=2026-01-01")
    assert "You are looking at the page as of 31 January 2026." in text
    assert "1 January 2026 to 31 January 2026 · 1 entry" in text
    assert "unused at the close" not in text
    assert (said("?cycle=2026-01-01")["block"]["remaining"], said()["block"]["remaining"]) == ("4.00", "2.50")


def test_before_any_work_is_in_it_speaks_of_none_not_of_a_cycles(client, provider):
    with tenant_scope(provider):
        row = a_retainer(ClientFactory(provider=provider), bank("0", overage="queue"))
        token = links.create(client=row.client, by=None)[1]
    publish_work(row, through=date(2026, 3, 15), at=NOW)
    text = client.get(f"/b/{token}/").text
    assert "No work has been recorded yet." in text
    assert "cycle" not in text.split("Your agreement")[0].split("<main")[1]


def test_its_statements_are_named_by_their_month_and_say_what_was_in_hand(client, address, block, page):
    state(block, date(2026, 1, 1))
    state(block, date(2026, 2, 1))
    text = page()
    assert text.index("Statement for February 2026") < text.index("Statement for January 2026")
    stated = client.get(f"{address}statement/2026-02-01/?retainer={block.key}").text
    for words in ("In hand before", "Left on the last day", "4.00", "2.50"):
        assert words in stated
    for words in ("Hours of this cycle", "carried over", "close"):
        assert words not in stated


def test_a_line_of_a_settled_month_that_is_corrected_says_so_on_the_page(page, block, said):
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    state(block, date(2026, 1, 1), at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    publish_work(block, (date(2026, 1, 21), "0.5"), through=date(2026, 3, 15), at=at)
    assert page().count("added later, published on 10 March 2026") == 1
    assert [line.get("corrected_on") for line in said()["log"]] == [None, "2026-03-10", None]


def test_what_was_restated_of_its_months_stands_together_by_their_last_days(page, block, said):
    grant(block, TopUp(date(2026, 1, 10), Decimal(3)), at=datetime(2026, 3, 5, 9, tzinfo=UTC))
    text = page()
    assert text.count("Restated on 5 March 2026") == 1
    assert "4.0 left on 31 January 2026; " in text
    assert "2.5 left on 28 February 2026." in text
    assert said()["cycle"]["restated_on"] == []
    assert said("?cycle=2026-01-01")["cycle"]["restated_on"] == ["2026-03-05"]


def test_a_long_log_is_read_a_year_at_a_time_by_page_csv_and_figures(
    client, address, block, said, monkeypatch
):
    monkeypatch.setattr("portal.shown_log.LONG", 3)
    publish_work(
        block, (date(2025, 12, 30), "1"), through=date(2026, 3, 15), at=NOW
    )  # before its life: not shown
    earlier = replace(bank("0", overage="queue"), key="older", starts=date(2025, 6, 1))
    terms = replace(earlier.terms[0], starts=date(2025, 6, 1))
    with tenant_scope(block.provider):
        other = ClientFactory(provider=block.provider, slug="birch")
        token = links.create(client=other, by=None)[1]
    row = a_retainer(other, replace(earlier, terms=(terms,)), at=datetime(2025, 6, 1, tzinfo=UTC))
    publish_work(row, (date(2025, 7, 1), "1"), (date(2025, 8, 1), "2"), (FEBRUARY, "4"), at=NOW)
    assert said()["log_year"] is None
    home = f"/b/{token}/"
    newest = client.get(f"{home}balance.json").json()["retainers"][0]
    assert (newest["log_year"], [line["hours"] for line in newest["log"]]) == (2026, ["4.00"])
    assert (
        client.get(f"{home}log.csv?year=2025").text.splitlines()[-1].rpartition(",")[0]
        == "Total,,,,,3.00,,,,,"
    )
    assert 'href="./?year=2025#log-older"' in client.get(home).text
    assert client.get(f"{home}?year=2024").status_code == 404


def test_a_retainer_that_becomes_a_block_has_no_reset_from_then_on(provider):
    agreement = bank("10")
    first = agreement.terms[0]
    later = replace(
        first, starts=date(2026, 5, 1), pools=tuple(replace(p, hours=Decimal(0)) for p in first.pools)
    )
    with tenant_scope(provider):
        acme = ClientFactory(provider=provider)
    a_retainer(acme, replace(agreement, terms=(first, later)))
    with tenant_scope(provider):
        (facts,) = page_facts(provider, page_retainers(acme), NOW.date(), Asked())
    resets = [each.day for each in days_of(facts, NOW.date()) if each.what.startswith("reset")]
    assert resets == [date(2026, 4, 1)]


def test_a_retainer_that_became_a_block_keeps_its_earlier_cycles_in_reach(provider, client):
    first = Terms(date(2026, 1, 1), (Pool("support", "IT support", Decimal(10)),), hours_from="worked")
    later = replace(first, starts=date(2026, 3, 1), pools=(Pool("support", "Prepaid", Decimal(0)),))
    with tenant_scope(provider):
        acme = ClientFactory(provider=provider)
        token = links.create(client=acme, by=None)[1]
    row = a_retainer(acme, replace(bank("10"), terms=(first, later)))
    publish_work(row, (JANUARY, "1"), (date(2026, 3, 3), "2"), at=NOW)
    text = client.get(f"/b/{token}/").text
    assert "Since 1 March 2026 · 1 entry" in text
    assert "Jan 2026" in text
    assert "Mar 2026" not in text


def test_staff_see_the_same_life_and_look_back_by_day(client, block, provider):
    client.force_login(MembershipFactory(provider=provider).user)
    text = " ".join(client.get("/clients/acme/").text.split())
    assert "Since 1 January 2026" in text
    assert "as of 31 January 2026" in text
    assert "7.50</td>" in text


def test_what_ended_on_its_day_has_lapsed_and_was_not_charged():
    ended = Scene(
        data.BLOCK,
        data.BLOCK_WORK[:1],
        top_ups=(TopUp(date(2026, 5, 4), Decimal(15), expires=date(2026, 10, 31)),),
    )
    (cycle,) = (part.cycle for part in gallery_page(ended).retainers)
    assert cycle.lead.used == "4.5 used, 10.5 lapsed"
    assert [(line.words, line.hours) for line in cycle.sums[0].lines] == [
        ("Bought", "+ 15.00"),
        ("Used", "\N{MINUS SIGN} 4.50"),
        ("Lapsed", "\N{MINUS SIGN} 10.50"),
        ("Remaining", "0.00"),
    ]
    assert cycle.charts[0].label == "4.5 hours used from 15 at hand, by Thu 19 November"
