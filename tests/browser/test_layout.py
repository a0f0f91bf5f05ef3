"""The whole matrix of layouts: every state at five widths, light and dark, on paper, and at 200 % zoom."""

import pytest

from portal.gallery import STATES
from portal.gallery_small import mails, small_pages
from tests.browser.conftest import COLOURS, faults_of
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
STANDING_ALONE = r"""() => [...document.querySelectorAll(
    'a, button, input:not([type=checkbox], [type=radio]), select, summary')]
    .filter((e) => e.checkVisibility() && !e.closest('.skip') && !e.matches('.skip, .q'))
    .filter((e) => {
      const around = e.closest('p, li');
      return !around || ![...around.childNodes].some((c) => c.nodeType === 3 && c.data.trim().length > 3);
    })
    .map((e) => [e.textContent.trim() || e.name, e.getBoundingClientRect().height])
    .filter(([, height]) => height > 1 && height < 43.5)"""  # a link within a sentence is as high as its line

SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; '
        + 'word-spacing: .16em !important } p { margin-bottom: 2em !important }');
    document.adoptedStyleSheets = [sheet];
}"""  # WCAG 2.2, 1.4.12


@pytest.mark.parametrize("name", NAMES)
def test_a_state_is_sound_at_every_width_in_the_dark_on_paper_and_under_a_thumb(
    gallery,  # noqa: F811
    open_page,
    subtests,
    name,
):
    page = open_page(f"{gallery}/{name}.html", width=390).page
    with subtests.test("what a thumb presses is large enough"):
        assert page.evaluate(STANDING_ALONE) == []
    with subtests.test("no word is torn, nothing runs sideways and figures stand apart"):
        assert faults_at_every_look(page) == {}
    if name not in mails():
        with subtests.test("on paper there is nothing to press"):
            page.emulate_media(color_scheme="light", media="print")
            assert not page.locator(".noprint, .ask-card").filter(visible=True).count()
    page.set_viewport_size({"width": 320, "height": 844})
    if name not in mails():
        with subtests.test("it is accessible"):
            page.emulate_media(color_scheme="light", media="screen")
            assert faults_of(page, LONG.get(name), without=COLOURS) == []
    if name not in LONG:
        for scheme in ("light", "dark"):  # nothing but colours depends on it
            with subtests.test(f"its colours are told apart in the {scheme}"):
                page.emulate_media(color_scheme=scheme, media="screen")
                assert faults_of(page, [COLOURS]) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_state_stays_within_a_small_phone_when_its_text_is_spaced(gallery, open_page, name):  # noqa: F811
    page = open_page(f"{gallery}/{name}.html", width=320).page
    page.evaluate(SPACED)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert [each for each in layout_faults(page) if each.startswith("sideways")] == []


def faults_at_every_look(page):
    found = {}
    for look, widths in LOOKS:
        page.emulate_media(**look)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 844})
            found |= {f"{width} {look}": faults for faults in [layout_faults(page)] if faults}
    return found


@pytest.mark.parametrize("name", ["incidents", "long-names", "right-to-left"])
def test_the_same_with_everything_opened(gallery, open_page, name):  # noqa: F811
    page = open_page(f"{gallery}/{name}.html").page
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert layout_faults(page) == [], width
