"""The pages of the rules: who may do what, what is tried, saved, moved and deleted."""

import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from desk.rules.draft import IS, MATCHES, RuleDraft
from retainers.agreements.rules import rules_document
from retainers.models import Entry, Publication, Restatement, RuleBook
from retainers.terms import Effects, Rule
from tests.factories import MembershipFactory, ProviderFactory, publish_export
from tests.imports.rule_pages import edit, row, rules_of, seen_in, tick_in, version_of, warranty
from tests.imports.ruled import NOW, world  # noqa: F401

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
def test_only_a_manager_edits_rules(provider, as_role, name, args):
    address = reverse(name, args=args)
    viewer = as_role(Role.VIEWER)
    assert viewer.post(address, {"to": "2", "version": "1"}).status_code == 403
    assert viewer.get(address).status_code in (403, 405)
    assert len(rules_of(provider)) == 2


def test_a_viewer_reads_the_rules_and_sees_nothing_to_press(as_role):
    answer = as_role(Role.VIEWER).get(reverse("rules"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Emergencies" in page
    assert "contains <code" in page
    assert ">trip charge</code>" in page
    assert "counts as" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert 'method="post"' not in main
    assert reverse("rule_new") not in main


def test_nobody_signed_in_is_sent_to_the_sign_in_page(provider, client):
    assert client.get(reverse("rules")).status_code == 302


@pytest.mark.parametrize("of", ["acme.support", "acme.nothing", "nobody.support", "x", "acme."])
def test_foreign_and_missing_rules_look_the_same(provider, of, stranger):
    assert stranger.get(edit(of)).status_code == 404
    assert stranger.post(edit(of), warranty(version="1")).status_code == 404
    assert stranger.post(reverse("rule_new"), warranty(of=of)).status_code == 404


def test_a_new_rule_sent_twice_is_one_rule_and_one_act(provider, manager):
    before, nothing = len(rules_of(provider)), row(0, "title", IS, "*nothing is called so*")
    for said in ("Saved", "already in the list"):
        answer = manager.post(reverse("rule_new"), {**warranty(of="all"), **nothing}, follow=True)
        assert said in answer.text
    assert len(rules_of(provider)) == before + 1
    with tenant_scope(provider):
        assert AuditEvent.objects.filter(action="rule added").count() == 1


@pytest.mark.parametrize("number", [0, 3, 99])
def test_a_rule_that_is_not_there_is_not_found(manager, number):
    assert manager.get(edit(number=number)).status_code == 404
    late = manager.post(reverse("rule_delete", args=["all", number]), follow=True)
    assert "Someone has changed these rules" in late.text


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("", "2026-06-22"),
        ("?of=acme.support", "2026-06-01"),
        ("?title=Server+down&wording=Server+restored", ""),
    ],
)
def test_a_new_rule_counts_from_today_or_from_the_running_cycles_first_day(manager, asked, day):
    """But words are for what waits, whatever its day."""
    assert manager.get(reverse("rule_new") + asked).context["page"].draft.since == day


def test_a_form_from_elsewhere_is_refused(provider):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(MembershipFactory(provider=provider, role=Role.MANAGER, user__password=None).user)
    assert strict.post(reverse("rule_new"), warranty(do="save")).status_code == 403
    assert len(rules_of(provider)) == 2


@pytest.mark.parametrize("address", ["/admin/rules/", "/admin/rules/new/", "/admin/rules/all/1/"])
def test_no_page_has_inline_style_or_script(manager, address):
    page = manager.get(address).content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert "<script>" not in page


# trying


def test_a_trial_shows_what_the_rule_catches_and_saves_nothing(provider, manager):
    answer = manager.post(reverse("rule_new"), warranty(do="try"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The rule catches 2 published entries. This would change 2 published entries." in page
    assert "Warranty repair of scanner" in page
    assert "Acme Dental: figures of closed cycles would change." in page
    assert "May 2026" in page
    assert len(rules_of(provider)) == 2
    with tenant_scope(provider):
        assert not Publication.objects.filter(kind="rules").exists()


def test_enter_tries_and_does_not_save(manager):
    page = manager.get(reverse("rule_new")).content.decode()
    form = page[page.index('<form class="rule"') :]
    assert form[form.index("<button") :].startswith('<button type="submit" class="sr" name="do" value="try"')


def test_one_more_condition_is_a_row_more_and_keeps_what_was_typed(manager):
    answer = manager.post(reverse("rule_new"), warranty(do="more"))
    page = answer.context["page"]
    assert [each.row.field for each in page.rows] == ["title", "", ""]
    assert page.draft.exclude == "warranty"


def test_a_catastrophic_pattern_cannot_hang_the_page(provider, manager, tmp_path):
    line = f"Acme Dental,2026-06-08,1,{'a' * 9000}!"
    publish_export(tmp_path, f"Client,Date,Hours,Title\n{line}\n", "--accept", "one-company")
    began = time.perf_counter()
    answer = manager.post(
        reverse("rule_new"), {**row(0, "title", MATCHES, "^(a|a?)+$"), "exclude": "x", "do": "try"}
    )
    assert time.perf_counter() - began < 5
    assert answer.context["page"].trial.entries == ()


# saving


def test_a_rule_that_touches_closed_cycles_is_saved_after_a_look_at_them(provider, manager):
    asked = manager.post(reverse("rule_new"), warranty(do="save"))
    assert asked.status_code == 422
    assert "Not saved yet." in asked.content.decode()
    assert len(rules_of(provider)) == 2
    unticked = manager.post(reverse("rule_new"), warranty(do="save", seen=seen_in(asked)))
    assert "confirm first that these closed cycles may be restated" in unticked.content.decode()
    said = warranty(do="save", seen=seen_in(asked), restate=tick_in(asked))
    answer = manager.post(reverse("rule_new"), said, follow=True)
    assert "Saved and published: 2 entries changed." in answer.content.decode()
    assert rules_of(provider)[-1].then == Effects(exclude="warranty")
    with tenant_scope(provider):
        assert Entry.objects.filter(retired_in=None, exclusion="warranty").count() == 2
        assert AuditEvent.objects.filter(action="rule added").count() == 1
        assert Restatement.objects.filter(cause="rules").exists()


def test_a_look_at_one_trial_is_no_leave_for_another(provider, manager):
    asked = manager.post(reverse("rule_new"), warranty(do="try"))
    other = warranty(do="save", exclude="another reason", seen=seen_in(asked))
    assert manager.post(reverse("rule_new"), other).status_code == 422
    assert len(rules_of(provider)) == 2


def test_a_rule_that_leaves_closed_cycles_alone_is_saved_at_once(provider, manager):
    said = {**row(0, "title", IS, "Switch*"), "wording": "Switch replaced", "do": "save"}
    assert manager.post(reverse("rule_new"), said).status_code == 302
    with tenant_scope(provider):
        assert Entry.objects.get(retired_in=None, wording="Switch replaced").worded_by == "rule"


def test_a_rule_for_one_retainer_is_saved_in_its_agreement(provider, manager):
    said = {"of": "birch.bank", "name": "Jam", **row(0, "title", IS, "Scanner*"), "category": "desk"}
    assert manager.post(reverse("rule_new"), said | {"do": "save"}).status_code == 302
    assert [rule.name for rule in rules_of(provider, "birch.bank")] == ["Jam"]
    assert version_of(provider) == 1


def test_an_edited_rule_takes_the_place_that_was_chosen(provider, manager):
    page = manager.get(edit(number=1)).context["page"]
    assert page.choices.places == (("1", "1, first"), ("2", "2, after “Emergencies”"))
    said = {"name": "Trips", **row(0, "work_type", IS, "*travel*\n*trip charge*"), "category": "travel"}
    assert manager.post(edit(number=1), said | {"place": "2", "version": "1"}).status_code == 302
    assert [rule.name for rule in rules_of(provider)] == ["Emergencies", "Trips"]


def test_a_kind_of_work_is_named_in_words(provider, manager):
    said = {"name": "Nights", **row(0, "title", IS, "night*"), "category": "After hours, on site, Night work"}
    assert manager.post(reverse("rule_new"), said | {"do": "save"}).status_code == 302
    assert rules_of(provider)[-1].then.categories == ("after_hours", "onsite", "night_work")
    page = manager.get(edit(number=len(rules_of(provider)))).text
    assert 'value="after hours, on site, night work"' in page
    assert "after_hours, onsite" not in page


def test_a_category_that_a_file_wrote_its_own_way_stays_as_it_is():
    rule = Rule("Third line", then=Effects(categories=("Tier_3", "after_hours")))
    draft = RuleDraft.of(rule)
    assert draft.category == "Tier_3, after hours"
    assert draft.table()["then"]["category"] == ["Tier_3", "after_hours"]


def test_an_opened_rule_that_is_saved_as_it_is_stays_the_same(provider, manager):
    before = rules_document(rules_of(provider))
    draft = manager.get(edit(number=1)).context["page"].draft
    said = {"name": draft.name, "category": draft.category, "version": "1"}
    for index, each in enumerate(draft.rows):
        said |= row(index, each.field, each.how, each.text)
    assert manager.post(edit(number=1), said).status_code == 302
    assert rules_document(rules_of(provider)) == before
    assert version_of(provider) == 1


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(provider, manager):
    manager.post(reverse("rule_move", args=["all", 1]), {"to": "2", "version": "1"})
    answer = manager.post(edit(number=1), warranty(do="save", version="1"))
    assert answer.status_code == 422
    assert "Someone has changed these rules" in answer.content.decode()
    assert answer.context["page"].draft.exclude == "warranty"
    assert [rule.name for rule in rules_of(provider)] == ["Emergencies", "Travel"]


# moving and deleting


def test_a_move_that_nobody_notices_is_done_at_once(provider, manager):
    answer = manager.post(reverse("rule_move", args=["all", 1]), {"to": "2", "version": "1"})
    assert answer.status_code == 302
    assert [rule.name for rule in rules_of(provider)] == ["Emergencies", "Travel"]


def test_a_move_that_judges_entries_otherwise_is_shown_first(provider, manager):
    for reason in ("one", "two"):
        said = {"name": reason, **row(0, "title", IS, "Switch*"), "exclude": reason, "do": "save"}
        assert manager.post(reverse("rule_new"), said).status_code == 302
    address = reverse("rule_move", args=["all", 4])
    shown = manager.post(address, {"to": "3", "version": "3"})
    assert shown.status_code == 200
    assert "This would change 1 published entry." in shown.content.decode()
    assert [rule.name for rule in rules_of(provider)][2:] == ["one", "two"]
    done = manager.post(address, {"to": "3", "version": "3", "seen": seen_in(shown)})
    assert done.status_code == 302
    assert [rule.name for rule in rules_of(provider)][2:] == ["two", "one"]
    with tenant_scope(provider):
        assert Entry.objects.filter(retired_in=None, exclusion="two").count() == 1


@pytest.mark.parametrize("to", ["", "x", "-1", "1" * 9])
def test_a_place_that_is_none_is_not_found(manager, to):
    assert manager.post(reverse("rule_move", args=["all", 1]), {"to": to, "version": "1"}).status_code == 404


def test_a_rule_is_deleted_after_a_look_at_what_that_does(provider, manager):
    address = reverse("rule_delete", args=["all", 2])
    shown = manager.get(address)
    assert "Delete “Emergencies”?" in shown.content.decode()
    assert manager.post(address, {"version": "1"}).status_code == 200
    assert len(rules_of(provider)) == 2
    manager.post(address, {"version": "1", "seen": seen_in(shown)})
    assert [rule.name for rule in rules_of(provider)] == ["Travel"]
    with tenant_scope(provider):
        assert [len(book.document) for book in RuleBook.objects.order_by("number")] == [2, 1]


def test_a_list_that_has_changed_since_is_neither_moved_nor_thinned(provider, manager):
    manager.post(reverse("rule_move", args=["all", 1]), {"to": "2", "version": "1"})
    for name, said in (("rule_move", {"to": "2"}), ("rule_delete", {})):
        address = reverse(name, args=["all", 1])
        answer = manager.post(address, {"version": "1", **said}, follow=True)
        assert "Someone has changed these rules" in answer.content.decode()
    assert [rule.name for rule in rules_of(provider)] == ["Emergencies", "Travel"]


@pytest.mark.django_db
def test_business_hours_that_no_rule_uses_are_said_to_change_nothing_yet(client):
    provider = ProviderFactory()
    client.force_login(MembershipFactory(provider=provider, role=Role.MANAGER).user)
    idle = "No rule uses your business hours yet"
    assert idle not in client.get(reverse("rules")).text
    hours = {"v-0-days": ["mon"], "v-0-start": "08:00", "v-0-end": "17:00", "do": "save"}
    client.post(reverse("business_hours"), hours)
    page = client.get(reverse("rules")).text
    assert idle in page
    form = client.get(re.search(r'href="([^"]*outside_hours=1)"', page)[1]).context["page"]
    draft = form.draft
    said = {"name": draft.name, "after_hours": "on", "category": draft.category, "since": draft.since}
    assert client.post(reverse("rule_new"), {**said, "do": "save"}).status_code == 302
    (rule,) = [rule for rule in rules_of(provider) if rule.asks_business_hours]
    assert rule.then.categories == ("after_hours",)
    assert idle not in client.get(reverse("rules")).text
