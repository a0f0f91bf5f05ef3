"""A client's page for staff: the client's figures, what stands behind them, and what no client sees."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client as Browser

from accounts.audit import record
from accounts.models import Role
from accounts.tenancy import tenant_scope
from portal import links
from retainers.models import Client
from tests.desk.conftest import PUBLISHED_AT
from tests.factories import (
    AFTER_HOURS,
    PAT,
    MembershipFactory,
    a_retainer,
    agreement_file,
    bank,
    client_table,
    installed,
)
from tests.shared_rows import shared_rows
from tests.world import World

AGREEMENT = agreement_file(
    client_table(
        hours="20",
        psa_names=["Acme Dental Group"],
        contacts=[PAT | {"approves": True}],
        starts=date(2026, 9, 1),
        multipliers=[AFTER_HOURS],
    ),
    client_table("Birch Lowe", hours="7", name="Birch support", starts=date(2026, 9, 1)),
    trusted_notes=["generic"],
)
EXPORT = """\
Entry ID,Client,Date,Hours,Billable,Technician,Ticket,Title,Work type,Notes,Client description
1,Acme Dental,2026-11-02,1.5,Yes,Mel Stone,T81,Switch sw-core-3 down,Remote,internal remark,Network restored
2,Acme Dental,2026-11-03,1,Yes,Elena Ruiz,T82,Night call,After hours,,
3,Acme Dental,2026-11-04,0.5,No,Tom Okafor,T83,Own meeting,Remote,,
4,Acme Dental,2026-11-05,2,Yes,Tom Okafor,T84,Drive to site,Travel,,
5,Acme Dental,2026-10-05,3,Yes,Mel Stone,T70,October work,Remote,,
6,Birch Lowe,2026-11-05,2,Yes,Bruno Kent,T99,Birch only,Remote,,
"""


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    return World(installed(tmp_path, AGREEMENT, EXPORT), published_at=PUBLISHED_AT)


def words(answer) -> str:
    """What a reader reads: the page without its markup."""
    return re.sub(r"<[^>]+>|\s*\n\s*", "", answer.content.decode())


@pytest.fixture
def page(manager):
    return manager.get("/clients/acme/").content.decode()


def test_the_log_shows_the_clients_words_beside_the_columns_of_the_psa(page):
    for said in (
        "Network restored",
        "Switch sw-core-3 down",
        "Mel Stone",
        "T81",
        "Remote",
        "1.0 h × 2 after hours = 2.0 h",
    ):
        assert said in page


def test_a_line_without_words_says_that_the_client_reads_neutral_text(page):
    assert "Support work" in page
    assert "1 line shows fallback text to the client" in page


def test_what_is_not_counted_stands_with_its_reason(page):
    apart = page.split("Not counted", 1)[1]
    assert "non-billable" in apart
    assert "travel" in apart
    assert "Own meeting" in apart


def test_hours_of_both_lists_are_written_alike(page):
    counted, apart = page.split("Not counted", 1)
    for part in (counted, apart):
        hours = re.findall(r'data-label="Hours" class="r">(?:<span[^>]*>)?([^<]+)<', part)
        assert hours
        assert all(re.fullmatch(r"\d+\.\d\d", each) for each in hours), hours


def test_the_counted_lines_add_up_to_the_hours_that_the_client_reads(page):
    assert '<td class="r">3.50</td>' in page  # 1.5 + 1.0 × 2
    assert '<strong class="big">16.5</strong>' in page


def test_another_clients_work_is_not_on_the_page(page):
    assert "Bruno Kent" not in page
    assert "Birch only" not in page


def test_an_earlier_cycle_is_chosen_by_its_first_day(manager):
    october = manager.get("/clients/acme/?retainer=support&cycle=2026-10-01").content.decode()
    assert "October work" in october
    assert "Night call" not in october


@pytest.mark.parametrize("query", ["cycle=2026-10-02", "cycle=odd", "retainer=odd", "retainer=odd&cycle=x"])
def test_a_cycle_or_retainer_that_there_is_not_is_404(query, manager):
    assert manager.get(f"/clients/acme/?{query}").status_code == 404
    assert manager.get(f"/clients/acme/view/?{query}").status_code == 404


def test_publications_imports_contacts_and_deeds_are_listed(manager):
    page = "".join(words(manager.get(f"/clients/acme/{part}/")) for part in ("history", "sharing"))
    assert "2. Import" in page
    assert "1. Agreement" in page
    assert "north.csv" in page
    assert "covers work through Thu 5 Nov" in page
    assert "Acme Dental Group" in page
    assert "may approve hours past the cap" in page
    assert "Import published: north.csv" in page
    assert "command line" in page


def test_deeds_are_listed_at_the_client_that_they_are_about(provider, manager):
    with tenant_scope(provider):
        for slug in ("acme", "birch"):
            links.create(client=Client.objects.get(slug=slug), label=f"For {slug}", by=None)
            record(None, "worded", f"Title at {slug}", clients=[slug], text="Words")
            record(None, "company mapped", f"{slug} Inc", client=slug)
    page = words(manager.get("/clients/acme/history/"))
    for said in ("Link created: For acme", "Worded: Title at acme · Words", "Company mapped: acme Inc"):
        assert said in page
    assert "birch" not in page


def test_all_of_a_long_history_can_be_reached_ten_lines_at_a_time(provider, manager):
    with tenant_scope(provider):
        for number in range(12):
            record(None, "company mapped", f"name no. {number}", client="acme")
    first = words(manager.get("/clients/acme/history/"))
    older = words(manager.get("/clients/acme/history/?deeds=2"))
    assert "name no. 11" in first
    assert "name no. 0" not in first
    assert "1–10 of" in first
    assert "name no. 0" in older
    assert "Newer" in older


def test_a_deed_bears_the_name_that_its_member_has_now(provider, manager):
    member = MembershipFactory(provider=provider, role=Role.MANAGER)
    with tenant_scope(provider):
        record(member.user, "company mapped", "acme Inc", client="acme")
    member.user.name = "Robin Castellan"
    member.user.save()
    page = words(manager.get("/clients/acme/history/"))
    assert "Robin Castellan" in page
    assert member.user.email not in page


def test_a_manager_sees_forms_and_a_viewer_none(provider, manager, viewer):
    with tenant_scope(provider):
        links.create(client=Client.objects.get(slug="acme"), by=None)
    forms = [
        browser.get("/clients/acme/sharing/").text.count('method="post" action="/clients/')
        for browser in (manager, viewer)
    ]
    assert forms == [6, 0]  # send, copy, replace, revoke, a new link, the second step


def test_a_foreign_client_and_a_missing_one_are_the_same_404(stranger):
    for path in ("", "sharing/", "history/", "view/", "view/balance.json", "view/log.csv"):
        answers = [stranger.get(f"/clients/{slug}/{path}") for slug in ("acme", "nobody")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content


MARK = re.compile(r'<aside class="staff-view".*?</aside>\n', re.DOTALL)


def test_view_as_client_is_the_very_page_behind_the_link_with_a_mark_in_front(provider, viewer):
    with tenant_scope(provider):
        _, token = links.create(client=Client.objects.get(slug="acme"), by=None)
    theirs, ours = Browser().get(f"/b/{token}/"), viewer.get("/clients/acme/view/")
    assert "staff-view" not in theirs.text
    assert MARK.search(ours.text)
    assert MARK.sub("", ours.text, count=1) == theirs.text
    assert re.search(r'<body>\s*<a class="skip"[^\n]*</a>\n<aside class="staff-view"', ours.text)
    assert "no-store" in ours.headers["Cache-Control"]


def test_the_mark_leads_back_to_the_desk_and_to_a_link_that_can_be_sent(viewer):
    mark = MARK.search(viewer.get("/clients/acme/view/").text)[0]
    assert 'href="/clients/acme/"' in mark
    assert 'href="/clients/acme/sharing/"' in mark


def test_the_log_and_the_figures_for_staff_are_the_very_ones_behind_the_link(provider, viewer):
    with tenant_scope(provider):
        _, token = links.create(client=Client.objects.get(slug="acme"), by=None)
    for part in ("log.csv", "balance.json"):
        theirs, ours = Browser().get(f"/b/{token}/{part}"), viewer.get(f"/clients/acme/view/{part}")
        assert theirs.content == ours.content
        assert "no-store" in ours.headers["Cache-Control"]


def test_view_as_client_shows_nothing_internal_and_counts_no_opening(provider, manager):
    with tenant_scope(provider):
        link, _ = links.create(client=Client.objects.get(slug="acme"), by=None)
    page = manager.get("/clients/acme/view/", HTTP_USER_AGENT="Firefox").content.decode()
    assert "Mel Stone" not in page
    assert "sw-core-3" not in page
    link.refresh_from_db()
    assert link.opened_count == 0


def test_of_several_retainers_one_can_be_looked_at_alone(world, manager):
    client = world.client("Cedar", (date(2026, 11, 3), "1"), agreement=bank(name="Reactive"))
    world.also(client, (date(2026, 11, 4), "2"), agreement=bank(key="block", name="Projects"))
    both = manager.get("/clients/cedar/").content.decode()
    one = manager.get("/clients/cedar/?retainer=block").content.decode()
    assert ('id="name-support"' in both, 'id="name-block"' in both) == (True, True)
    assert ('id="name-support"' in one, 'id="name-block"' in one) == (False, True)


def test_a_client_without_an_agreement_has_a_page(world, manager):
    world.client("Cedar", agreement=False, link=False)
    assert "This client has no agreement yet" in manager.get("/clients/cedar/").content.decode()


def test_a_retainer_that_has_not_started_has_a_page(world, manager):
    world.client("Cedar", agreement=bank(starts=date(2026, 12, 1)))
    assert "Starts on 1 December 2026" in manager.get("/clients/cedar/").content.decode()


def test_agreements_of_one_name_are_told_apart_by_their_first_day(world, manager):
    world.client("Cedar", agreement=bank(ends=date(2026, 10, 31)))
    with tenant_scope(world.provider):
        a_retainer(Client.objects.get(slug="cedar"), bank(key="renewed", starts=date(2026, 11, 1)))
    page = words(manager.get("/clients/cedar/"))
    assert "IT support, from 1 January 2026" in page
    assert "IT support, from 1 November 2026" in page
