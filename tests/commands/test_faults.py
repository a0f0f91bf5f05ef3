"""What a command can't do it says in one sentence, whatever is wrong: no traceback, nothing half done."""

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from accounts import commands
from accounts.commands import BadInputError
from accounts.models import Provider
from accounts.tenancy import tenant_scope
from imports.models import SavedMapping
from portal.models import ShareLink
from retainers.models import CompanyName
from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work
from tests.imports.uploading import HEADER, NOW, an_import_world, row

FILE = """
[provider]
slug = "north"
name = "North IT"
trusted_notes = ["autotask", "{}"]
"""


@pytest.fixture
def acme(db):
    provider = ProviderFactory(slug="north")
    with tenant_scope(provider):
        return ClientFactory(provider=provider, slug="acme", name="Acme Co.")


def test_a_database_of_another_release_is_told_with_what_to_do(acme):
    MigrationRecorder(connection).migration_qs.filter(app="desk").delete()
    with pytest.raises(BadInputError, match=r"Run “python manage\.py migrate” first"):
        call_command("balances", "--provider", "north")


def test_a_database_that_does_not_answer_is_told_in_one_line(monkeypatch):
    def no_answer(connection):
        raise OperationalError("connection refused")

    monkeypatch.setattr(commands, "MigrationRecorder", no_answer)
    with pytest.raises(BadInputError) as raised:
        call_command("balances", "--provider", "north")
    assert str(raised.value) == "The database doesn’t answer: connection refused"


def test_a_label_that_is_too_long_is_refused_with_the_length(acme):
    with pytest.raises(BadInputError, match="at most 80 characters, this one has 500"):
        call_command("share_link", "create", "--provider=north", "--client=acme", f"--label={'x' * 500}")
    with tenant_scope(acme.provider):
        assert not ShareLink.objects.exists()


def test_a_label_of_eighty_characters_is_kept(acme):
    call_command("share_link", "create", "--provider=north", "--client=acme", f"--label={'x' * 80}")
    with tenant_scope(acme.provider):
        assert ShareLink.objects.get().label == "x" * 80


@pytest.mark.parametrize("name", ["autotsk", "Wochenblatt"])
def test_notes_are_trusted_of_no_format_that_there_is_not(db, tmp_path, name):
    (tmp_path / "a.toml").write_text(FILE.format(name))
    with pytest.raises(
        BadInputError, match=f"trusted_notes: “{name}” is neither a format nor a saved mapping"
    ):
        call_command("load_retainers", str(tmp_path / "a.toml"))
    assert not Provider.objects.exists()


def test_notes_may_be_trusted_of_a_saved_mapping(tmp_path, acme):
    with tenant_scope(acme.provider):
        SavedMapping.objects.create(name="Wochenblatt", signature="x" * 64, document={
            "headers": [], "columns": {}, "unit": "open", "date_order": "", "flag_means": "billable",
        })  # fmt: skip
    (tmp_path / "a.toml").write_text(FILE.format("Wochenblatt"))
    call_command("load_retainers", str(tmp_path / "a.toml"))
    assert Provider.objects.get().trusted_notes == ["autotask", "Wochenblatt"]


def test_a_day_before_anything_was_published_is_told(acme, run):
    publish_work(a_retainer(acme), at=acme.created_at)
    assert run("balances", "--provider=north", "--as-published=2020-01-01") == (
        "Nothing was published by 2020-01-01.\n"
    )
    assert run("balances", "--provider=north", "--as-published=2020-01-01", "--json") == "[]\n"


def test_a_name_that_ends_with_a_dot_needs_no_second_one(tmp_path, run, run_json, time_machine):
    time_machine.move_to(NOW, tick=False)
    world = an_import_world()
    with tenant_scope(world.provider):
        client = ClientFactory(provider=world.provider, slug="delta", name="Delta Freight Co.")
        CompanyName.objects.create(client=client, name=client.name, key=client.name.casefold())
        a_retainer(client)
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{row(1, 'delta freight co.', '2026-02-10', '2')}\n")
    words = ("import_csv", str(tmp_path / "a.csv"), "--provider", world.provider.slug, "--client=delta")
    said = run_json(*words, "--publish", "--accept=one-company")
    assert (
        run("undo_import", str(said["import"]))
        == f"Import {said['import']} is undone for Delta Freight Co.\n"
    )


def test_a_gallery_goes_into_no_file(tmp_path):
    (tmp_path / "page").write_text("x")
    with pytest.raises(BadInputError) as raised:
        call_command("gallery", str(tmp_path / "page"))
    assert str(raised.value) == f"{tmp_path / 'page'} can't be written to: File exists."


def test_a_provider_that_is_not_found_is_told_with_those_that_there_are(db):
    with pytest.raises(
        BadInputError, match=r"There is no provider “nope”\. setup or load_retainers makes one\."
    ):
        call_command("balances", provider="nope")
    ProviderFactory(slug="north")
    ProviderFactory(slug="south")
    with pytest.raises(BadInputError, match=r"There are: north, south\."):
        call_command("balances", provider="nope")
