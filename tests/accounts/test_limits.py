"""Attempts to sign in are limited, and nobody washes the count out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser

from tests.factories import PASSWORD, MembershipFactory

FIVE = 5  # wrong passwords for one address in five minutes
MORE_THAN_DJANGO_KEEPS = 400
MINUTES = 5 * 60


def attempt(email, password="wrong wrong wrong", address="203.0.113.1"):
    return Browser(REMOTE_ADDR=address).post("/accounts/login/", {"login": email, "password": password})


@pytest.fixture
def locked(db):
    """A member whose address was tried too often, from many places."""
    member = MembershipFactory()
    for number in range(FIVE):
        attempt(member.user.email, address=f"203.0.113.{number}")
    return member.user.email


def test_after_five_wrong_passwords_the_right_one_waits_too(locked):
    answer = attempt(locked, PASSWORD, "198.51.100.7")
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.text


def test_attempts_on_other_accounts_do_not_wash_the_count_out(locked):
    for number in range(MORE_THAN_DJANGO_KEEPS):
        cache.set(f"allauth:rl:login_failed:{number}", [1.0], MINUTES)
    assert "Too many failed login attempts" in attempt(locked, PASSWORD, "198.51.100.7").text


def test_what_has_run_out_makes_room(db, time_machine):
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    for number in range(MORE_THAN_DJANGO_KEEPS):
        cache.set(f"old:{number}", 1, MINUTES)
    time_machine.shift(timedelta(seconds=MINUTES + 1))
    cache.set("new", 1, MINUTES)
    cache.set("newer", 1, MINUTES)
    assert cache.get("old:1") is None
    assert cache.get("new") == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_count_is_exact_when_twenty_try_at_once():
    """Each is a thread with a connection of its own, as each worker has."""
    email = MembershipFactory().user.email

    def evaluated(number):
        try:
            answer = attempt(email, address=f"203.0.113.{number}")
        finally:
            connection.close()
        return "Too many failed login attempts" not in answer.text

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(evaluated, range(20))) == FIVE
