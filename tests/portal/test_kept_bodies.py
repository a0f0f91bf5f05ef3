"""Asked again, a page that would say the same is not made a second time."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from accounts.models import Provider
from accounts.tenancy import all_tenants, tenant_scope
from accounts.worked_out import Records
from portal import kept_bodies, link_rows, links
from portal.link_rows import LinkRow, link_row
from portal.models import SecondStep, ShareLink
from retainers.gate.known import Known, read_known
from retainers.kept.keeping import keep_all
from retainers.models import Client, CompanyName, LetThrough, RuleBook, StaffName
from tests.factories import MembershipFactory, load_agreements, publish_export, publish_work
from tests.portal.conftest import EXPORT, agreements

ANSWERS = ("", "balance.json", "log.csv")


def selects(ask: Callable[[], Any]) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    return answer, sum(each["sql"].startswith("SELECT") for each in asked)


@pytest.mark.parametrize("path", ANSWERS)
def test_a_second_visit_gets_the_same_answer_for_what_a_304_asks(client, address, path):
    first = client.get(address + path)
    known = {"If-None-Match": first.headers["ETag"]}

    _, of_a_304 = selects(lambda: client.get(address + path, headers=known))
    again, of_the_second = selects(lambda: client.get(address + path))

    assert (again.status_code, again.content) == (200, first.content)
    assert {**again.headers, "X-Request-ID": ""} == {**first.headers, "X-Request-ID": ""}
    assert of_the_second == of_a_304
    assert of_a_304 == 1


def test_what_is_published_meanwhile_is_in_the_next_answer(client, address, provider):
    before = client.get(f"{address}balance.json").json()
    with tenant_scope(provider):
        retainer = Client.objects.get(slug="acme").retainers.get()
    publish_work(retainer, (date(2026, 6, 9), "0.25"), at=datetime(2026, 6, 22, 12, tzinfo=UTC))

    assert client.get(f"{address}balance.json").json() != before


def test_a_link_that_is_revoked_opens_nothing_that_was_kept(client, address, link, provider):
    client.get(address)
    with tenant_scope(provider):
        links.revoke(link=link[0], by=None, at=datetime(2026, 6, 22, 12, tzinfo=UTC))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ANSWERS)
def test_two_providers_that_are_alike_but_for_a_name_share_nothing_in_memory(client, address, tmp_path, path):
    """The same names, days and hours in one process, asked for in turn."""
    theirs = agreements().replace('slug = "north"', 'slug = "south"').replace("After hours", "Late shift")
    load_agreements(tmp_path, theirs)
    publish_export(tmp_path, EXPORT, "--accept", "one-company", provider="south")
    south = Provider.objects.get(slug="south")
    with tenant_scope(south):
        there = f"/b/{links.create(client=Client.objects.get(slug='acme'), by=None)[1]}/"
    answers = [client.get(each + path) for each in (address, there, address, there)]
    assert ["After hours" in answer.text for answer in answers] == [True, False, True, False]
    assert ["Late shift" in answer.text for answer in answers] == [False, True, False, True]
    etags = [answer.headers["ETag"] for answer in answers]
    assert etags[0] == etags[2] != etags[1] == etags[3]


def test_what_was_not_asked_for_longest_goes_first():
    answer = HttpResponse(b"x" * kept_bodies.LARGEST)
    fit = kept_bodies.MOST_BYTES // kept_bodies.LARGEST
    for number in range(fit):
        kept_bodies.keep(str(number), answer)
    kept_bodies.take("0")

    kept_bodies.keep("one more", answer)

    assert kept_bodies.take("0") is not None
    assert kept_bodies.take("1") is None


@pytest.mark.parametrize(
    "answer",
    [HttpResponse(b"x" * (kept_bodies.LARGEST + 1)), HttpResponse(b"x", status=404)],
    ids=["too large", "not found"],
)
def test_what_is_large_or_did_not_come_out_well_is_not_kept(answer):
    kept_bodies.keep("it", answer)

    assert kept_bodies.take("it") is None


def test_a_page_that_nobody_has_made_yet_asks_five_times_once_its_closed_cycles_are_kept(
    client, address, provider
):
    with tenant_scope(provider):
        keep_all(provider)
    client.get(address)
    kept_bodies.forget_all()

    answer, asked = selects(lambda: client.get(address))

    assert answer.status_code == 200
    assert asked <= 5


def the_row(link) -> LinkRow:
    with all_tenants("a test looks at what a link opens"):
        found = link_row(link[0].digest)
    assert found is not None
    return found


def test_every_column_behind_a_link_is_in_its_mark_but_those_that_a_visit_writes(link):
    row = the_row(link)
    (record,) = row.found.rows
    changed = [(*record[:at], f"{record[at]} else".encode(), *record[at + 1 :]) for at in range(len(record))]

    marks = [LinkRow(Records([each], row.found.query)).mark for each in changed]

    alike = [at for at, mark in enumerate(marks) if mark == row.mark]
    assert [link_rows.NAMES[0][at] for at in alike] == ["last_opened_at", "opened_count"]


def test_another_agreement_of_the_client_is_in_the_mark(link):
    row = the_row(link)
    (record,) = row.found.rows

    marks = {
        LinkRow(Records([record, other], row.found.query)).mark
        for other in (record, (*record[:-8], 1, *record[-7:]))
    }

    assert row.mark not in marks


def a_member() -> None:
    MembershipFactory(provider=Provider.objects.get(slug="north"), user__name="Night Shift")


def a_rule_book() -> None:
    RuleBook.objects.create(number=2, document=[], recorded_at=datetime(2026, 6, 22, 12, tzinfo=UTC))


def a_step() -> None:
    SecondStep.objects.create(client=Client.objects.get(slug="acme"))


def another_provider(**values: Any) -> Callable[[], Any]:
    return lambda: Provider.objects.filter(slug="north").update(**values)


DECIDES: dict[str, Callable[[], Any]] = {
    "accent": another_provider(accent="#123456"),
    "logo": another_provider(logo=b"a picture"),
    "provider's name": another_provider(name="South IT"),
    "phone": another_provider(support_phone="+1 555 0199"),
    "mail address": another_provider(support_email="help@north.example"),
    "time zone": another_provider(timezone="Europe/Berlin"),
    "business hours": another_provider(business_hours=[]),
    "days of grace": another_provider(settles_after_days=9),
    "what is told of uncharged work": another_provider(shows_uncharged=["travel"]),
    "client's name": lambda: Client.objects.filter(slug="acme").update(name="Acme Dental Care"),
    "a name of staff": lambda: StaffName.objects.create(name="After Hours"),
    "a member": a_member,
    "another client": lambda: Client.objects.create(slug="hours", name="After hours"),
    "another client's company": lambda: CompanyName.objects.create(
        client=Client.objects.get(slug="birch"), name="After hours", key="after hours"
    ),
    "words let through": lambda: LetThrough.objects.create(kind="words", text="After hours", key="a key"),
    "a find let through": lambda: LetThrough.objects.create(kind="find", text="After", key="a key"),
    "rules": a_rule_book,
    "second step": a_step,
    "last day of the link": lambda: ShareLink.objects.update(expires_on=date(2026, 7, 1)),
}


@pytest.mark.parametrize("deed", DECIDES.values(), ids=DECIDES)
def test_whatever_decides_what_a_page_says_ends_what_was_kept_of_it(client, address, provider, deed):
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    with tenant_scope(provider):
        deed()

    assert client.get(address, headers=known).status_code != 304


def test_the_gate_behind_a_link_knows_what_the_desk_knows(link, provider):
    south = MembershipFactory(user__name="Sue South").provider
    with tenant_scope(south):
        StaffName.objects.create(name="Stan South")
    MembershipFactory(provider=provider, user__name="Dana North")
    with tenant_scope(provider):
        acme = Client.objects.get(slug="acme")
        StaffName.objects.create(name="Max Stone")
        CompanyName.objects.create(client=acme, name="Acme Teeth", key="acme teeth")
        LetThrough.objects.create(kind="words", text="One", key="one", client=acme)
        LetThrough.objects.create(kind="words", text="All", key="all")
        LetThrough.objects.create(kind="find", text="Mel", key="mel")
        at_the_desk = read_known(provider)
    with all_tenants("before the link says whose it is"):
        behind_the_link = link_row(links.digest_of(link[1])).known

    assert behind_the_link == at_the_desk
    assert at_the_desk != Known.of(())


def test_a_text_that_leaks_since_it_was_kept_is_withheld(client, address, provider):
    assert "After hours" in client.get(address).text
    with tenant_scope(provider):
        StaffName.objects.create(name="After Hours")

    assert "After hours" not in client.get(address).text


def test_a_visit_that_is_counted_leaves_the_page_as_it_was(client, address, link):
    person = {"User-Agent": "Mozilla/5.0"}
    etag = client.get(address, headers=person).headers["ETag"]
    again = client.get(address, headers={**person, "If-None-Match": etag})

    assert the_row(link).link.opened_count == 1
    assert again.status_code == 304


def test_a_signed_in_browser_opens_no_session_behind_a_link(client, address, provider):
    client.force_login(MembershipFactory(provider=provider).user)

    answer = client.get(address)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value
    assert not hasattr(answer.wsgi_request, "session")
    assert not hasattr(answer.wsgi_request, "user")
