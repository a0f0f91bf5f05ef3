"""Badges: the page's number in a picture and in a line, for sites that were named, until it is revoked."""

import doctest
import re
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from portal import badge_views, badges
from portal.brand import parse
from portal.models import Badge
from retainers.models import Client
from tests.factories import load_agreements
from tests.portal.conftest import agreements

SITE = "https://intranet.acme.example"
PAGE = "/clients/acme/badges/"


@pytest.fixture
def badge(provider):
    with tenant_scope(provider):
        return badges.make_badge(client=Client.objects.get(slug="acme"), sites=[SITE], by=None)


def picture(client, token):
    return client.get(f"/b/badge/{token}.svg")


def png(client, token):
    return client.get(f"/b/badge/{token}.png")


def line(client, token):
    return client.get(f"/b/badge/{token}/")


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", "", response.content.decode()).split())


def test_worked_examples_hold():
    found = doctest.testmod(badges)
    assert (found.attempted > 0, found.failed) == (True, 0)


def test_the_picture_has_the_pages_figure_and_its_day(client, badge, address):
    said = client.get(f"{address}balance.json").json()["retainers"][0]
    assert (said["cycle"]["total"]["remaining"], said["through"]) == ("16.50", "2026-06-05")
    response = picture(client, badge[1])
    assert response.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "16.5 h left, through Fri 5 Jun" in text_of(response)
    assert "16.5 h left, through Fri 5 Jun" in text_of(line(client, badge[1]))


def test_the_png_is_the_same_picture_twice_as_high(client, badge):
    response = client.get(f"/b/badge/{badge[1]}.png")
    assert response.headers["Content-Type"] == "image/png"
    assert response.content == badge_views.drawn("16.5 h left, through Fri 5 Jun", badge_views.CALM)
    with Image.open(BytesIO(response.content)) as shown:
        assert shown.height == 56
        assert shown.info.keys() <= {"dpi"}  # nothing but the picture is in it
        assert shown.getpixel((20, 8)) == (*parse(badge_views.CALM), 255)


def test_a_long_line_stays_within_its_png():
    line = (
        "Comprehensive infrastructure support: 6.5 h left · מינויים: 0 h left, 2.5 over, through Mon 23 Nov"
    )
    with Image.open(BytesIO(badge_views.drawn(line, badge_views.ALARM))) as shown:
        edges = {shown.getpixel((x, 28)) for x in (4, 12, shown.width - 13, shown.width - 5)}
    assert edges == {(*parse(badge_views.ALARM), 255)}


def test_neither_link_nor_page_nor_name_can_be_had_from_it(client, badge, address, link):
    for response in (picture(client, badge[1]), line(client, badge[1])):
        body = response.content.decode()
        assert link[1] not in body
        assert badge[1] not in body
        assert "Acme" not in body
        assert "<a" not in body
        assert not response.cookies
    assert client.get(f"/b/{badge[1]}/").status_code == 404
    assert client.get(f"/b/badge/{link[1]}/").status_code == 404


def test_the_line_is_framed_by_the_named_sites_and_by_no_other(client, badge, provider):
    response = line(client, badge[1])
    assert re.search(rf"frame-ancestors {re.escape(SITE)}(;|$)", response.headers["Content-Security-Policy"])
    assert "X-Frame-Options" not in response.headers
    with tenant_scope(provider):
        badges.allow_sites(badge=badge[0], sites=[], by=None)
    response = line(client, badge[1])
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


def test_the_page_itself_is_framed_by_nobody(client, address, badge):
    response = client.get(address)
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


def test_a_badge_that_is_revoked_and_one_that_never_was_look_the_same(client, badge, provider):
    with tenant_scope(provider):
        assert badges.revoke_badge(badge=badge[0], by=None, at=badge[0].created_at)
        assert not badges.revoke_badge(badge=badge[0], by=None, at=badge[0].created_at)
        assert not badges.allow_sites(badge=badge[0], sites=[], by=None)
    for ask in (picture, png, line):
        gone, never = ask(client, badge[1]), ask(client, "x" * 43)
        assert (gone.status_code, never.status_code) == (404, 404)
        assert gone.content == never.content


def test_long_after_the_agreement_a_badge_shows_nothing(client, badge, provider, time_machine, tmp_path):
    load_agreements(tmp_path, agreements(ends=date(2026, 6, 30)))
    time_machine.move_to("2026-07-15T12:00:00Z", tick=False)
    assert "No agreement runs" in text_of(picture(client, badge[1]))
    time_machine.move_to("2026-07-30T12:00:00Z", tick=False)  # the last day of the page behind it
    assert picture(client, badge[1]).status_code == 200
    time_machine.move_to("2026-08-15T12:00:00Z", tick=False)
    assert picture(client, badge[1]).status_code == 404


def test_it_speaks_the_readers_language(client, badge):
    response = client.get(f"/b/badge/{badge[1]}.svg", headers={"Accept-Language": "de"})
    assert "16,5 h" in text_of(response)
    assert "left" not in text_of(response)


def test_a_form_that_is_sent_twice_makes_one_badge(manager, provider):
    once = re.search(r'name="once" value="(\w+)"', manager.get(PAGE).text)[1]
    manager.post(PAGE, {"sites": "", "once": once})
    again = manager.post(PAGE, {"sites": "", "once": once}, follow=True)
    assert "This form has already created its badge." in again.text
    with tenant_scope(provider):
        assert Badge.objects.count() == 1


def test_a_manager_makes_allows_and_revokes_and_all_of_it_is_on_record(manager, client, provider):
    made = manager.post(PAGE, {"sites": f"{SITE}/\nhttps://Wiki.acme.example"})
    found = re.search(r"/b/badge/([\w-]{43})\.svg", made.content.decode())
    assert line(client, found.group(1)).status_code == 200
    assert found.group(1) not in manager.get(PAGE).content.decode()
    with tenant_scope(provider):
        badge = Badge.objects.get()
        assert badge.sites == [SITE, "https://wiki.acme.example"]
    manager.post(f"{PAGE}{badge.pk}/sites/", {"sites": SITE})
    manager.post(f"{PAGE}{badge.pk}/revoke/")
    assert line(client, found.group(1)).status_code == 404
    with tenant_scope(provider):
        acts = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"badge made", "badge sites changed", "badge revoked"} <= acts


@pytest.mark.parametrize(
    "wrong",
    ["http://a.example", "https://a.example/x", "*", "https://*.a.example", "a.example", "https://a;b"],
)
def test_a_site_is_https_and_a_host_and_nothing_else(wrong):
    with pytest.raises(badges.NoSiteError):
        badges.site_of(wrong)


def test_what_is_no_site_is_said_next_to_its_field(manager, provider):
    page = manager.post(PAGE, {"sites": f"{SITE}\nhttp://a.example"})
    assert page.status_code == 422
    assert "Write it as https://name.example" in page.content.decode()
    with tenant_scope(provider):
        assert not Badge.objects.exists()
