"""A statement as PDF: what its page says, to the hundredth, on paper of its own with numbered sheets."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from accounts.access import today_at
from accounts.tenancy import tenant_scope
from portal.log_days import Day, Line
from portal.paper import FONTS, LATIN, LATIN_SIGNS, WHOLE, Paper
from portal.selectors import page_retainers
from portal.statement_log import StatedLog
from portal.statement_pdf import statement_pdf
from portal.statement_views import read_statement
from retainers.issued import issued_documents
from tests.desk.acting import NOW, publish
from tests.portal.latin_fonts import STYLES, latin_of
from tests.portal.test_page import values
from tests.portal.test_statement import END, outage, path, state  # noqa: F401
from tests.world import address, world  # noqa: F401

AT = datetime(2026, 6, 2, 9, tzinfo=UTC)


def words_in(body: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).split())


def read(retainer):
    with tenant_scope(retainer.provider):
        client, today = retainer.client, today_at(retainer.provider)
        return read_statement(retainer.provider, client, page_retainers(client), "2026-05-01", "", today)


@pytest.fixture
def pdf_path(path):  # noqa: F811
    return path.replace("/?", "/statement.pdf?")


def test_it_says_every_figure_of_the_page(client, pdf_path, state, retainer):  # noqa: F811
    state(AT)
    publish(retainer, date(2026, 5, 5), "1.25", at=NOW, through=END)
    state(NOW + timedelta(hours=1), "A visit was missing")
    answer = client.get(pdf_path)
    assert answer.headers["Content-Type"] == "application/pdf"
    page, said = read(retainer).page, words_in(answer.content)
    figures = {each for each in values(page) if isinstance(each, str) and re.fullmatch(r"[\d.,−]+", each)}
    assert {"2.00", "3.25", "8.00"} <= figures
    assert [each for each in figures if each not in said] == []
    for sentence in (page.client, page.agreement, page.cycle, page.number, *page.history):
        assert sentence in said, sentence


def test_the_page_leads_to_it_and_its_name_is_its_number(client, path, pdf_path, state):  # noqa: F811
    state(AT)
    assert 'href="statement.pdf?retainer=support"' in client.get(path).text
    named = client.get(pdf_path).headers["Content-Disposition"]
    assert named == 'inline; filename="Statement - Acme Dental - support-2026-05-01-1.pdf"'


def test_what_the_file_says_of_itself_is_in_the_readers_language(client, pdf_path, state, retainer):  # noqa: F811
    state(AT)
    for language, title in (("en", "Statement for May 2026"), ("de", "Stundennachweis für Mai 2026")):
        answer = client.get(pdf_path, headers={"Accept-Language": language})
        document = PdfReader(BytesIO(answer.content))
        said = document.metadata
        assert (said.title, said.author) == (title, retainer.provider.name)
        assert said.subject == "Acme Dental · IT support · support-2026-05-01-1"
        assert document.trailer["/Root"]["/Lang"] == language
        assert title.split(" ")[0] in answer.headers["Content-Disposition"]


def test_before_it_was_issued_there_is_none(client, pdf_path, state):  # noqa: F811
    assert client.get(pdf_path).status_code == 404


def test_the_same_statement_is_the_same_file(client, pdf_path, state):  # noqa: F811
    state(AT)
    assert client.get(pdf_path).content == client.get(pdf_path).content


@pytest.mark.parametrize(("zone", "width"), [("America/Chicago", 612), ("Europe/Berlin", 595)])
def test_paper_is_the_size_that_is_used_where_the_provider_is(client, pdf_path, state, retainer, zone, width):  # noqa: F811
    state(AT)
    retainer.provider.timezone = zone
    retainer.provider.save()
    (sheet, *_more) = PdfReader(BytesIO(client.get(pdf_path).content)).pages
    assert int(sheet.mediabox.width) == width


def test_each_sheet_bears_its_number(state, retainer):  # noqa: F811
    state(AT)
    page = read(retainer).page
    lines = tuple(Line(f"Line {n} of a long month", "1.0 h worked", "", "1.00") for n in range(300))
    log = StatedLog("log", "", (Day("1 May", "Fri", lines, "", ""),), (), (), "")
    sheets = PdfReader(BytesIO(statement_pdf(replace(page, logs=(log,)), size="a4", logo=b"", at=AT))).pages
    assert len(sheets) > 5
    for number, sheet in enumerate(sheets, 1):
        assert f"Page {number} of {len(sheets)}" in " ".join(sheet.extract_text().split())


def test_words_from_right_to_left_are_shaped_and_in_their_order(state, retainer):  # noqa: F811
    state(AT)
    page = replace(read(retainer).page, client="مرحبا", agreement="תמיכה שוטפת")
    said = words_in(statement_pdf(page, size="a4", logo=b"", at=AT))
    assert "תמיכה" in said or "הכימת" in said  # an extractor reads signs in the order in which they are drawn
    joined = {"\ufee3", "\ufeae", "\ufea3", "\ufe92", "\ufe8e"}
    assert "مرحبا" in said or "ابحرم" in said or joined & set(said)


def test_the_fee_is_named_only_where_it_is_to_be(client, pdf_path, path, state, retainer, monkeypatch):  # noqa: F811
    def with_fee(statements, zone):
        return [{**each, "fee": "2400.00"} for each in issued_documents(statements, zone)]

    monkeypatch.setattr("portal.statement_views.issued_documents", with_fee)
    state(AT)
    assert "2,400.00" not in client.get(path).text + words_in(client.get(pdf_path).content)
    retainer.provider.states_fee = True
    retainer.provider.save()
    assert "2,400.00" in client.get(path).text
    assert "Fee of the cycle $2,400.00" in words_in(client.get(pdf_path).content)


def test_staff_find_it_at_month_end_and_with_the_statements(as_role, state, retainer):  # noqa: F811
    state(AT)
    browser, leads_to = (
        as_role("viewer"),
        "/clients/acme/view/statement/2026-05-01/statement.pdf?retainer=support",
    )
    assert leads_to in browser.get("/clients/acme/retainers/support/statements/").text
    assert leads_to in browser.get("/month-end/?month=2026-05").text
    assert browser.get(leads_to).content.startswith(b"%PDF")


def fonts_in(body: bytes) -> set[str]:
    sheets = PdfReader(BytesIO(body)).pages
    fonts = [font.get_object() for sheet in sheets for font in sheet["/Resources"]["/Font"].values()]
    return {name for font in fonts for name in re.findall("DejaVuLatin|DejaVuSans", font["/BaseFont"])}


def test_the_whole_font_is_opened_for_the_first_sign_that_is_not_latin(state, retainer):  # noqa: F811
    state(AT)
    page = read(retainer).page
    latin = statement_pdf(replace(page, client="Müller – “Ågren” Łódź 1 × 2 €"), size="a4", logo=b"", at=AT)
    greek = statement_pdf(replace(page, client="Αθήνα"), size="a4", logo=b"", at=AT)
    assert fonts_in(latin) == {"DejaVuLatin"}
    assert fonts_in(greek) == {"DejaVuLatin", "DejaVuSans"}
    assert "Αθήνα" in words_in(greek)


@pytest.mark.parametrize("style", STYLES)
def test_the_small_font_is_the_whole_ones_latin_part(style):
    kept, written = TTFont(FONTS / f"{LATIN}{style}.ttf"), BytesIO()
    latin_of(FONTS / f"{WHOLE}{style}.ttf").save(written)
    made = TTFont(written)
    assert LATIN_SIGNS - {"\n"} == set(map(chr, kept.getBestCmap()))
    assert kept["hmtx"].metrics == made["hmtx"].metrics
    assert all(kept["glyf"][name] == made["glyf"][name] for name in kept.getGlyphOrder())


def test_a_foot_that_is_not_latin_stands_on_each_sheet():
    paper = Paper(size="a4", title="Statement", foot="Αθήνα · 1", at=AT)
    paper.say("Work")
    assert "Αθήνα · 1" in words_in(paper.body())


def test_an_incident_is_one_row_with_its_lines_below_it(client, pdf_path, outage, state):  # noqa: F811
    state(AT)
    said = words_in(client.get(pdf_path).content)
    assert "Mail down 2 people" in said
    assert "3.80" in said
    assert "– Mail down: 1.9 h worked · 1.90 h – Mail down: 1.9 h worked · 3.8 h so far · 1.90 h" in said
    assert "4.8 h so far" in said
