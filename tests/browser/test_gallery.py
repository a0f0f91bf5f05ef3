"""Every state of the balance page at 320 and 1280 pixels, in light: fits, accessible, quiet, there without script."""

import functools
import http.server
import threading
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image

from portal.brand import contrast
from portal.gallery import STATES
from portal.gallery_small import mails, small_pages
from tests.browser.conftest import COLOURS, faults_of, watch
from tests.browser.layout import layout_faults

pytestmark = pytest.mark.browser
NAMES = sorted([*STATES, *small_pages()])
TWO_LOOKS = (320, 1280)  # the whole matrix is in test_layout, with the colours of every state
COLOURED = {  # among them each chip and tone
    *("usual", "branded", "late", "low", "over-bill", "over-and-approved", "incident-runs", "incident-over"),
    *("notice", "provisional", "corrected", "asked", "block", "small-statement", "small-ask-with-errors"),
}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        is_mail = self.path.startswith("/mail-")  # brings its own styles: a mail program has no others
        own = POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'") if is_mail else POLICY
        self.send_header("Content-Security-Policy", own)
        self.send_header("Cache-Control", "no-store")  # each state asks for all that it shows
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("gallery")
    call_command("gallery", str(folder), verbosity=0)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def show(browser, gallery):
    """Shows one state after the other in one page: they have no script, cookie or store that could pass on."""
    with browser.new_context(color_scheme="light") as context:
        watched = watch(context.new_page())

        def show(name):
            watched.complaints.clear()
            watched.requests.clear()
            watched.page.set_viewport_size({"width": 320, "height": 844})
            watched.page.goto(f"{gallery}/{name}.html")
            return watched

        yield show


@pytest.mark.parametrize("name", NAMES)
def test_a_state_fits_is_accessible_and_complains_of_nothing(show, name):
    watched = show(name)
    page = watched.page
    for width in TWO_LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        assert layout_faults(page) == [], width
    assert page.locator("h1").is_visible()
    assert page.locator("main").inner_text().strip()
    assert watched.complaints == []
    assert len(watched.requests) == 2 + page.locator("img.logo").count()  # one HTML, one CSS, and no script
    if name in COLOURED:
        assert faults_of(page) == []
    elif (
        name in small_pages()
    ):  # each is built for itself; what a balance page is built of, the coloured ones have
        assert faults_of(page, without=COLOURS) == []


@pytest.mark.parametrize("name", sorted(mails()))
def test_a_mail_fits_and_is_read(show, name):
    watched = show(name)
    for width in TWO_LOOKS:
        watched.page.set_viewport_size({"width": width, "height": 844})
        assert layout_faults(watched.page) == [], width
    assert faults_of(watched.page, ["color-contrast"]) == []
    assert watched.complaints == []


@pytest.mark.parametrize(("name", "scheme"), [("logo-white", "light"), ("logo-black", "dark")])
def test_a_logo_is_told_from_the_ground_around_it(gallery, open_page, name, scheme):
    page = open_page(f"{gallery}/{name}.html").page
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("document.querySelector('img.logo').complete")
    with Image.open(BytesIO(page.locator("img.logo").screenshot())) as shown:
        seen = [colour for _count, colour in shown.convert("RGB").getcolors(1 << 20)]
    assert max(contrast(one, other) for one in seen for other in seen) > 12


# colours are looked at cell by cell, and a long log's cells are those of a short one
STRUCTURE = [
    "landmark-one-main",
    "page-has-heading-one",
    "duplicate-id-aria",
    "label",
    "link-name",
    "td-headers-attr",
]
LONG = {"long-log": STRUCTURE, "hundred-lines": STRUCTURE}


def test_where_no_script_runs_a_page_is_the_same(gallery, open_page):
    """One is enough: no state asks for a script, and the policy complains of any that is written into it."""
    with_script, without = (
        open_page(f"{gallery}/usual.html", script=script).page.locator("body").inner_text()
        for script in (True, False)
    )
    assert "hours remaining" in with_script
    assert without == with_script


def test_the_german_neutral_text_is_whole_in_the_log_of_a_small_phone(gallery, open_page):
    page = open_page(f"{gallery}/usual.html", width=320).page
    page.locator(".log td bdi").first.evaluate("(e) => { e.textContent = 'Allgemeine Supportarbeiten' }")
    assert layout_faults(page) == []
