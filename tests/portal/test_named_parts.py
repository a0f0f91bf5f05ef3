"""What a screen reader lists of a page, its tables and headings, has names that tell them apart."""

import re
from datetime import date

import pytest

from accounts.tenancy import tenant_scope
from retainers.selectors import retainers_of
from tests.factories import publish_work
from tests.portal.conftest import NOW
from tests.portal.pages import every_page

TABLE = re.compile(r"<table([^>]*)>\s*(<caption)?")


def test_every_table_of_every_state_has_a_name():
    nameless, lost = [], []
    for page, html in every_page().items():
        for attributes, caption in TABLE.findall(html):
            named = re.search(r'aria-labelledby="([^"]+)"', attributes)
            if not named and not caption:
                nameless.append((page, attributes))
            elif named and html.count(f'id="{named[1]}"') != 1:
                lost.append((page, named[1]))
    assert (nameless, lost) == ([], [])


ASK = re.compile(r'<a class="q" href="([^"]*)">(.*?)</a>')


def test_two_lines_that_read_alike_are_asked_about_by_their_numbers(client, address, provider):
    with tenant_scope(provider):
        publish_work(retainers_of(["acme"]).get(), *[(date(2026, 6, 10), "1")] * 2, at=NOW, wording="Call")
    names = [re.sub("<[^>]+>", "", name) for _href, name in ASK.findall(client.get(address).text)]
    assert names[:2] == [
        f"Ask about 10 Jun, line {number}: Call, 1.00\N{NO-BREAK SPACE}h" for number in (1, 2)
    ]


def test_each_question_about_a_line_says_which_line():
    asked = 0
    for page, html in every_page().items():
        names: dict[str, str] = {}
        for href, name in ASK.findall(html):
            said = re.sub("<[^>]+>", "", name)
            assert said.startswith("Ask about "), page  # the word that is seen comes first
            assert names.setdefault(said, href) == href, (page, said)
            asked += 1
    assert asked > 500


@pytest.mark.parametrize(
    "part", ["Work log", "Before you call", "How the number is made up", "Your agreement"]
)
def test_with_several_agreements_each_heading_says_whose_it_is(part):
    html = every_page()["three-retainers"]
    heads = [re.sub("<[^>]+>", "", head) for head in re.findall(r"<h3[^>]*>(.*?)</h3>", html)]
    found = [head for head in heads if head.startswith(part)]
    assert found == [f"{part}: {name}" for name in ("Managed support", "Project days", "Prepaid block")]
