"""The whole matrix of layouts: every state at five widths, light and dark, on paper, and at 200 % zoom."""

import pytest

from portal.gallery import STATES
from portal.gallery_small import mails, small_pages
from tests.browser.conftest import faults_of
from tests.browser.layout import layout_faults
from tests.browser.test_gallery import LONG, gallery  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.one_engine]
NAMES = sorted([*STATES, *small_pages(), *mails()])
WIDTHS = (320, 390, 640, 768, 1280)  # 640 is what 1280 becomes at 200 %
PAPER = (680, 700)  # A4 and Letter without their margins
LOOKS = (
    ({"color_scheme": "light"}, WIDTHS),
    ({"color_scheme": "dark"}, WIDTHS),
    ({"color_scheme": "light", "media": "print"}, PAPER),
)


@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_torn_nothing_runs_sideways_and_figures_stand_apart(gallery, open_page, name):  # noqa: F811
    page = open_page(f"{gallery}/{name}.html").page
    found = {}
    for look, widths in LOOKS:
        page.emulate_media(**look)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 844})
            found |= {f"{width} {look}": faults for faults in [layout_faults(page)] if faults}
    assert found == {}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LONG])
def test_its_colours_are_told_apart_in_the_dark(gallery, open_page, name):  # noqa: F811
    page = open_page(f"{gallery}/{name}.html", width=320, scheme="dark").page
    assert faults_of(page, ["color-contrast"]) == []  # nothing but colours depends on the scheme


@pytest.mark.parametrize("name", [name for name in NAMES if name not in mails()])
def test_on_paper_there_is_nothing_to_press(gallery, open_page, name):  # noqa: F811
    page = open_page(f"{gallery}/{name}.html").page
    page.emulate_media(media="print")
    assert not page.locator(".noprint, .ask-card").filter(visible=True).count()


@pytest.mark.parametrize("name", ["incidents", "long-names", "right-to-left"])
def test_the_same_with_everything_opened(gallery, open_page, name):  # noqa: F811
    page = open_page(f"{gallery}/{name}.html").page
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert layout_faults(page) == [], width


STANDING_ALONE = r"""() => [...document.querySelectorAll(
    'a, button, input:not([type=checkbox], [type=radio]), select, summary')]
    .filter((e) => e.checkVisibility() && !e.closest('.skip') && !e.matches('.skip, .q'))
    .filter((e) => {
      const around = e.closest('p, li');
      return !around || ![...around.childNodes].some((c) => c.nodeType === 3 && c.data.trim().length > 3);
    })
    .map((e) => [e.textContent.trim() || e.name, e.getBoundingClientRect().height])
    .filter(([, height]) => height > 1 && height < 43.5)"""  # a link within a sentence is as high as its line


@pytest.mark.parametrize("name", NAMES)
def test_what_a_thumb_presses_is_large_enough(gallery, open_page, name):  # noqa: F811
    assert open_page(f"{gallery}/{name}.html", width=390).page.evaluate(STANDING_ALONE) == []
