"""What managers do with share links, and what everybody else may not."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from portal.models import ShareLink
from tests.desk.conftest import NOW, TODAY
from tests.factories import bank

CREATE = "/clients/acme/links/"


@pytest.fixture
def acme(world):
    return world.client("Acme", agreement=None, link=False)


@pytest.fixture
def link(world, acme):
    return world.link(acme, opened=False)


def links_of(world):
    with tenant_scope(world.provider):
        return list(ShareLink.objects.order_by("pk"))


def deeds(world):
    with tenant_scope(world.provider):
        return [event.action for event in AuditEvent.objects.order_by("pk")]


def shown_address(answer) -> str:
    page = answer.content.decode()
    return page.split('id="address" value="', 1)[1].split('"', 1)[0]


def test_a_manager_makes_a_link_and_sees_its_address_once(world, acme, manager, client):
    answer = manager.post(CREATE, {"label": " Pat  Lee ", "expires_on": "2026-12-31"})
    (link,) = links_of(world)
    assert (link.label, str(link.expires_on)) == ("Pat Lee", "2026-12-31")
    assert client.get(shown_address(answer)).status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert shown_address(answer) not in manager.get("/clients/acme/sharing/").content.decode()


def test_the_address_of_a_link_is_in_no_table_after_it_was_shown(world, acme, manager):
    token = shown_address(manager.post(CREATE)).rstrip("/").rsplit("/", 1)[-1]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert token not in repr(cursor.fetchall()), table


def test_a_last_day_that_has_passed_is_refused_with_the_form_filled_in(world, acme, manager):
    answer = manager.post(CREATE, {"label": "Pat", "expires_on": str(TODAY - timedelta(days=1))})
    assert answer.status_code == 422
    assert "That day has passed" in answer.content.decode()
    assert 'value="Pat"' in answer.content.decode()
    assert links_of(world) == []


def test_today_is_a_last_day(world, acme, manager):
    assert manager.post(CREATE, {"expires_on": str(TODAY)}).status_code == 200


def test_copying_shows_the_same_address_and_is_on_record(world, acme, manager):
    made = shown_address(manager.post(CREATE))
    (link,) = links_of(world)
    assert shown_address(manager.post(f"{CREATE}{link.pk}/copy/")) == made
    assert deeds(world)[-2:] == ["link created", "link copied"]


def test_beside_the_address_stands_who_can_read_it_when_it_ends_and_how_to_revoke_it(world, link, manager):
    page = manager.post(f"{CREATE}{link.pk}/copy/").content.decode()
    assert "Anyone with this address can read the balance and the work log" in page
    assert "No expiry: it works until 30 days after the agreement ends." in page
    assert "You can revoke it" in page


def test_without_the_key_a_link_can_only_be_replaced(world, link, manager, settings):
    settings.HOURTAB_LINK_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    answer = manager.post(f"{CREATE}{link.pk}/copy/", follow=True)
    assert "Replace the link instead" in answer.content.decode()


def test_replacing_makes_a_new_address_and_ends_the_old_one(world, acme, manager, client):
    old = shown_address(manager.post(CREATE, {"label": "Pat"}))
    (link,) = links_of(world)
    new = shown_address(manager.post(f"{CREATE}{link.pk}/replace/"))
    assert (client.get(old).status_code, client.get(new).status_code) == (410, 200)
    assert links_of(world)[-1].label == "Pat"


def test_revoking_makes_the_address_unknown(world, acme, manager, client):
    address = shown_address(manager.post(CREATE))
    (link,) = links_of(world)
    answer = manager.post(f"{CREATE}{link.pk}/revoke/")
    assert answer.headers["Location"] == "/clients/acme/sharing/"
    assert client.get(address).status_code == 404
    assert deeds(world)[-1] == "link revoked"


@pytest.mark.parametrize("deed", ["copy", "replace", "revoke"])
@pytest.mark.parametrize("end", ["revoked_at", "replaced_at"])
def test_with_a_link_that_is_over_nothing_can_be_done_and_the_page_says_so(world, acme, manager, deed, end):
    link = world.link(acme, **{end: NOW})
    before = deeds(world)
    answer = manager.post(f"{CREATE}{link.pk}/{deed}/", follow=True)
    assert answer.redirect_chain == [("/clients/acme/sharing/", 302)]
    assert "nothing was changed" in answer.text
    assert deeds(world) == before
    assert len(links_of(world)) == 1


def test_replacing_sent_again_by_reloading_shows_the_link_that_took_the_place(world, link, manager):
    first = shown_address(manager.post(f"{CREATE}{link.pk}/replace/"))
    assert shown_address(manager.post(f"{CREATE}{link.pk}/replace/")) == first
    assert len(links_of(world)) == 2
    assert deeds(world).count("link replaced") == 1


@pytest.mark.parametrize("deed", ["", "copy/", "replace/", "revoke/"])
def test_a_viewer_may_not_and_nothing_happens(world, link, viewer, deed):
    path = f"{CREATE}{link.pk}/{deed}" if deed else CREATE
    before = deeds(world)
    assert viewer.post(path).status_code == 403
    assert deeds(world) == before
    assert len(links_of(world)) == 1


@pytest.mark.parametrize("deed", ["", "copy/", "replace/", "revoke/"])
def test_a_client_of_another_provider_looks_like_one_that_is_missing(world, link, deed, stranger):
    path = f"{CREATE}{link.pk}/{deed}" if deed else CREATE
    missing = path.replace("acme", "nobody")
    answers = [stranger.post(path), stranger.post(missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("deed", ["copy", "replace", "revoke"])
def test_a_link_is_found_only_at_its_own_client(world, link, manager, deed):
    world.client("Birch", agreement=None, link=False)
    assert manager.post(f"/clients/birch/links/{link.pk}/{deed}/").status_code == 404


@pytest.mark.parametrize("deed", ["", "1/copy/", "1/replace/", "1/revoke/"])
def test_opening_the_address_of_a_deed_does_nothing(world, acme, manager, deed):
    answer = manager.get(f"{CREATE}{deed}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Nothing was done" in answer.text


def test_a_form_that_names_itself_by_what_is_no_mark_is_one_of_many(world, acme, manager):
    """It would be a key of the cache, which takes no blanks."""
    for _ in range(2):
        manager.post(CREATE, {"label": "Pat Lee", "once": "0 0"})
    with tenant_scope(world.provider):
        assert ShareLink.objects.filter(label="Pat Lee").count() == 2


def test_the_form_sent_again_by_reloading_shows_the_link_that_it_made(world, acme, manager):
    once = re.search(r'name="once" value="(\w+)"', manager.get("/clients/acme/sharing/").text)[1]
    pages = [manager.post(CREATE, {"label": "Pat Lee", "once": once}).text for _ in range(2)]
    addresses = [re.search(r"/b/[\w-]+/", page)[0] for page in pages]
    assert addresses[0] == addresses[1]
    with tenant_scope(world.provider):
        assert ShareLink.objects.filter(label="Pat Lee").count() == 1


def test_the_form_sent_twice_at_once_makes_one_link(world, acme, manager):
    """A double click: the second request has read its session before the first one has written it."""
    manager.post(CREATE, {"label": "Pat Lee", "once": "aa"})
    session = manager.session
    del session["links_made"]
    session.save()
    second = manager.post(CREATE, {"label": "Pat Lee", "once": "aa"}, follow=True)
    assert "no second one was made" in second.text
    with tenant_scope(world.provider):
        assert ShareLink.objects.filter(label="Pat Lee").count() == 1


def test_the_form_of_a_link_that_was_revoked_since_makes_no_other(world, acme, manager):
    manager.post(CREATE, {"label": "Pat Lee", "once": "aa"})
    with tenant_scope(world.provider):
        ShareLink.objects.filter(label="Pat Lee").update(revoked_at=NOW)
    assert (
        "no second one was made" in manager.post(CREATE, {"label": "Pat Lee", "once": "aa"}, follow=True).text
    )
    with tenant_scope(world.provider):
        assert ShareLink.objects.filter(label="Pat Lee").count() == 1


def test_a_link_about_to_end_and_one_of_last_year_want_to_be_looked_at(world, acme, manager):
    world.link(acme, expires_on=TODAY + timedelta(days=14), label="Soon")
    world.link(acme, created_at=NOW - timedelta(days=366), label="Old")
    page = manager.get("/clients/acme/sharing/").content.decode()
    assert "Ends soon" in page
    assert "More than a year old" in page


def test_links_that_are_over_are_listed_apart_with_how_they_ended(world, acme, manager):
    world.link(acme, revoked_at=NOW)
    world.link(acme, expires_on=TODAY - timedelta(days=1))
    page = manager.get("/clients/acme/sharing/").content.decode()
    assert "revoked Sun 22 Nov" in page
    assert "ended Sat 21 Nov" in page
    assert "No active links. The client’s page can’t be opened right now." in page


def test_a_text_to_send_goes_with_the_address_and_names_the_update_days(world, manager):
    world.client("Acme", agreement=bank(updates_on=("mon", "thu")), link=False)
    answer = manager.post(CREATE, {})
    text = answer.text.split('id="to-send"', 1)[1].split("</textarea>", 1)[0]
    assert shown_address(answer) in text
    assert "The page is updated Mondays and Thursdays." in text


def test_without_promised_days_the_text_promises_none(acme, manager):
    text = manager.post(CREATE, {}).text.split('id="to-send"', 1)[1].split("</textarea>", 1)[0]
    assert "The page is updated" not in text
