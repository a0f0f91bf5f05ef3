"""Agreements that are over, or still to come, lend no hours to today: on the page, in JSON, what-if and CSV."""

import json
import re
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal import links
from portal.badges import make_badge
from retainers.models import Client
from tests.factories import (
    AFTER_HOURS,
    agreement_file,
    client_table,
    load_agreements,
    pool_table,
    publish_export,
    retainer_table,
)
from tests.planted.secret import NOW


def helps(key: str, name: str, starts: str, hours: str, **ends: str) -> dict[str, Any]:
    said = {"key": key, "name": name, "starts": starts, "psa_agreements": [name], **ends}
    return retainer_table(**said, multipliers=[AFTER_HOURS], pools=[pool_table("main", hours, "Help")])


OVER = helps("old", "Old help", "2026-05-01", "31", ends="2026-06-10")
RUNS = helps("now", "Help now", "2026-06-01", "9")
COMES = helps("new", "New help", "2026-07-15", "77")
EXPORT = """\
Entry ID,Client,Agreement,Date,Hours,Ticket,Title
1,Acme Dental,Old help,2026-06-02,4,T1,Printer
2,Acme Dental,Help now,2026-06-08,2,T2,Switch
"""


@pytest.fixture
def shown(db, tmp_path, time_machine):
    """What each face of the client's page says, where the client has these agreements. Today is 22 June."""
    time_machine.move_to(NOW, tick=False)

    def shown(*agreements: dict[str, Any], query: str = "") -> dict[str, str]:
        load_agreements(tmp_path, agreement_file(client_table("Acme Dental", *agreements)))
        if OVER in agreements or RUNS in agreements:
            import_rows(tmp_path, agreements)
        return faces(query)

    return shown


def import_rows(tmp_path, agreements) -> None:
    keep = [name for name, said in (("Old help", OVER), ("Help now", RUNS)) if said in agreements]
    head, *rows = EXPORT.splitlines()
    text = "\n".join([head, *(r for r in rows if any(n in r for n in keep))]) + "\n"
    publish_export(tmp_path, text, "--accept", "all", "--removals", "keep")


def faces(query: str = "") -> dict[str, str]:
    with tenant_scope(Provider.objects.get()):
        client = Client.objects.get()
        token = links.create(client=client, by=None)[1]
        badge = make_badge(client=client, sites=[], by=None)[1]
    browser, page = Browser(), f"/b/{token}/"
    paths = {
        "page": page + query,
        "json": page + "balance.json" + query,
        "csv": page + "log.csv" + query,
        "calendar": page + "calendar.ics",
        "badge": f"/b/badge/{badge}/",
    }
    found = {name: browser.get(path).content.decode() for name, path in paths.items()}
    found["words"] = " ".join(re.sub(r"<[^>]+>", " ", found["page"]).split())
    return found


def left_in(said: dict[str, str]) -> dict[str, dict[str, str]]:
    return {each["retainer"]: each["left"] for each in json.loads(said["json"])["retainers"]}


def test_what_is_over_has_nothing_left_on_any_face(shown):
    said = shown(OVER)
    assert "0 hours remaining of 10.33" in said["words"]
    assert "The agreement ended on Wed 10 June" in said["words"]
    assert left_in(said) == {"old": {"main": "0.00"}}
    assert "No agreement runs" in said["badge"]
    assert "Before you call" not in said["words"]
    assert "SUMMARY" not in said["calendar"]


def test_what_is_over_is_told_in_the_past(shown):
    said = shown(OVER)["words"]
    assert "In force from 1 May 2026 to 10 June 2026" in said
    assert "In force since" not in said
    assert "Left at the close 6.33 of it lapsed 6.33" in said
    assert "as a calendar" not in said  # nothing is to come
    assert "Approve extra hours" not in said


def test_what_is_to_come_says_when_and_has_no_hours(shown):
    said = shown(COMES)
    assert "Starts on 15 July 2026, in 23 days." in said["words"]
    assert "77" not in said["words"]
    assert left_in(said) == {"new": {}}
    assert "No agreement runs" in said["badge"]
    assert "Before you call" not in said["words"]


def test_between_two_agreements_both_are_named_and_none_has_hours(shown):
    said = shown(OVER, COMES)
    assert "0 hours remaining of 10.33" in said["words"]
    assert "Starts on 15 July 2026, in 23 days." in said["words"]
    assert left_in(said) == {"old": {"main": "0.00"}, "new": {}}
    assert "No agreement runs" in said["badge"]
    assert "Before you call" not in said["words"]


@pytest.mark.parametrize("query", ["", "?hours=3&kind=after_hours", "?hours=3&retainer=now", "?pool=main"])
def test_beside_what_runs_they_lend_no_hours_whatever_is_asked(shown, query):
    said = shown(OVER, RUNS, COMES, query=query)
    assert left_in(said) == {"now": {"main": "7.00"}, "old": {"main": "0.00"}}
    assert "New help" not in said["words"] + said["json"] + said["csv"] + said["calendar"]
    assert "7.0 h left" in said["badge"]
    below_the_title = said["words"].partition("Skip to the content")[2]
    assert below_the_title.count("Before you call") == 1
    if "hours=3&kind" in query:
        assert "Counts as 6.0 hours: 1.0 would be left." in said["words"]


@pytest.mark.parametrize("key", ["old", "new"])
def test_the_what_if_of_another_agreement_is_not_answered_from_it(shown, key):
    said = shown(OVER, RUNS, COMES, query=f"?hours=3&retainer={key}")
    assert left_in(said)["now"] == {"main": "7.00"}
    assert left_in(said)[key] in ({}, {"main": "0.00"})
    assert said["words"].count("would be left") == 1
    assert "6.0 would be left" in said["words"]  # the example of what runs


def test_the_file_has_every_log_that_the_page_shows_each_with_its_own_total(shown):
    rows = [line.split(",") for line in shown(OVER, RUNS, COMES)["csv"].splitlines()]
    assert [(row[0], row[5], row[8]) for row in rows[1:]] == [
        ("2026-06-08", "2.00", "Help now"),
        ("Total", "2.00", "Help now"),
        ("2026-06-02", "4.00", "Old help"),
        ("Total", "4.00", "Old help"),
    ]


def test_the_name_of_the_file_says_which_log_it_is(shown):
    shown(OVER, RUNS)
    with tenant_scope(Provider.objects.get()):
        page = f"/b/{links.create(client=Client.objects.get(), by=None)[1]}/log.csv"
    names = {
        query: Browser().get(page + query).headers["Content-Disposition"]
        for query in ("", "?retainer=now", "?retainer=old&cycle=2026-05-01")
    }
    assert [name.partition("filename=")[2] for name in names.values()] == [
        '"Work log - Acme Dental - 2026-06-01.csv"',
        '"Work log - Acme Dental - Help now - 2026-06-01.csv"',
        '"Work log - Acme Dental - Old help - 2026-05-01.csv"',
    ]
