"""The inbox: files of a folder are taken in by `tick` as a push would be, and none is ever lost."""

import fcntl
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from accounts import keys
from accounts.models import ApiKey, AuditEvent, OutboxMail, Provider, Role
from accounts.tenancy import tenant_scope
from desk.inbox import arrivals, taking
from desk.inbox import folder as folders
from imports import originals
from imports.models import Import
from tests.factories import MembershipFactory, UserFactory, agreement_file, client_table, load_agreements
from tests.shared_rows import shared_rows
from tests.world import World

NOW = datetime(2026, 6, 22, 12, tzinfo=UTC)
HEADER = "Client,Date,Hours\n"
GOOD = HEADER + "Acme Dental,2026-06-02,1.5\n"
BAD = HEADER + "Acme Dental,2026-06-02,no hours\n"


@shared_rows
def world(tmp_path, time_machine) -> World:
    time_machine.move_to(NOW, tick=False)
    load_agreements(tmp_path, agreement_file(client_table(hours="20")))
    return World(Provider.objects.get())


@pytest.fixture
def inbox(provider, settings, tmp_path):
    settings.INBOX_DIR = tmp_path / "inbox"
    mine = settings.INBOX_DIR / provider.slug
    mine.mkdir(parents=True)
    return mine


def drop(inbox, name="week.csv", text=GOOD, age=timedelta(minutes=5)):
    file = inbox / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    changed = (NOW - age).timestamp()
    os.utime(file, (changed, changed))
    return file


def imports_of(provider):
    with tenant_scope(provider):
        return list(Import.objects.select_related("uploaded_with", "published_with").order_by("pk"))


def lying(inbox):
    return sorted(str(path.relative_to(inbox)) for path in inbox.rglob("*") if path.is_file())


def test_what_is_safe_is_published_and_its_file_is_done(provider, inbox):
    drop(inbox)
    assert taking.take_all(NOW) == 1
    (row,) = imports_of(provider)
    assert row.state == Import.State.PUBLISHED
    assert lying(inbox) == [f"done/{row.pk}-week.csv"]
    with tenant_scope(provider):
        assert originals.load(row) == GOOD.encode()


def test_what_needs_a_person_waits_and_is_told_as_a_push_is(provider, inbox):
    MembershipFactory(provider=provider, role=Role.MANAGER)
    drop(inbox, text=BAD)
    call_command("tick")
    call_command("tick")
    (row,) = imports_of(provider)
    assert row.state == Import.State.UPLOADED
    assert lying(inbox) == [f"waiting/{row.pk}-week.csv"]
    assert OutboxMail.objects.filter(kind="push_waits").count() == 1


def test_a_file_of_which_something_waits_is_not_done_though_the_rest_is_published(
    provider, inbox, monkeypatch
):
    def brought(source, key, **said):
        plan, needs = brought_before(source, key, **said)
        return plan, [*needs, "1 row grants hours: it is offered as a top-up."]

    brought_before = arrivals.publish_or_preview
    monkeypatch.setattr(arrivals, "publish_or_preview", brought)
    drop(inbox)
    taking.take_all(NOW)
    (row,) = imports_of(provider)
    assert row.state == Import.State.PUBLISHED
    assert lying(inbox) == [f"waiting/{row.pk}-week.csv"]


def test_a_file_that_is_no_export_is_stored_and_waits(provider, inbox):
    drop(inbox, "scan.pdf", b"%PDF-1.7")
    assert taking.take_all(NOW) == 1
    (row,) = imports_of(provider)
    assert lying(inbox) == [f"waiting/{row.pk}-scan.pdf"]


def test_the_trail_says_that_it_was_the_inbox(provider, inbox):
    drop(inbox)
    taking.take_all(NOW)
    with tenant_scope(provider):
        told = dict(AuditEvent.objects.values_list("action", "actor"))
    assert told["key created"] == "inbox"
    assert (told["uploaded"], told["import published"]) == ("Inbox", "Inbox")


def test_a_file_that_may_still_grow_is_left_for_the_next_tick(provider, inbox):
    drop(inbox, age=timedelta(seconds=20))
    drop(inbox, "big.csv.part")
    drop(inbox, ".hidden.csv")
    assert taking.take_all(NOW) == 0
    assert taking.take_all(NOW + timedelta(minutes=2)) == 1
    assert lying(inbox)[0] == ".hidden.csv"
    assert "big.csv.part" in lying(inbox)


def test_a_file_that_grows_while_it_is_read_is_left(provider, inbox, monkeypatch, caplog):
    file = drop(inbox)
    read_bytes = type(file).read_bytes

    def read_and_grow(path):
        data = read_bytes(path)
        with path.open("ab") as more:
            more.write(b"Acme Dental,2026-06-03,2\n")
        return data

    monkeypatch.setattr(type(file), "read_bytes", read_and_grow)
    assert taking.take_all(NOW) == 0
    assert imports_of(provider) == []
    assert "still being written" in caplog.text


def test_a_file_that_took_anothers_place_is_not_put_away_for_it(provider, inbox, monkeypatch):
    file = drop(inbox)
    take_in = taking.take_in

    def take_while_another_comes(*args, **said):
        arrival = take_in(*args, **said)
        file.unlink()
        drop(inbox, text=BAD)
        return arrival

    monkeypatch.setattr(taking, "take_in", take_while_another_comes)
    taking.take_all(NOW)
    assert file.read_text() == BAD
    monkeypatch.setattr(taking, "take_in", take_in)
    taking.take_all(NOW)
    assert [row.state for row in imports_of(provider)] == [Import.State.PUBLISHED, Import.State.UPLOADED]


@pytest.mark.parametrize(("text", "where"), [(GOOD, "done"), (BAD, "waiting")])
def test_a_file_that_was_stored_but_not_put_away_is_not_stored_twice(
    provider, inbox, monkeypatch, text, where
):
    drop(inbox, text=text)
    with monkeypatch.context() as broken:
        broken.setattr(
            folders, "put_away", lambda *_args, **_said: (_ for _ in ()).throw(OSError(28, "no room"))
        )
        assert taking.take_all(NOW) == 0
    assert taking.take_all(NOW + timedelta(minutes=5)) == 1
    (row,) = imports_of(provider)
    assert lying(inbox) == [f"{where}/{row.pk}-week.csv"]


def test_the_same_file_dropped_again_is_taken_again(provider, inbox):
    drop(inbox)
    taking.take_all(NOW)
    later = NOW + timedelta(days=7)
    drop(inbox, age=timedelta(days=-7, minutes=5))
    assert taking.take_all(later) == 1
    assert len(imports_of(provider)) == 2


def test_a_second_tick_at_once_takes_nothing(provider, inbox, settings):
    drop(inbox)
    settings.ORIGINALS_ROOT.mkdir(parents=True)
    with (settings.ORIGINALS_ROOT / taking.LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert taking.take_all(NOW) == 0
    assert taking.take_all(NOW) == 1


def test_folders_and_files_of_nobody_are_told_and_left(provider, inbox, caplog):
    drop(inbox.parent, "loose.csv")
    (inbox.parent / "nobody").mkdir()
    theirs = drop(inbox.parent / "nobody")
    assert taking.take_all(NOW) == 0
    assert theirs.exists()
    assert "nobody is left: no provider has that name" in caplog.text
    assert "loose.csv is left: it lies in no provider's folder" in caplog.text


def test_too_large_and_empty_files_are_told_and_left_and_stop_nothing(provider, inbox, caplog, monkeypatch):
    monkeypatch.setattr(folders, "MAX_FILE_BYTES", 1000)
    drop(inbox, "a.csv", "x" * 1001)
    drop(inbox, "b.csv", "")
    drop(inbox, "c.csv")
    assert taking.take_all(NOW) == 1
    assert lying(inbox)[:2] == ["a.csv", "b.csv"]
    assert "a.csv is left: it has more than" in caplog.text
    assert "b.csv is left: it is empty" in caplog.text


def test_a_link_is_not_followed(provider, inbox, tmp_path):
    (tmp_path / "secret.csv").write_text(GOOD)
    (inbox / "week.csv").symlink_to(tmp_path / "secret.csv")
    os.utime(tmp_path / "secret.csv", (0, 0))
    assert taking.take_all(NOW) == 0


def test_no_file_is_stored_that_could_not_be_put_away(provider, inbox, caplog):
    drop(inbox)
    (inbox / "done").write_text("a file where the folder should be")
    assert taking.take_all(NOW) == 0
    assert imports_of(provider) == []
    assert f"the folder {provider.slug} is left" in caplog.text


def test_revoking_its_key_turns_the_inbox_off_and_another_key_decides_whether_it_publishes(
    provider, inbox, caplog
):
    drop(inbox)
    taking.take_all(NOW)
    owner = UserFactory()
    with tenant_scope(provider):
        keys.revoke(key=ApiKey.objects.get(name=arrivals.NAME), by=owner, at=NOW)
    drop(inbox, "next.csv", GOOD + "Acme Dental,2026-06-03,2\n")
    assert taking.take_all(NOW) == 0
    assert "the inbox is turned off" in caplog.text
    with tenant_scope(provider):
        keys.create(name=arrivals.NAME, scopes=keys.DROPS, by=owner)
    assert taking.take_all(NOW) == 1
    assert imports_of(provider)[-1].state == Import.State.UPLOADED


def test_without_the_setting_there_is_no_inbox(provider, settings):
    settings.INBOX_DIR = None
    assert taking.take_all(NOW) == 0
    assert not (settings.ORIGINALS_ROOT / taking.LOCK).exists()
