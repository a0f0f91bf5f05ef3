"""The page of saved mappings: what each reads, tried on a file, called otherwise, taken back."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Role
from accounts.tenancy import tenant_scope
from desk.mapping import saved as listed
from imports.models import Import, SavedMapping, StandingAnswer
from imports.saved_mappings import mapping_names, save_mapping
from tests.desk.acting import turns_of
from tests.imports.mapped_file import FILE, mapping, save
from tests.imports.uploading import NOW

pytestmark = pytest.mark.usefixtures("monday")
PAGE = reverse("mappings")


def saved(world):
    with tenant_scope(world.provider):
        return SavedMapping.objects.get()


def kept(world, **more):
    with tenant_scope(world.provider):
        return save_mapping(mapping=mapping(**more), by=world.manager.user, at=NOW)


def rename(world, name):
    address = reverse("rename_mapping", args=[saved(world).pk])
    return world.manager.post(address, {"name": name}, follow=True)


def test_each_mapping_says_which_column_is_read_as_what_and_who_saved_it(world):
    kept(world)
    page = world.manager.get(PAGE).text
    for words in (
        "Wochenblatt",
        "<dt>Hours worked</dt><dd><bdi>Wie lang</bdi>",
        str(world.manager.user),
    ):
        assert words in page


def test_a_new_name_is_shown_and_the_name_that_files_are_compared_by_stays(world):
    source = world.upload_bytes(FILE)
    save(world, source)
    assert "Renamed." in rename(world, "Weekly sheet").text
    assert saved(world).name == "Wochenblatt"
    later = world.upload_bytes(FILE, name="next.csv")
    page = world.page(later)
    assert "Weekly sheet" in page
    with tenant_scope(world.provider):
        assert mapping_names() == {"Wochenblatt": "Weekly sheet"}
        assert AuditEvent.objects.filter(action="mapping renamed").exists()


def test_saved_again_it_is_still_called_as_it_was_renamed(world):
    kept(world)
    rename(world, "Weekly sheet")
    kept(world)
    with tenant_scope(world.provider):
        assert mapping_names() == {"Wochenblatt": "Weekly sheet"}


def test_saving_what_is_saved_is_no_act(world):
    kept(world)
    rename(world, "Weekly sheet")
    kept(world)
    with tenant_scope(world.provider):
        assert AuditEvent.objects.filter(action="mapping saved").count() == 1
    kept(world, date_order="mdy")
    with tenant_scope(world.provider):
        assert AuditEvent.objects.filter(action="mapping saved").count() == 2


@pytest.mark.parametrize("name", ["", "connectwise", "x" * 61, "ANDERES"])
def test_a_name_that_is_none_or_taken_is_refused(world, name):
    kept(world)
    with tenant_scope(world.provider):
        save_mapping(mapping=mapping("anderes", ("Tag", "Firma", "Zeit")), by=None, at=NOW)
        pk = SavedMapping.objects.get(name="Wochenblatt").pk
    answer = world.manager.post(reverse("rename_mapping", args=[pk]), {"name": name})
    assert answer.status_code == 422
    with tenant_scope(world.provider):
        assert set(mapping_names().values()) == {"Wochenblatt", "anderes"}


def test_a_name_is_refused_and_the_next_page_of_the_list_still_opens(world, monkeypatch):
    monkeypatch.setattr(listed, "A_PAGE", 1)
    kept(world)
    with tenant_scope(world.provider):
        save_mapping(mapping=mapping("anderes", ("Tag", "Firma", "Zeit")), by=None, at=NOW)
        pk = SavedMapping.objects.get(name="Wochenblatt").pk
    refused = world.manager.post(reverse("rename_mapping", args=[pk]), {"name": ""})
    assert [world.manager.get(there).status_code for there in turns_of(refused)] == [200]


def test_taken_back_the_next_file_is_mapped_by_hand_and_what_was_read_stays(world):
    source = world.upload_bytes(FILE)
    save(world, source)
    address = reverse("take_mapping_back", args=[saved(world).pk])
    answers = [world.manager.post(address, follow=True) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert "was first: Column mapping taken back" in answers[1].text
    later = world.upload_bytes(FILE, name="next.csv")
    assert reverse("map_columns", args=[later.pk]) in world.page(later)
    with tenant_scope(world.provider):
        assert Import.objects.filter(pk=source.pk).exists()
        assert AuditEvent.objects.filter(action="mapping taken back").exists()


def test_a_viewer_looks_and_changes_nothing(world):
    kept(world)
    viewer = world.person(Role.VIEWER)
    assert "Take back" not in viewer.get(PAGE).text
    for name in ("rename_mapping", "take_mapping_back"):
        assert viewer.post(reverse(name, args=[saved(world).pk]), {"name": "x"}).status_code == 403


def test_many_mappings_and_many_answers_come_in_pages(world):
    with tenant_scope(world.provider):
        kept(world)
        one = saved(world)
        SavedMapping.objects.bulk_create(
            SavedMapping(name=f"Sheet {n:02}", signature=f"{n}", document=one.document, made_at=NOW)
            for n in range(20)
        )
        StandingAnswer.objects.bulk_create(
            StandingAnswer(kind="long", subject=f"Tech {n:03}", value="yes", given_at=NOW) for n in range(51)
        )
    assert world.manager.get(PAGE).text.count("Take it back</button>") == 20
    assert "Wochenblatt" in world.manager.get(PAGE, {"page": "2"}).text
    answers = reverse("answers")
    assert "1–50 of 51" in world.manager.get(answers).text
    assert "51–51 of 51" in world.manager.get(answers, {"page": "2"}).text
