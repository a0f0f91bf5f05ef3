"""While a request is answered, or a statement of a test's own runs, no other thread asks the shared connection."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from time import sleep
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection, connections

from tests.browser.one_at_a_time import ALONE, ANSWERING

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OF_ALL_TESTS = connections["default"]  # before a browser runs


def others_wait(**_: object) -> bool:
    """Whether another thread that asked now would have to wait."""
    with ThreadPoolExecutor(1) as pool:
        return not pool.submit(_taken).result()


def _taken() -> bool:
    taken = ALONE.acquire(blocking=False)
    if taken:
        ALONE.release()
    return taken


@pytest.fixture
def seen():
    """Whether all others waited, as a request started and as it was finished."""
    seen = []

    def see(**_: object) -> None:
        seen.append(others_wait())

    for signal in (request_started, request_finished):
        signal.connect(see)
    yield seen
    for signal in (request_started, request_finished):
        signal.disconnect(see)


@pytest.mark.parametrize("address", ["/accounts/login/", "/static/hourtab.css", "/nothing/"])
def test_all_others_wait_from_a_requests_start_to_its_end(live_server, seen, address):
    asked = HTTPConnection(urlsplit(live_server.url).netloc)
    asked.request("GET", address)
    asked.getresponse().read()
    asked.close()
    with ALONE:  # the answer is closed after it was read
        assert seen == [True, True]


@pytest.mark.sqlite
def test_all_others_wait_while_a_test_asks():
    connection.connection.create_function("others_wait", 0, others_wait)
    with connection.cursor() as cursor:
        cursor.execute("SELECT others_wait()")
        assert cursor.fetchone() == (True,)


def test_what_was_asked_last_is_answered_before_the_database_is_emptied(live_server):
    """A page that is closed may have asked for something a moment before."""
    host = urlsplit(live_server.url).netloc
    answered = []

    def answer(**_: object) -> None:
        sleep(0.2)
        answered.append(True)

    asked = HTTPConnection(host)
    request_finished.connect(answer)
    try:
        asked.request("GET", "/accounts/login/")
        asked.close()
        ANSWERING.end(host)
    finally:
        request_finished.disconnect(answer)
    assert len(answered) == 2  # that request, and the one after which nothing is left


def test_who_drives_the_browser_asks_on_the_connection_of_all_tests(browser):
    """Else what a test without one had begun would be out of reach, and stay so when the browser is closed."""
    assert connections["default"] is OF_ALL_TESTS
