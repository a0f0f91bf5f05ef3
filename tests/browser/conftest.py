"""A real Chromium, once a session; a new context for every test. It must be there: nothing is skipped."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.one_at_a_time import ANSWERING, one_at_a_time
from tests.find_chromium import find

# each page's scripts run once: to make them quick takes longer than they do
QUICK_STARTS = "--js-flags=--no-opt --no-sparkplug --single-threaded"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find()
    assert path, "No Chromium: run python tests/find_chromium.py"
    outside = connections["default"]
    with sync_playwright() as playwright:
        # inside of an event loop, and Playwright runs one here, Django would give this thread another one
        connections["default"] = outside
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", QUICK_STARTS])
        yield running
        running.close()


@pytest.fixture(scope="module", autouse=True)
def _one_at_a_time() -> Iterator[None]:
    with one_at_a_time():
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
    """Opens an address; closes everything afterwards, and lets the server answer what a page asked for at its end."""
    contexts, hosts = [], set()

    def open_page(address: str, *, width: int = 390, scheme: str = "light", script: bool = True) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        hosts.add(urlsplit(address).netloc)
        watched = watch(context.new_page())
        watched.page.goto(address)
        return watched

    yield open_page
    for context in contexts:
        context.close()
    for host in hosts - {""}:
        ANSWERING.end(host)


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
