"""What settles a live incident: the entries of its hours; and what becomes of it when that import is taken back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command

from accounts.tenancy import tenant_scope
from imports.models import Import
from imports.publishing.source_rows import mark_of_ticket
from retainers.living import ChangedError, begun, change_live, name_ticket, start_live
from retainers.models import Entry, Retainer
from tests.portal.test_live import words

BEGUN = datetime(2026, 6, 22, 21, 10, tzinfo=UTC)
NIGHT = frozenset({"after_hours"})
HEAD = "Entry ID,Client,Date,Start,End,Hours,Billable,Technician,Ticket,Title,Work type\n"
MINE = "90,Acme Dental,2026-06-22,21:20,22:50,1.5,Yes,Mel Stone,T9,Night call,After hours\n"


@pytest.fixture
def acme(provider, time_machine):
    time_machine.move_to(BEGUN, tick=False)
    with tenant_scope(provider):
        yield Retainer.objects.get(client__slug="acme")


def an_incident(acme, minutes: int = 110, ticket: str = "", kinds=NIGHT) -> None:
    live = begun(BEGUN, 1, kinds, ticket, mark_of_ticket(acme.client_id, ticket))
    start_live(retainer=acme, live=live, pool="support", by=None, at=BEGUN)
    change_live(retainer=acme, seen=1, people=None, by=None, at=BEGUN + timedelta(minutes=minutes))


def publish(tmp_path, lines: str, *more: str, through: str = "2026-06-23") -> int:
    (tmp_path / "night.csv").write_text(HEAD + lines)
    options = ["--publish", "--accept", "all", "--through", through, *more]
    call_command(
        "import_csv", str(tmp_path / "night.csv"), "--provider", "north", *options, stdout=StringIO()
    )
    return int(Import.objects.latest("pk").pk)


def estimate(client, address) -> dict[str, object]:
    (found,) = client.get(address + "balance.json").json()["retainers"]
    return found["estimate"]


@pytest.fixture
def morning(time_machine):
    return lambda: time_machine.move_to(BEGUN + timedelta(hours=36), tick=False)


def test_without_a_ticket_the_entries_of_its_hours_settle_it(acme, client, address, tmp_path, morning):
    an_incident(acme)
    morning()
    publish(
        tmp_path,
        MINE
        + "91,Acme Dental,2026-06-22,19:00,20:00,1,Yes,Sam Roe,T8,Earlier that night,After hours\n"
        + "92,Acme Dental,2026-06-22,23:00,23:30,0.5,Yes,Sam Roe,T8,Right after it,After hours\n"
        + "93,Acme Dental,2026-06-22,22:00,22:30,0.5,Yes,Sam Roe,T9,At the same time,Remote\n",
        "--removals",
        "keep",
    )
    assert estimate(client, address)["counted"] == "3.50"  # 1.5 twice, and 0.5 by day's rate
    assert "3.5 h are counted" in words(client, address)


TWO_TICKETS = (
    "90,Acme Dental,2026-06-22,21:20,22:50,1.5,Yes,Mel Stone,T9,Night call,After hours\n"
    "91,Acme Dental,2026-06-22,21:30,22:30,1,Yes,Sam Roe,T8,At the same time,After hours\n"
)


def named(acme, had: str, ticket: str) -> None:
    mark = mark_of_ticket(acme.client_id, ticket)
    name_ticket(retainer=acme, had=had, ticket=ticket, mark=mark, by=None, at=BEGUN + timedelta(minutes=30))


@pytest.mark.parametrize(("tickets", "counted"), [([], "5.00"), (["T9"], "3.00"), (["T9", "T8"], "2.00")])
def test_a_ticket_given_while_it_runs_settles_it_by_its_entries(
    acme, client, address, tmp_path, morning, tickets, counted
):
    start_live(retainer=acme, live=begun(BEGUN, 1, NIGHT, "", ""), pool="support", by=None, at=BEGUN)
    for had, ticket in pairwise(["", *tickets]):
        named(acme, had, ticket)
    change_live(retainer=acme, seen=1, people=None, by=None, at=BEGUN + timedelta(minutes=110))
    morning()
    publish(tmp_path, TWO_TICKETS, "--removals", "keep")
    assert estimate(client, address)["counted"] == counted


def test_a_ticket_corrected_after_the_import_settles_it_anew(acme, client, address, tmp_path, morning):
    an_incident(acme, ticket="T7")
    morning()
    publish(tmp_path, TWO_TICKETS, "--removals", "keep")
    named(acme, "T7", "T8")
    assert estimate(client, address)["counted"] == "2.00"


def test_the_same_ticket_twice_is_given_once_and_an_old_view_gives_none(acme):
    an_incident(acme)
    named(acme, "", "T9")
    number = Retainer.objects.get(pk=acme.pk).publication_id
    named(acme, "", "T9")
    assert Retainer.objects.get(pk=acme.pk).publication_id == number
    with pytest.raises(ChangedError):
        named(acme, "", "T8")


def test_an_entry_past_midnight_is_of_it_and_a_pause_is_not(acme, client, address, tmp_path, morning):
    live = begun(BEGUN, 1, NIGHT, "", "")
    start_live(retainer=acme, live=live, pool="support", by=None, at=BEGUN)
    change_live(retainer=acme, seen=1, people=0, by=None, at=BEGUN + timedelta(minutes=30))
    change_live(retainer=acme, seen=2, people=1, by=None, at=BEGUN + timedelta(hours=4))
    change_live(retainer=acme, seen=3, people=None, by=None, at=BEGUN + timedelta(hours=5))
    morning()
    publish(
        tmp_path,
        "90,Acme Dental,2026-06-22,23:50,01:30,1.5,Yes,Mel Stone,T9,Into the night,After hours\n"
        "91,Acme Dental,2026-06-22,22:00,23:00,1,Yes,Mel Stone,T8,In the pause,After hours\n",
        "--removals",
        "keep",
    )
    assert estimate(client, address)["counted"] == "3.00"


def test_entries_without_times_settle_it_by_day_and_kind(acme, client, address, tmp_path, morning):
    an_incident(acme)
    morning()
    publish(
        tmp_path,
        "90,Acme Dental,2026-06-22,,,1.5,Yes,Mel Stone,T9,Night call,After hours\n"
        "91,Acme Dental,2026-06-22,,,1,Yes,Mel Stone,T8,By day,Remote\n",
        "--removals",
        "keep",
    )
    assert estimate(client, address)["counted"] == "3.00"


def test_no_client_reads_when_an_entry_was_done(acme, client, address, tmp_path, morning):
    an_incident(acme)
    morning()
    publish(tmp_path, MINE, "--removals", "keep")
    assert Entry.objects.filter(clock="21:20-22:50").count() == 1
    for path in ("", "balance.json", "log.csv", "calendar.ics"):
        said = client.get(address + path).content.decode()
        assert "21:20" not in said
        assert "22:50" not in said


@pytest.mark.parametrize("ticket", ["T9", ""])
def test_taking_the_import_back_leaves_the_estimate_as_it_was_before(
    acme, client, address, tmp_path, morning, ticket
):
    an_incident(acme, ticket=ticket)
    morning()
    before = estimate(client, address)
    number = publish(tmp_path, MINE, "--removals", "keep")
    assert (estimate(client, address)["settled"], estimate(client, address)["counted"]) == (True, "3.00")
    call_command("undo_import", str(number), stdout=StringIO())
    after = estimate(client, address)
    assert after == before
    assert (after["settled"], after["counted"]) == (False, None)
    assert "Incident over" in client.get(address).text


def test_an_import_that_is_undone_and_published_again_settles_it_again(
    acme, client, address, tmp_path, morning
):
    an_incident(acme)
    morning()
    number = publish(tmp_path, MINE, "--removals", "keep")
    call_command("undo_import", str(number), stdout=StringIO())
    publish(tmp_path, MINE, "--removals", "keep")
    assert (estimate(client, address)["settled"], estimate(client, address)["counted"]) == (True, "3.00")


def test_a_correction_of_what_settled_it_is_told_as_it_stands_now(acme, client, address, tmp_path, morning):
    an_incident(acme)
    morning()
    publish(tmp_path, MINE, "--removals", "keep")
    publish(tmp_path, MINE.replace("1.5,Yes", "1.25,Yes"), "--removals", "keep")
    assert estimate(client, address)["counted"] == "2.50"
    publish(tmp_path, MINE.replace("90,", "95,").replace("1.5,Yes", "2,Yes"), "--removals", "apply")
    assert Decimal(str(estimate(client, address)["counted"])) == 4
    assert estimate(client, address)["settled"]
