"""Rules edited in the browser: the list they leave, what is refused and written; the same as a file's."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.providers import existing
from accounts.tenancy import tenant_scope
from imports.judging.books import provider_book
from imports.judging.rulebook import (
    StaleError,
    adding,
    changing,
    deleting,
    find_leaks_in,
    find_problems,
    moving,
    retainer_book,
    retainer_books,
    rule_at,
    save,
)
from imports.models import Import
from retainers.agreements import AgreementError
from retainers.models import AgreementVersion, Entry, Publication, RuleBook
from retainers.selectors import retainers_of
from retainers.terms import Effects, Rule, TextCondition
from tests.factories import MembershipFactory, ProviderFactory, load_agreements
from tests.imports.ruled import AGREEMENT, EXPORT, NOW, world  # noqa: F401

WARRANTY = Rule("Warranty", Effects(exclude="warranty"), texts=(TextCondition("title", ("*warranty*",)),))


@pytest.fixture
def provider(provider):
    with tenant_scope(provider):
        yield provider


@pytest.fixture
def dana(provider):
    return MembershipFactory(provider=provider, user__password=None).user


def own_book(slug="acme"):
    return retainer_book(retainers_of([slug])[0])


def saved(provider, book, edit, by=None):
    return save(provider=provider, book=book, edit=edit, by=by, at=timezone.now(), agreed=True)


def names(rules):
    return [rule.name for rule in rules]


# the list


def test_a_new_rule_comes_last_or_where_it_is_put(provider):
    book = provider_book()
    assert names(adding(book, WARRANTY).rules) == ["Travel", "Emergencies", "Warranty"]
    assert names(adding(book, WARRANTY, 1).rules) == ["Warranty", "Travel", "Emergencies"]
    assert names(adding(book, WARRANTY, 99).rules) == ["Travel", "Emergencies", "Warranty"]


def test_a_changed_rule_keeps_its_place_or_takes_another(provider):
    book = provider_book()
    assert names(changing(book, 1, WARRANTY).rules) == ["Warranty", "Emergencies"]
    assert names(changing(book, 1, WARRANTY, 2).rules) == ["Emergencies", "Warranty"]


def test_a_rule_is_moved_up_and_down_and_stops_at_the_ends(provider):
    book = provider_book()
    assert names(moving(book, 2, 1).rules) == ["Emergencies", "Travel"]
    assert names(moving(book, 2, 0).rules) == ["Emergencies", "Travel"]
    assert names(moving(book, 2, 3).rules) == ["Travel", "Emergencies"]


def test_a_deleted_rule_is_gone_and_the_others_close_up(provider):
    assert names(deleting(provider_book(), 1).rules) == ["Emergencies"]


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_rule_that_is_not_there_is_not_found(provider, number):
    with pytest.raises(LookupError):
        rule_at(provider_book(), number)
    with pytest.raises(LookupError):
        deleting(provider_book(), number)


def test_every_retainer_has_a_book_and_each_its_address(provider):
    assert [(book.key, names(book.rules)) for book in retainer_books()] == [
        ("acme.support", ["Maintenance"]),
        ("birch.bank", []),
    ]
    assert provider_book().key == "all"


# saving


def test_the_providers_rules_become_a_new_version_and_the_old_one_stays(provider, dana):
    assert saved(provider, provider_book(), adding(provider_book(), WARRANTY), by=dana) == 2
    old, new = RuleBook.objects.order_by("number")
    assert (new.number, new.recorded_by) == (2, dana)
    assert [len(old.document), len(new.document)] == [2, 3]


def test_what_follows_is_published_for_the_retainers_it_touches_alone(provider, dana):
    saved(provider, provider_book(), adding(provider_book(), WARRANTY), by=dana)
    made = Publication.objects.filter(kind=Publication.Kind.RULES)
    assert [(str(each.retainer), each.note, each.made_by) for each in made] == [
        ("Acme Dental · support", "Warranty", dana)
    ]
    assert Entry.objects.filter(retired_in=made[0]).count() == 2
    assert Entry.objects.filter(added_in=made[0], exclusion="warranty").count() == 2


def test_covers_through_and_the_moment_of_the_update_stay(provider):
    before = own_book().retainer.publication
    saved(provider, provider_book(), adding(provider_book(), WARRANTY))
    after = own_book().retainer.publication
    assert after.number == before.number + 1
    assert (after.through, after.updated_at) == (before.through, before.updated_at)


def test_a_retainers_rules_become_a_new_version_of_its_agreement_in_one_publication(provider):
    edit = adding(own_book(), Rule("All", Effects(pool="scheduled")), 1)
    saved(provider, own_book(), edit)
    row = own_book().retainer
    assert AgreementVersion.objects.filter(retainer=row).count() == 2
    assert (row.publication.kind, row.publication.version) == ("rules", row.version)
    assert Entry.objects.filter(added_in=row.publication).exclude(pool="scheduled").count() == 0
    assert RuleBook.objects.count() == 1


def test_a_retainers_rule_that_catches_nothing_is_in_force_all_the_same(provider):
    saved(provider, own_book("birch"), adding(own_book("birch"), WARRANTY))
    assert names(own_book("birch").rules) == ["Warranty"]
    assert own_book("birch").retainer.publication.kind == "rules"


def test_the_same_rules_again_make_no_version_and_no_publication(provider):
    before = Publication.objects.count()
    saved(provider, provider_book(), moving(provider_book(), 1, 1))
    saved(provider, own_book(), changing(own_book(), 1, own_book().rules[0]))
    assert (RuleBook.objects.count(), Publication.objects.count()) == (1, before)
    assert not AuditEvent.objects.filter(action__startswith="rule ").exists()


@pytest.mark.parametrize(
    ("edit", "action"),
    [
        (lambda book: adding(book, WARRANTY), "rule added"),
        (lambda book: changing(book, 1, WARRANTY), "rule changed"),
        (lambda book: moving(book, 1, 2), "rule moved"),
        (lambda book: deleting(book, 1), "rule deleted"),
    ],
)
def test_each_deed_is_written_down_with_who_did_it(provider, dana, edit, action):
    saved(provider, provider_book(), edit(provider_book()), by=dana)
    event = AuditEvent.objects.get(action__startswith="rule ")
    assert (event.action, event.actor, event.detail["rules"]) == (action, dana.email, "all")


def test_rules_that_somebody_else_has_changed_meanwhile_are_not_overwritten(provider):
    read = provider_book()
    saved(provider, read, adding(read, WARRANTY))
    with pytest.raises(StaleError):
        saved(provider, read, deleting(read, 1))
    assert names(provider_book().rules) == ["Travel", "Emergencies", "Warranty"]


def test_an_agreement_that_somebody_else_has_changed_meanwhile_is_not_overwritten(provider, tmp_path):
    read = own_book()
    load_agreements(tmp_path, AGREEMENT.replace('hours = "10"', 'hours = "12"'), "--restate")
    with pytest.raises(StaleError):
        saved(provider, read, deleting(read, 1))


def test_a_page_shown_on_an_earlier_day_can_still_be_shown(provider, time_machine):
    call = ["balances", "--provider", "north", "--as-published", "2026-06-22"]
    out = StringIO()
    call_command(*call, stdout=out)
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    saved(provider, provider_book(), adding(provider_book(), WARRANTY))
    later = StringIO()
    call_command(*call, stdout=later)
    assert later.getvalue() == out.getvalue()
    today = StringIO()
    call_command("balances", "--provider", "north", stdout=today)
    assert today.getvalue() != out.getvalue()


# what is refused


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (Rule("", Effects()), ("rules", 2, "then")),
        (Rule("x", Effects(exclude=" ")), ("rules", 2, "then", "exclude")),
        (Rule("x", Effects(pool="no key!")), ("rules", 2, "then", "pool")),
        (
            Rule("x", Effects(pool="a"), texts=(TextCondition("title", matches="(?=x)"),)),
            ("rules", 2, "when", "title"),
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_place(provider, rule, place):
    book = provider_book()
    edit = adding(book, rule)
    assert place in [found.path for found, _ in find_problems(book, edit.rules, provider)]
    with pytest.raises(AgreementError):
        saved(provider, book, edit)
    assert RuleBook.objects.count() == 1


def test_a_pool_that_the_retainer_does_not_have_is_refused(provider):
    edit = adding(own_book(), Rule("x", Effects(pool="nowhere")))
    ((place, message),) = find_problems(own_book(), edit.rules, provider)
    assert place.path == ("rules", 1, "then", "pool")
    assert "reactive, scheduled" in message


def test_a_rule_on_time_needs_business_hours(provider):
    provider.business_hours = None
    rule = Rule("Nights", Effects(categories=("after_hours",)), after_hours=True)
    ((place, _),) = find_problems(provider_book(), [rule], provider)
    assert place.path == ("rules", 0, "when", "time")


def test_words_that_a_client_should_not_read_are_found_in_a_rule(provider):
    leaky = Rule("x", Effects(wording="Rebooted srv-sql-02 for Birch Lowe"))
    found = {hit.text for hit in find_leaks_in(provider_book(), leaky, provider)}
    assert {"srv-sql-02", "Birch Lowe"} <= found
    assert "Birch Lowe" not in {hit.text for hit in find_leaks_in(own_book("birch"), leaky, provider)}
    assert find_leaks_in(provider_book(), Rule("x", Effects(wording="Server restarted")), provider) == ()


# the same as a file


EVERYTHING = Rule(
    "Everything",
    Effects(
        pool="scheduled",
        categories=("desk", "night"),
        exclude="no reason",
        wording="Care",
        retainer="support",
    ),
    texts=(
        TextCondition("board", ("Service*", "Help, desk")),
        TextCondition("title", matches="(?i)fan|disk"),
        TextCondition("work_type", ("Remote",)),
    ),
    billable=True,
    weekdays=("sat", "sun"),
    after_hours=True,
)
AS_A_FILE = """
[[rules]]
name = "Everything"
[rules.when]
time = "after_hours"
weekday = ["sat", "sun"]
work_type = "Remote"
board = ["Service*", "Help, desk"]
title = { matches = "(?i)fan|disk" }
billable = true
[rules.then]
retainer = "support"
wording = "Care"
category = ["desk", "night"]
exclude = "no reason"
pool = "scheduled"
"""


def dump(slug):
    out = StringIO()
    call_command("dump_retainers", "--provider", slug, stdout=out)
    return out.getvalue()


def test_a_rule_edited_here_is_dumped_as_a_file_that_says_it(provider, tmp_path):
    book = provider_book()
    saved(provider, book, adding(book, EVERYTHING, 2))
    saved(provider, own_book(), adding(own_book(), EVERYTHING, 1))
    parts = AGREEMENT.split("\n[[rules]]")
    text = f"{parts[0]}\n[[rules]]{parts[1]}{AS_A_FILE}\n[[rules]]{parts[2]}"
    own = AS_A_FILE.replace("[rules", "[clients.retainers.rules")
    text = text.replace("\n[[clients.retainers.rules]]", f"{own}\n[[clients.retainers.rules]]")
    text = text.replace('slug = "north"', 'slug = "south"')
    load_agreements(tmp_path, text)
    assert dump("north").replace('"north"', '"south"') == dump("south")


def test_loading_the_dump_again_changes_nothing(provider, tmp_path):
    saved(provider, provider_book(), adding(provider_book(), EVERYTHING))
    assert load_agreements(tmp_path, dump("north")) == "Nothing to change.\n"


def test_both_ways_leave_the_same_documents(provider, tmp_path):
    saved(provider, provider_book(), adding(provider_book(), WARRANTY))
    edited = RuleBook.objects.order_by("-number")[0].document
    text = AGREEMENT.replace(
        '[[clients]]\nslug = "acme"',
        '[[rules]]\nname = "Warranty"\nwhen = { title = "*warranty*" }\nthen = { exclude = "warranty" }\n'
        '[[clients]]\nslug = "acme"',
    ).replace('slug = "north"', 'slug = "south"')
    load_agreements(tmp_path, text)
    with tenant_scope(existing("south")):
        assert RuleBook.objects.get().document == edited


def test_a_provider_without_rules_begins_with_an_empty_book(db):
    provider = ProviderFactory()
    with tenant_scope(provider):
        assert (provider_book().rules, provider_book().version) == ((), 0)
        saved(provider, provider_book(), adding(provider_book(), WARRANTY))
        assert provider_book().version == 1


def test_words_of_a_rule_that_is_deleted_leave_the_clients_page(provider, dana):
    worded = Rule(
        "Scanners", Effects(wording="Scanner looked after"), texts=(TextCondition("title", ("*scanner*",)),)
    )
    saved(provider, provider_book(), adding(provider_book(), worded), dana)
    birch = Entry.objects.filter(retainer__client__slug="birch", retired_in=None)
    assert [(each.wording, each.worded_by) for each in birch] == [("Scanner looked after", "rule")]

    book = provider_book()
    saved(provider, book, deleting(book, len(book.rules)), dana)

    assert [(each.wording, each.worded_by) for each in birch.all()] == [("", "neutral")]


def test_what_an_undo_brings_back_comes_under_the_rules_of_today(provider, dana, tmp_path):
    row = "3,Acme Dental,2026-06-02,09:00,2.5,Mel Stone,T3,Switch down,Remote"
    (tmp_path / "again.csv").write_text(f"{EXPORT.splitlines()[0]}\n{row}\n")
    words = ("--provider", "north", "--removals", "keep", "--accept", "all", "--publish")
    call_command("import_csv", str(tmp_path / "again.csv"), *words, verbosity=0)
    switches = Rule(
        "Switches", Effects(categories=("after_hours",)), texts=(TextCondition("title", ("switch*",)),)
    )
    saved(provider, provider_book(), adding(provider_book(), switches), dana)

    call_command("undo_import", str(Import.objects.latest("pk").pk))

    back = Entry.objects.get(retired_in=None, day="2026-06-02")
    assert (back.worked_units, back.categories) == (15000, ["after_hours"])
