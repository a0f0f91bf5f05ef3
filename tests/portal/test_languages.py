"""Clients read their pages in their own language: every line has German words, and the shipped file holds them."""

import ast
import gettext
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.utils.translation import override
from django.utils.translation.template import templatize

from portal.gallery import STATES
from presentation.days import cadence, dated, day_of, long_date, period, plain_day, short_span, span
from presentation.phrases import hours, money, price, times
from tests.portal.pages import every_page

ROOT = Path(settings.BASE_DIR)
GERMAN = ROOT / "locale" / "de" / "LC_MESSAGES"
CALLS = {"_", "gettext", "gettext_noop", "gettext_lazy", "ngettext", "pgettext"}
ENGLISH = (
    r"hours (?:used|remaining|left|over)|remaining|covers work|next update|this cycle|\bworked\b|is counted"
    r"|before you call|resets on|work log|your agreement|\bnone\b"
)
NOT_FOR_CLIENTS = {"gallery.py", "gallery_data.py", "gallery_incident.py", "effect_lines.py"}
PAGES = (
    "templates/portal",
    "templates/mail/approval.txt",
    "templates/mail/link_code.txt",
    "templates/mail/received.txt",
    "templates/mail/welcome.txt",
    "templates/mail/answered.txt",
    "templates/mail/approval.html",
    "templates/mail/approval_said.txt",
    "templates/mail/received.html",
    "templates/mail/received_said.txt",
    "templates/mail/welcome.html",
    "templates/mail/welcome_said.txt",
    "templates/mail/answered.html",
    "templates/mail/answered_said.txt",
    "templates/mail/alert_said.txt",
    "templates/mail/alert_said.html",
    "templates/mail/client_alert.txt",
    "templates/mail/client_alert.html",
    "templates/mail/consent.txt",
    "templates/mail/consent.html",
    "templates/alerts/agree.html",
    "templates/alerts/leave.html",
    "templates/alerts/tell_me.html",
    "templates/alerts/tell_me_sent.html",
    "templates/alerts/tell_me_confirm.html",
    "templates/alerts/tell_me_stop.html",
    "templates/mail/statement.txt",
    "templates/mail/statement.html",
    "templates/mail/watch_asked.txt",
    "templates/mail/watch_asked.html",
    "templates/base.html",
    "templates/404.html",
    "templates/500.html",
)


def said_in_code(path: Path) -> set[str]:
    """The English texts that a module marks for translation."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            first = 1 if node.func.id == "pgettext" else 0
            found |= {text for text in texts[first : first + 1] if isinstance(text, str)}
    return found


def said_in_template(path: Path) -> set[str]:
    """The same of a template, as Django hands it to its own extractor."""
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    found = re.findall(r"(?:n?gettext|\b_)\((u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\")", code)
    return {ast.literal_eval(text) for text in found}


def client_texts() -> set[str]:
    rooms = (ROOT / "portal", ROOT / "presentation", ROOT / "retainers" / "gate")
    mailed = ("said.py", "posting.py", "watch_words.py", "watch_telling.py", "watch_views.py")
    code = [ROOT / "alerts" / name for name in mailed]
    code += [path for room in rooms for path in room.rglob("*.py") if path.name not in NOT_FOR_CLIENTS]
    pages = [ROOT / name for name in PAGES]
    files = [file for page in pages for file in (page.rglob("*") if page.is_dir() else [page])]
    texts = set().union(*map(said_in_code, code), *(said_in_template(f) for f in files if f.is_file()))
    return {text for text in texts if text.strip()}


@pytest.fixture(scope="module")
def catalog() -> gettext.GNUTranslations:
    with (GERMAN / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_line_that_a_client_reads_has_german_words(catalog):
    known = {key[0] if isinstance(key, tuple) else key for key in catalog._catalog}
    known = {key.split("\x04")[-1] for key in known}
    assert len(client_texts()) > 200
    assert sorted(text for text in client_texts() if text not in known) == []


OTHER_WORDS = re.compile(
    r"(?<!E-)\bMails?\b|[Gg]enehmig|Support-Stunden|Knopf|festgestellt|\b[Dd]u\b|\b[Dd]ein"
)


def test_the_written_file_holds_what_is_said_and_one_word_for_an_idea():
    written = (GERMAN / "django.po").read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if line.startswith("#:")] == []  # a path grows old
    said = {unescaped(text) for text in re.findall(r'^msgid "(.+)"$', written, re.MULTILINE)}
    rooms = ("alerts", "accounts", "desk", "imports", "leaks", "portal", "presentation", "retainers")
    code = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    pages = [path for path in (ROOT / "templates").rglob("*.*") if path.suffix in (".html", ".txt", ".svg")]
    known = set().union(*map(said_in_code, code), *map(said_in_template, pages))
    assert sorted(said - known) == []
    german = re.findall(r'^(?:msgstr(?:\[\d\])? )?"(.*)"$', written, re.MULTILINE)
    assert [text for text in german if OTHER_WORDS.search(text)] == []


def test_the_compiled_file_says_what_the_written_one_says(catalog):
    written = (GERMAN / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', written, re.MULTILINE)
    assert len(pairs) > 200
    assert [msgid for msgid, msgstr in pairs if catalog.gettext(unescaped(msgid)) != unescaped(msgstr)] in (
        [],
        ["yes"],  # it has a context
    )


def unescaped(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n")


@pytest.mark.parametrize(
    ("said", "german"),
    [
        (lambda: hours(Decimal("6.50")), "6,5"),
        (lambda: money(Decimal("1412.5"), "EUR"), "1.412,50\N{NO-BREAK SPACE}€"),
        (lambda: money(Decimal("12"), "CHF"), "12,00\N{NO-BREAK SPACE}CHF"),
        (lambda: price(Decimal("165"), "USD"), "165\N{NO-BREAK SPACE}$"),
        (lambda: times(Decimal("1.50")), "× 1,5"),
        (lambda: long_date(date(2026, 12, 1)), "Di, 1. Dezember"),
        (lambda: dated(date(2026, 12, 1)), "1. Dezember 2026"),
        (lambda: span(date(2026, 11, 15), date(2026, 12, 14)), "15. Nov – 14. Dez 2026"),
        (lambda: short_span(date(2026, 11, 15), date(2027, 2, 14)), "15. Nov 2026 – 14. Feb 2027"),
        (lambda: plain_day(date(2026, 11, 15), date(2026, 12, 1)), "15. Nov"),
        (lambda: day_of(date(2026, 11, 15), date(2026, 12, 1)), "So, 15. Nov"),
        (lambda: period(date(2026, 11, 1), date(2026, 11, 22)), "1.–22. November 2026"),
        (lambda: cadence(["mon", "thu"]), "montags und donnerstags"),
    ],
)
def test_figures_and_dates_are_written_as_germans_write_them(said, german):
    with override("de"):
        assert said() == german


def test_no_state_of_the_page_mixes_the_languages():
    pages = {name: every_page("de")[name] for name in STATES}
    assert len(pages) > 30
    for name, page in pages.items():
        assert '<html lang="de"' in page, name
        words = re.sub(r"<[^>]+>", " ", page)
        assert re.findall(ENGLISH, words, re.IGNORECASE) == [], name


def test_the_browser_chooses_the_language_and_a_stored_answer_knows_it(address):
    english = Browser().get(address, headers={"accept-language": "en"})
    german = Browser().get(address, headers={"accept-language": "de-AT,de;q=0.9"})
    other = Browser().get(address, headers={"accept-language": "fi"})
    assert b"hours remaining" in english.content
    assert b"Stunden \xc3\xbcbrig" in german.content
    assert b"hours remaining" in other.content
    assert "Accept-Language" in german.headers["Vary"]
    assert english.headers["ETag"] != german.headers["ETag"]
    again = Browser().get(
        address, headers={"accept-language": "de", "if-none-match": english.headers["ETag"]}
    )
    assert again.status_code == 200


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_sentence_of_any_state_ends_twice(language):
    for name in STATES:
        said = re.sub(r"<[^>]+>", " ", every_page(language)[name])
        assert re.findall(r"\S+[.!?][.!?]", said) == [], name
