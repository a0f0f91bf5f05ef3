"""A trial says what saving would do, entry by entry and balance by balance, and writes nothing."""

import gc
import time
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.judging import reclassify as reclassifying
from imports.judging import rule_trial as trying
from imports.judging.books import provider_book
from imports.judging.provider_setup import read_setup
from imports.judging.rulebook import adding, changing, deleting, moving, retainer_book, save, try_edit
from imports.wording.reword import NewWords, reword
from retainers.models import AgreementVersion, Entry, Publication, RuleBook
from retainers.selectors import retainers_of, standings
from retainers.terms import Effects, Rule, TextCondition
from tests.factories import agreement_file, client_table, load_agreements, pool_table, publish_export
from tests.imports.ruled import world  # noqa: F401
from tests.imports.uploading import an_import_world, row

JUNE_22 = date(2026, 6, 22)
WARRANTY = Rule("Warranty", Effects(exclude="warranty"), texts=(TextCondition("title", ("*warranty*",)),))
NIGHTS = Rule("Nights", Effects(categories=("after_hours",)), after_hours=True)
SCANNERS = Rule(
    "Scanners", Effects(wording="Scanner repaired"), texts=(TextCondition("title", ("*scanner*",)),)
)


@pytest.fixture
def provider(provider):
    with tenant_scope(provider):
        yield provider


def own_book(slug="acme"):
    return retainer_book(retainers_of([slug])[0])


def tried(provider, book, edit):
    return try_edit(read_setup(provider), book, edit, on=JUNE_22)


def saved(provider, book, edit):
    return save(provider=provider, book=book, edit=edit, by=None, at=timezone.now(), agreed=True)


def live() -> dict[UUID, tuple]:
    rows = Entry.objects.filter(retired_in=None).select_related("retainer")
    return {
        row.origin: (
            row.retainer.key,
            row.pool,
            tuple(sorted(row.categories)),
            row.exclusion,
            row.wording,
            row.worded_by,
        )
        for row in rows
    }


def figures():
    """Every cycle of every retainer as it stands, by client and retainer."""
    found = standings(retainers_of(), on=JUNE_22, zone=ZoneInfo("UTC"))
    return {
        (each.retainer.client.slug, each.retainer.key): [
            (cycle.starts, cycle.total, cycle.pools) for cycle in each.cycles
        ]
        for each in found
    }


def in_effect(judged) -> tuple:
    return (
        judged.retainer,
        judged.pool,
        judged.categories,
        judged.exclusion,
        judged.wording,
        judged.worded_by,
    )


EDITS = {
    "exclude": lambda: (provider_book(), adding(provider_book(), WARRANTY)),
    "words": lambda: (provider_book(), adding(provider_book(), SCANNERS)),
    "time": lambda: (provider_book(), adding(provider_book(), NIGHTS, 1)),
    "deleted": lambda: (provider_book(), deleting(provider_book(), 1)),
    "changed": lambda: (
        provider_book(),
        changing(provider_book(), 2, Rule("All", Effects(categories=("after_hours",)))),
    ),
    "own, changed": lambda: (
        own_book(),
        changing(own_book(), 1, Rule("Maintenance", Effects(pool="scheduled"))),
    ),
    "own, deleted": lambda: (own_book(), deleting(own_book(), 1)),
    "own, before the provider's": lambda: (
        own_book(),
        adding(own_book(), Rule("All", Effects(exclude="flat fee", pool="scheduled")), 1),
    ),
    "nothing": lambda: (provider_book(), moving(provider_book(), 1, 1)),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_trial_says_just_what_saving_then_does(provider, name):
    book, edit = EDITS[name]()
    before, stood = live(), figures()
    trial = tried(provider, book, edit)
    foretold = {each.entry.origin: in_effect(each.after) for each in trial.moved}
    assert (live(), figures()) == (before, stood)
    entries = saved(provider, book, edit)
    assert entries == len(trial.moved)
    assert live() == before | foretold
    after = {
        (change.client.slug, change.key): [(cycle.starts, cycle.total, cycle.pools) for cycle in change.after]
        for change in trial.changes
    }
    assert figures() == stood | after
    assert {key for key, cycles in figures().items() if cycles != stood[key]} == {
        (change.client.slug, change.key) for change in trial.moved_balances
    }


def test_a_trial_writes_nothing(provider):
    models = (RuleBook, AgreementVersion, Publication, Entry, AuditEvent)
    before = [model.objects.count() for model in models]
    tried(provider, provider_book(), adding(provider_book(), WARRANTY))
    tried(provider, own_book(), deleting(own_book(), 1))
    assert [model.objects.count() for model in models] == before


def test_what_the_rule_catches_is_listed_with_client_date_and_title(provider):
    trial = tried(provider, provider_book(), adding(provider_book(), WARRANTY))
    assert [(each.client.slug, each.row.date, each.row.title) for each in trial.moved] == [
        ("acme", date(2026, 6, 3), "Warranty call"),
        ("acme", date(2026, 5, 12), "Warranty repair of scanner"),
    ]
    assert [(each.before.exclusion, each.after.exclusion) for each in trial.moved] == [("", "warranty")] * 2


def test_a_closed_cycle_that_changes_is_told_apart(provider):
    trial = tried(provider, provider_book(), adding(provider_book(), WARRANTY))
    (change,) = trial.closed
    may, june = change.cycles
    assert (may.before.total.used, may.after.total.used) == (3, 2)
    assert (june.before.total.used, june.after.total.used) == (Decimal("3.5"), Decimal("1.5"))
    assert (may.cycle.closed, june.cycle.closed) == (True, False)


def test_an_entry_that_the_rule_catches_in_vain_is_listed_unmoved(provider):
    late = Rule("Late", Effects(pool="reactive"), texts=(TextCondition("title", ("Patch*",)),))
    trial = tried(provider, own_book(), adding(own_book(), late))
    (caught,) = trial.entries
    assert (caught.caught, caught.moves, trial.moved) == (True, False, ())
    assert trial.changes == ()


def test_a_retainers_own_rule_is_tried_on_its_entries_alone(provider):
    everything = Rule("All", Effects(categories=("desk",)))
    trial = tried(provider, own_book(), adding(own_book(), everything))
    assert {each.client.slug for each in trial.entries} == {"acme"}
    assert trial.caught == 5


def test_a_retainers_rules_come_before_the_providers(provider):
    saved(provider, provider_book(), adding(provider_book(), Rule("Rest", Effects(exclude="for all")), 1))
    own = adding(own_book(), Rule("Own", Effects(exclude="own reason")))
    trial = tried(provider, own_book(), own)
    assert {each.after.exclusion for each in trial.moved} == {"own reason"}


def test_entries_without_a_start_that_a_time_rule_cannot_judge_are_counted(provider):
    trial = tried(provider, provider_book(), adding(provider_book(), NIGHTS))
    assert trial.unjudged == 1
    assert {each.row.title for each in trial.moved} == {"Warranty repair of scanner", "Scanner jam 0419"}


def test_words_that_a_person_gave_stay(provider):
    jam = next(each for each in tried(provider, provider_book(), adding(provider_book(), SCANNERS)).moved)
    reword(
        provider=provider,
        given=[NewWords((jam.entry.origin,), "Paper removed from the scanner")],
        by=None,
        at=timezone.now(),
    )
    trial = tried(provider, provider_book(), adding(provider_book(), SCANNERS))
    assert jam.entry.origin not in {each.entry.origin for each in trial.moved}
    saved(provider, provider_book(), adding(provider_book(), SCANNERS))
    words = set(Entry.objects.filter(retired_in=None).values_list("wording", flat=True))
    assert {"Paper removed from the scanner", "Scanner repaired"} <= words


def test_a_rule_that_names_another_retainer_moves_the_hours_there(provider, tmp_path):
    projects = {"key": "projects", "name": "Projects", "starts": date(2026, 5, 1)}
    pools = [pool_table("projects", "3")]
    birch = client_table("Birch Lowe", **projects, psa_agreements=["Projects"], pools=pools)
    load_agreements(tmp_path, agreement_file(birch))
    edit = adding(
        provider_book(),
        Rule("To projects", Effects(retainer="projects"), texts=(TextCondition("title", ("Scanner*",)),)),
    )
    trial = tried(provider, provider_book(), edit)
    left = {change.key: change.after[-1].total.remaining for change in trial.changes}
    assert left == {"bank": 8, "projects": 1}
    saved(provider, provider_book(), edit)
    assert {key: cycles[-1][1].remaining for (_, key), cycles in figures().items()} == {
        "support": Decimal("11.5"),
        **left,
    }


def test_two_trials_of_the_same_have_the_same_name_and_others_another(provider):
    one = tried(provider, provider_book(), adding(provider_book(), WARRANTY))
    same = tried(provider, provider_book(), adding(provider_book(), WARRANTY))
    other = tried(provider, provider_book(), adding(provider_book(), NIGHTS))
    assert one.digest == same.digest != other.digest


@pytest.mark.timeout(60)
def test_a_catastrophic_pattern_cannot_hang_a_trial(provider, tmp_path):
    line = f"Acme Dental,2026-06-08,1,{'a' * 20000}!"
    publish_export(tmp_path, f"Client,Date,Hours,Title\n{line}\n", "--accept", "one-company")
    evil = Rule("Evil", Effects(pool="scheduled"), texts=(TextCondition("title", matches="^(a+)+$"),))
    began = time.perf_counter()
    trial = tried(provider, own_book(), adding(own_book(), evil))
    assert time.perf_counter() - began < 5
    assert trial.entries == ()


def test_nobody_looks_for_garbage_while_entries_are_judged_anew(provider, monkeypatch):
    seen, really = [], reclassifying.published_rows
    for module in (reclassifying, trying):
        monkeypatch.setattr(
            module, "published_rows", lambda *said: seen.append(gc.isenabled()) or really(*said)
        )
    book = provider_book()
    edit = adding(book, WARRANTY)
    tried(provider, book, edit)
    saved(provider, book, edit)

    assert seen == [False, False]
    assert gc.isenabled()


EVERYTHING = Rule("Everything", Effects(exclude="gift"), texts=(TextCondition("title", ("*",)),))


def queries_of_saving(world, *companies):  # noqa: F811
    """A rule that catches what is published of these companies."""
    world.publish(world.upload(*(row(at, name, "2026-02-10", "1") for at, name in enumerate(companies))))
    with tenant_scope(world.provider), CaptureQueriesContext(connection) as asked:
        book = provider_book()
        edit = adding(book, EVERYTHING)
        count = save(provider=world.provider, book=book, edit=edit, by=None, at=timezone.now(), agreed=True)
    assert count == len(companies)
    return len(asked)


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
def test_a_rule_that_changes_many_clients_is_saved_by_as_many_queries_as_one_that_changes_one():
    few = queries_of_saving(an_import_world(), "Acme Dental")
    many = queries_of_saving(an_import_world(), "Acme Dental", "Birch & Lowe", "Cobalt Freight")

    assert many == few
