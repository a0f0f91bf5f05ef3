"""Staff start, change and end a live incident."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from desk.live import kinds_now
from retainers.models import Notice
from retainers.selectors import retainers_of, standings
from retainers.terms import BusinessHours, Multiplier
from tests.desk.acting import HOME, NOW
from tests.desk.conftest import UTC_ZONE
from tests.factories import ClientFactory, a_retainer, an_agreement
from tests.world import world  # noqa: F401

PATH = f"{HOME}/incident/"


def test_one_click_on_the_clients_page_starts_one(as_role, address, provider):
    client = as_role()
    home = client.get(HOME.split("retainers/")[0]).text
    assert "Start an incident now" in home
    assert client.post(PATH, {"quick": "1"}).status_code == 302
    assert "1 person since" in client.get(address).text
    assert "running, 1 person since" in client.get("/").text
    assert "Start an incident now" not in client.get(HOME.split("retainers/")[0]).text
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="incident started").count() == 1


def test_people_are_changed_and_it_ends(as_role, address):
    client = as_role()
    client.post(PATH, {"people": "2", "ticket": "4711"})
    assert "4711" in client.get(PATH).text
    assert "4711" not in client.get(address).text
    client.post(f"{PATH}change/", {"seen": "1", "do": "people", "people": "3"})
    assert "3 people since" in client.get(address).text
    stale = client.post(f"{PATH}change/", {"seen": "1", "do": "end"}, follow=True)
    assert "It has changed since you opened this page" in stale.text
    client.post(f"{PATH}change/", {"seen": "2", "do": "pause"})
    assert "Incident paused" in client.get(address).text
    client.post(f"{PATH}change/", {"seen": "3", "do": "end"})
    assert "Incident over" in client.get(address).text


def test_a_second_one_is_not_started(as_role, retainer, provider):
    client = as_role()
    client.post(PATH, {"people": "2"})
    assert "already has an incident running" in client.post(PATH, {"people": "4"}, follow=True).text
    with tenant_scope(provider):
        assert Notice.objects.filter(running=True, retired_in=None).count() == 1


def test_a_notice_does_not_push_an_incident_out(as_role, retainer):
    client = as_role()
    client.post(PATH, {"people": "2"})
    said = client.post(f"{HOME}/notice/", {"text": "All is well"}, follow=True).text
    assert "An incident is running. End it before you put up a notice." in said


def test_how_many_people_must_be_a_number(as_role, retainer):
    client = as_role()
    assert client.post(PATH, {"people": "0"}).status_code == 422
    client.post(PATH, {"people": "2"})
    said = client.post(f"{PATH}change/", {"seen": "1", "do": "people", "people": "many"}, follow=True).text
    assert "Write a whole number" in said


def test_one_started_by_one_click_is_given_its_ticket_afterwards(as_role, address, provider):
    client = as_role()
    client.post(PATH, {"quick": "1"})
    assert "Add the ticket number" in client.get(PATH).text
    client.post(f"{PATH}ticket/", {"had": "", "ticket": " INC  4711 "})
    page = client.get(PATH).text
    assert 'value="INC 4711"' in page
    assert "Correct the ticket number" in page
    stale = client.post(f"{PATH}ticket/", {"had": "", "ticket": "INC 4712"}, follow=True).text
    assert "It has changed since you opened this page" in stale
    client.post(f"{PATH}ticket/", {"had": "INC 4711", "ticket": "INC 4712"})
    assert 'value="INC 4712"' in client.get(PATH).text
    assert "4712" not in client.get(address).text
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="incident changed").count() == 2
        assert Notice.objects.get(retired_in=None).running


def test_a_viewer_gives_no_ticket(as_role, retainer):
    as_role().post(PATH, {"quick": "1"})
    assert as_role(Role.VIEWER).post(f"{PATH}ticket/", {"had": "", "ticket": "1"}).status_code == 403


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
OPEN = BusinessHours(WEEKDAYS, time(8), time(17), holidays=(date(2026, 6, 24),))
NIGHT = (Multiplier("after_hours", "After hours", Decimal(2)),)


def kinds_at(provider, moment, multipliers=NIGHT):
    """What one click begins with at that moment of the week of 22 June."""
    agreement = an_agreement(business_hours=(OPEN,))
    terms = replace(agreement.terms[0], multipliers=multipliers)
    with tenant_scope(provider):
        a_retainer(ClientFactory(provider=provider), replace(agreement, terms=(terms,)))
        (standing,) = standings(retainers_of(), on=NOW.date(), zone=UTC_ZONE)
        return kinds_now(standing, provider, datetime.fromisoformat(f"2026-06-{moment}").replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "kinds"),
    [
        ("22T07:59", ["after_hours"]),
        ("22T08:00", []),
        ("22T16:59", []),
        ("22T17:00", ["after_hours"]),
        ("24T12:00", ["after_hours"]),
        ("27T12:00", ["after_hours"]),
    ],
    ids=["before opening", "opening", "before closing", "closing", "a holiday", "a Saturday"],
)
def test_one_click_begins_with_the_kind_that_the_clock_says(provider, moment, kinds):
    assert kinds_at(provider, moment) == kinds


def test_where_work_after_hours_counts_as_any_other_one_click_does_not_name_it(provider):
    assert kinds_at(provider, "22T23:00", ()) == []
