"""The page on paper: the day on which it was read, and the number of each sheet."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.test_gallery import gallery  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def test_each_sheet_bears_its_number_and_the_first_the_day(gallery, open_page):  # noqa: F811
    page = open_page(f"{gallery}/hundred-lines.html").page
    assert not page.locator(".on-paper").is_visible()
    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    assert len(sheets) > 1
    assert "As of 22 November 2026" in sheets[0]
    assert [f"{number} / {len(sheets)}" in text for number, text in enumerate(sheets, 1)] == [True] * len(
        sheets
    )


def test_the_picture_of_the_cycle_is_on_paper_too(gallery, open_page):  # noqa: F811
    page = open_page(f"{gallery}/usual.html").page
    page.emulate_media(media="print")
    assert page.locator(".picture svg").first.is_visible()
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert "5.0 of 12 hours used by Thu 19 November" in " ".join(sheet.extract_text() for sheet in sheets)


def test_a_day_that_goes_on_on_the_next_sheet_is_named_there_again(gallery, open_page):  # noqa: F811
    page = open_page(f"{gallery}/long-log.html").page
    second = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[1].extract_text()
    assert "Thu 19 November" in second[:80]
