"""The form of a rule: what it refuses at its inputs, its words, and that it says what a file says."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.urls import reverse

from accounts.tenancy import tenant_scope
from desk.rules import submitted
from desk.rules.draft import EMPTY, IS, IS_OR_EMPTY, MATCHES, ConditionRow, RuleDraft, title_pattern
from retainers.agreements.problems import Place
from retainers.agreements.rules import find_rule_problems
from retainers.models import LetThrough
from retainers.terms import Effects, Rule, TextCondition
from tests.factories import load_agreements, publish_export
from tests.imports.rule_pages import edit, row, rules_of, seen_in, tick_in, version_of, warranty
from tests.imports.ruled import AGREEMENT, world  # noqa: F401

# what a form refuses, at its inputs


@pytest.mark.parametrize(
    ("said", "at", "words"),
    [
        ({}, "then", "the rule does nothing"),
        ({**row(0, "title", MATCHES, "(?=x)"), "exclude": "x"}, "row-0", "can't be used"),
        ({**row(0, "title", MATCHES, ""), "exclude": "x"}, "row-0", "the pattern is empty"),
        ({**row(0, "title", IS, " \n "), "exclude": "x"}, "row-0", "the list has no text"),
        ({**row(0, "", IS, "x"), "exclude": "x"}, "row-0", "Choose a field"),
        (
            {**row(0, "title", IS, "x"), **row(1, "title", IS, "y"), "exclude": "x"},
            "row-1",
            "is already used above",
        ),
        ({"retainer": "no key!", "exclude": "x"}, "retainer", "isn't a key"),
        ({"exclude": "x" * 201}, "exclude", "201 characters"),
        ({"wording": "x" * 501}, "wording", "501 characters"),
        ({"name": "x" * 121, "exclude": "x"}, "name", "121 characters"),
    ],
)
def test_what_makes_no_sense_is_found_at_its_input(said, at, words):
    post = QueryDict(mutable=True)
    post.update(said)
    draft = RuleDraft.read(post)
    rule, misread = draft.rule()
    wrong = find_rule_problems([rule], has_business_hours=True, at=Place())
    errors = misread or draft.errors(wrong, 0)
    assert list(errors) == [at]
    assert any(words in message for message in errors[at])


@pytest.mark.parametrize(
    ("said", "at", "words"),
    [
        ({}, "then", "the rule does nothing"),
        ({**row(0, "title", MATCHES, "(?=x)"), "exclude": "x"}, "row-0", "can't be used"),
        ({"of": "birch.bank", "pool": "reactive"}, "pool", "has no pool “reactive”"),
    ],
)
@pytest.mark.parametrize("do", ["try", "save"])
def test_what_makes_no_sense_is_said_at_its_input_and_nothing_is_saved(
    provider, manager, said, at, words, do
):
    answer = manager.post(reverse("rule_new"), {**said, "do": do})
    assert answer.status_code == 422
    errors = answer.context["page"].errors
    assert any(words in message for message in errors[at])
    assert list(errors) == [at]
    page = answer.content.decode()
    assert f'id="{at}-errors"' in page
    assert version_of(provider) == 1


def test_a_rule_on_time_without_business_hours_is_refused(provider, manager):
    provider.business_hours = None
    provider.save()
    answer = manager.post(reverse("rule_new"), {"after_hours": "1", "category": "after_hours", "do": "save"})
    assert "no business hours" in answer.context["page"].errors["time"][0]


def test_a_wrong_neighbour_is_named_above_the_form(provider, manager):
    manager.post(reverse("rule_new"), {"name": "Nights", "after_hours": "1", "category": "x", "do": "try"})
    night = {"name": "Nights", "after_hours": "1", **row(0, "title", IS, "Scan*"), "category": "x"}
    assert manager.post(reverse("rule_new"), night | {"do": "save"}).status_code == 302
    provider.business_hours = None
    provider.save()
    answer = manager.post(edit(number=1), warranty(do="save", version="2"))
    assert "Nights" in answer.context["page"].errors["general"][0]


# words


def test_words_that_leak_are_marked_and_saved_only_when_a_person_lets_them(provider, manager):
    said = {**row(0, "title", IS, "Switch*"), "wording": "Rebooted srv-sql-02", "do": "save"}
    flagged = manager.post(reverse("rule_new"), said)
    assert flagged.status_code == 422
    assert "<mark" in flagged.content.decode()
    assert len(rules_of(provider)) == 2
    other = said | {"let": "1", "flagged": "something else"}
    assert manager.post(reverse("rule_new"), other).status_code == 422
    let = said | {"let": "1", "flagged": "Rebooted srv-sql-02"}
    assert manager.post(reverse("rule_new"), let).status_code == 302
    with tenant_scope(provider):
        (let,) = LetThrough.objects.all()
        assert (let.kind, let.client, let.text) == ("words", None, "Rebooted srv-sql-02")


def test_always_word_titles_like_this_so_is_filled_in(manager):
    query = {"title": "Patch night on srv-sql-02", "wording": "Server updates"}
    page = manager.get(reverse("rule_new"), query).context["page"]
    assert page.rows[0].row == ConditionRow("title", IS, "Patch night on *")
    assert page.draft.wording == "Server updates"
    saved = {**row(0, "title", IS, "Patch night on *"), "wording": "Server updates", "do": "try"}
    assert manager.post(reverse("rule_new"), saved).context["page"].trial.entries[0].turns[0].after == (
        "“Server updates”"
    )


@pytest.mark.parametrize(
    ("title", "pattern"),
    [
        ("Scanner jam 0419", "Scanner jam *"),
        ("Ticket #48211: VPN down", "Ticket *: VPN down"),
        ("LBL printers offline - dock3-zt411 10.2.0.44", "LBL printers offline - *"),
        ("Mail   stuck", "Mail stuck"),
        ("#48211", "#48211"),
        ("", ""),
    ],
)
def test_what_may_differ_the_next_time_becomes_a_star(title, pattern):
    assert title_pattern(title) == pattern


# the form and the file


EVERY_KIND = Rule(
    "Every kind",
    Effects(pool="scheduled", categories=("a", "b"), exclude="no", wording="Two\nlines", retainer="support"),
    texts=(
        TextCondition("company", ("Acme, Inc.", "*dental*")),
        TextCondition("agreement", ("",)),
        TextCondition("board", ("", "Help*")),
        TextCondition("title", matches=" two  spaces|x$"),
    ),
    billable=False,
    weekdays=("sat", "sun"),
    after_hours=True,
)


def test_a_rule_is_the_same_after_it_stood_in_the_form():
    draft = RuleDraft.of(EVERY_KIND)
    assert [each.how for each in draft.rows] == [IS, EMPTY, IS_OR_EMPTY, MATCHES]
    again, errors = draft.rule()
    assert not errors
    assert again == EVERY_KIND


def test_rules_edited_in_the_browser_are_dumped_as_a_file_that_says_them(provider, manager, tmp_path):
    said = {
        "name": "Weekend desk",
        **row(0, "work_type", IS, "Remote\r\nOn call*"),
        **row(1, "board", MATCHES, "help|desk"),
        "billable": "yes",
        "weekday": ["sun", "sat"],
        "after_hours": "1",
        "pool": "scheduled",
        "category": "desk, after_hours",
        "wording": "Help at the weekend",
    }
    assert manager.post(reverse("rule_new"), said | {"place": "1", "do": "save"}).status_code == 302
    as_a_file = """
[[rules]]
name = "Weekend desk"
[rules.when]
board = { matches = "help|desk" }
work_type = ["Remote", "On call*"]
billable = true
weekday = ["sat", "sun"]
time = "after_hours"
[rules.then]
pool = "scheduled"
category = ["desk", "after_hours"]
wording = "Help at the weekend"
"""
    text = AGREEMENT.replace("\n[[rules]]", f"{as_a_file}\n[[rules]]", 1).replace('"north"', '"south"')
    load_agreements(tmp_path, text)
    assert dump("north").replace('"north"', '"south"') == dump("south")


def dump(slug):
    """What `dump_retainers` writes, without the members before it."""
    out = StringIO()
    call_command("dump_retainers", "--provider", slug, stdout=out)
    return out.getvalue()[out.getvalue().index("[provider]") :]


def test_what_is_published_between_the_trial_and_the_lock_is_looked_at_first(
    provider, manager, monkeypatch, tmp_path
):
    asked = manager.post(reverse("rule_new"), warranty(do="save"))
    real = submitted.save

    def after_an_import(**said):
        monkeypatch.setattr(submitted, "save", real)
        text = "Client,Date,Hours,Title\nAcme Dental,2026-05-08,1,warranty of a printer\n"
        publish_export(tmp_path, text, "--accept", "one-company")
        return real(**said)

    monkeypatch.setattr(submitted, "save", after_an_import)
    said = warranty(do="save", seen=seen_in(asked), restate=tick_in(asked))
    answer = manager.post(reverse("rule_new"), said)
    assert answer.status_code == 422
    assert len(rules_of(provider)) == 2


# dates, holidays and the entry's own status


DATED = Rule(
    "Migration",
    Effects(exclude="migration"),
    texts=(TextCondition("status", ("draft*",)),),
    holiday=False,
    since=date(2026, 3, 2),
    until=date(2026, 3, 15),
)


def posted(draft):
    """The draft as a browser sends it."""
    post = QueryDict(mutable=True)
    for name in ("name", "billable", "holiday", "since", "until", "pool", "category", "exclude", "retainer"):
        post[name] = getattr(draft, name)
    for index, each in enumerate(draft.rows):
        post.update(row(index, each.field, each.how, each.text))
    return post


@pytest.mark.parametrize("holiday", [None, True, False])
def test_a_dated_rule_goes_through_the_form_unchanged(holiday):
    rule = replace(DATED, holiday=holiday)

    assert RuleDraft.read(posted(RuleDraft.of(rule))).rule() == (rule, {})


def test_the_pages_say_when_a_rule_is_judged(provider, manager):
    said = {**row(0, "title", IS, "no such"), "exclude": "x", "since": "2026-03-02", "until": "2026-03-15"}

    assert manager.post(reverse("rule_new"), said | {"holiday": "no", "do": "save"}).status_code == 302

    assert rules_of(provider)[-1].since == date(2026, 3, 2)
    shown = " ".join(manager.get(reverse("rules")).content.decode().split())
    for words in ("dated from 2 March 2026 on", "dated until 15 March 2026", "on no holiday"):
        assert words in shown


def test_dates_in_the_wrong_order_are_told_beside_their_input():
    _, errors = RuleDraft.read(posted(replace(RuleDraft.of(DATED), since="2026-13-01"))).rule()

    assert list(errors) == ["since"]
