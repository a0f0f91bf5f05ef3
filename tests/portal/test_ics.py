"""The calendar of a page's dates: the days that are coming, the page's figure, and no way back to the page."""

from datetime import date

import pytest
from icalendar import Calendar

from accounts.tenancy import tenant_scope
from portal.ics import days_of
from portal.selectors import page_facts, page_retainers
from presentation.facts import Asked
from tests.factories import ClientFactory, ProviderFactory, a_retainer, bank, publish_work

TODAY = date(2026, 6, 22)


def events_of(response):
    return Calendar.from_ical(response.content).walk("VEVENT")


def coming(agreement, *works):
    """What is to come of a retainer with that agreement, on 22 June 2026."""
    provider = ProviderFactory()
    with tenant_scope(provider):
        client = ClientFactory(provider=provider)
    retainer = a_retainer(client, agreement)
    if works:
        publish_work(retainer, *works, at=works[-1][2])
    with tenant_scope(provider):
        (facts,) = page_facts(provider, page_retainers(client), TODAY, Asked())
        return [(each.what, each.day, each.title) for each in days_of(facts, TODAY)]


def test_resets_and_updates_are_whole_days_in_a_calendar(client, address):
    response = client.get(f"{address}calendar.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    resets = [each for each in events_of(response) if "reset" in each["SUMMARY"]]
    assert [each.decoded("dtstart") for each in resets][:2] == [date(2026, 7, 1), date(2026, 8, 1)]
    assert len(resets) == 12
    (update,) = [each for each in events_of(response) if "Update" in each["SUMMARY"]]
    assert update.decoded("dtstart") == date(2026, 6, 29)
    assert update["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=MO"
    assert resets[0]["SUMMARY"] == "Support hours reset: IT support"


def test_the_figure_is_that_of_the_page_to_the_hundredth(client, address):
    said = client.get(f"{address}balance.json").json()["retainers"][0]
    assert said["cycle"]["total"]["remaining"] == "16.50"
    first = events_of(client.get(f"{address}calendar.ics"))[0]
    assert "16.5 hours remaining" in first["DESCRIPTION"]
    assert "Covers work through" in first["DESCRIPTION"]


def test_nothing_in_it_leads_to_the_page_and_the_marks_stay_the_same(client, address, link, time_machine):
    body = client.get(f"{address}calendar.ics").content.decode().replace("\r\n ", "")
    assert link[1] not in body
    assert "http" not in body
    assert "acme" not in body.casefold()
    before = {
        each["UID"]: each.decoded("dtstart") for each in events_of(client.get(f"{address}calendar.ics"))
    }
    time_machine.move_to("2026-07-03T12:00:00Z", tick=False)
    after = {each["UID"]: each.decoded("dtstart") for each in events_of(client.get(f"{address}calendar.ics"))}
    resets = {uid for uid, day in before.items() if day.day == 1 and day > date(2026, 7, 3)}
    assert resets <= set(after)


def test_a_calendar_that_asks_again_by_itself_is_no_opening(client, address, link):
    client.get(f"{address}calendar.ics", headers={"User-Agent": "Mozilla/5.0"})
    link[0].refresh_from_db()
    assert link[0].opened_count == 0
    client.get(address, headers={"User-Agent": "Mozilla/5.0"})
    link[0].refresh_from_db()
    assert link[0].opened_count == 1


def test_an_unchanged_calendar_is_not_sent_again(client, address):
    etag = client.get(f"{address}calendar.ics").headers["ETag"]
    assert client.get(f"{address}calendar.ics", headers={"If-None-Match": etag}).status_code == 304


def test_it_speaks_the_readers_language(client, address):
    body = client.get(f"{address}calendar.ics", headers={"Accept-Language": "de"}).content.decode()
    assert "Supportstunden" in body
    assert "reset" not in body


@pytest.mark.django_db
def test_an_agreement_that_ends_says_its_last_day_and_no_reset_after_it():
    found = coming(bank(ends=date(2026, 8, 31), updates_on=("mon",)))
    assert [(what, day) for what, day, _ in found] == [
        ("reset 2026-07-01", date(2026, 7, 1)),
        ("reset 2026-08-01", date(2026, 8, 1)),
        ("updates", date(2026, 6, 22)),
        ("end", date(2026, 8, 31)),
    ]


@pytest.mark.django_db
def test_an_agreement_that_is_over_has_nothing_to_come():
    assert coming(bank(ends=date(2026, 5, 31), updates_on=("mon",))) == []


@pytest.mark.django_db
def test_a_prepaid_block_has_no_reset():
    assert coming(bank("0", overage="queue")) == []
