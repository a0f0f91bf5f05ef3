"""A live incident on the client's page: reckoned to the minute, in no balance, settled by what the import brings."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from accounts import keys
from accounts.models import Scope
from accounts.tenancy import tenant_scope
from imports.publishing.source_rows import mark_of_ticket
from portal.gallery import Scene, page
from portal.gallery_incident import INCIDENT, LIVE
from retainers.kept.keeping import keep_all
from retainers.live import Live, Step, live_from_document
from retainers.living import ChangedError, RunsError, begun, change_live, start_live
from retainers.models import Notice, Retainer
from retainers.notices import end_notice, post_notice
from retainers.terms import Multiplier
from tests.portal.pages import state
from tests.retainers.builders import terms

BEGUN = datetime(2026, 6, 22, 21, 10, tzinfo=UTC)
NIGHT = frozenset({"after_hours"})


@pytest.fixture
def acme(provider, time_machine):
    time_machine.move_to(BEGUN, tick=False)
    with tenant_scope(provider):
        yield Retainer.objects.get(client__slug="acme")


def start(acme, people=2, kinds=NIGHT, ticket=""):
    live = begun(BEGUN, people, kinds, ticket, mark_of_ticket(acme.client_id, ticket))
    return start_live(retainer=acme, live=live, pool="support", by=None, at=BEGUN)


def change(acme, seen, people, minutes):
    at = BEGUN + timedelta(minutes=minutes)
    return change_live(retainer=acme, seen=seen, people=people, by=None, at=at)


def words(client, address):
    """The page with ordinary spaces."""
    return " ".join(client.get(address).text.split())


def figures(client, address):
    (found,) = client.get(address + "balance.json").json()["retainers"]
    return found


def import_lines(lines, through, tmp_path):
    head = "Entry ID,Client,Date,Hours,Billable,Technician,Ticket,Title,Work type\n"
    (tmp_path / "night.csv").write_text(head + lines)
    options = ["--removals", "keep", "--publish", "--accept", "all", "--through", through]
    call_command("import_csv", str(tmp_path / "night.csv"), "--provider", "north", *options, verbosity=0)


def test_the_page_says_people_estimate_what_is_left_and_when_it_is_over(acme, client, address, time_machine):
    start(acme)
    time_machine.move_to(BEGUN + timedelta(hours=1), tick=False)
    said = words(client, address)
    assert "2 people since 9:10 PM, counted twice: about 4.0 h so far." in said
    assert "With it, about 12.5 would be left; over at about Tue 23 June, 1:17 AM if it goes on." in said
    assert "Approve extra hours in advance" in said
    assert client.get(f"{address}?lang=de").headers["Refresh"] == f"60; url={address}?lang=de"


def test_the_estimate_is_in_the_json_and_never_in_what_remains(acme, client, address, time_machine):
    before = figures(client, address)["cycle"]["total"]
    start(acme)
    time_machine.move_to(BEGUN + timedelta(minutes=90), tick=False)
    found = figures(client, address)
    assert found["cycle"]["total"] == before
    assert (found["estimate"]["hours"], found["estimate"]["people"]) == ("6.00", 2)
    assert found["estimate"]["multipliers"] == ["After hours"]
    assert found["notice"]["would_remain"] == "10.50"


def test_programs_are_told_the_estimate_beside_the_cycles(acme, time_machine, provider, client):
    start(acme)
    time_machine.move_to(BEGUN + timedelta(minutes=90), tick=False)
    told = StringIO()
    call_command("balances", "--provider", "north", "--json", stdout=told)
    first, second = json.loads(told.getvalue())
    assert (first["estimate"]["hours"], first["estimate"]["people"]) == ("6.00", 2)
    assert first["cycles"][-1]["total"]["remaining"] == "16.50"
    assert "estimate" not in second
    _key, secret = keys.create(name="reader", scopes=[Scope.READ], by=None)
    read = client.get("/api/balances", headers={"authorization": f"Bearer {secret}"}).json()
    assert read[0]["estimate"] == first["estimate"]


def test_an_incident_that_runs_past_a_reset_is_told_alike_by_page_command_and_api(
    acme, provider, client, address, time_machine
):
    start(acme)
    time_machine.move_to(BEGUN + timedelta(days=12), tick=False)
    assert keep_all(provider) == 2  # closed cycles are read without their work, but for that of the incident
    told = StringIO()
    call_command("balances", "--provider", "north", "--json", stdout=told)
    first, _second = json.loads(told.getvalue())
    assert len(first["cycles"]) > 1
    assert first["estimate"] == figures(client, address)["estimate"]
    _key, secret = keys.create(name="reader", scopes=[Scope.READ], by=None)
    read = client.get("/api/balances", headers={"authorization": f"Bearer {secret}"}).json()
    assert read[0]["estimate"] == first["estimate"]


def test_each_minute_is_another_page_while_it_runs(acme, client, address, time_machine):
    start(acme)
    seen = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": seen}).status_code == 304
    time_machine.shift(timedelta(minutes=1))
    assert client.get(address, headers={"If-None-Match": seen}).status_code == 200


def test_a_page_that_was_asked_something_keeps_still(acme, client, address):
    start(acme)
    assert "Refresh" not in client.get(f"{address}?still=1").headers
    assert "Refresh" not in client.get(f"{address}?hours=2").headers
    assert "Refresh" in client.get(address).headers


def test_while_nothing_runs_the_page_does_not_renew_itself(acme, client, address):
    assert "Refresh" not in client.get(address).headers


def test_it_pauses_goes_on_and_ends(acme, client, address, time_machine):
    start(acme)
    change(acme, 1, 0, 30)
    time_machine.move_to(BEGUN + timedelta(minutes=90), tick=False)
    assert "no one is working on it now" in client.get(address).text
    assert figures(client, address)["estimate"]["hours"] == "2.00"
    change(acme, 2, 1, 90)
    change(acme, 3, None, 120)
    time_machine.move_to(BEGUN + timedelta(hours=5), tick=False)
    said = client.get(address)
    assert "Incident over" in said.text
    assert figures(client, address)["estimate"]["hours"] == "3.00"
    assert "Refresh" not in said.headers


def test_a_client_has_one_at_a_time(acme):
    start(acme)
    with pytest.raises(RunsError):
        start(acme)
    with pytest.raises(RunsError):
        post_notice(retainer=acme, text="Outage", pending_hours=None, by=None, at=BEGUN)


def test_a_form_that_was_opened_before_a_change_changes_nothing(acme):
    start(acme)
    change(acme, 1, 3, 10)
    with pytest.raises(ChangedError):
        change(acme, 1, None, 20)
    change(acme, 2, None, 20)
    with pytest.raises(ChangedError):
        change(acme, 3, None, 30)


def test_an_update_settles_it_by_its_tickets_entries(acme, client, address, tmp_path, time_machine):
    start(acme, ticket="T9")
    change(acme, 1, None, 60)
    time_machine.move_to(BEGUN + timedelta(hours=12), tick=False)
    import_lines(
        "90,Acme Dental,2026-06-22,1.5,Yes,Mel Stone,T9,Night call,After hours\n"
        "91,Acme Dental,2026-06-22,1,Yes,Sam Roe,T9,Night call,After hours\n"
        "92,Acme Dental,2026-06-22,1,Yes,Sam Roe,T8,Other night call,After hours\n",
        "2026-06-22",
        tmp_path,
    )
    said = words(client, address)
    assert "5.0 h are counted, about 4.0 h were estimated." in said
    found = figures(client, address)
    assert (found["estimate"]["counted"], found["estimate"]["settled"]) == ("5.00", True)
    assert found["notice"]["pending_hours"] is None
    assert "T9" not in said


def test_without_a_ticket_the_entries_of_its_day_and_kind_settle_it(
    acme, client, address, tmp_path, time_machine
):
    start(acme)
    change(acme, 1, None, 60)
    time_machine.move_to(BEGUN + timedelta(hours=12), tick=False)
    import_lines(
        "90,Acme Dental,2026-06-22,1.5,Yes,Mel Stone,T9,Night call,After hours\n"
        "91,Acme Dental,2026-06-22,1,Yes,Sam Roe,T8,By day,Remote\n",
        "2026-06-22",
        tmp_path,
    )
    assert "3.0 h are counted, about 4.0 h were estimated." in words(client, address)


def test_what_of_its_ticket_is_in_already_is_not_taken_twice(acme, client, address, tmp_path, time_machine):
    start(acme, ticket="T9")
    time_machine.move_to(BEGUN + timedelta(hours=1), tick=False)
    import_lines(
        "90,Acme Dental,2026-06-22,0.5,Yes,Mel Stone,T9,Night call,After hours\n", "2026-06-22", tmp_path
    )
    assert figures(client, address)["notice"]["pending_hours"] == "3.00"


def test_hours_before_the_reset_are_not_taken_from_the_next_cycle(provider, client, address, time_machine):
    late = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    time_machine.move_to(late, tick=False)
    with tenant_scope(provider):
        acme = Retainer.objects.get(client__slug="acme")
        live = Live((Step(late, 1),))
        start_live(retainer=acme, live=live, pool="support", by=None, at=late)
    time_machine.move_to(late + timedelta(hours=3), tick=False)
    assert figures(client, address)["estimate"]["hours"] == "2.00"


def test_it_can_be_taken_down_and_what_stood_can_be_shown(acme, client, address):
    start(acme)
    assert end_notice(retainer=acme, by=None, at=BEGUN + timedelta(minutes=5))
    assert figures(client, address)["estimate"] is None
    assert [row.running for row in Notice.objects.all()] == [True]


def test_the_document_of_an_incident_reads_back_as_it_was():
    live = Live((Step(BEGUN, 2), Step(BEGUN + timedelta(hours=1), 0)), NIGHT, "T9", "ab", BEGUN)
    assert live_from_document(live.document()) == live


def test_the_gallery_shows_it_in_every_state():
    titles = [state(name).retainers[0].notice.live.title for name in STATES]
    assert titles == ["Incident in progress", "Incident paused", "Incident over", "Incident counted"]


STATES = ("incident-runs", "incident-paused", "incident-over", "incident-counted")


def test_the_form_for_extra_hours_begins_with_what_the_incident_takes_over_the_cap():
    (part,) = state("incident-runs-over").retainers
    (plain,) = page(Scene()).retainers
    over = next(each.href for each in part.requests if each.kind == "overage")
    assert "hours=" in over
    assert "hours=" not in next(each.href for each in plain.requests if each.kind == "overage")
    assert Decimal(over.split("hours=")[1]) >= 4


QUARTERS = {
    "increment": Decimal("0.25"),
    "multipliers": (Multiplier("after_hours", "After hours", Decimal(2)),),
}


@pytest.mark.parametrize("minutes", [1, 7, 14, 22])
def test_when_it_is_over_does_not_move_while_the_same_people_are_on_it(minutes):
    """Two people draw 4 hours an hour: 2 hours last half an hour, whatever a quarter begun adds to the estimate."""
    agreed, live = terms("2", **QUARTERS), Live((Step(BEGUN, 2),), NIGHT)
    at = BEGUN + timedelta(minutes=minutes)
    gone = Decimal(2) - live.estimate(agreed, BEGUN, at) + live.ahead_of_clock(agreed, BEGUN, at)
    hours_left = gone / live.an_hour_counts(agreed)
    assert round(float(hours_left) * 60) + minutes == 30


def test_the_sentence_reckons_from_the_clock_and_not_from_the_rounded_estimate():
    (part,) = state("incident-runs").retainers
    (early,) = page(Scene(notice=replace(INCIDENT, live=replace(LIVE, ahead=Decimal(4))))).retainers
    assert part.notice.live.left != early.notice.live.left
    assert "over at about" in early.notice.live.left


def test_the_json_names_the_state_that_the_incident_is_in(acme, client, address):
    start(acme)
    assert figures(client, address)["notice"]["text"] == "Incident in progress"
    change(acme, 1, 0, 10)
    assert figures(client, address)["notice"]["text"] == "Incident paused"
    change(acme, 2, None, 20)
    assert figures(client, address)["notice"]["text"] == "Incident over"
    german = client.get(address + "balance.json", headers={"Accept-Language": "de"}).json()
    assert german["retainers"][0]["notice"]["text"] == "Incident over"
