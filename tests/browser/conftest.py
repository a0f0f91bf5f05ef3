"""A real Chromium, once a session; a new context for every test. It must be there: nothing is skipped."""

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.test import testcases
from playwright.sync_api import Browser, Page, sync_playwright

from tests.find_chromium import find


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    assert path, "No Chromium: run python tests/find_chromium.py"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


class OneAtATime(WSGIHandler):
    """Answers one request after another, each to its very end: what is done as an answer is closed asks, too.

    On SQLite in memory all threads of the live server share the test's connection. There a query that calls a function
    of Python waits for the interpreter, while a thread that holds the interpreter waits for the connection: for ever.
    """

    answering = threading.Lock()

    def __call__(self, environ, start_response):
        self.answering.acquire()
        try:
            return Answering(super().__call__(environ, start_response), self.answering)
        except BaseException:
            self.answering.release()
            raise


class Answering:
    """An answer that lets the next one be made once it is closed, which every server does."""

    def __init__(self, answer, lock):
        self.answer, self.locks = answer, [lock]

    def __iter__(self):
        return iter(self.answer)

    def close(self):
        try:
            self.answer.close()
        finally:
            for lock in (self.locks.pop() for _ in self.locks[:1]):
                lock.release()


@pytest.fixture(scope="session", autouse=True)
def _one_at_a_time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(testcases, "WSGIHandler", OneAtATime)
        yield


@dataclass
class Watched:
    """A page and what it complained of; `requests` are the addresses that it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list = field(default_factory=list)


def watch(page: Page) -> Watched:
    watched = Watched(page)
    page.on("console", lambda message: watched.complaints.append(message.text))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda request: watched.requests.append(request))
    return watched


@pytest.fixture
def open_page(browser):
    """Opens an address; closes everything afterwards."""
    contexts = []

    def open_page(address: str, *, width: int = 390, scheme: str = "light", script: bool = True) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        watched = watch(context.new_page())
        watched.page.goto(address)
        return watched

    yield open_page
    for context in contexts:
        context.close()


COLOURS = "color-contrast"  # the dearest rule: it looks at every letter's ground


def faults_of(page: Page, rules: list[str] | None = None, *, without: str = "") -> list[str]:
    """What axe holds against the page, by all of its rules, by these, or by all but one."""
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    if without:
        options["rules"] = {without: {"enabled": False}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{each['id']}: {each['help']}" for each in found]


def too_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")


def squeezed(*bodies: bytes) -> int:
    return sum(len(gzip.compress(body)) for body in bodies)
