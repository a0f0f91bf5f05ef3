"""One entry, changed by a person: seen first, published, kept through imports and new rules, with its history."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEvent, Provider
from accounts.tenancy import tenant_scope
from desk import entries
from imports.models import EntryChoice, Import
from retainers.models import Entry, Publication, Retainer
from retainers.selectors import standings
from tests.factories import (
    AFTER_HOURS,
    agreement_file,
    client_table,
    load_agreements,
    pool_table,
    publish_export,
)
from tests.shared_rows import shared_rows
from tests.world import World

TWO = [pool_table("a", "10", "Reactive"), pool_table("b", "5", "Planned")]
ACME = client_table(multipliers=[AFTER_HOURS], pools=TWO)
RULES = [{"name": "Planned", "when": {"title": "*rack*"}, "then": {"pool": "b", "category": "onsite"}}]
HEAD = "Entry ID,Client,Date,Hours,Technician,Title\n"
ROWS = ["1,Acme Dental,2026-11-05,2,Mel Stone,UPS swap rack", "2,Acme Dental,2026-10-06,1,Mel Stone,Printer"]


def load_rules(folder: Path, rules: Sequence[dict[str, Any]] = ()) -> None:
    load_agreements(folder, agreement_file(ACME, rules=rules))


def publish_rows(folder: Path, *rows: str) -> None:
    publish_export(folder, HEAD + "\n".join(rows) + "\n", "--accept", "one-company")


@pytest.fixture
def load(tmp_path):
    return partial(load_rules, tmp_path)


@pytest.fixture
def publish(tmp_path):
    return partial(publish_rows, tmp_path)


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False)
    load_rules(tmp_path)
    publish_rows(tmp_path, *ROWS)
    return World(Provider.objects.get())


def live(provider, month=11):
    with tenant_scope(provider):
        return Entry.objects.get(retired_in=None, day__month=month)


def address(entry):
    return reverse("entry", args=["acme", "support", entry.origin])


def form(entry, **said):
    return {"wording": entry.wording, "pool": "a", "exclusion": "", "reason": "Agreed with Pat", **said}


def looked_at(manager, entry, **said):
    """What "Check" shows, and the form with its mark."""
    shown = manager.post(address(entry), {**form(entry, **said), "check": "1"}).content.decode()
    mark = re.search(r'name="checked" value="([^"]+)"', shown)[1]
    return shown, {**form(entry, **said), "save": "1", "checked": mark}


def save(manager, entry, **said):
    shown, sent = looked_at(manager, entry, **said)
    return shown, manager.post(address(entry), sent)


def publications(provider):
    with tenant_scope(provider):
        return Publication.objects.count()


def left(provider):
    with tenant_scope(provider):
        (found,) = standings(Retainer.objects.all(), on=date(2026, 11, 22), zone=ZoneInfo("UTC"))
    return [str(pool.remaining) for pool in found.cycles[-1].pools]


def test_a_change_is_seen_before_it_is_published(provider, manager):
    shown, _ = save(manager, live(provider), pool="b", categories=["after_hours"])
    assert re.findall(r"<td>(.+ left)</td>", shown) == ["8.0 left", "10.0 left", "5.0 left", "1.0 left"]
    assert left(provider) == ["10.00", "1.00"]
    with tenant_scope(provider):
        assert Publication.objects.order_by("-pk").first().kind == Publication.Kind.ENTRY
        assert AuditEvent.objects.filter(action="entry changed").get().detail["reason"] == "Agreed with Pat"


def test_nothing_is_saved_that_was_not_in_view(provider, manager):
    entry = live(provider)
    manager.post(address(entry), {**form(entry, pool="b"), "save": "1"})
    assert left(provider) == ["8.00", "5.00"]


def test_a_closed_cycle_is_called_out(provider, manager):
    shown, _ = save(manager, live(provider, 10), exclusion="Our own mistake")
    assert "This changes a closed cycle." in shown


def test_how_it_counts_is_changed_only_with_a_reason(provider, manager):
    entry = live(provider)
    answer = manager.post(address(entry), {**form(entry, pool="b", reason=" "), "check": "1"})
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()


def test_an_excluded_entry_is_gone_from_the_client_and_can_come_back(provider, manager):
    save(manager, live(provider), exclusion="Our own mistake")
    assert left(provider) == ["10.00", "5.00"]
    save(manager, live(provider), exclusion="")
    assert left(provider) == ["8.00", "5.00"]


def test_the_choice_stays_when_the_same_file_comes_again(provider, manager, publish):
    save(manager, live(provider), pool="b")
    publish(*ROWS)
    assert left(provider) == ["10.00", "3.00"]


def test_the_choice_goes_over_to_the_changed_row(provider, manager, publish):
    before = live(provider)
    save(manager, before, pool="b", exclusion="")
    publish(ROWS[0].replace(",2,Mel", ",3,Mel"), ROWS[1])
    assert left(provider) == ["10.00", "2.00"]
    after = live(provider)
    assert after.origin != before.origin
    with tenant_scope(provider):
        assert EntryChoice.objects.get(origin=after.origin).reason == "Agreed with Pat"


def test_the_choice_stands_above_new_rules_and_an_undo(provider, manager, publish, load):
    save(manager, live(provider), pool="a", exclusion="Goodwill")
    load(RULES)
    assert left(provider) == ["10.00", "5.00"]
    publish(ROWS[0].replace(",2,Mel", ",4,Mel"), ROWS[1])
    with tenant_scope(provider):
        newest = Import.objects.first()
    call_command("undo_import", str(newest.pk), stdout=StringIO())
    assert live(provider).exclusion == "Goodwill"
    assert left(provider) == ["10.00", "5.00"]


def test_an_entry_without_a_choice_follows_the_rules(provider, load):
    load(RULES)
    assert left(provider) == ["10.00", "3.00"]


def test_words_are_given_here_too_and_go_through_the_leak_check(provider, manager):
    entry = live(provider)
    _, refused = save(manager, entry, wording="Mel Stone swapped srv-db01")
    assert refused.status_code == 422
    assert live(provider).wording == ""
    save(manager, entry, wording="Battery of the power supply replaced")
    assert live(provider).wording == "Battery of the power supply replaced"


def test_an_empty_field_leaves_the_words_as_they_are(provider, manager):
    save(manager, live(provider), wording="Battery of the power supply replaced")
    save(manager, live(provider), wording="", pool="b")
    assert live(provider).wording == "Battery of the power supply replaced"


def test_every_version_is_told_with_who_and_what(provider, manager):
    save(manager, live(provider), pool="b", categories=["after_hours"])
    page = manager.get(address(live(provider))).content.decode()
    history = page.partition('id="history"')[2]
    assert history.count('<th scope="row">') == 2
    assert "command line" in history
    assert "Planned after hours" in history


def test_the_clients_page_leads_to_it_and_a_viewer_only_reads(provider, viewer):
    entry = live(provider)
    assert address(entry) in viewer.get("/clients/acme/").content.decode()
    assert viewer.get(address(entry)).status_code == 200
    assert viewer.post(address(entry), form(entry)).status_code == 403


LEAKING = "Rebooted 10.20.30.40, password: Hunter2!x"


@pytest.mark.parametrize("said", [{"exclusion": "Goodwill"}, {"pool": "b"}, {}])
def test_where_words_are_flagged_nothing_of_the_form_is_published(provider, manager, said):
    before = publications(provider), left(provider)
    _, answer = save(manager, live(provider), wording=LEAKING, **said)
    assert answer.status_code == 422
    assert "10.20.30.40" in answer.content.decode()
    assert (publications(provider), left(provider)) == before
    with tenant_scope(provider):
        assert not EntryChoice.objects.exists()
        assert not AuditEvent.objects.filter(action="entry changed").exists()


def test_flagged_words_and_a_choice_are_published_together_once_they_are_let_through(provider, manager):
    _, answer = save(manager, live(provider), wording=LEAKING, exclusion="Goodwill", let="on")
    assert answer.status_code == 302
    assert (live(provider).wording, live(provider).exclusion) == (LEAKING, "Goodwill")


@pytest.mark.parametrize("said", [{"exclusion": "Goodwill"}, {"wording": "Battery replaced"}])
def test_the_same_form_sent_twice_is_told_that_it_is_done(provider, manager, said):
    _, sent = looked_at(manager, live(provider), **said)
    before = publications(provider)
    answers = [manager.post(address(live(provider)), sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert publications(provider) == before + 1
    assert "Already saved" in manager.get(address(live(provider))).content.decode()


def test_of_two_changes_at_once_one_is_saved_and_the_other_told(provider, manager, monkeypatch):
    """Both have passed the view's reading when the first one gets the lock."""
    entry = live(provider)
    _, mine = looked_at(manager, entry, exclusion="Goodwill")
    _, theirs = looked_at(manager, entry, pool="b")
    real, first = entries.change_entry, []

    def after_the_other_one(**said):
        monkeypatch.setattr(entries, "change_entry", real)
        first.append(manager.post(address(entry), theirs))
        return real(**said)

    monkeypatch.setattr(entries, "change_entry", after_the_other_one)
    second = manager.post(address(entry), mine)
    assert [first[0].status_code, second.status_code] == [302, 409]
    assert "Nothing was saved" in second.content.decode()
    assert "Entry: Agreed with Pat" in second.content.decode()
    assert (live(provider).pool, live(provider).exclusion) == ("b", "")


def test_what_was_published_since_the_look_is_shown_and_nothing_is_saved(provider, manager, publish):
    entry = live(provider)
    _, sent = looked_at(manager, entry, pool="b")
    publish(*ROWS, "3,Acme Dental,2026-11-09,1,Mel Stone,Mouse")
    before = publications(provider)
    answer = manager.post(address(entry), sent)
    assert answer.status_code != 302
    assert publications(provider) == before
    assert left(provider) == ["7.00", "5.00"]
