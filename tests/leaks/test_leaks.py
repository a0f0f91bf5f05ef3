"""The leak check: its figures on the labelled lines, disguises, what is allowed, and what holds for any text.

The rules one by one are tested in `leaks/test_rules.py`.
"""

import doctest
import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

import leaks
from leaks import KINDS, Hit, LeakContext, find_leaks
from leaks.lists import read_lists
from tests.examples import examples
from tests.leaks import corpus
from tests.leaks.asking import CONTEXT, hits, kinds

DOCUMENT = Path(__file__).parents[2] / "docs" / "leak-check.md"


# Disguises, places, sentences


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("Fan of e\u200bdge01", "e\u200bdge01"),
        ("Call with M\u0430rcus", "M\u0430rcus"),
        ("Set to １０.０.２.４", "１０.０.２.４"),
        ("Mit Jo\u0308rg", "Jo\u0308rg"),
    ],
)
def test_a_disguise_does_not_hide_a_leak_and_the_place_is_that_of_the_original(text: str, leak: str) -> None:
    [hit] = find_leaks(text, CONTEXT)
    assert hit.text == leak == text[hit.start : hit.end]


def test_the_reason_is_a_sentence_that_quotes_the_text() -> None:
    [hit] = find_leaks("Replaced edge01.", CONTEXT)
    assert hit == Hit("host", 9, 15, "edge01", "“edge01” looks like a host name.")


def test_two_leaks_in_one_line_are_both_told_in_order_of_place() -> None:
    assert hits("Priya changed 10.0.2.4 on edge01") == [
        ("technician", "Priya"),
        ("ip", "10.0.2.4"),
        ("host", "edge01"),
    ]


# What the provider allows


@pytest.mark.parametrize("allowed", ["edge01", "EDGE01", " edge01 "])
def test_an_allowed_text_does_not_hit(allowed: str) -> None:
    assert hits("Fan of edge01 and edge02", replace(CONTEXT, allowed=frozenset({allowed}))) == [
        ("host", "edge02")
    ]


def test_allowing_a_mail_address_allows_the_name_inside_it_but_not_the_name_alone() -> None:
    context = replace(CONTEXT, allowed=frozenset({"marcus@harbor.example"}))
    assert hits("Write to marcus@harbor.example", context) == []
    assert hits("Ask Marcus, marcus@harbor.example", context) == [("technician", "Marcus")]


def test_allowing_a_part_does_not_allow_the_whole() -> None:
    assert kinds("Set to 10.0.2.44") == {"ip"}
    assert hits("Set to 10.0.2.44", replace(CONTEXT, allowed=frozenset({"10.0.2.4"}))) == [
        ("ip", "10.0.2.44")
    ]


# Figures


@pytest.mark.parametrize("part", ["develop", "heldout"])
def test_the_labelled_lines_are_many_and_of_both_kinds(part: str) -> None:
    lines = corpus.read(part)
    leaking = sum(bool(line.leaks) for line in lines)
    assert len(lines) >= 300
    assert 0.4 < leaking / len(lines) < 0.7
    assert len({(line.text, line.context) for line in lines}) == len(lines)
    assert {kind for line in lines for kind, _ in line.leaks} == set(KINDS)


def test_lines_and_leaks_that_no_rule_was_written_for_are_found_well_enough() -> None:
    lines = corpus.read("heldout")
    for score in (corpus.by_line(lines), corpus.by_leak(lines)):
        assert score.recall >= 0.95
        assert score.precision >= 0.85


@pytest.mark.parametrize("part", ["develop", "heldout"])
def test_the_figures_in_the_document_are_those_of_today(part: str) -> None:
    lines = corpus.read(part)
    line, leak = corpus.by_line(lines), corpus.by_leak(lines)
    figures = " | ".join(
        f"{figure:.3f}" for figure in (line.precision, line.recall, leak.precision, leak.recall)
    )
    assert f"| {part} | {len(lines):,} | {figures} |" in DOCUMENT.read_text(encoding="utf-8")


def test_the_examples_in_the_document_and_the_modules_hold() -> None:
    names = [f"leaks.{module.name}" for module in pkgutil.iter_modules(leaks.__path__)]
    results = [doctest.testmod(importlib.import_module(name)) for name in names]
    results.append(doctest.testfile(str(DOCUMENT), module_relative=False))
    assert sum(result.failed for result in results) == 0
    assert results[-1].attempted > 0


# What holds for any text

FRAGMENTS = [
    "Marcus", "Will", "w/ ", "edge01", "10.0.2.4", "pw: ", "Hunter2!", "#48211", "$165", "B&L", "Summit",
    " - ", "\n", ": ",
    "\u200b", "é", "ß", "½", "漢", "\ud800", "@", "\\\\", "C:\\Users\\", "https://", "::", "MAY",
    "do not bill", "48211", "’s", ".",
]  # fmt: skip
NOTES = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=8), max_size=12).map("".join)


@settings(max_examples=examples(300), deadline=None)
@given(NOTES)
def test_spans_lie_within_the_text_in_order_and_quote_it(text: str) -> None:
    found = find_leaks(text, CONTEXT)
    for hit in found:
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.text == text[hit.start : hit.end]
        assert hit.why.endswith(".")
        assert hit.kind in KINDS
    assert [hit.start for hit in found] == sorted(hit.start for hit in found)


@settings(max_examples=examples(200), deadline=None)
@given(NOTES)
def test_whatever_is_allowed_no_longer_hits(text: str) -> None:
    found = find_leaks(text, CONTEXT)
    allowed = frozenset(hit.text for hit in found)
    assert find_leaks(text, replace(CONTEXT, allowed=allowed)) == ()


@settings(max_examples=examples(100), deadline=None)
@given(st.frozensets(st.text(max_size=12), max_size=4), st.text(max_size=20))
def test_no_context_is_too_odd(names: frozenset[str], text: str) -> None:
    context = LeakContext(
        technicians=names, other_clients=names, this_client=text, tickets=names, allowed=names
    )
    find_leaks(" ".join([text, *names]), context)


ODD = [
    "1",
    "a",
    "A",
    " ",
    ".",
    "-",
    "_",
    ":",
    "/",
    "\\",
    "@",
    "#",
    "$",
    "(",
    "\n",
    "é",
    "漢",
    "０",
    "\u200b",
    "\ud800",
]
REPEATED = ["a ", "pw ", "a@b.c ", "1.1.1.1 ", "\\a", "A1-", "(at) ", "w/ Will ", "#48211 ", "$1 "]


@pytest.mark.timeout(60)  # a scan that goes back and forth would take hours
@pytest.mark.parametrize("piece", ODD + REPEATED)
def test_a_very_long_text_of_the_same_is_read_once_through(piece: str) -> None:
    find_leaks(piece * (1_000_000 if piece in ODD else 20_000), CONTEXT)


def test_no_pattern_runs_in_an_engine_that_backtracks() -> None:
    for path in Path(leaks.__path__[0]).glob("*.py"):
        assert not re2.search(r"(?m)^(import re$|from re )", path.read_text(encoding="utf-8")), path


LISTED = [
    (path.stem, heading)
    for path in sorted(Path(leaks.__path__[0]).glob("*.txt"))
    if path.stem != "nicknames"
    for heading in read_lists(path.stem)
]


@pytest.mark.parametrize(("module", "heading"), LISTED)
def test_every_word_list_has_words_and_is_asked_by_the_module_that_it_stands_beside(module, heading) -> None:
    code = Path(leaks.__path__[0], f"{module}.py").read_text(encoding="utf-8")
    assert read_lists(module)[heading]
    assert f'LISTS["{heading}"]' in code
