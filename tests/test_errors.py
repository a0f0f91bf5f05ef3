"""A database that is away, and whatever else breaks: told in words of who is asking, never with a number."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser

from accounts.models import Role
from portal import answering
from tests.factories import MembershipFactory
from tests.portal.conftest import address, link, world  # noqa: F401

EVERYWHERE = ["/clients/acme/", "/admin/imports/", "/accounts/login/", "/mails/", "/requests/", "/nothing/"]


@pytest.fixture
def browser(provider) -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(MembershipFactory(provider=provider, role=Role.MANAGER).user)
    return browser


@pytest.fixture
def away() -> Iterator[None]:
    def refuse(*_):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def of_the_client(browser, address):  # noqa: F811
    """The same page before the database goes: what must not stand on it afterwards."""
    assert "16.5" in browser.get(address).text
    return address


def test_a_client_is_told_to_come_back_and_sees_no_number(of_the_client, away):
    answer = Browser(raise_request_exception=False).get(of_the_client)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "your link still works" in answer.text
    assert "<a " not in answer.text.replace('<a class="skip"', "")
    assert "16.5" not in answer.text


def test_a_client_is_told_so_in_their_language(address, away):  # noqa: F811
    answer = Browser(raise_request_exception=False).get(address, headers={"Accept-Language": "de"})
    assert "Die Störung liegt bei uns" in answer.text


@pytest.mark.parametrize("path", ["/api/imports", "balance.json"])
def test_a_program_gets_json(address, away, path):  # noqa: F811
    browser = Browser(raise_request_exception=False)
    key = {"Authorization": "Bearer ht_x"}
    answer = browser.post(path, headers=key) if path.startswith("/api") else browser.get(address + path)
    assert answer.status_code == 503
    assert "try again" in answer.json()["error"]


def test_staff_are_told_too(browser, away):
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Its database isn’t answering" in answer.text


def test_it_lives_but_is_not_ready_while_the_database_is_away(client, db, away):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_what_else_breaks_is_a_500_that_leads_a_client_nowhere(address, monkeypatch):  # noqa: F811
    monkeypatch.setattr(answering, "page_facts", lambda *_: 1 / 0)
    answer = Browser(raise_request_exception=False).get(address)
    assert (answer.status_code, "Retry-After" in answer.headers) == (500, False)
    assert "Go to the start page" not in answer.text


@pytest.mark.parametrize("path", EVERYWHERE)
def test_no_cache_in_between_keeps_a_page_of_the_desk(browser, path):
    assert "no-store" in browser.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/clients.csv", "/agreements.toml", "/month-end/overage.csv"])
def test_no_cache_in_between_keeps_a_file_of_the_desk(browser, path):
    assert "no-store" in browser.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/nothing/", "/b/x/", "/accounts/login/", "/healthz", "/robots.txt"])
def test_every_answer_stands_in_no_frame_and_is_what_it_says(browser, path):
    for who in (browser, Browser()):
        headers = who.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_fault_stands_in_no_frame_either(address, monkeypatch):  # noqa: F811
    monkeypatch.setattr(answering, "page_facts", lambda *_: 1 / 0)
    answer = Browser(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
