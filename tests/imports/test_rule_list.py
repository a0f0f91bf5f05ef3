"""The list of the rules: whose they are, its pages, its search, and where one stands that was moved or saved."""

import re

import pytest
from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.rules import rule_words
from desk.rules.draft import IS
from imports.judging.books import provider_book, seen_of
from imports.judging.rulebook import adding, retainer_book, save
from retainers.rule_books import save_rules
from retainers.selectors import retainers_of
from retainers.terms import Effects, Rule, TextCondition
from tests.imports.rule_pages import edit, row, version_of
from tests.imports.ruled import NOW, world  # noqa: F401


def test_a_retainers_rules_stand_before_those_for_all_clients_and_say_whose_they_are(manager):
    page = manager.get(reverse("rules")).content.decode()
    assert page.index("Acme Dental") < page.index("Maintenance") < page.index("Then, for all clients")
    assert page.index("Then, for all clients") < page.index("Travel")
    assert "1 agreement has no rules of its own." in page


@pytest.fixture
def many(provider):
    """2,000 rules for all clients, the two of before first; the others are named after their places."""
    with tenant_scope(provider):
        others = (
            Rule(
                f"Vendor {n:04}", Effects(exclude="vendor"), (TextCondition("title", (f"*vendor {n:04}*",)),)
            )
            for n in range(3, 2001)
        )
        save_rules([*provider_book().rules, *others], at=NOW, by=None)


def listed(page):
    return re.findall(r"<bdi>(Vendor \d+)</bdi>", page)


def test_two_thousand_rules_come_in_pages_and_each_is_found(manager, many):
    address = reverse("rules")
    first = manager.get(address).text
    assert listed(first) == [f"Vendor {n:04}" for n in range(3, 51)]
    assert "1–50 of 2000" in first
    assert listed(manager.get(address, {"page": "40"}).text)[-1] == "Vendor 2000"
    found = manager.get(address, {"q": "VENDOR 1777"}).text
    assert listed(found) == ["Vendor 1777"]
    assert "Acme Dental" not in found.split("<h1>")[1]
    assert listed(manager.get(address, {"q": "acme"}).text) == []
    assert "<bdi>Maintenance</bdi>" in manager.get(address, {"q": "acme dental"}).text
    assert "No rule for all clients has these words in it." in manager.get(address, {"q": "zzz"}).text


def test_a_search_leaves_the_order_alone(manager, many):
    """A rule’s neighbours in the list are not those that were found."""
    assert "Move “Vendor" in manager.get(reverse("rules")).text
    assert "Move “Vendor" not in manager.get(reverse("rules"), {"q": "vendor 1"}).text


def test_a_rule_that_is_moved_or_saved_stands_in_the_page_that_follows(manager, provider, many):
    listed_at = f"{reverse('rules')}?page=3"
    move = f"{reverse('rule_move', args=['all', 120])}?page=3"
    assert f'action="{move}"' in manager.get(listed_at).text
    moved = manager.post(move, {"to": "121", "version": version_of(provider)})
    assert moved.headers["Location"] == f"{listed_at}#rules-all"
    sent = {
        "do": "save",
        "version": version_of(provider),
        "name": "Vendor X",
        "exclude": "vendor",
        "place": "1777",
    }
    saved = manager.post(edit(number=1777), sent | row(0, "title", IS, "*vendor 1777*"))
    assert saved.headers["Location"] == f"{reverse('rules')}?page=36#rules-all"


def test_agreements_with_rules_of_their_own_come_in_pages_too(manager, monkeypatch, provider):
    monkeypatch.setattr("desk.rules.listing.BOOKS_A_PAGE", 1)
    with tenant_scope(provider):
        birch = retainer_book(retainers_of(["birch"])[0])
        edited = adding(birch, Rule("Patches", Effects(exclude="x"), (TextCondition("title", ("*patch*",)),)))
        seen = seen_of(provider, birch)
        save(provider=provider, book=birch, edit=edited, by=None, at=NOW, seen=seen, agreed=True)
    first = manager.get(f"{reverse('rules')}?page=1").text
    (further,) = re.findall(r'href="([^"]*own=2[^"]*)"', first)
    assert "Birch Lowe" not in first
    second = manager.get(reverse("rules") + further.replace("&amp;", "&")).text
    assert "Birch Lowe" in second
    assert "<bdi>Maintenance</bdi>" not in second


def test_an_agreements_own_rule_that_is_saved_stands_in_the_page_that_follows(manager, monkeypatch):
    monkeypatch.setattr("desk.rules.listing.BOOKS_A_PAGE", 1)
    form = {"do": "save", "of": "birch.bank", "version": "1", "name": "Patches", "exclude": "vendor"}
    answer = manager.post(reverse("rule_new"), form | row(0, "title", IS, "*patch*"), follow=True)
    assert answer.redirect_chain[-1][0] == f"{reverse('rules')}?own=2#rules-birch.bank"
    assert "<bdi>Patches</bdi>" in answer.text


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("*travel*", "*trip*"), ("Title contains", ("travel", "trip"))),
        (("INT - *",), ("Title begins with", ("INT - ",))),
        (("*done",), ("Title ends with", ("done",))),
        (("*travel*", "onsite"), ("Title is", ("*travel*", "onsite"))),
        (("a*b",), ("Title is", ("a*b",))),
        (("*",), ("Title is", ("*",))),
        (("", "*x*"), ("Title is empty, or", ("*x*",))),
    ],
)
def test_what_stars_around_a_text_mean_is_said_in_words(texts, said):
    (phrase,) = rule_words.when(Rule("", Effects(pool="a"), (TextCondition("title", texts),)))
    assert (phrase.words, phrase.texts) == said
