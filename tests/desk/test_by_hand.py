"""Hours by hand: typed or pasted, kept as an upload, and from there on the way of every file."""

import re
from datetime import date

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from desk.by_hand import TooManyLinesError, rows_in
from imports.by_hand import HandRow
from imports.models import Import
from imports.originals import load
from portal import links
from retainers.models import Client, Entry
from tests.factories import bank
from tests.imports.uploading import hidden

ACME = reverse("by_hand", args=["acme"])
SENT = "4f1c9a02bb31"


@pytest.fixture
def acme(world):
    return world.client("Acme", (date(2026, 11, 3), "2"), agreement=bank(), through=date(2026, 11, 15))


def entry(number, date, hours, work, **said):
    fields = {"date": date, "hours": hours, "work": work, **said}
    return {f"row-{number}-{name}": value for name, value in fields.items()}


def send(manager, *rows, **said):
    sent = {"sent": SENT, "starts": "2026-11-16", "through": "2026-11-21", **said}
    for row in rows:
        sent |= row
    return manager.post(ACME, sent)


def published(manager, answer):
    """Publish what the preview shows."""
    page = manager.get(answer.headers["Location"]).text
    pk = answer.headers["Location"].strip("/").rsplit("/", 1)[-1]
    said = {name: hidden(page, name) for name in ("digest", "shown", "asked")}
    return manager.post(reverse("publish_import", args=[pk]), {**said, "publish": ["acme"]}, follow=True)


TWO = (
    entry(0, "2026-11-17", "1:30", "Moved a desk", technician="Kenji", ticket="T7"),
    entry(2, "2026-11-20", "90 min", "New laptop set up"),
)


def test_what_is_typed_is_counted_in_the_words_that_were_typed(world, manager, acme):
    published(manager, send(manager, *TWO))
    with tenant_scope(world.provider):
        live = Entry.objects.filter(retired_in=None).order_by("day")
        said = [(each.day.day, each.wording) for each in live][1:]
        token = links.create(client=acme, by=None)[1]
    assert said == [(17, "Moved a desk"), (20, "New laptop set up")]
    page = Browser().get(f"/b/{token}/").text
    assert "7.0" in page  # 12 less the 2 that stood, less 1.5 and 1.5
    assert "Kenji" not in page
    assert "Sat 21 November" in page


def test_nothing_is_published_before_the_preview_was_looked_at(world, manager, acme):
    answer = send(manager, *TWO)
    with tenant_scope(world.provider):
        source = Import.objects.get()
        assert answer.headers["Location"] == reverse("import", args=[source.pk])
        assert (source.state, source.client) == (Import.State.UPLOADED, acme)
        assert Entry.objects.filter(retired_in=None).count() == 1
        assert AuditEvent.objects.filter(action="uploaded").exists()


def test_hours_by_hand_are_no_file_that_begins_late(world, manager):
    world.client("Acme", agreement=bank())
    shown = manager.get(send(manager, *TWO).headers["Location"]).text
    assert "Moved a desk" in manager.get(send(manager, *TWO).headers["Location"] + "clients/acme/").text
    assert "The file begins on" not in shown


def test_later_hours_are_added_and_take_nothing_away(world, manager, acme):
    published(manager, send(manager, *TWO))
    more = send(manager, entry(0, "2026-11-18", "2", "Backup checked"), sent="aaaaaaaaaaaa")
    published(manager, more)
    with tenant_scope(world.provider):
        assert Entry.objects.filter(retired_in=None).count() == 4


def test_hours_of_days_on_which_the_agreement_is_not_alive_are_told_of_at_once(world, manager):
    world.client("Acme", agreement=bank(starts=date(2026, 11, 1), ends=date(2026, 11, 20)))
    pasted = "2026-11-21;1;Calls\n2026-12-24;1;Calls\n2026-11-20;1;Calls"
    answer = send(manager, entry(0, "2026-10-31", "2", "Moved a desk"), pasted=pasted)
    page = manager.get(answer.headers["Location"]).text
    assert "1 row is dated before “IT support” begins (Sun 1 Nov 2026); it counts nowhere." in page
    assert "2 rows are dated after “IT support” ends (Fri 20 Nov 2026); they count nowhere." in page
    assert "from its day on" not in page


def test_of_hours_within_the_agreement_nothing_of_the_kind_is_said(world, manager, acme):
    assert "nowhere" not in manager.get(send(manager, *TWO).headers["Location"]).text


def test_the_same_form_sent_twice_is_one_upload(world, manager, acme):
    answers = {send(manager, *TWO).headers["Location"] for _ in range(2)}
    assert len(answers) == 1
    with tenant_scope(world.provider):
        assert Import.objects.count() == 1


SAME = "say what hours by hand already say"


def test_hours_that_were_typed_and_published_before_are_asked_about(world, manager, acme):
    published(manager, send(manager, *TWO))
    again = send(manager, *TWO, entry(3, "2026-11-20", "2", "New laptop set up"), sent="aaaaaaaaaaaa")
    page = manager.get(again.headers["Location"]).text
    assert "2 rows of 3.00 h in all, the first at line 2, " + SAME in page
    published(manager, again)
    with tenant_scope(world.provider):
        assert Entry.objects.filter(retired_in=None).count() == 3  # nothing was published without an answer


@pytest.mark.parametrize(
    "other",
    [{"date": "2026-11-18"}, {"hours": "1:15"}, {"work": "Moved two desks"}, {"technician": "Aiko"}],
)
def test_other_work_of_a_day_is_not_asked_about(world, manager, acme, other):
    published(manager, send(manager, *TWO))
    said = {"date": "2026-11-17", "hours": "1:30", "work": "Moved a desk", "technician": "Kenji"} | other
    again = send(manager, entry(0, **said), sent="aaaaaaaaaaaa")
    assert SAME not in manager.get(again.headers["Location"]).text


def test_the_same_hours_twice_need_two_that_were_published(world, manager, acme):
    published(manager, send(manager, TWO[0]))
    twice = (TWO[0], {name.replace("row-0", "row-1"): said for name, said in TWO[0].items()})
    again = send(manager, *twice, sent="aaaaaaaaaaaa")
    assert (
        "1 row of 1.50 h in all, the first at line 2, " + SAME in manager.get(again.headers["Location"]).text
    )


def test_refused_hours_lead_back_to_the_form_as_it_was_sent(world, manager, acme):
    pasted = "2026-11-31\t1,5\tMoved a desk\tKenji\n2026-11-18\t2\tBackup checked"
    start = entry(0, "2026-11-17", "1:30", "Called out", start="19:00")
    refused = send(manager, start, pasted=pasted)
    page = manager.get(refused.headers["Location"]).text
    (source,) = re.findall(r'href="(/clients/acme/hours/\?again=\d+)"', page)
    assert "Correct them in the PSA" not in page
    form = manager.get(source).text
    for said in (
        "2026-11-31\t1,5\tMoved a desk\tKenji\n2026-11-18\t2\tBackup checked",
        "19:00",
        "2026-11-21",
    ):
        assert said in form
    right = {"sent": "aaaaaaaaaaaa", "starts": "2026-11-16", "through": "2026-11-21", **start}
    answer = manager.post(source, right | {"pasted": pasted.replace("31", "30")})
    with tenant_scope(world.provider):
        states = Import.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == [Import.State.DISCARDED, Import.State.UPLOADED]
    assert "again=" not in manager.get(answer.headers["Location"]).text


def test_the_form_opens_no_other_file_again(world, manager, acme):
    published(manager, send(manager, *TWO))
    with tenant_scope(world.provider):
        pk = Import.objects.get().pk
    for again in (pk, pk + 1, "x", "9" * 30):
        assert "Moved a desk" not in manager.get(f"{ACME}?again={again}").text


def test_what_waits_names_the_client_of_hours_by_hand(world, manager, acme):
    send(manager, *TWO)
    assert "Acme, " in manager.get(reverse("waiting")).text


def test_words_that_name_another_client_wait_for_the_leak_check(world, manager, acme):
    world.client("Birch Optics")
    answer = send(manager, entry(0, "2026-11-17", "1", "Same fault as at Birch Optics"))
    page = manager.get(answer.headers["Location"]).text
    assert "Birch Optics" in page
    published(manager, answer)
    with tenant_scope(world.provider):
        said = Entry.objects.filter(retired_in=None).values_list("wording", flat=True)
        assert not any("Birch" in words for words in said)


def test_rows_pasted_from_a_sheet_stand_beside_the_typed_ones(world, manager, acme):
    send(
        manager,
        TWO[0],
        pasted="Date\tHours\tWork done\n2026-11-19\t0.5\tPrinter mended\n\n2026-11-20\tlots\tCalls\n",
    )
    with tenant_scope(world.provider):
        lines = load(Import.objects.get()).decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["2026-11-17", "2026-11-19", "2026-11-20"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-27\t1.5\tMoved, then wired\tKenji",
        "2026-11-27;1.5;Moved, then wired;Kenji",
        '2026-11-27, 1.5, "Moved, then wired", Kenji',
    ],
)
def test_columns_are_parted_by_tabs_semicolons_or_commas(text):
    assert rows_in(text) == (HandRow("2026-11-27", "1.5", "Moved, then wired", technician="Kenji"),)


def test_a_paste_box_is_no_place_for_a_year_of_work(world, manager, acme):
    text = "2026-11-17;1;x\n" * 501
    with pytest.raises(TooManyLinesError):
        rows_in(text)
    assert send(manager, pasted=text).status_code == 422


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (entry(0, "", "2", "Calls"), "The day is missing."),
        (entry(0, "2026-11-17", "", "Calls"), "The hours are missing."),
        ({"through": "2026-11-01"}, "The last day is before the first one."),
        ({"starts": "soon"}, "that isn’t a date"),
        ({}, "Type or paste at least one entry."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(world, manager, acme, fields, said):
    kept = {} if said.startswith("Type") else entry(3, "2026-11-18", "7:15", "Kept")
    answer = send(manager, fields, kept)
    assert answer.status_code == 422
    assert said in answer.text
    assert ("7:15" in answer.text) == bool(kept)
    with tenant_scope(world.provider):
        assert not Import.objects.exists()


def test_the_form_begins_where_coverage_ends(world, manager, acme):
    page = manager.get(ACME).text
    assert 'id="starts" name="starts" value="2026-11-16"' in page
    assert 'id="through" name="through" value="2026-11-22"' in page


def test_another_providers_client_has_no_form(world, manager, acme, stranger):
    assert stranger.get(ACME).status_code == 404
    with tenant_scope(world.provider):
        assert Client.objects.filter(slug="acme").exists()
