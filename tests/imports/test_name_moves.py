"""A company name that is given to another client moves with its published lines: asked for, in one, and undoable."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.management import CommandError
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.judging.companies import NotMappedError, map_company
from imports.models import DraftWording, EntryChoice, SourceRow
from imports.publishing.undo import NotUndoableError, undo
from retainers.models import Client, CompanyName, Entry, Publication
from tests.factories import agreement_file, load_agreements
from tests.imports.uploading import NOW, an_import_world, hidden, row
from tests.shared_rows import shared_rows

WEST = row(1, "ACME Dental  West", "2026-02-10", "2")
EAST = row(2, "Acme Dental", "2026-02-10", "5")


@shared_rows
def world(time_machine):
    time_machine.move_to(NOW, tick=False)
    found = an_import_world()
    with tenant_scope(found.provider):
        acme = Client.objects.get(slug="acme")
        CompanyName.objects.create(client=acme, name="Acme Dental West", key="acme dental west")
    return found


@shared_rows(upon="world")
def brought(world):
    source = world.upload(WEST, EAST)
    world.publish(source)
    return source


def named(slug: str, name: str, *psa_names: str) -> dict[str, Any]:
    return {"slug": slug, "name": name, "psa_names": psa_names}


BIRCH = named("birch", "Birch & Lowe", "Acme Dental West")
ACME = named("acme", "Acme Dental", "Acme Dental West")


def load(world, tmp_path, *words: str, clients: Sequence[dict[str, Any]] = (BIRCH,)) -> str:
    said = agreement_file(*clients, slug=world.provider.slug, name=world.provider.name)
    return load_agreements(tmp_path, said, *words)


def hours(world, slug: str) -> list[int]:
    return sorted(entry.worked_units // 10_000 for entry in world.live(slug))


def client_of(world, key: str) -> str:
    with tenant_scope(world.provider):
        return str(CompanyName.objects.get(key=key).client.slug)


def test_a_file_that_would_move_lines_names_them_and_changes_nothing(world, brought, tmp_path):
    with pytest.raises(CommandError) as refused:
        load(world, tmp_path)
    assert refused.value.returncode == 1
    assert "“ACME Dental West”: 1 published line (2.00 h) moves from acme to birch" in str(refused.value)
    assert "--restate moves them" in str(refused.value)
    assert client_of(world, "acme dental west") == "acme"
    assert (hours(world, "acme"), hours(world, "birch")) == ([2, 5], [])


def test_with_restate_both_pages_change_in_one_publication_each(world, brought, tmp_path):
    said = load(world, tmp_path, "--restate")
    assert "1 published line (2.00 h) moves from acme to birch" in said
    assert (hours(world, "acme"), hours(world, "birch")) == ([5], [2])
    with tenant_scope(world.provider):
        kinds = list(Publication.objects.order_by("pk").values_list("retainer__client__slug", "kind"))
        event = AuditEvent.objects.get(action="lines moved")
    assert kinds[-2:] == [("acme", "agreement"), ("birch", "agreement")]
    assert (event.detail["clients"], event.detail["lines"]) == (["acme", "birch"], 1)
    assert "Nothing to change" in load(world, tmp_path)


def test_a_dry_run_shows_what_moves_and_moves_nothing(world, brought, tmp_path):
    said = load(world, tmp_path, "--restate", "--dry-run")
    assert "1 published line (2.00 h) moves from acme to birch" in said
    assert "birch/support: now" in said
    assert client_of(world, "acme dental west") == "acme"
    assert hours(world, "birch") == []


def test_nothing_is_lost_the_line_that_was_and_its_row_stay_on_record(world, brought, tmp_path):
    load(world, tmp_path, "--restate")
    with tenant_scope(world.provider):
        was, now = SourceRow.objects.filter(entry_id="1").order_by("pk")
        gone = Entry.objects.get(origin=was.origin)
    assert now.replaces == was.origin
    assert gone.retired_in.retainer.client.slug == "acme"


def test_the_same_file_again_finds_the_lines_where_they_are_now(world, brought, tmp_path):
    load(world, tmp_path, "--restate")
    again = world.upload(WEST, EAST)
    world.publish(again)
    assert world.fresh(again).result["entries"]["unchanged"] == 2
    assert (hours(world, "acme"), hours(world, "birch")) == ([5], [2])


def test_given_back_the_same_lines_go_back(world, brought, tmp_path):
    load(world, tmp_path, "--restate")
    with pytest.raises(CommandError, match="moves from birch to acme"):
        load(world, tmp_path, clients=[ACME])
    load(world, tmp_path, "--restate", clients=[ACME])
    assert (hours(world, "acme"), hours(world, "birch")) == ([2, 5], [])


def test_what_a_person_decided_goes_with_the_line(world, brought, tmp_path):
    with tenant_scope(world.provider):
        line = Entry.objects.get(worked_units=20_000)
        EntryChoice.objects.create(origin=line.origin, exclusion="goodwill", reason="Agreed")
    load(world, tmp_path, "--restate")
    (moved,) = world.live("birch")
    assert moved.exclusion == "goodwill"


def test_words_that_name_the_client_they_were_written_for_are_not_read_by_the_other(world, tmp_path):
    source = world.upload(WEST)
    with tenant_scope(world.provider):
        DraftWording.objects.create(draft_of=source, line=2, text="Backups at Acme Dental")
    world.publish(source)
    assert world.words("acme") == ["Backups at Acme Dental"]
    load(world, tmp_path, "--restate")
    assert world.words("birch") == [""]


def test_a_client_without_an_agreement_for_them_takes_no_lines(world, brought, tmp_path):
    with pytest.raises(CommandError, match="no agreement takes the published line of 2026-02-10"):
        load(world, tmp_path, "--restate", clients=[named("new", "New One", "Acme Dental West")])
    assert client_of(world, "acme dental west") == "acme"


def test_names_are_exchanged_whatever_the_order_of_the_file(world, brought, tmp_path):
    exchanged = [named("birch", "Acme Dental", "X"), named("acme", "Acme Dental West")]
    load(world, tmp_path, "--restate", clients=exchanged)
    assert (hours(world, "acme"), hours(world, "birch")) == ([2], [5])


def test_undoing_the_import_takes_back_what_has_moved_since(world, brought, tmp_path):
    load(world, tmp_path, "--restate")
    with tenant_scope(world.provider):
        source = world.fresh(brought)
        undo(source=source, by=None, at=source.published_at, client=Client.objects.get(slug="birch"))
    assert (hours(world, "acme"), hours(world, "birch")) == ([], [])


def test_what_an_undo_lets_stand_again_stands_with_the_client_that_has_the_name_now(world, brought, tmp_path):
    changed = world.upload(row(1, "Acme Dental West", "2026-02-10", "3"), EAST)
    world.publish(changed)
    load(world, tmp_path, "--restate")
    assert hours(world, "birch") == [3]
    with tenant_scope(world.provider):
        undo(source=world.fresh(changed), by=None, at=world.fresh(changed).published_at)
    assert (hours(world, "acme"), hours(world, "birch")) == ([5], [2])


def test_an_undo_waits_for_newer_imports_of_the_client_that_has_the_lines_now(world, brought, tmp_path):
    load(world, tmp_path, "--restate")
    world.publish(world.upload(WEST, EAST, row(3, "Birch & Lowe", "2026-02-11", "1")))
    with tenant_scope(world.provider):
        source = world.fresh(brought)
        with pytest.raises(NotUndoableError, match="Birch & Lowe has a newer import"):
            undo(source=source, by=None, at=source.published_at)


def test_a_dropped_name_that_another_client_gets_moves_its_lines_too(world, brought, tmp_path):
    with tenant_scope(world.provider):
        CompanyName.objects.get(key="acme dental west").delete()
    with pytest.raises(CommandError, match="moves from acme to birch"):
        load(world, tmp_path)
    load(world, tmp_path, "--restate")
    assert hours(world, "birch") == [2]


def test_one_click_gives_no_name_under_which_lines_stand_elsewhere(world, brought):
    with tenant_scope(world.provider):
        CompanyName.objects.get(key="acme dental west").delete()
        with pytest.raises(NotMappedError, match="on the client’s own page"):
            map_company(company="Acme Dental West", client=Client.objects.get(slug="birch"), by=None)
        assert not CompanyName.objects.filter(key="acme dental west").exists()
    unknown = world.upload(row(4, "Acme Dental West", "2026-02-12", "1"))
    page = world.post(
        "answer_company", unknown, **{"new": "0", "company-0": "Acme Dental West", "cap-0": "5"}
    )
    assert "moves from acme to acme-dental-west" in page
    assert hours(world, "acme") == [2, 5]


def give(world, **more: str):
    fields = {"name": "Birch & Lowe", "psa_names": "Acme Dental West", **more}
    return world.manager.post(reverse("client_edit", args=["birch"]), fields)


def test_the_form_of_a_client_shows_what_would_move_and_asks_for_a_tick(world, brought):
    answer = give(world)
    assert answer.status_code == 422
    assert "1 published line (2.0 h) goes from Acme Dental to Birch &amp; Lowe" in answer.text
    assert "Acme Dental, IT support" in answer.text
    assert hours(world, "birch") == []
    done = give(world, moves=hidden(answer.text, "moves"), move="on")
    assert done.status_code == 302
    assert (hours(world, "acme"), hours(world, "birch")) == ([5], [2])
    assert give(world, moves=hidden(answer.text, "moves"), move="on").status_code == 302


def test_a_tick_for_other_lines_than_those_of_now_is_shown_once_more(world, brought):
    shown = hidden(give(world).text, "moves")
    world.publish(world.upload(WEST, EAST, row(3, "Acme Dental West", "2026-02-11", "1")))
    answer = give(world, moves=shown, move="on")
    assert answer.status_code == 409
    assert "Please check again" in answer.text
    assert "2 published lines (3.0 h)" in answer.text
    assert hours(world, "birch") == []
    assert give(world, move="on").status_code == 409
