"""Behind a proxy every visitor keeps an address of their own, and nobody can write themselves another one."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client as Browser

from hourtab.client_address import client_address, read_networks
from tests.factories import PASSWORD, MembershipFactory

HOUSE = read_networks(["127.0.0.1", "10.0.0.0/24", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.5", "203.0.113.7"),
        ("127.0.0.1", "10.0.0.9, 10.0.0.5", "10.0.0.9"),
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),
        ("127.0.0.1", "203.0.113.7, nonsense", "127.0.0.1"),
        ("127.0.0.1", ",", "127.0.0.1"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.5", "::ffff:203.0.113.7", "203.0.113.7"),
        ("", "203.0.113.7", "203.0.113.7"),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_is_the_client(peer, forwarded, found):
    assert client_address(peer, forwarded, HOUSE) == found


def test_a_proxy_that_is_no_address_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match=r"TRUSTED_PROXIES.*10\.0\.0\.0/24"):
        read_networks(["caddy"])


def sign_in(password, address):
    form = {"login": "dana@north.example", "password": password}
    return Browser(REMOTE_ADDR="10.0.0.5").post(
        "/accounts/login/", form, headers={"X-Forwarded-For": address}
    )


@pytest.fixture
def dana(db, settings):
    settings.TRUSTED_PROXIES = HOUSE
    return MembershipFactory(user__email="dana@north.example").user


def wrong(address, number):
    """Somebody tries other accounts from there."""
    form = {"login": f"nobody{number}@evil.example", "password": "wrong wrong wrong"}
    return Browser(REMOTE_ADDR="10.0.0.5").post(
        "/accounts/login/", form, headers={"X-Forwarded-For": address}
    )


def test_who_tries_passwords_behind_the_proxy_locks_nobody_else_out(dana):
    told = [wrong("203.0.113.66", number).text for number in range(12)]
    assert "Too many failed login attempts" in told[-1]
    assert sign_in(PASSWORD, "203.0.113.7").status_code == 302


def test_a_written_address_frees_nobody_from_the_limit(dana):
    told = [wrong(f"198.51.100.{number}, 203.0.113.66", number).text for number in range(12)]
    assert "Too many failed login attempts" in told[-1]


def test_who_is_no_proxy_of_ours_names_no_address(dana):
    def from_outside(number):
        form = {"login": f"nobody{number}@evil.example", "password": "wrong wrong wrong"}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        return Browser(REMOTE_ADDR="198.51.100.9").post("/accounts/login/", form, headers=headers)

    assert "Too many failed login attempts" in [from_outside(number).text for number in range(12)][-1]
