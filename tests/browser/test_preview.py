"""The preview of an import for 40 and for 300 clients, in a real browser: how long it is, and that nothing breaks."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from accounts.models import Provider
from accounts.tenancy import tenant_scope
from tests.browser.conftest import faults_of, too_wide
from tests.factories import PASSWORD, ClientFactory, a_retainer
from tests.imports.many_clients import many_clients

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = Path(settings.BASE_DIR) / "screenshots" / "preview"
WIDE, NARROW = 1280, 390
TORN = """
  // words that stand on two lines: their first and their last letter differ in height
  () => {
    const found = [];
    const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node.parentElement.closest("code, option, script, style, .sr")) continue;
      for (const word of node.data.matchAll(/[\\p{L}\\p{N}.]+/gu)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
        if (new Set(tops).size > 1) found.push(word[0]);
      }
    }
    return found;
  }
"""


@pytest.fixture
def open_preview(live_server, open_page, tmp_path):
    """The preview of the week's file of a provider with that many clients, and its manager's page."""

    def open_preview(count: int, asking: int, *, width: int, scheme: str = "light") -> Page:
        many = many_clients(count, asking, tmp_path)
        page = open_page(f"{live_server.url}/accounts/login/", width=width, scheme=scheme).page
        page.set_default_timeout(120_000)
        page.get_by_label("Your e-mail address").fill(many.member.user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{live_server.url}/")
        page.goto(f"{live_server.url}/admin/imports/{many.source.pk}/")
        return page

    return open_preview


def keep(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def height_of(page: Page) -> int:
    return page.evaluate("document.scrollingElement.scrollHeight")


def at_both_widths(page: Page, name: str) -> dict[int, int]:
    """How high the page is, wide and narrow, with nothing broken at either; pictures are kept."""
    heights = {}
    for width, screen in ((WIDE, 900), (NARROW, 800)):
        page.set_viewport_size({"width": width, "height": screen})
        keep(page, f"{name}-{width}")
        assert not too_wide(page), width
        assert page.evaluate(TORN) == [], width
        heights[width] = height_of(page)
        page.evaluate("document.querySelectorAll('main details').forEach((each) => (each.open = true))")
        keep(page, f"{name}-{width}-open")
        assert not too_wide(page), f"{width}, all open"
        assert page.evaluate(TORN) == [], f"{width}, all open"
        page.reload()
    print(name, heights, page.evaluate("document.querySelectorAll('*').length"))
    return heights


@pytest.mark.long
def test_forty_clients_of_whom_twelve_ask_are_a_few_screens(open_preview):
    page = open_preview(40, 12, width=WIDE)

    heights = at_both_widths(page, "40-12")

    assert heights[WIDE] <= 4 * 900
    assert heights[NARROW] <= 8 * 800
    assert faults_of(page) == []


def test_the_button_stays_true_while_ticks_change_and_enter_never_publishes(open_preview):
    page = open_preview(12, 6, width=WIDE)
    button, save = page.locator("[data-publish]"), page.locator("[data-save]")
    count = int(button.get_attribute("data-count"))
    assert button.inner_text() == f"Publish {count} clients"

    page.locator("#ready > summary").click()
    page.locator("#ready input[name=publish]").first.uncheck()
    assert button.inner_text() == f"Publish {count - 1} clients"

    page.locator("input[name=accept]").first.check()
    assert button.is_disabled()
    assert save.inner_text() == "Save and check again"

    page.locator("#words > summary").click()
    page.get_by_label("Shown to the client").first.press("Enter")
    page.locator("input[name=accept]").first.press("Enter")
    page.wait_for_load_state()
    assert page.locator("[data-publish]").count() == 1


def test_the_button_moves_dates_alone_once_no_client_with_work_is_ticked(open_preview):
    page = open_preview(2, 0, width=WIDE)
    with tenant_scope(Provider.objects.get(slug="many")):
        a_retainer(ClientFactory(provider=Provider.objects.get(slug="many"), slug="idle", name="Idle"))
    page.reload()
    button = page.locator("[data-publish]")
    assert button.inner_text() == "Publish 2 clients"
    ticks = page.locator("input[name=publish]:visible")

    for number in range(2):
        ticks.nth(number).uncheck()

    assert (button.inner_text(), button.is_enabled()) == ("Move the date of 1 client", True)
    ticks.first.check()
    assert button.inner_text() == "Publish 1 client"
    ticks.first.uncheck()
    button.click()
    page.get_by_text("Moved the date of 1 client").first.wait_for()


@pytest.mark.long
def test_nothing_breaks_where_each_of_forty_clients_asks(open_preview):
    page = open_preview(40, 40, width=WIDE, scheme="dark")
    at_both_widths(page, "40-40")
    assert faults_of(page, ["color-contrast"]) == []


@pytest.mark.long
def test_nothing_breaks_where_each_of_three_hundred_clients_asks(open_preview):
    page = open_preview(300, 300, width=WIDE)

    heights = at_both_widths(page, "300-300")

    assert heights[WIDE] <= 8 * 900
    assert heights[NARROW] <= 16 * 800
    assert page.evaluate("document.querySelectorAll('*').length") < 6_000
