"""What a plan has worked out is handed on to those who keep figures: they keep what the entries come to."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tenancy import tenant_scope
from imports.judging.books import provider_book
from imports.judging.reclassify import reclassify
from imports.judging.rulebook import adding, save
from imports.publishing.undo import undo
from retainers.agreements.reading import read_file
from retainers.agreements.writing import write_file
from retainers.granting import grant_hours, seen_of
from retainers.kept import document, handed, keeping
from retainers.loading import load
from retainers.models import KeptFigures
from retainers.selectors import retainers_of
from retainers.standing_file import state
from retainers.terms import Effects, Rule, TextCondition, TopUp
from tests.imports.both_ways import History, is_as_worked_out, running_holds_on_each_day
from tests.imports.uploading import row


@pytest.fixture
def handing(monkeypatch):
    """How often figures were handed on and taken."""
    taken = []
    closed_after = handed.Handed.closed_after

    def counting(*said):
        taken.append(closed_after(*said))
        return taken[-1]

    monkeypatch.setattr(handed.Handed, "closed_after", counting)
    return taken


def what_is_handed_on_is_what_is_read(seed, files, committing, time_machine):
    history = History(seed, time_machine)
    for _ in range(files):
        with tenant_scope(history.provider):
            keeping.keep_all(history.provider)
        with committing(execute=True):
            whole, quick = history.import_both_ways()
        assert quick == whole
        with tenant_scope(history.provider):
            assert all(running_holds_on_each_day(history.provider))
            assert is_as_worked_out(history.provider)
        with committing(execute=True):
            history.happens()


@pytest.mark.parametrize("seed", [3, 8, 21, 42])
def test_what_is_handed_on_of_a_history_is_what_its_entries_come_to(
    db, seed, handing, time_machine, django_capture_on_commit_callbacks
):
    what_is_handed_on_is_what_is_read(seed, 4, django_capture_on_commit_callbacks, time_machine)

    assert any(lines is not None for lines in handing)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.timeout(1500)
@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_handed_on_of_any_history_is_what_its_entries_come_to(
    seed, time_machine, django_capture_on_commit_callbacks
):
    what_is_handed_on_is_what_is_read(seed, 5, django_capture_on_commit_callbacks, time_machine)


def test_the_figures_of_a_plan_that_was_looked_at_are_kept_without_reading_an_entry_or_a_grant(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    with tenant_scope(world.provider):
        keeping.keep_all(world.provider)
    source = world.upload(
        row(1, "Acme Dental", "2026-01-05", "1.5", ticket="4711"),
        row(2, "Acme Dental", "2026-02-10", "2.25", ticket="4712"),
        row(3, "Birch & Lowe", "2026-02-11", "0.5"),
    )
    with django_capture_on_commit_callbacks() as callbacks:
        world.publish(source, publish=("acme", "birch"))
    made, cycles_of = [], document.cycles_of
    monkeypatch.setattr(document, "cycles_of", lambda *said: made.append(said) or cycles_of(*said))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for callback in callbacks:
            callback()

    assert made == []
    assert not [each["sql"] for each in asked if "worked_units" in each["sql"]]
    assert not [each["sql"] for each in asked if 'MIN("retainers_entry"."day")' in each["sql"]]
    assert not [each["sql"] for each in asked if "retainers_topup" in each["sql"]]
    with tenant_scope(world.provider):
        assert KeptFigures.objects.filter(publication__kind="import").count() == 3
        assert is_as_worked_out(world.provider)


def test_figures_of_another_day_or_version_are_not_taken(
    world, time_machine, django_capture_on_commit_callbacks
):
    source = world.upload(row(1, "Acme Dental", "2026-02-10", "2.25"))
    with django_capture_on_commit_callbacks() as callbacks:
        world.publish(source, publish=("acme",))
    time_machine.move_to("2026-03-02 12:00:00+00:00", tick=False)
    for callback in callbacks:
        callback()

    with tenant_scope(world.provider):
        assert is_as_worked_out(world.provider)


DISKS = Rule("Disks", Effects(exclude="warranty"), texts=(TextCondition("title", ("*disk*",)),))


def a_rule_changes(world, _source):
    book = provider_book()
    edit = adding(book, DISKS)
    assert save(provider=world.provider, book=book, edit=edit, by=None, at=timezone.now(), agreed=True) == 2


def hours_are_bought(world, _source):
    retainer = retainers_of(["acme"])[0]
    bought = [TopUp(date(2026, 1, 20), Decimal(3))]
    form = seen_of(retainer, top_ups=bought).mark
    grant_hours(retainer=retainer, top_ups=bought, form=form, by=None, at=timezone.now(), agreed=True)


def an_import_is_undone(world, source):
    undo(source=world.fresh(source), by=None, at=timezone.now(), agreed=True)


def an_agreement_changes(world, _source):
    text = write_file(state(world.provider))
    assert 'hours = "10.00"' in text
    file = read_file(text.replace('hours = "10.00"', 'hours = "12"'))
    load(file, at=timezone.now(), by=None, reclassify=reclassify, agreed=True)


@pytest.mark.parametrize(
    "deed", [a_rule_changes, hours_are_bought, an_import_is_undone, an_agreement_changes]
)
def test_what_a_deed_comes_to_is_kept_without_reading_an_entry_again(
    deed, world, handing, django_capture_on_commit_callbacks
):
    source = world.upload(
        row(1, "Acme Dental", "2026-01-05", "1.5", title="Disk full"),
        row(2, "Acme Dental", "2026-02-10", "2.25", title="Wrong disk"),
        row(3, "Acme Dental", "2026-02-11", "1", title="Printer jam"),
    )
    with django_capture_on_commit_callbacks(execute=True):
        world.publish(source, publish=("acme",))
    handing.clear()
    with tenant_scope(world.provider), django_capture_on_commit_callbacks() as callbacks:
        deed(world, source)
    with CaptureQueriesContext(connection) as asked:
        for callback in callbacks:
            callback()

    assert handing
    assert all(lines is not None for lines in handing)
    assert not [each["sql"] for each in asked if "worked_units" in each["sql"]]
    with tenant_scope(world.provider):
        assert is_as_worked_out(world.provider)
