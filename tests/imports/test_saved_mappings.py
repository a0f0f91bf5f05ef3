"""A saved mapping: the next file is recognised, its name is taken over or refused, commands and programs name it."""

import io

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from accounts import keys
from accounts.commands import BadInputError, BadUsageError
from accounts.models import AuditEvent
from accounts.tenancy import tenant_scope
from imports.models import SavedMapping
from imports.reading.formats.table import Unit
from imports.saved_mappings import NotSavedError, mapping_of, save_mapping, saved_mappings
from tests.factories import ProviderFactory
from tests.imports.mapped_file import CHOSEN, FILE, address, chosen, map_page, mapping, save

pytestmark = pytest.mark.usefixtures("monday")


def test_a_saved_mapping_leads_to_the_preview_and_is_written_down(world):
    source = world.upload_bytes(FILE)
    page = save(world, source)
    assert "Saved as “Wochenblatt”" in page
    assert "Acme Dental" in page
    assert '<span class="to">8.0</span>' in page
    with tenant_scope(world.provider):
        kept = SavedMapping.objects.get()
        event = AuditEvent.objects.filter(action="mapping saved").get()
    assert kept.made_by == world.manager.user
    assert (event.actor, event.subject) == (world.manager.user.email, "Wochenblatt")


def test_the_next_file_is_recognised_without_being_asked(world):
    save(world, world.upload_bytes(FILE))
    turned = b"Gratis,Wie lang,Internal client description,Wann,Kundin\nNo,120,x,2026-02-12,Acme Dental\n"
    page = world.page(world.upload_bytes(turned, name="next.csv"))
    assert "Wochenblatt" in page
    assert '<span class="to">8.0</span>' in page


def test_a_format_that_was_named_wrongly_no_longer_stands_in_the_way(world):
    source = world.upload_bytes(FILE, format="toggl")
    save(world, source)
    assert "format" not in world.fresh(source).options


def test_another_provider_does_not_recognise_it(world):
    save(world, world.upload_bytes(FILE))
    with tenant_scope(ProviderFactory()):
        assert saved_mappings() == []


def test_a_saved_mapping_is_offered_again_for_its_header_and_can_be_changed(world):
    source = world.upload_bytes(FILE)
    save(world, source)
    page = map_page(world, source)
    assert "These headers are saved as <strong>Wochenblatt</strong>" in page
    assert chosen(page, "worked") == "2"
    map_page(world, source, **{**CHOSEN, "unit": "hours"}, do="save")
    with tenant_scope(world.provider):
        (kept,) = saved_mappings()
    assert (kept.name, kept.unit) == ("Wochenblatt", Unit.HOURS)


def test_a_saved_mapping_can_be_chosen_as_a_format(world):
    source = world.upload_bytes(FILE)
    save(world, source)
    assert '<option value="Wochenblatt">Wochenblatt</option>' in world.page(source)


@pytest.mark.parametrize(("name", "said"), [("", "Give it a name"), ("Toggl", "is the name of a format")])
def test_a_name_that_can_not_be_is_refused_and_nothing_is_lost(world, name, said):
    page = save(world, world.upload_bytes(FILE), name=name)
    assert said in page
    assert chosen(page, "worked") == "2"


def test_a_published_import_is_not_mapped(world):
    source = world.upload_bytes(FILE.replace(b"02-30", b"02-12"))
    save(world, source, **{"column-internal_notes": "4"})  # read, so that nothing is asked of it
    world.publish(source)
    answer = world.manager.get(address(source))
    assert (answer.status_code, answer["Location"]) == (302, address(source, "import"))


def test_a_mapping_is_read_back_as_it_was_saved(world):
    mine = mapping(date_order="dmy", flag_means="non-billable")
    with tenant_scope(world.provider):
        row = save_mapping(mapping=mine, by=None, at=world.provider.created_at)
        assert saved_mappings() == [mine]
    assert mapping_of(row.name, {**row.document, "columns": {**row.document["columns"], "x": "Y"}}) == mine


def test_headers_keep_the_name_that_they_were_saved_under(world):
    with tenant_scope(world.provider):
        save_mapping(mapping=mapping(), by=None, at=world.provider.created_at)
        with pytest.raises(NotSavedError, match="already saved as “Wochenblatt”"):
            save_mapping(mapping=mapping("Other"), by=None, at=world.provider.created_at)


def test_a_name_of_other_headers_is_taken_over_only_when_that_is_said(world):
    other = mapping(header=("Tag", "Firma", "Zeit"))
    with tenant_scope(world.provider):
        save_mapping(mapping=mapping(), by=None, at=world.provider.created_at)
        with pytest.raises(NotSavedError) as raised:
            save_mapping(mapping=other, by=None, at=world.provider.created_at)
        assert raised.value.may_replace
        save_mapping(mapping=other, by=None, at=world.provider.created_at, replacing=True)
        assert saved_mappings() == [other]


def test_the_page_asks_before_a_name_is_taken_over(world):
    with tenant_scope(world.provider):
        save_mapping(mapping=mapping(header=("Tag", "Firma", "Zeit")), by=None, at=world.provider.created_at)
    source = world.upload_bytes(FILE)
    assert 'name="replace"' in save(world, source)
    assert "Saved as “Wochenblatt”" in save(world, source, replace="on")


def run(world, path, *words):
    out = io.StringIO()
    call_command("import_csv", str(path), "--provider", world.provider.slug, *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("words", [(), ("--format", "Wochenblatt")])
def test_the_command_reads_by_a_saved_mapping(world, tmp_path, words):
    save(world, world.upload_bytes(FILE))
    (tmp_path / "next.csv").write_bytes(FILE)
    assert "(Wochenblatt): 3 rows" in run(world, tmp_path / "next.csv", *words)


def test_a_program_may_name_a_saved_mapping(world):
    save(world, world.upload_bytes(FILE))
    with tenant_scope(world.provider):
        _, secret = keys.create(name="Weekly report", scopes=keys.DROPS, by=world.manager.user)

    def post(format_name):
        return Browser().post(
            f"/api/imports?format={format_name}",
            data=FILE,
            content_type="text/csv",
            headers={"Authorization": f"Bearer {secret}"},
        )

    assert post("Wochenblatt").json()["format"] == "Wochenblatt"
    refused = post("Blatt")
    assert refused.status_code == 400
    assert "clockodo, Wochenblatt" in refused.json()["error"]


def test_an_unknown_format_is_told_with_formats_and_mappings(world, tmp_path):
    save(world, world.upload_bytes(FILE))
    (tmp_path / "next.csv").write_bytes(FILE)
    with pytest.raises(BadUsageError, match=r"(?s)generic.*Wochenblatt"):
        run(world, tmp_path / "next.csv", "--format", "Blatt")


def test_a_header_alone_is_bad_input_to_the_command(world, tmp_path):
    (tmp_path / "empty.csv").write_text("Date,Client,Hours\n")
    with pytest.raises(BadInputError, match="no time entry") as raised:
        run(world, tmp_path / "empty.csv", "--publish", "--accept=one-company")
    assert raised.value.returncode == 1
