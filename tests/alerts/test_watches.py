"""“Tell me when”: asked for on the client's page, confirmed from a mail, told once a crossing, ended by one click."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client as Browser

from accounts.models import AuditEvent, OutboxMail, Provider
from accounts.seal import unseal
from accounts.tenancy import tenant_scope
from alerts import watches
from alerts.models import Watch
from portal import links, second_step
from portal.models import ShareLink
from retainers.models import Client
from tests.alerts.conftest import NOON, to, world_in
from tests.factories import pool_table, retainer_table
from tests.shared_rows import shared_rows

KIM, PAT = "kim@acme.example", "pat@acme.example"
OWN = {"Sec-Fetch-Site": "same-origin"}
NOV_3, NOV_4, NOV_5 = date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 5)
REACTIVE, PLANNED = pool_table("reactive", "10"), pool_table("planned", "4")


@shared_rows(upon="agreed")
def page(tmp_path, time_machine):
    """The page's address; four of ten hours are used."""
    provider = Provider.objects.get()
    world = world_in(tmp_path, time_machine, provider)
    world.work((NOV_3, "4"))
    world.tick()
    with tenant_scope(provider):
        return f"/b/{unseal(ShareLink.objects.get().sealed)}/"


@pytest.fixture
def world(request, world):
    """Where there is a page, the next file is the second one."""
    world.file = int("page" in request.fixturenames)
    return world


def ask(page, number=1, **more):
    said = {"about": "support|support", "when": "hours", "hours": "5", "email": KIM, "mark": f"{number:022}"}
    return Browser().post(f"{page}tell-me/", {**said, **more}, headers=OWN)


def way(told):
    """The page that the question, or a mail's button to end it, leads to."""
    return re.search(r"/mails/tell-me(-no-more)?/[^/\s]+/", told.body)[0]


def confirmed(world, page, **more):
    ask(page, **more)
    (question,) = to(world.tick(), more.get("email", KIM))
    assert Browser().post(way(question)).status_code == 200
    return question


def test_the_page_leads_to_the_form_and_the_form_to_one_question(world, page, client):
    assert 'href="tell-me/"' in client.get(page).text
    assert "Tell me when" in client.get(f"{page}tell-me/").text
    answer = ask(page)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}tell-me/?sent={1:022}")
    assert ask(page).status_code == 303  # the same form once more
    (question,) = to(world.tick(), KIM)
    assert question.subject == "North IT: get these mails?"
    assert question.from_email.startswith("North IT <")
    assert "IT support: no more than 5 hours are left" in question.body
    assert page not in question.body  # whoever has the address has no way to the page by it
    assert "6.0" not in question.body


def test_nothing_is_told_before_the_button_of_the_mail_is_pressed(world, page):
    ask(page)
    (question,) = to(world.tick(), KIM)
    assert "Yes, mail me" in Browser().get(way(question)).text
    world.work((NOV_4, "2"))
    assert to(world.tick(), KIM) == []
    with tenant_scope(world.provider):
        assert not AuditEvent.objects.filter(action="mails asked for").exists()


def test_what_comes_is_told_once_with_the_pages_figure(world, page, client):
    confirmed(world, page)
    assert to(world.tick(), KIM) == []  # 6 are left
    world.work((NOV_4, "1.25"))
    (told,) = to(world.tick(), KIM)
    assert told.subject == "Support hours: 4.75 left"
    assert told.from_email.startswith("North IT <")
    assert "4.75 of 10 hours left." in told.body
    assert "You asked for a mail when: IT support: no more than 5 hours are left." in told.body
    assert page in told.body
    said = client.get(f"{page}balance.json").json()["retainers"][0]
    assert said["cycle"]["total"]["remaining"] == "4.75"
    world.work((NOV_5, "1"))
    assert to(world.tick(), KIM) == []


def test_one_click_of_a_mail_program_ends_it(world, page):
    confirmed(world, page)
    world.work((NOV_4, "3"))
    (told,) = to(world.tick(), KIM)
    out = way(told)
    assert told.extra_headers["List-Unsubscribe"].endswith(f"{out}>")
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "no more than 5 hours" in Browser().get(out).text  # opening it ends nothing
    clicked = Browser(enforce_csrf_checks=True).post(out, {"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    with tenant_scope(world.provider):
        assert Watch.objects.get().ended_at is not None
        assert AuditEvent.objects.filter(action="mails asked for ended").count() == 1


@pytest.mark.parametrize(("share", "used", "comes"), [("25", "3.49", 0), ("25", "3.5", 1), ("0", "6", 1)])
def test_a_share_has_come_when_no_more_of_the_hours_is_left(world, page, share, used, comes):
    confirmed(world, page, when=f"share {share}", hours="")
    world.work((NOV_4, used))
    assert len(to(world.tick(), KIM)) == comes


def test_the_next_cycle_arms_it_again(world, page):
    confirmed(world, page, hours="9")
    assert len(to(world.tick(), KIM)) == 1  # it is so already
    world.at(NOON + timedelta(days=20))
    world.work((date(2026, 12, 1), "0.5"))
    assert to(world.tick(), KIM) == []
    world.work((date(2026, 12, 2), "1"))
    (told,) = to(world.tick(), KIM)
    assert told.subject == "Support hours: 8.5 left"


def test_an_update_is_told_once_a_day_from_the_next_one_on(world, page):
    confirmed(world, page, when="updated")
    assert to(world.tick(), KIM) == []
    world.at(NOON + timedelta(days=1))
    world.work((NOV_4, "1"))
    (told,) = to(world.tick(), KIM)
    assert told.subject.startswith("Support hours: up to date through ")
    assert "5.0 hours remaining this cycle, of 10" in told.body
    world.work((NOV_5, "1"))
    assert to(world.tick(), KIM) == []


def test_a_new_cycle_is_told_on_its_first_day(world, page):
    confirmed(world, page, when="reset")
    assert to(world.tick(), KIM) == []
    world.at(NOON + timedelta(days=13))
    (told,) = to(world.tick(), KIM)
    assert told.subject == "Support hours: a new cycle has begun"
    assert "10.0 hours remaining" in told.body


@pytest.mark.parametrize(
    ("when", "at", "zone"),
    [
        ("updated", NOON + timedelta(days=1), "Pacific/Auckland"),  # where that is the next morning
        ("reset", datetime(2026, 12, 1, 7, tzinfo=UTC), "Pacific/Honolulu"),  # where it is November again
    ],
)
def test_what_was_told_is_not_told_again_in_another_time_zone(world, page, when, at, zone):
    confirmed(world, page, when=when)
    assert to(world.tick(), KIM) == []
    world.at(at)
    world.work((NOV_4, "1"))
    assert len(to(world.tick(), KIM)) == 1

    Provider.objects.update(timezone=zone)

    assert to(world.tick(), KIM) == []


def test_an_update_of_which_an_earlier_release_has_marked_the_day_is_told(world, page):
    confirmed(world, page, when="updated")
    with tenant_scope(world.provider):
        Watch.objects.update(told=f"{NOON.date()}")
    assert to(world.tick(), KIM) == []
    world.at(NOON + timedelta(days=1))
    world.work((NOV_4, "1"))
    assert len(to(world.tick(), KIM)) == 1


def test_of_several_pools_the_one_that_was_chosen_is_watched(world, client):
    world.load(pools=[REACTIVE, PLANNED])
    world.work((NOV_3, "7"))
    with tenant_scope(world.provider):
        page = f"/b/{unseal(ShareLink.objects.get().sealed)}/"
    form = client.get(f"{page}tell-me/").text
    assert "IT support · Reactive" in form
    assert "IT support · Planned" in form
    confirmed(world, page, about="support|planned", hours="3", email="lou@acme.example")
    confirmed(world, page, about="support|reactive", hours="3", mark="2" * 22)
    sent = world.tick()
    assert ["3.0 of 10 hours left." in told.body for told in to(sent, KIM)] == [True]
    assert to(sent, "lou@acme.example") == []


def test_the_one_pool_that_the_client_sees_is_named_by_its_agreement_alone(world, client):
    world.load(pools=[REACTIVE, PLANNED | {"hidden": True}])
    world.work((NOV_3, "4"))
    world.tick()
    with tenant_scope(world.provider):
        page = f"/b/{unseal(ShareLink.objects.get().sealed)}/"
    assert "Reactive" not in client.get(f"{page}tell-me/").text
    ask(page, about="support|reactive")
    (question,) = to(world.tick(), KIM)
    assert "IT support: no more than 5 hours are left" in question.body
    assert "Reactive" not in question.body


def test_it_speaks_the_language_in_which_it_was_asked(world, page):
    Browser().post(
        f"{page}tell-me/",
        {"about": "support|support", "when": "hours", "hours": "6,5", "email": KIM, "mark": "1" * 22},
        headers={**OWN, "Accept-Language": "de"},
    )
    (question,) = to(world.tick(), KIM)
    assert "höchstens 6,5 Stunden übrig sind" in question.body
    Browser().post(way(question))
    (told,) = to(world.tick(), KIM)
    assert "6,0 von 10 Stunden übrig" in told.body
    assert "Sie wollten Bescheid bekommen, wenn" in told.body


def test_one_button_confirms_all_that_one_address_asked_for_and_one_ends_all(world, page):
    ask(page, 1)
    ask(page, 2, when="updated")
    first, _second = to(world.tick(), KIM)
    question = Browser().get(way(first)).text
    assert "no more than 5 hours" in question
    assert "the page is updated" in question
    Browser().post(way(first))
    with tenant_scope(world.provider):
        one, other = Watch.objects.order_by("pk")
        assert one.confirmed_at == other.confirmed_at is not None
        out = watches.stop_path(one)
    assert "Stop all mails" in Browser().get(out).text
    Browser().post(out, {"all": "1"})
    with tenant_scope(world.provider):
        assert not Watch.objects.filter(ended_at=None).exists()


def test_an_address_is_asked_three_times_an_hour_and_nobody_learns_of_it(world, page):
    answers = [ask(page, number, hours=str(number)) for number in range(1, 6)]
    assert [answer.status_code for answer in answers] == [303] * 5
    assert len(to(world.tick(), KIM)) == 3
    with tenant_scope(world.provider):
        assert Watch.objects.count() == 3


def test_a_link_asks_six_addresses_an_hour_and_what_was_typed_stays(world, page):
    for number in range(6):
        assert ask(page, number, email=f"reader{number}@acme.example").status_code == 303
    refused = ask(page, 7, email="late@acme.example")
    assert refused.status_code == 429
    assert 'value="late@acme.example"' in refused.text
    assert len(world.tick()) == 6


def test_with_a_second_step_only_contacts_are_written_to_and_the_answer_is_the_same(world, page):
    with tenant_scope(world.provider):
        row = Client.objects.get()
        link = ShareLink.objects.get()
        second_step.ask_for_it(client=row, by=None, at=NOON)
        link = ShareLink.objects.select_related("client__second_step").get()
        retainer = row.retainers.get()
        for number, email in enumerate([KIM, PAT.upper()]):
            wish = watches.Wish(retainer, "support", "hours", 500, email, f"{number:022}")
            watches.ask(link=link, wish=wish, at=NOON)
        assert list(Watch.objects.values_list("email", flat=True)) == [PAT]


def test_it_ends_with_its_link(world, page):
    confirmed(world, page)
    ask(page, 2, email=PAT)
    waiting = [told for told in to(world.tick(), PAT) if "/tell-me/" in told.body]
    with tenant_scope(world.provider):
        links.revoke(link=ShareLink.objects.get(), by=None, at=NOON)
    assert Browser().post(way(waiting[0])).status_code == 410
    world.work((NOV_4, "5"))
    assert to(world.tick(), KIM) == []
    with tenant_scope(world.provider):
        assert not Watch.objects.exists()


def test_what_is_not_confirmed_is_forgotten_after_a_week_with_its_mail(world, page):
    ask(page)
    (question,) = to(world.tick(), KIM)
    world.at(NOON + timedelta(days=8))
    world.tick()
    with tenant_scope(world.provider):
        assert not Watch.objects.exists()
        world.at(NOON + timedelta(days=9))
        world.tick()
        assert not OutboxMail.objects.filter(recipient=KIM).exists()
    assert Browser().post(way(question)).status_code == 404


def test_what_has_ended_is_forgotten_after_a_month(world, page):
    confirmed(world, page)
    with tenant_scope(world.provider):
        watches.stop(list(Watch.objects.select_related("link__client")), NOON)
    world.at(NOON + timedelta(days=29))
    world.tick()
    with tenant_scope(world.provider):
        assert Watch.objects.count() == 1
    world.at(NOON + timedelta(days=31))
    world.tick()
    with tenant_scope(world.provider):
        assert not Watch.objects.exists()


def test_staff_see_who_is_told_and_end_it(world, page, manager):
    confirmed(world, page)
    listed = manager.get("/mails/").text
    assert KIM in listed
    assert "no more than 5 hours are left" in listed
    with tenant_scope(world.provider):
        (watch,) = Watch.objects.all()
    manager.post(f"/mails/readers/{watch.pk}/end/")
    world.work((NOV_4, "5"))
    assert to(world.tick(), KIM) == []
    assert "ended" in manager.get("/mails/").text


def test_readers_come_in_pages_and_ending_one_leads_back_to_its_page(world, page, monkeypatch, manager):
    monkeypatch.setattr("alerts.views.PEOPLE_A_PAGE", 1)
    ask(page)
    ask(page, 2, email=PAT)

    def listed(asked=""):
        return manager.get(f"/mails/{asked}").text.partition('id="readers"')[2].partition("</section>")[0]

    assert (KIM in listed(), PAT in listed()) == (True, False)
    assert (KIM in listed("?readers=2"), PAT in listed("?readers=2")) == (False, True)
    assert (KIM in listed("?q=PAT@"), PAT in listed("?q=PAT@")) == (False, True)
    (end,) = re.findall(r'action="(/mails/readers/[^"]+)"', listed("?readers=2"))
    assert manager.post(end).headers["Location"] == "/mails/?readers=2"


def test_a_signed_name_of_another_kind_confirms_nothing(world, page):
    ask(page)
    with tenant_scope(world.provider):
        out = watches.stop_path(Watch.objects.get())
    assert Browser().post(out.replace("tell-me-no-more", "tell-me")).status_code == 404


def test_a_form_sent_from_elsewhere_asks_nobody(world, page):
    forged = Browser().post(
        f"{page}tell-me/",
        {"about": "support|support", "when": "updated", "email": KIM, "mark": "1" * 22},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert forged.status_code == 403
    assert to(world.tick(), KIM) == []


@pytest.mark.parametrize("typed", ["", "a few", "0"])
def test_no_number_of_hours_is_said_beside_it(world, page, typed):
    answer = ask(page, hours=typed)
    assert answer.status_code == 200
    assert 'id="id_hours_error"' in answer.text


def test_staff_who_look_as_the_client_are_told_whose_form_it_is(world, page, client, viewer):
    for path in ("tell-me/", "ask/overage/"):
        answer = viewer.get(f"/clients/acme/view/{path}", follow=True)
        assert "Only the client can send that form" in answer.text
    assert viewer.get("/clients/acme/view/app.webmanifest").json()["start_url"] == "./"


GOES_ON = {"key": "support_2027", "name": "Second year", "pools": [pool_table("help", "6")]}


@pytest.mark.parametrize("first", [1, 2], ids=["seamless", "another agreement"])
def test_a_wish_follows_the_agreement_that_goes_on_under_another_key(world, page, first):
    confirmed(world, page)
    world.load(retainer_table(**GOES_ON, starts=date(2026, 12, first)), ends=date(2026, 11, 30))
    world.at(NOON + timedelta(days=16))
    world.bring((date(2026, 12, 3), "2"))
    subjects = [each.subject for each in to(world.tick(), KIM)]
    assert subjects == (["Support hours: 4.0 left"] if first == 1 else [])
