"""The pages of the rules: who may do what, what a form says and refuses, what is tried and what is saved."""

import time
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from desk.rules import submitted
from desk.rules.draft import EMPTY, IS, IS_OR_EMPTY, MATCHES, ConditionRow, RuleDraft
from desk.rules.suggest import title_pattern
from imports.judging.books import provider_book
from imports.judging.rulebook import retainer_book
from retainers.agreements.rules import rules_document
from retainers.models import Entry, LetThrough, Publication, Restatement, RuleBook
from retainers.selectors import retainers_of
from retainers.terms import Effects, Rule, TextCondition
from tests.factories import MembershipFactory, ProviderFactory
from tests.imports.ruled import AGREEMENT, NOW, load_ruled


@pytest.fixture
def north(db, tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    return load_ruled(tmp_path)


@pytest.fixture
def as_role(north, client):
    def sign_in(role=Role.MANAGER, provider=north):
        client.force_login(MembershipFactory(provider=provider, role=role, user__password=None).user)
        return client

    return sign_in


@pytest.fixture
def dana(as_role):
    return as_role()


def edit(of="all", number=1):
    return reverse("rule_edit", args=[of, number])


def rules_of(provider, of="all"):
    with tenant_scope(provider):
        if of == "all":
            return provider_book().rules
        return retainer_book(retainers_of([of.split(".")[0]])[0]).rules


def version_of(provider):
    with tenant_scope(provider):
        return provider_book().version


def row(index, field, how, text=""):
    return {f"field-{index}": field, f"how-{index}": how, f"text-{index}": text}


def warranty(**more):
    return {"name": "Warranty", **row(0, "title", IS, "*warranty*"), "exclude": "warranty", **more}


def seen_in(answer):
    return answer.context["page"].trial.digest


def tick_in(answer):
    """What the tick under the closed cycles sends."""
    return answer.context["page"].trial.restating.digest


# who may do what


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("rule_new", []),
        ("rule_edit", ["all", 1]),
        ("rule_delete", ["all", 1]),
        ("rule_move", ["all", 1]),
    ],
)
def test_only_a_manager_edits_rules(north, as_role, name, args):
    address = reverse(name, args=args)
    viewer = as_role(Role.VIEWER)
    assert viewer.post(address, {"to": "2", "version": "1"}).status_code == 403
    assert viewer.get(address).status_code in (403, 405)
    assert len(rules_of(north)) == 2


def test_a_viewer_reads_the_rules_and_sees_nothing_to_press(as_role):
    answer = as_role(Role.VIEWER).get(reverse("rules"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Emergencies" in page
    assert "*trip charge*" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "<button" not in main
    assert reverse("rule_new") not in main


def test_nobody_signed_in_is_sent_to_the_sign_in_page(north, client):
    assert client.get(reverse("rules")).status_code == 302


@pytest.mark.parametrize("of", ["acme.support", "acme.nothing", "nobody.support", "x", "acme."])
def test_foreign_and_missing_rules_look_the_same(north, as_role, of):
    stranger = as_role(Role.OWNER, ProviderFactory())
    assert stranger.get(edit(of)).status_code == 404
    assert stranger.post(edit(of), warranty(version="1")).status_code == 404
    assert stranger.post(reverse("rule_new"), warranty(of=of)).status_code == 404


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_rule_that_is_not_there_is_not_found(dana, number):
    assert dana.get(edit(number=number)).status_code == 404
    assert dana.post(reverse("rule_delete", args=["all", number])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("", "2026-06-22"),
        ("?of=acme.support", "2026-06-01"),
        ("?title=Server+down&wording=Server+restored", ""),
    ],
)
def test_a_new_rule_counts_from_today_or_from_the_running_cycles_first_day(dana, asked, day):
    """But words are for what waits, whatever its day."""
    assert dana.get(reverse("rule_new") + asked).context["page"].draft.since == day


def test_a_form_from_elsewhere_is_refused(north):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(MembershipFactory(provider=north, role=Role.MANAGER, user__password=None).user)
    assert strict.post(reverse("rule_new"), warranty(do="save")).status_code == 403
    assert len(rules_of(north)) == 2


@pytest.mark.parametrize("address", ["/admin/rules/", "/admin/rules/new/", "/admin/rules/all/1/"])
def test_no_page_has_inline_style_or_script(dana, address):
    page = dana.get(address).content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert "<script>" not in page


# the list


def test_a_retainers_rules_stand_before_those_for_all_clients_and_say_whose_they_are(dana):
    page = dana.get(reverse("rules")).content.decode()
    assert page.index("Acme Dental") < page.index("Maintenance") < page.index("Then, for all clients")
    assert page.index("Then, for all clients") < page.index("Travel")
    assert "1 retainer has no rules of its own." in page


# trying


def test_a_trial_shows_what_the_rule_catches_and_saves_nothing(north, dana):
    answer = dana.post(reverse("rule_new"), warranty(do="try"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The rule catches 2 published entries. This would change 2 published entries." in page
    assert "Warranty repair of scanner" in page
    assert "Acme Dental: figures of closed cycles would change." in page
    assert "May 2026" in page
    assert len(rules_of(north)) == 2
    with tenant_scope(north):
        assert not Publication.objects.filter(kind="rules").exists()


def test_enter_tries_and_does_not_save(dana):
    page = dana.get(reverse("rule_new")).content.decode()
    form = page[page.index('<form class="rule"') :]
    assert form[form.index("<button") :].startswith('<button type="submit" class="sr" name="do" value="try"')


def test_one_more_condition_is_a_row_more_and_keeps_what_was_typed(dana):
    answer = dana.post(reverse("rule_new"), warranty(do="more"))
    page = answer.context["page"]
    assert [each.row.field for each in page.rows] == ["title", "", ""]
    assert page.draft.exclude == "warranty"


def test_a_catastrophic_pattern_cannot_hang_the_page(north, dana, tmp_path):
    (tmp_path / "long.csv").write_text(f"Client,Date,Hours,Title\nAcme Dental,2026-06-08,1,{'a' * 9000}!\n")
    call_command(
        "import_csv",
        str(tmp_path / "long.csv"),
        "--provider",
        "north",
        "--publish",
        "--accept",
        "one-company",
        verbosity=0,
    )
    began = time.perf_counter()
    answer = dana.post(
        reverse("rule_new"), {**row(0, "title", MATCHES, "^(a|a?)+$"), "exclude": "x", "do": "try"}
    )
    assert time.perf_counter() - began < 5
    assert answer.context["page"].trial.entries == ()


# saving


def test_a_rule_that_touches_closed_cycles_is_saved_after_a_look_at_them(north, dana):
    asked = dana.post(reverse("rule_new"), warranty(do="save"))
    assert asked.status_code == 422
    assert "Not saved yet." in asked.content.decode()
    assert len(rules_of(north)) == 2
    unticked = dana.post(reverse("rule_new"), warranty(do="save", seen=seen_in(asked)))
    assert "say first that these closed cycles may be restated" in unticked.content.decode()
    said = warranty(do="save", seen=seen_in(asked), restate=tick_in(asked))
    answer = dana.post(reverse("rule_new"), said, follow=True)
    assert "Saved and published: 2 entries changed." in answer.content.decode()
    assert rules_of(north)[-1].then == Effects(exclude="warranty")
    with tenant_scope(north):
        assert Entry.objects.filter(retired_in=None, exclusion="warranty").count() == 2
        assert AuditEvent.objects.filter(action="rule added").count() == 1
        assert Restatement.objects.filter(cause="rules").exists()


def test_a_look_at_one_trial_is_no_leave_for_another(north, dana):
    asked = dana.post(reverse("rule_new"), warranty(do="try"))
    other = warranty(do="save", exclude="another reason", seen=seen_in(asked))
    assert dana.post(reverse("rule_new"), other).status_code == 422
    assert len(rules_of(north)) == 2


def test_a_rule_that_leaves_closed_cycles_alone_is_saved_at_once(north, dana):
    said = {**row(0, "title", IS, "Switch*"), "wording": "Switch replaced", "do": "save"}
    assert dana.post(reverse("rule_new"), said).status_code == 302
    with tenant_scope(north):
        assert Entry.objects.get(retired_in=None, wording="Switch replaced").worded_by == "rule"


def test_a_rule_for_one_retainer_is_saved_in_its_agreement(north, dana):
    said = {"of": "birch.bank", "name": "Jam", **row(0, "title", IS, "Scanner*"), "category": "desk"}
    assert dana.post(reverse("rule_new"), said | {"do": "save"}).status_code == 302
    assert [rule.name for rule in rules_of(north, "birch.bank")] == ["Jam"]
    assert version_of(north) == 1


def test_an_edited_rule_takes_the_place_that_was_chosen(north, dana):
    page = dana.get(edit(number=1)).context["page"]
    assert page.choices.places == (("1", "1, first"), ("2", "2, after “Emergencies”"))
    said = {"name": "Trips", **row(0, "work_type", IS, "*travel*\n*trip charge*"), "category": "travel"}
    assert dana.post(edit(number=1), said | {"place": "2", "version": "1"}).status_code == 302
    assert [rule.name for rule in rules_of(north)] == ["Emergencies", "Trips"]


def test_an_opened_rule_that_is_saved_as_it_is_stays_the_same(north, dana):
    before = rules_document(rules_of(north))
    draft = dana.get(edit(number=1)).context["page"].draft
    said = {"name": draft.name, "category": draft.category, "version": "1"}
    for index, each in enumerate(draft.rows):
        said |= row(index, each.field, each.how, each.text)
    assert dana.post(edit(number=1), said).status_code == 302
    assert rules_document(rules_of(north)) == before
    assert version_of(north) == 1


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(north, dana):
    dana.post(reverse("rule_move", args=["all", 1]), {"to": "2", "version": "1"})
    answer = dana.post(edit(number=1), warranty(do="save", version="1"))
    assert answer.status_code == 422
    assert "Somebody has changed these rules" in answer.content.decode()
    assert answer.context["page"].draft.exclude == "warranty"
    assert [rule.name for rule in rules_of(north)] == ["Emergencies", "Travel"]


# moving and deleting


def test_a_move_that_nobody_notices_is_done_at_once(north, dana):
    answer = dana.post(reverse("rule_move", args=["all", 1]), {"to": "2", "version": "1"})
    assert answer.status_code == 302
    assert [rule.name for rule in rules_of(north)] == ["Emergencies", "Travel"]


def test_a_move_that_judges_entries_otherwise_is_shown_first(north, dana):
    for reason in ("one", "two"):
        said = {"name": reason, **row(0, "title", IS, "Switch*"), "exclude": reason, "do": "save"}
        assert dana.post(reverse("rule_new"), said).status_code == 302
    address = reverse("rule_move", args=["all", 4])
    shown = dana.post(address, {"to": "3", "version": "3"})
    assert shown.status_code == 200
    assert "This would change 1 published entry." in shown.content.decode()
    assert [rule.name for rule in rules_of(north)][2:] == ["one", "two"]
    done = dana.post(address, {"to": "3", "version": "3", "seen": seen_in(shown)})
    assert done.status_code == 302
    assert [rule.name for rule in rules_of(north)][2:] == ["two", "one"]
    with tenant_scope(north):
        assert Entry.objects.filter(retired_in=None, exclusion="two").count() == 1


@pytest.mark.parametrize("to", ["", "x", "-1", "1" * 9])
def test_a_place_that_is_none_is_not_found(dana, to):
    assert dana.post(reverse("rule_move", args=["all", 1]), {"to": to, "version": "1"}).status_code == 404


def test_a_rule_is_deleted_after_a_look_at_what_that_does(north, dana):
    address = reverse("rule_delete", args=["all", 2])
    shown = dana.get(address)
    assert "Delete “Emergencies”?" in shown.content.decode()
    assert dana.post(address, {"version": "1"}).status_code == 200
    assert len(rules_of(north)) == 2
    dana.post(address, {"version": "1", "seen": seen_in(shown)})
    assert [rule.name for rule in rules_of(north)] == ["Travel"]
    with tenant_scope(north):
        assert [len(book.document) for book in RuleBook.objects.order_by("number")] == [2, 1]


def test_a_list_that_has_changed_since_is_neither_moved_nor_thinned(north, dana):
    dana.post(reverse("rule_move", args=["all", 1]), {"to": "2", "version": "1"})
    for name, said in (("rule_move", {"to": "2"}), ("rule_delete", {})):
        address = reverse(name, args=["all", 1])
        answer = dana.post(address, {"version": "1", **said}, follow=True)
        assert "Somebody has changed these rules" in answer.content.decode()
    assert [rule.name for rule in rules_of(north)] == ["Emergencies", "Travel"]


# what a form refuses, at its inputs


@pytest.mark.parametrize(
    ("said", "at", "words"),
    [
        ({}, "then", "the rule does nothing"),
        ({**row(0, "title", MATCHES, "(?=x)"), "exclude": "x"}, "row-0", "can't be used"),
        ({**row(0, "title", MATCHES, ""), "exclude": "x"}, "row-0", "the pattern is empty"),
        ({**row(0, "title", IS, " \n "), "exclude": "x"}, "row-0", "the list has no text"),
        ({**row(0, "", IS, "x"), "exclude": "x"}, "row-0", "Choose what this is about"),
        (
            {**row(0, "title", IS, "x"), **row(1, "title", IS, "y"), "exclude": "x"},
            "row-1",
            "is already above",
        ),
        ({"category": "no key!"}, "category", "isn't a key"),
        ({"exclude": "x" * 201}, "exclude", "201 characters"),
        ({"wording": "x" * 501}, "wording", "501 characters"),
        ({"name": "x" * 121, "exclude": "x"}, "name", "121 characters"),
        ({"of": "birch.bank", "pool": "reactive"}, "pool", "has no pool “reactive”"),
    ],
)
@pytest.mark.parametrize("do", ["try", "save"])
def test_what_makes_no_sense_is_said_at_its_input_and_nothing_is_saved(north, dana, said, at, words, do):
    answer = dana.post(reverse("rule_new"), {**said, "do": do})
    assert answer.status_code == 422
    errors = answer.context["page"].errors
    assert any(words in message for message in errors[at])
    assert list(errors) == [at]
    page = answer.content.decode()
    assert f'id="{at}-errors"' in page
    assert version_of(north) == 1


def test_a_rule_on_time_without_business_hours_is_refused(north, dana):
    north.business_hours = None
    north.save()
    answer = dana.post(reverse("rule_new"), {"after_hours": "1", "category": "after_hours", "do": "save"})
    assert "no business hours" in answer.context["page"].errors["time"][0]


def test_a_wrong_neighbour_is_named_above_the_form(north, dana):
    dana.post(reverse("rule_new"), {"name": "Nights", "after_hours": "1", "category": "x", "do": "try"})
    night = {"name": "Nights", "after_hours": "1", **row(0, "title", IS, "Scan*"), "category": "x"}
    assert dana.post(reverse("rule_new"), night | {"do": "save"}).status_code == 302
    north.business_hours = None
    north.save()
    answer = dana.post(edit(number=1), warranty(do="save", version="2"))
    assert "Nights" in answer.context["page"].errors["general"][0]


# words


def test_words_that_leak_are_marked_and_saved_only_when_a_person_lets_them(north, dana):
    said = {**row(0, "title", IS, "Switch*"), "wording": "Rebooted srv-sql-02", "do": "save"}
    flagged = dana.post(reverse("rule_new"), said)
    assert flagged.status_code == 422
    assert "<mark" in flagged.content.decode()
    assert len(rules_of(north)) == 2
    other = said | {"let": "1", "flagged": "something else"}
    assert dana.post(reverse("rule_new"), other).status_code == 422
    let = said | {"let": "1", "flagged": "Rebooted srv-sql-02"}
    assert dana.post(reverse("rule_new"), let).status_code == 302
    with tenant_scope(north):
        (let,) = LetThrough.objects.all()
        assert (let.kind, let.client, let.text) == ("words", None, "Rebooted srv-sql-02")


def test_always_word_titles_like_this_so_is_filled_in(dana):
    query = {"title": "Patch night on srv-sql-02", "wording": "Server updates"}
    page = dana.get(reverse("rule_new"), query).context["page"]
    assert page.rows[0].row == ConditionRow("title", IS, "Patch night on *")
    assert page.draft.wording == "Server updates"
    saved = {**row(0, "title", IS, "Patch night on *"), "wording": "Server updates", "do": "try"}
    assert dana.post(reverse("rule_new"), saved).context["page"].trial.entries[0].turns[0].after == (
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


def test_rules_edited_in_the_browser_are_dumped_as_a_file_that_says_them(north, dana, tmp_path):
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
    assert dana.post(reverse("rule_new"), said | {"place": "1", "do": "save"}).status_code == 302
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
    (tmp_path / "south.toml").write_text(text)
    call_command("load_retainers", str(tmp_path / "south.toml"), verbosity=0, stdout=StringIO())
    assert dump("north").replace('"north"', '"south"') == dump("south")


def dump(slug):
    """What `dump_retainers` writes, without the members before it."""
    out = StringIO()
    call_command("dump_retainers", "--provider", slug, stdout=out)
    return out.getvalue()[out.getvalue().index("[provider]") :]


def test_what_is_published_between_the_trial_and_the_lock_is_looked_at_first(
    north, dana, monkeypatch, tmp_path
):
    asked = dana.post(reverse("rule_new"), warranty(do="save"))
    real = submitted.save

    def after_an_import(**said):
        monkeypatch.setattr(submitted, "save", real)
        text = "Client,Date,Hours,Title\nAcme Dental,2026-05-08,1,warranty of a printer\n"
        (tmp_path / "more.csv").write_text(text)
        call_command(
            "import_csv",
            str(tmp_path / "more.csv"),
            "--provider",
            "north",
            "--publish",
            "--accept",
            "one-company",
            verbosity=0,
        )
        return real(**said)

    monkeypatch.setattr(submitted, "save", after_an_import)
    said = warranty(do="save", seen=seen_in(asked), restate=tick_in(asked))
    answer = dana.post(reverse("rule_new"), said)
    assert answer.status_code == 422
    assert len(rules_of(north)) == 2


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


def test_the_pages_say_when_a_rule_is_judged(north, dana):
    said = {**row(0, "title", IS, "no such"), "exclude": "x", "since": "2026-03-02", "until": "2026-03-15"}

    assert dana.post(reverse("rule_new"), said | {"holiday": "no", "do": "save"}).status_code == 302

    assert rules_of(north)[-1].since == date(2026, 3, 2)
    shown = " ".join(dana.get(reverse("rules")).content.decode().split())
    for words in ("dated from 2 March 2026 on", "dated until 15 March 2026", "on no holiday"):
        assert words in shown


def test_dates_in_the_wrong_order_are_told_beside_their_input():
    _, errors = RuleDraft.read(posted(replace(RuleDraft.of(DATED), since="2026-13-01"))).rule()

    assert list(errors) == ["since"]
