"""Share links: what opens, what does not, and what is on record about them."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from portal import links
from portal.access import open_link, opens
from portal.models import ShareLink
from portal.openings import _by_a_person
from retainers.models import Client
from tests.factories import a_retainer, an_agreement, load_agreements
from tests.portal.conftest import agreements

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"}


def test_tokens_are_unique_and_256_bits_long(provider):
    with tenant_scope(provider):
        client = Client.objects.get(slug="acme")
        tokens = {links.create(client=client, by=None)[1] for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}


def test_the_token_stands_in_no_table(link, client, address):
    client.get(address, **BROWSER)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert link[1] not in repr(cursor.fetchall()), table


def test_a_link_is_copied_again_and_that_is_on_record(provider, link):
    with tenant_scope(provider):
        assert links.copy(link=link[0], by=None) == links.address_of(link[1])
        assert AuditEvent.objects.filter(action="link copied").count() == 1


def test_with_another_key_a_link_can_only_be_replaced(provider, link, settings):
    settings.HOURTAB_LINK_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    with tenant_scope(provider):
        assert links.copy(link=link[0], by=None) is None


def test_wrong_malformed_and_revoked_tokens_get_the_same_404(provider, link, client, address):
    with tenant_scope(provider):
        links.revoke(link=link[0], by=None, at=now())
    wrong = [address, "/b/" + "x" * 43 + "/", "/b/%00/", "/b/short/", f"/b/{link[1]}/nothing.html", "/b/ü/"]
    answers = [client.get(path) for path in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in answers)


def test_the_work_for_a_token_does_not_tell_which_kind_of_wrong_it_is(provider, link, client, address):
    """The same questions to the database, but for what they ask for: a malformed token is looked up like any other."""
    with tenant_scope(provider):
        links.revoke(link=link[0], by=None, at=now())
    asked = []
    for path in (address, "/b/" + "x" * 43 + "/", "/b/short/", "/b/" + "y" * 300 + "/", f"/b/{link[0].pk}/"):
        with CaptureQueriesContext(connection) as queries:
            client.get(path, REMOTE_ADDR=f"203.0.113.{len(asked)}")
        asked.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries.captured_queries])
    assert asked[0]
    assert asked == [asked[0]] * 5


def test_a_revoked_link_answers_404_to_a_conditional_request_too(provider, link, client, address):
    etag = client.get(address).headers["ETag"]
    with tenant_scope(provider):
        links.revoke(link=link[0], by=None, at=now())
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_revoking_one_link_leaves_the_others(provider, link, client):
    with tenant_scope(provider):
        _, other = links.create(client=link[0].client, by=None)
        links.revoke(link=link[0], by=None, at=now())
    assert client.get(f"/b/{other}/").status_code == 200


def test_a_replaced_link_says_so_without_data_and_the_new_one_works(provider, link, client, address):
    with tenant_scope(provider):
        _, token = links.replace(link=link[0], by=None, at=now())
    gone = client.get(address)
    assert gone.status_code == 410
    assert "North IT" in gone.text
    assert "Acme" not in gone.text
    assert "hours remaining" not in gone.text
    assert client.get(f"/b/{token}/").status_code == 200


def test_a_link_opens_up_to_its_last_day(provider, link, client, address):
    today = date(2026, 6, 22)
    with tenant_scope(provider):
        ShareLink.objects.update(expires_on=today)
        assert client.get(address).status_code == 200
        ShareLink.objects.update(expires_on=today - timedelta(days=1))
    assert client.get(address).status_code == 410


def test_a_link_ends_30_days_after_the_clients_last_retainer(
    provider, client, address, tmp_path, run_load, time_machine
):
    run_load(ends="2026-06-30")
    time_machine.move_to("2026-07-30T12:00:00Z", tick=False)
    assert client.get(address).status_code == 200
    time_machine.move_to("2026-07-31T12:00:00Z", tick=False)
    assert client.get(address).status_code == 410


def test_of_agreements_that_are_all_over_the_one_that_ended_last_decides(
    provider, link, client, address, run_load, time_machine
):
    run_load(ends="2026-06-30")
    with tenant_scope(provider):
        a_retainer(link[0].client, an_agreement(key="before", ends=date(2026, 3, 31)))
    time_machine.move_to("2026-07-30T12:00:00Z", tick=False)
    assert client.get(address).status_code == 200


def test_a_page_says_until_when_it_is_open_by_whatever_closes_it_first(provider, link, run_load):
    run_load(ends="2026-06-30")
    for expires, closes in ((date(2026, 7, 4), date(2026, 7, 4)), (date(2026, 9, 1), date(2026, 7, 30))):
        with tenant_scope(provider):
            ShareLink.objects.update(expires_on=expires)
        assert open_link(link[1]).closes_on == closes


def test_a_renewed_clients_link_opens_long_after_the_old_agreement_has_ended(
    provider, link, client, address, time_machine
):
    old = an_agreement(key="before", name="IT support 2025", ends=date(2026, 3, 31))
    with tenant_scope(provider):
        a_retainer(link[0].client, old)
    time_machine.move_to("2026-08-15T12:00:00Z", tick=False)
    assert client.get(address).status_code == 200
    assert opens(link[0])


@pytest.fixture
def run_load(tmp_path):
    def load(ends: str) -> None:
        load_agreements(tmp_path, agreements(ends=ends))

    return load


def test_openings_are_counted_at_most_once_in_ten_minutes(link, client, address, time_machine):
    client.get(address, **BROWSER)
    client.get(address, **BROWSER)
    with tenant_scope(link[0].provider):
        assert ShareLink.objects.get().opened_count == 1
    time_machine.shift(timedelta(minutes=11))
    client.get(address, **BROWSER)
    with tenant_scope(link[0].provider):
        assert ShareLink.objects.get().opened_count == 2


@pytest.mark.parametrize(
    "agent", ["Slackbot-LinkExpanding 1.0", "WhatsApp/2.23", "Mozilla/5.0 (compatible; bingbot/2.0)", ""]
)
def test_a_program_that_looks_at_links_is_no_person(rf, agent):
    assert not _by_a_person(rf.get("/b/x/", headers={"User-Agent": agent}))
    assert _by_a_person(rf.get("/b/x/", **BROWSER))


def test_programs_that_look_at_links_are_not_counted(link, client, address):
    client.get(address, HTTP_USER_AGENT="Slackbot-LinkExpanding 1.0")
    with tenant_scope(link[0].provider):
        assert ShareLink.objects.get().last_opened_at is None


def test_looking_at_the_head_counts_nothing(link, client, address):
    client.head(address, **BROWSER)
    with tenant_scope(link[0].provider):
        assert ShareLink.objects.get().opened_count == 0


@pytest.mark.parametrize("path", ["", "/ask/top_up", "/statement/2026-01-01"])
def test_an_address_that_lost_its_last_slash_leads_to_the_one_with_it(client, address, path):
    lost = address.rstrip("/") + path
    answer = client.get(f"{lost}?cycle=2026-05-01")
    assert (answer.status_code, answer.headers["Location"]) == (308, f"{lost}/?cycle=2026-05-01")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_wrong_address_without_its_slash_is_led_on_just_the_same(client, link):
    answer = client.get("/b/" + "x" * 43, follow=True)
    assert answer.redirect_chain == [("/b/" + "x" * 43 + "/", 308)]
    assert answer.status_code == 404


def test_an_address_that_leads_nowhere_with_a_slash_is_not_led_on(client, link):
    assert client.get("/b/a/b/c/d").status_code == 404
