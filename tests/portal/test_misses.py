"""Who tries many tokens is told to wait; nobody else is, and the count is washed out by nothing but time."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test import Client as Browser

from accounts.tenancy import tenant_scope
from portal import links, openings
from portal.doors import A_MINUTE, mark_of, too_many_misses
from portal.models import Miss
from tests.factories import ClientFactory, ProviderFactory, a_retainer

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "203.0.113.9", "198.51.100.7"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to("2026-11-22T12:00:10Z", tick=False)
    return time_machine


def ask(token="x" * 43, address=HERE):
    return Browser(REMOTE_ADDR=address).get(f"/b/{token}/")


@pytest.fixture
def limited():
    for number in range(A_MINUTE):
        assert ask(f"{number:043}").status_code == 404


@pytest.fixture
def token():
    provider = ProviderFactory()
    with tenant_scope(provider):
        client = ClientFactory(provider=provider)
        a_retainer(client)
        return links.create(client=client, by=None)[1]


def test_the_twenty_first_bad_token_in_a_minute_has_to_wait(limited):
    answer = ask()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content == ask(address=ELSEWHERE).content


@pytest.mark.parametrize("path", ["log.csv", "balance.json", "ask/top_up/", "statement/2026-01-01/", "a/b/c"])
def test_every_address_of_a_token_is_counted(limited, path):
    assert Browser(REMOTE_ADDR=HERE).get(f"/b/{'x' * 43}/{path}").status_code == 429


def test_a_good_link_opens_from_everywhere_and_is_not_counted(limited, token):
    assert ask(token, ELSEWHERE).status_code == 200
    assert ask(token).status_code == 200
    assert Miss.objects.get().count == A_MINUTE
    assert Browser(REMOTE_ADDR=ELSEWHERE).get(f"/b/{token}/?cycle=1999-01-01").status_code == 404
    assert Miss.objects.count() == 1


def test_the_next_minute_begins_anew_and_old_rows_go(limited, clock):
    clock.shift(timedelta(minutes=1))
    assert ask().status_code == 404
    clock.shift(timedelta(minutes=11))
    ask(address=ELSEWHERE)
    assert Miss.objects.count() == 1


def test_misses_from_many_other_addresses_wash_nothing_out(limited):
    for number in range(400):
        Miss.objects.create(mark=f"{number}", minute="2026-11-22T12:00:00Z", count=1)
    assert ask().status_code == 429


def test_the_address_stands_in_no_row_and_one_network_of_ipv6_is_one_asker():
    ask()
    assert HERE not in str(list(Miss.objects.values_list()))
    assert mark_of("2001:db8:1:2::1") == mark_of("2001:db8:1:2:ffff::9")
    assert mark_of("2001:db8:1:2::1") != mark_of("2001:db8:1:3::1")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_count_is_exact_when_four_ask_at_once(rf, monkeypatch):
    """As long as none is let go because the machine was busy for 50 ms."""
    monkeypatch.setattr(openings, "LOCK_MILLISECONDS", 60_000)

    def twenty_five_misses():
        try:
            for _ in range(25):
                too_many_misses(rf.get("/b/x/", REMOTE_ADDR=HERE))
        finally:
            connection.close()

    threads = [Thread(target=twenty_five_misses) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Miss.objects.get().count == 100
