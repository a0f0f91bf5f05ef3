"""Asked again, a page that would say the same is not made a second time."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from portal import kept_bodies, links
from retainers.kept.keeping import keep_all
from retainers.models import Client
from tests.factories import publish_work
from tests.portal.conftest import AGREEMENT, EXPORT

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
    assert of_a_304 <= 2


def test_what_is_published_meanwhile_is_in_the_next_answer(client, address, published):
    before = client.get(f"{address}balance.json").json()
    with tenant_scope(published):
        retainer = Client.objects.get(slug="acme").retainers.get()
    publish_work(retainer, (date(2026, 6, 9), "0.25"), at=datetime(2026, 6, 22, 12, tzinfo=UTC))

    assert client.get(f"{address}balance.json").json() != before


def test_a_link_that_is_revoked_opens_nothing_that_was_kept(client, address, link, published):
    client.get(address)
    with tenant_scope(published):
        links.revoke(link=link[0], by=None, at=datetime(2026, 6, 22, 12, tzinfo=UTC))

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ANSWERS)
def test_two_providers_that_are_alike_but_for_a_name_share_nothing_in_memory(client, address, tmp_path, path):
    """The same names, days and hours in one process, asked for in turn."""
    theirs = AGREEMENT.replace('slug = "north"', 'slug = "south"').replace("After hours", "Late shift")
    (tmp_path / "south.toml").write_text(theirs)
    (tmp_path / "south.csv").write_text(EXPORT)
    call_command("load_retainers", str(tmp_path / "south.toml"), verbosity=0)
    said = ("--provider", "south", "--publish", "--accept", "one-company")
    call_command("import_csv", str(tmp_path / "south.csv"), *said, verbosity=0)
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


def test_a_page_that_nobody_has_made_yet_asks_six_times_once_its_closed_cycles_are_kept(
    client, address, published
):
    with tenant_scope(published):
        keep_all(published)
    client.get(address)
    kept_bodies.forget_all()

    answer, asked = selects(lambda: client.get(address))

    assert answer.status_code == 200
    assert asked <= 6
