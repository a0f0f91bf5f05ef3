"""Which states a client is in, which of them comes first, and the sentence that says why."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.tenancy import tenant_scope
from desk.dashboard.states import ClientState
from portal.models import ClientRequest
from portal.selectors import page_facts, page_retainers
from presentation.facts import Asked
from retainers import publishing
from retainers.models import Publication, Retainer
from retainers.terms import Pool, TopUp
from tests.desk.conftest import NOW, TODAY, spread
from tests.factories import bank, publish_work

NOV_3 = date(2026, 11, 3)


def states(world, name="Acme"):
    return world.cases()[name].states


def test_hours_past_the_cap_are_over_since_the_day_that_passed_it(world):
    world.client("Acme", (NOV_3, "11"), (date(2026, 11, 17), "3"))
    assert world.cases()["Acme"].first is ClientState.OVER
    row = world.row("Acme")
    assert row.chips[0].text == "Over"
    assert row.reason == "2.0 h over since Tue 17 Nov."
    assert (row.first.pools[0].left, row.first.pools[0].over) == ("0", "2.0 over")


def test_all_hours_used_is_nothing_left_and_names_the_reset(world):
    world.client("Acme", (NOV_3, "12"))
    assert world.row("Acme").reason == "Nothing left of 12 h; the reset is in 9 days."


def test_hours_that_end_before_the_reset_at_both_paces_run_out(world):
    world.client("Acme", *spread("8", 2, 20), (date(2026, 10, 30), "5"))
    row = world.row("Acme")
    assert row.chips[0].text == "Runs out early"
    assert row.reason == "Runs out 29–30 Nov at this pace, before the reset on 1 Dec."
    assert row.first.pools[0].pace == "runs out 29–30 Nov"


def test_hours_that_end_before_the_reset_at_one_pace_only_may_run_out(world):
    world.client("Acme", *spread("8", 2, 20))
    assert ClientState.RUNS_OUT not in states(world)
    assert world.row("Acme").first.pools[0].pace == "may run out from Mon 30 Nov"


def test_a_clients_page_says_once_when_its_hours_run_out_and_the_client_reads_it_too(world, manager):
    world.client("Acme", *spread("9", 2, 20), (date(2026, 10, 30), "5"))
    page = manager.get("/clients/acme/").text
    assert page.count("26–27 Nov") == page.count("Runs out 26–27 Nov at this pace") == 1
    assert "lasts until about 26–27 Nov" in manager.get("/clients/acme/view/").text


def test_a_clients_page_says_once_since_when_it_is_over(world, manager):
    world.client("Acme", (NOV_3, "11"), (date(2026, 11, 17), "3"))
    page = manager.get("/clients/acme/").text
    assert page.lower().count("over since") == 1


def test_a_clients_page_says_of_each_account_once_how_long_it_lasts(world, manager):
    pools = (Pool("support", "Support", Decimal(12)), Pool("works", "Works", Decimal(9)))
    world.client("Acme", *spread("9", 2, 20), (date(2026, 10, 30), "5"), agreement=bank(pools=pools))
    page = manager.get("/clients/acme/").text
    assert page.count("26–27 Nov") == 1
    assert "Works: lasts until the reset at this pace." in page


@pytest.mark.parametrize(("used", "low"), [("9", True), ("8.99", False), ("12", False)])
def test_a_client_is_low_from_a_quarter_of_its_hours_on(world, used, low):
    world.client("Acme", (NOV_3, used))
    assert (ClientState.LOW in states(world)) is low


def test_low_says_what_is_left_of_what(world):
    world.client("Acme", (date(2026, 8, 3), "1"), (date(2026, 9, 3), "9"), agreement=bank(months=12))
    assert world.row("Acme").reason == "2.0 of 12 h left, 16 %."


@pytest.mark.parametrize(
    ("months", "day", "used", "reason"),
    [
        (1, NOV_3, ("4", "7"), "On site: 3.0 h over since Tue 3 Nov."),
        (12, date(2026, 3, 3), ("2.5", "3.75"), "On site: 0.25 of 4 h left, 6 %."),
    ],
    ids=["over", "low"],
)
def test_of_several_pools_the_one_that_is_worst_is_the_reason(world, months, day, used, reason):
    pools = (Pool("remote", "Remote", Decimal(3)), Pool("site", "On site", Decimal(4)))
    client = world.client("Acme", agreement=bank(pools=pools, months=months))
    with tenant_scope(world.provider):
        row = Retainer.objects.select_related("provider").get(client=client)
    for pool, hours in zip(("remote", "site"), used, strict=True):
        publish_work(row, (day, hours), through=date(2026, 11, 20), at=NOW, pool=pool)
    assert world.row("Acme").reason == reason


@pytest.mark.parametrize(
    ("weekday", "expected"), [("sat", ClientState.LATE), ("sun", ClientState.DUE), ("mon", ClientState.FINE)]
)
def test_an_update_is_due_on_its_day_and_late_once_that_has_passed(world, weekday, expected):
    world.client("Acme", (NOV_3, "1"), agreement=bank(updates_on=(weekday,)))
    assert states(world) == {expected}


def test_a_late_update_names_its_day_in_the_row(world):
    world.client("Acme", (NOV_3, "1"), agreement=bank(updates_on=("sat",)))
    row = world.row("Acme")
    assert row.reason == "The update due Sat 21 Nov hasn’t arrived."
    assert (row.first.update.next, row.first.update.tone) == ("was due Sat 21 Nov", "late")
    assert row.first.update.through == "Fri 20 Nov"


def test_an_update_due_today_says_so_in_the_row_in_few_words(world):
    world.client("Acme", (NOV_3, "1"), agreement=bank(updates_on=("sun",)))
    update = world.row("Acme").first.update
    assert (update.next, update.tone) == ("update due today", "due")


def test_lines_without_words_wait_unless_they_are_not_counted(world):
    world.client("Acme", (NOV_3, "1"), (NOV_3, "2"), wording="")
    world.client("Birch", (NOV_3, "1"), wording="", exclusion="internal")
    world.client("Cobalt", (NOV_3, "1"), wording="", is_billable=False)
    assert world.row("Acme").reason == "2 lines show fallback text."
    assert states(world, "Birch") == states(world, "Cobalt") == {ClientState.FINE}


def test_a_request_waits_until_it_is_answered(world):
    client = world.client("Acme", (NOV_3, "1"), link=False)
    link = world.link(client)
    world.link(client)  # counting requests and links together must not multiply either
    with tenant_scope(world.provider):
        retainer = Retainer.objects.get(client=client)
        asked = {"retainer": retainer, "link": link, "name": "Pat", "email": "p@x.example", "made_at": NOW}
        ClientRequest.objects.create(kind=ClientRequest.Kind.TOP_UP, hours_units=500, **asked)
        ClientRequest.objects.create(kind=ClientRequest.Kind.PLANNED, answered_at=NOW, answer="Yes", **asked)
    assert states(world) == {ClientState.ASKED}
    assert world.row("Acme").reason == "1 request waits for an answer."
    assert world.row("Acme").opened.how_often == "6 times, 2 links"


def test_a_link_that_nobody_opened_says_since_when_it_could_have_been(world):
    client = world.client("Acme", (NOV_3, "1"), link=False)
    world.link(client, opened=False)
    assert states(world) == {ClientState.NEVER_OPENED}
    assert world.row("Acme").reason == "The link created on Sun 22 Nov was never opened."


@pytest.mark.parametrize(
    "dead", [{"revoked_at": NOW}, {"replaced_at": NOW}, {"expires_on": TODAY - timedelta(days=1)}]
)
def test_links_that_no_longer_open_are_no_links(world, dead):
    client = world.client("Acme", (NOV_3, "1"), link=False)
    world.link(client, **dead)
    assert states(world) == {ClientState.NO_LINK}


def test_the_openings_of_several_links_are_told_together(world):
    client = world.client("Acme", (NOV_3, "1"))
    world.link(client, opened=False)
    opened = world.row("Acme").opened
    assert (opened.when, opened.how_often) == ("Thu 19 Nov", "3 times, 2 links")


def test_a_retainer_to_come_is_not_started_and_says_when_it_does(world):
    world.client("Acme", agreement=bank(starts=date(2026, 12, 1)))
    assert world.row("Acme").reason == "Starts Tue 1 Dec, in 9 days."


def test_a_retainer_that_runs_without_any_import_has_no_work_yet(world):
    world.client("Acme")
    assert states(world) == {ClientState.NO_WORK}
    assert world.row("Acme").reason == "Began 1 Jan; no work has been imported yet."


def test_a_client_without_an_agreement_says_so(world):
    world.client("Acme", agreement=False)
    assert world.row("Acme").reason == "This client has no agreement yet."


def test_a_retainer_that_ended_lately_is_shown_as_ended_and_asks_for_nothing(world):
    world.client("Acme", (date(2026, 10, 3), "1"), agreement=bank(ends=date(2026, 10, 31)), link=False)
    assert states(world) == {ClientState.ENDED}
    assert world.row("Acme").first.term == "ended 31 Oct"


def test_a_retainer_that_ended_long_ago_gives_way_to_the_one_that_runs(world):
    client = world.client("Acme", agreement=bank(ends=date(2026, 3, 31)))
    world.also(client, (NOV_3, "1"), agreement=bank(key="new", starts=date(2026, 4, 1)))
    (only,) = world.cases()["Acme"].retainers
    assert only.key == "new"


def test_pools_are_told_apart_and_never_added_up(world):
    pools = (Pool("reactive", "Reactive", Decimal(6)), Pool("scheduled", "Scheduled", Decimal(4)))
    world.client("Acme", (NOV_3, "6.5"), agreement=bank(pools=pools))
    row = world.row("Acme")
    assert [(pool.name, pool.left, pool.over) for pool in row.first.pools] == [
        ("Reactive", "0", "0.5 over"),
        ("Scheduled", "4.0", ""),
    ]
    assert row.reason == "Reactive: 0.5 h over since Tue 3 Nov."


def test_under_shared_sharing_the_retainer_is_one_account(world):
    pools = (Pool("reactive", "Reactive", Decimal(6)), Pool("scheduled", "Scheduled", Decimal(4)))
    world.client("Acme", (NOV_3, "6.5"), agreement=bank(pools=pools, sharing="shared"))
    (pool,) = world.row("Acme").first.pools
    assert (pool.name, pool.left) == ("", "3.5")


def test_several_retainers_are_several_lines_of_one_row_the_urgent_one_first(world):
    client = world.client("Acme", (NOV_3, "1"))
    world.also(client, (NOV_3, "13"), agreement=bank(key="zz", name="Projects"))
    row = world.row("Acme")
    assert row.height == 2
    assert [row.first.name, *(line.name for line in row.rest)] == ["Projects", "IT support"]
    assert row.reason == "Projects · 1.0 h over since Tue 3 Nov."


def test_a_prepaid_block_has_no_reset_and_nothing_to_run_out_before(world):
    client = world.client("Acme", agreement=bank("0", overage="queue", starts=date(2026, 10, 1)))
    with tenant_scope(world.provider):
        retainer = publishing.lock([Retainer.objects.get(client=client).pk]).popitem()[1]
        press = publishing.Press(Publication.Kind.TOP_UP, datetime(2026, 10, 1, tzinfo=UTC), None)
        publishing.grant(
            publication=press.publication(retainer), top_ups=[TopUp(date(2026, 10, 1), Decimal(25))]
        )
    publish_work(retainer, *spread("10", 2, 20), at=NOW - timedelta(days=2))
    row = world.row("Acme")
    assert row.first.term == "no reset date"
    assert (row.first.pools[0].left, row.first.pools[0].of) == ("15.0", "of 25 left")
    assert ClientState.RUNS_OUT not in states(world)


def test_the_dashboards_figures_are_those_of_the_clients_own_page(world, manager):
    world.client("Acme", (NOV_3, "4.25"), (date(2026, 11, 9), "2"))
    page = manager.get("/clients/acme/view/balance.json").json()
    total = page["retainers"][0]["cycle"]["total"]
    assert Decimal(world.row("Acme").first.pools[0].left) == Decimal(total["remaining"]) == Decimal("5.75")


def test_the_order_is_act_first(world):
    fine = {"agreement": bank(updates_on=("mon",))}
    late = bank(updates_on=("sat",))
    world.client("Fine", (NOV_3, "1"), **fine)
    world.client("Not started", agreement=bank(starts=date(2026, 12, 1)))
    never = world.client("Never opened", (NOV_3, "1"), link=False, **fine)
    world.link(never, opened=False)
    world.client("Late", (NOV_3, "1"), agreement=late)
    world.client("Low", (date(2026, 9, 3), "10"), agreement=bank(months=12, updates_on=("mon",)))
    world.client("Runs out", *spread("9.5", 2, 20), (date(2026, 10, 30), "6"), agreement=bank("14"))
    world.client("Empty", (NOV_3, "12"), **fine)
    world.client("A little over", (NOV_3, "12.5"), **fine)
    world.client("Far over", (NOV_3, "18"), **fine)
    assert world.names() == [
        "Far over",
        "A little over",
        "Empty",
        "Runs out",
        "Low",
        "Late",
        "Never opened",
        "Not started",
        "Fine",
    ]


RUNNING, OVER_LATELY, LONG_OVER, TO_COME = "running", "over-lately", "long-over", "to-come"
LIVES = {
    RUNNING: {},
    OVER_LATELY: {"starts": date(2026, 1, 1), "ends": date(2026, 10, 31)},
    LONG_OVER: {"starts": date(2025, 1, 1), "ends": date(2025, 12, 31)},
    TO_COME: {"starts": date(2026, 12, 1)},
}


@pytest.mark.parametrize(
    ("has", "shown"),
    [
        ((RUNNING, LONG_OVER), (RUNNING,)),
        ((RUNNING, OVER_LATELY), (OVER_LATELY, RUNNING)),
        ((RUNNING, TO_COME), (RUNNING,)),
        ((OVER_LATELY, TO_COME), (OVER_LATELY, TO_COME)),
        ((LONG_OVER, TO_COME), (TO_COME,)),
        ((TO_COME, "x-to-come"), (TO_COME, "x-to-come")),
    ],
)
def test_the_dashboard_and_the_page_speak_of_the_same_retainers(world, has, shown):
    keys = [bank(key=key, **LIVES[key.removeprefix("x-")]) for key in has]
    client = world.client("Acme", agreement=keys[0])
    for agreement in keys[1:]:
        world.also(client, agreement=agreement)
    with tenant_scope(world.provider):
        facts = page_facts(world.provider, page_retainers(client), TODAY, Asked())
    assert sorted(each.agreement.key for each in facts) == sorted(shown)
    assert sorted(each.key for each in world.cases()["Acme"].retainers) == sorted(shown)


def test_a_cycle_that_closed_over_is_named_on_the_first_days_of_the_next(world):
    world.client("Acme", (NOV_3, "14"), agreement=bank(starts=date(2025, 1, 15)))
    assert "Closed over" in [chip.text for chip in world.row("Acme").chips]
    world.client("Birch", (date(2026, 11, 10), "14"), agreement=bank(starts=date(2025, 1, 12)))
    assert ClientState.CLOSED_OVER not in states(world, "Birch")  # eleven days ago


def test_what_has_ended_lends_no_hours_and_is_renewed_from_a_day(world):
    client = world.client("Acme", (NOV_3, "2"), agreement=bank(key="old", ends=date(2026, 11, 20)))
    world.also(client, agreement=bank("6", starts=date(2026, 11, 21)))
    row = world.row("Acme")
    lines = {line.term: line.pools[0].left for line in (row.first, *row.rest)}
    assert lines == {"resets 21 Dec": "6.0", "renewed from 21 Nov": "0"}


def test_a_block_is_low_by_what_was_at_hand_after_its_last_purchase(world):
    row = world.client("Acme", (NOV_3, "24"), agreement=bank(pools=(Pool("support", "Block", Decimal(0)),)))
    with tenant_scope(row.provider):
        retainer = Retainer.objects.get(client=row)
        made = publishing.Press(Publication.Kind.TOP_UP, NOW, None).publication(retainer)
        publishing.grant(publication=made, top_ups=[TopUp(date(2026, 11, 1), Decimal(25), "support")])
    assert world.row("Acme").reason == "1.0 h left, 4 % of the 25 h at hand after the last purchase."
