"""Sessions of staff: how long they live, and the list on which their person ends them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client as Browser

from accounts.models import OpenSession
from tests.factories import PASSWORD, MembershipFactory

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"
NEW = "another good sentence"


@pytest.fixture
def member(db):
    return MembershipFactory()


@pytest.fixture
def clock(time_machine):
    time_machine.move_to("2026-11-22T08:00:00Z", tick=False)
    return time_machine


def signed_in(member, agent=FIREFOX, address="203.0.113.9"):
    browser = Browser(headers={"user-agent": agent}, REMOTE_ADDR=address)
    browser.post("/accounts/login/", {"login": member.user.email, "password": PASSWORD})
    return browser


def works(browser):
    return browser.get("/").status_code == 200


def test_a_session_ends_after_eight_hours_without_a_request(member, clock):
    browser = signed_in(member)
    clock.shift(timedelta(hours=7, minutes=59))
    assert works(browser)
    clock.shift(timedelta(hours=8, minutes=1))
    answer = browser.get("/members/?x=1")
    assert answer.headers["Location"] == "/accounts/login/?next=/members/%3Fx%3D1"
    assert "You were signed out after a while" in browser.get(answer.headers["Location"]).text
    assert not works(browser)
    assert not OpenSession.objects.exists()


def test_a_session_that_is_used_all_the_time_ends_after_seven_days(member, clock):
    browser = signed_in(member)
    for _ in range(24):
        clock.shift(timedelta(hours=7))
        assert works(browser)
    clock.shift(timedelta(hours=1))
    assert not works(browser)


def test_the_list_says_device_address_and_when(member, clock):
    browser = signed_in(member, PHONE, "198.51.100.7")
    clock.shift(timedelta(hours=1))
    page = signed_in(member).get("/sessions/").text
    for said in ("Safari, iOS", "198.51.100.7", "22 Nov 2026, 08:00", "Firefox, Windows", "203.0.113.9"):
        assert said in page
    assert page.count("this one") == 1
    clock.shift(timedelta(hours=1))
    assert works(browser)
    assert "22 Nov 2026, 10:00" in browser.get("/sessions/").text


def test_one_is_ended_and_the_others_go_on(member):
    first, second, third = (signed_in(member) for _ in range(3))
    row = OpenSession.objects.get(session_key=second.session.session_key)
    first.post(f"/sessions/{row.pk}/end/")
    assert [works(each) for each in (first, second, third)] == [True, False, True]
    assert OpenSession.objects.count() == 2


def test_all_others_are_ended_at_once(member):
    other = MembershipFactory()
    first, second, third, foreign = (signed_in(each) for each in (member, member, member, other))
    first.post("/sessions/end-others/")
    assert [works(each) for each in (first, second, third, foreign)] == [True, False, False, True]


def test_nobody_ends_a_session_of_somebody_else(member):
    mine, foreign = signed_in(member), signed_in(MembershipFactory())
    row = OpenSession.objects.get(session_key=foreign.session.session_key)
    assert "had already ended" in mine.post(f"/sessions/{row.pk}/end/", follow=True).text
    assert works(foreign)


def test_signing_out_takes_the_session_off_the_list(member):
    signed_in(member).post("/accounts/logout/")
    assert not OpenSession.objects.exists()


def test_a_new_password_ends_the_others_and_this_one_stays_on_the_list(member):
    first, second = signed_in(member), signed_in(member)
    words = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    first.post("/accounts/password/change/", words)
    assert [works(first), works(second)] == [True, False]
    assert OpenSession.objects.get().session_key == first.session.session_key


def test_a_person_who_is_switched_off_is_out_at_once(member):
    browser = signed_in(member)
    member.user.is_active = False
    member.user.save()
    assert not works(browser)


def test_a_client_page_has_no_session_whoever_opens_it(member):
    browser = signed_in(member)
    answer = browser.get("/b/x/")
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_tick_deletes_what_no_browser_holds_any_more(db, time_machine):
    time_machine.move_to("2026-06-22 12:00:00+00:00", tick=False)
    browser = Browser()
    browser.force_login(MembershipFactory().user)
    browser.get("/")
    assert Session.objects.count() == OpenSession.objects.count() == 1
    time_machine.move_to("2026-09-22 12:00:00+00:00", tick=False)
    call_command("tick", verbosity=0, stdout=StringIO())
    assert Session.objects.count() == OpenSession.objects.count() == 0
