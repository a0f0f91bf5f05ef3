"""What a share link answers: headers, figures that agree with each other, and nothing internal."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope
from portal import links, views
from portal.models import ShareLink
from retainers.models import Client
from tests.factories import publish_work
from tests.portal.conftest import NOW

ANSWERS = ("", "balance.json", "log.csv")


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_is_private_uncached_and_kept_out_of_search(client, address, path):
    answer = client.get(address + path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive, nosnippet"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("path", ANSWERS)
def test_a_reload_that_says_the_same_is_a_304(client, address, path):
    etag = client.get(address + path).headers["ETag"]
    again = client.get(address + path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_day_the_language_and_the_question_make_another_page(client, address, time_machine):
    etag = client.get(address).headers["ETag"]
    others = {client.get(address + "?pool=support").headers["ETag"]}
    others.add(client.get(address, headers={"Accept-Language": "de"}).headers["ETag"])
    time_machine.move_to("2026-06-23T12:00:00Z")
    others.add(client.get(address).headers["ETag"])
    assert len(others | {etag}) == 4


def test_a_publication_makes_another_page(client, address, tmp_path):
    etag = client.get(address).headers["ETag"]
    (tmp_path / "more.csv").write_text("Client,Date,Hours\nAcme Dental,2026-06-08,1\n")
    call_command(
        "import_csv",
        str(tmp_path / "more.csv"),
        "--provider",
        "north",
        "--removals",
        "keep",
        "--publish",
        "--accept",
        "one-company",
        verbosity=0,
    )
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_the_title_tells_an_unfurling_program_nothing(client, address):
    assert "<title>Support hours</title>" in client.get(address).text


def test_no_script_and_no_other_origin(client, address):
    page = client.get(address).text
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_page_json_and_csv_say_the_same_hours(client, address):
    said = client.get(address + "balance.json").json()
    (retainer,) = said["retainers"]
    log = list(csv.DictReader(io.StringIO(client.get(address + "log.csv").content.decode("utf-8-sig"))))
    assert retainer["cycle"]["total"]["used"] == "3.50"
    assert sum(Decimal(line["hours"]) for line in retainer["log"]) == Decimal("3.50")
    assert log[-1]["Hours"] == "3.50"
    assert sum(Decimal(line["Hours"]) for line in log[:-1]) == Decimal("3.50")
    assert "16.5" in client.get(address).text


def test_the_json_has_the_promised_keys(client, address):
    said = client.get(address + "balance.json").json()
    assert {"client", "provider", "retainers"} <= said.keys()
    assert said["client"] == "Acme Dental"
    (retainer,) = said["retainers"]
    assert {"retainer", "cycle", "through", "next_update", "log"} <= retainer.keys()
    keys = {"date", "description", "worked", "counted", "factor", "hours", "multipliers", "pool"}
    assert keys <= retainer["log"][0].keys()
    night = next(line for line in retainer["log"] if line["multipliers"])
    assert (night["factor"], night["counted"], night["hours"]) == ("2", "1.00", "2.00")
    assert night["multipliers"] == ["After hours"]


def test_an_earlier_cycle_has_its_page_and_a_wrong_one_has_none(client, address):
    assert client.get(address + "?cycle=2026-05-01").status_code == 200
    assert client.get(address + "?cycle=2026-05-02").status_code == 404
    assert client.get(address + "?cycle=never").status_code == 404
    assert client.get(address + "?retainer=other&cycle=2026-05-01").status_code == 404


def test_the_cycle_turns_over_at_local_midnight_without_a_job(client, address, time_machine):
    time_machine.move_to("2026-06-30T23:59:59Z")
    june = client.get(address + "balance.json").json()["retainers"][0]["cycle"]
    time_machine.move_to("2026-07-01T00:00:00Z")
    july = client.get(address + "balance.json").json()["retainers"][0]["cycle"]
    assert (june["starts"], july["starts"]) == ("2026-06-01", "2026-07-01")


def test_the_number_of_queries_does_not_grow_with_the_log(client, address, tmp_path):
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    rows = "".join(f"Acme Dental,2026-06-{1 + n % 20:02},0.25,task {n}\n" for n in range(120))
    (tmp_path / "many.csv").write_text("Client,Date,Hours,Title\n" + rows)
    call_command(
        "import_csv",
        str(tmp_path / "many.csv"),
        "--provider",
        "north",
        "--removals",
        "keep",
        "--publish",
        "--accept",
        "one-company",
        verbosity=0,
    )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    selects = [query for query in many.captured_queries if query["sql"].startswith("SELECT")]
    assert len(many) <= len(few)
    assert len(selects) <= 9  # one of them is the gate's


MARK = "zqxj7marked"
COLUMNS = (
    "Entry ID,Client,Agreement,Date,Start,End,Hours,Billable hours,Deducted hours,Billable,Technician,Ticket,"
    "Ticket type,Board,Title,Work type,Work role,Location,Notes,Client description"
)


def test_nothing_of_an_internal_column_reaches_any_answer(provider, client, address, tmp_path):
    internal = ",".join(f"{MARK}{n}" for n in range(7, 16))
    kept_out = f"{MARK}1,Acme Dental,{MARK}2,2026-06-09,09:00,10:00,1,1,1,Yes,{internal}\n"
    (tmp_path / "marked.csv").write_text(f"{COLUMNS}\n{kept_out}")
    call_command(
        "import_csv",
        str(tmp_path / "marked.csv"),
        "--provider",
        "north",
        "--client",
        "acme",
        "--removals",
        "keep",
        "--publish",
        "--accept",
        "one-company",
        verbosity=0,
    )
    for path in (*ANSWERS, "?cycle=2026-06-01", "?pool=support&hours=2"):
        answer = client.get(address + path)
        assert MARK not in answer.content.decode() + repr(answer.headers), path
    assert "4.5" in client.get(address).text  # the marked hour is counted all the same


def test_another_clients_work_is_on_no_page_of_this_one(provider, client, address):
    for path in ANSWERS:
        assert "Birch" not in client.get(address + path).content.decode()
    with tenant_scope(provider):
        _, token = links.create(client=Client.objects.get(slug="birch"), by=None)
    assert "Acme" not in client.get(f"/b/{token}/").text


def test_an_entry_of_no_hours_is_no_line_of_the_log(client, address, provider):
    with tenant_scope(provider):
        retainer = Client.objects.get(slug="acme").retainers.get()
    publish_work(
        retainer,
        (date(2026, 6, 9), "0"),
        (date(2026, 6, 9), "0.25"),
        at=datetime(2026, 6, 22, 12, tzinfo=UTC),
    )
    log = client.get(address + "balance.json").json()["retainers"][0]["log"]
    assert [line["hours"] for line in log if line["date"] == "2026-06-09"] == ["0.25"]
    assert client.get(address + "log.csv").text.count("2026-06-09") == 1


MADE_OF = (
    "templates/portal/balance.html",
    "static/hourtab.css",
    "presentation/phrases.py",
    "retainers/ledger.py",
    "locale/de/LC_MESSAGES/django.mo",
)


@pytest.mark.parametrize("part", MADE_OF)
def test_a_release_that_changes_any_part_of_the_page_makes_another_page(
    client, address, settings, tmp_path, part
):
    settings.BASE_DIR = tmp_path / "release"
    for each in MADE_OF:
        path = settings.BASE_DIR / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was")
    views._look.cache_clear()
    etag = client.get(address).headers["ETag"]

    (settings.BASE_DIR / part).write_text("in another way")
    views._look.cache_clear()

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200
    views._look.cache_clear()


def titles(client, *paths):
    return [re.search(r"<title>\s*(.*?)\s*</title>", client.get(path).text, re.DOTALL)[1] for path in paths]


def test_titles_tell_pages_apart_and_nobody_a_name(client, address):
    found = titles(
        client,
        address,
        f"{address}?cycle=2026-05-01",
        f"{address}ask/top_up/",
        f"{address}ask/overage/",
        f"{address}?cycle=2019-01-01",
        "/b/wrong/",
    )
    assert found == [
        "Support hours",
        "Support hours, May 2026",
        "Ask for a top-up · Support hours",
        "Approve extra hours in advance · Support hours",
        "There is no such cycle",
        "There is no page at this address",
    ]


def test_an_old_address_of_a_right_link_leads_to_the_page(client, address):
    answer = client.get(f"{address}?cycle=2019-01-01")
    assert answer.status_code == 404
    assert '<a class="button" href="./">' in answer.text
    assert "may be incomplete" not in answer.text


@pytest.mark.parametrize(("days", "is_said"), [(31, False), (30, True), (0, True)])
def test_a_links_last_day_is_announced_a_month_before(client, provider, link, address, days, is_said):
    last = NOW.date() + timedelta(days=days)
    with tenant_scope(provider):
        ShareLink.objects.update(expires_on=last)
    assert ("This link opens until" in client.get(address).text) is is_said


@pytest.mark.parametrize("path", ["", "ask/top_up/"])
def test_every_page_of_a_provider_without_a_logo_begins_with_the_same_capital(
    client, provider, address, path
):
    type(provider).objects.filter(pk=provider.pk).update(name="émile & sons")
    shown = client.get(address + path).content.decode()
    assert '<span class="monogram" aria-hidden="true">É</span><bdi>émile &amp; sons</bdi>' in shown
