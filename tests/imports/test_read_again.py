"""What makes rows of the last file be read again, and the very same file be opened again."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.tenancy import tenant_scope
from imports.models import EntryChoice, LastFile, RememberedWording
from imports.publishing import depends
from imports.wording.reword import NewWords, reword
from retainers import kept
from retainers.models import CompanyName
from retainers.rule_books import save_rules
from retainers.terms import Effects, Rule
from tests.imports.coming_again import ROWS, bring
from tests.imports.uploading import HEADER


def another_rule(world):
    save_rules([Rule("Weekend", Effects(pool="support"), weekdays=("sat",))], at=now(), by=None)


def another_name(world):
    client = CompanyName.objects.get(name="Acme Dental").client
    CompanyName.objects.create(client=client, name="Acme", key="acme")


def another_wording(world):
    RememberedWording.objects.create(kind="title", key="backup check", text="Backups looked after")


def another_zone(world):
    world.provider.timezone = "America/Chicago"
    world.provider.save()


@pytest.mark.parametrize("happens", [another_rule, another_name, another_wording, another_zone])
def test_every_row_is_read_again_once_what_judges_it_has_changed(world, read, happens):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        happens(world)

    assert len(bring(world, read, *ROWS)) == 5
    assert bring(world, read, *ROWS) == []


def remembered(world, text, at, key="backup check"):
    with tenant_scope(world.provider):
        RememberedWording.objects.update_or_create(
            kind="title", key=key, defaults={"text": text, "given_at": at}
        )


@pytest.mark.parametrize("minutes", [0, 5])
def test_words_that_replace_others_at_no_later_moment_are_taken_up(world, read, minutes):
    """The newest time says nothing: words of one moment, or of one who began earlier and was done later."""
    remembered(world, "Backups checked", now())
    remembered(world, "Door mended", now(), key="door")
    bring(world, read, *ROWS)
    remembered(world, "Backups looked after", now() - timedelta(minutes=minutes))

    assert len(bring(world, read, *ROWS)) == 5
    assert world.words("acme") == ["Backups looked after"] * 5
    assert bring(world, read, *ROWS) == []


@pytest.mark.parametrize(
    "decided", [{"exclusion": "agreed"}, {"categories": ["travel"]}, {"pool": "support"}]
)
def test_every_row_is_read_again_once_a_choice_was_replaced_at_no_later_moment(world, read, decided):
    with tenant_scope(world.provider):
        bring(world, read, *ROWS)
        EntryChoice.objects.create(origin=world.live("acme")[0].origin, reason="By phone")
        bring(world, read, *ROWS)
        EntryChoice.objects.update(**decided)

    assert len(bring(world, read, *ROWS)) == 5
    assert bring(world, read, *ROWS) == []


def test_a_row_of_which_the_words_were_changed_is_read_again(world, read):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        given = [NewWords((world.live("acme")[0].origin,), "Looked after it")]
        reword(provider=world.provider, given=given, by=None, at=now())
        RememberedWording.objects.all().delete()

    assert bring(world, read, *ROWS) == [2]
    assert sorted(world.words("acme")) == ["", "", "", "", "Looked after it"]


def test_a_row_of_another_header_is_no_row_that_is_known(world, read):
    bring(world, read, *ROWS)

    lines = bring(world, read, *(f"{each},said" for each in ROWS), header=f"{HEADER},Notes")

    assert len(lines) == 5


def test_a_file_whose_lines_were_given_words_is_read_whole(world, read):
    bring(world, read, *ROWS)
    assert bring(world, read, *ROWS, words=[(2, "Looked after it")]) == [2, 3, 4, 5, 6]
    assert "Looked after it" in world.words("acme")


def another_order(world):
    world.provider.date_order = "dmy"
    world.provider.save()


def an_entry_in_other_words(world):
    given = [NewWords((world.live("acme")[0].origin,), "Looked after it")]
    reword(provider=world.provider, given=given, by=None, at=now())


@pytest.mark.parametrize("happens", [another_order, another_name, another_rule, an_entry_in_other_words])
def test_a_file_is_opened_again_once_anything_has_changed_by_which_it_was_read(world, read, opened, happens):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        happens(world)
    bring(world, read, *ROWS)
    assert len(opened) == 2


def test_a_file_is_opened_again_on_another_day(world, read, opened, time_machine):
    """What lies beyond today is told of, and a date's century is told by it."""
    bring(world, read, *ROWS)
    time_machine.shift(timedelta(days=1))
    bring(world, read, *ROWS)
    assert len(opened) == 2


def test_what_another_release_has_kept_of_a_file_is_not_taken_up(world, read, opened):
    bring(world, read, *ROWS)
    with tenant_scope(world.provider):
        LastFile.objects.update(read=b"something else")
    assert bring(world, read, *ROWS) == []
    assert len(opened) == 2


@pytest.mark.parametrize("file", ["imports/reading/formats/one.py", "leaks/words.txt", "retainers/one.py"])
def test_another_release_is_told_by_any_of_its_modules_and_lists(file, tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    names = set()
    for text in ("before", "after"):
        path.write_text(text)
        names.add(depends._release.__wrapped__())
    assert len(names) == 2
