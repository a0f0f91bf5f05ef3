"""The restore drill: what is lost in one place stands in another, to the last hour and the last byte."""

import re
import tarfile
from threading import Thread

import pytest

from tests.backing_up.conftest import backup
from tests.faults.installation import VERIFIED, at_most, export, used_in

pytestmark = pytest.mark.django_db


def originals(installation):
    root = installation.folder / "originals"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.csv")}


def told_of(installation):
    """Its balances and how many are signed in, by one process, and `verify` finds no fault."""
    sessions = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    balances, _, signed_in = (
        installation.do("shell", "-v", "0", "-c", f"{VERIFIED}\n{sessions}").strip().rpartition("\n")
    )
    return balances, signed_in


def test_an_empty_machine_becomes_the_installation_that_was_backed_up(kept, empty):
    first, file = kept
    assert "all looked through" in empty.do("restore", str(file))
    (balances, signed_in), (restored, still_in) = told_of(first), told_of(empty)
    assert used_in(restored) == {"acme": "3.75", "beta": "4.50"}
    assert restored == balances
    assert (signed_in, still_in) == ("1", "0")
    assert originals(empty) == originals(first)
    more = export(("9", "Acme Dental", "2026-02-09", "1.00"))
    empty.do("import_csv", "-", "--provider", "north", "--publish", "--accept", "all", said=more)
    assert empty.used()["acme"] == "4.75"


@pytest.mark.long
def test_a_backup_made_while_others_write_is_of_one_moment(worked, empty):
    def write():
        for number in range(2):
            file = export((f"w{number}", "Acme Dental", f"2026-02-1{number}", "1.00"))
            worked.do("import_csv", "-", "--provider", "north", "--publish", "--accept", "all", said=file)

    writer = Thread(target=write)
    writer.start()
    files = [backup(worked, "--keep-all", "--to", str(worked.folder / f"b{number}")) for number in range(2)]
    writer.join()
    empty.do("restore", str(files[-1]))
    assert empty.used()["acme"] in {"3.75", "4.75", "5.75"}
    assert worked.used()["acme"] == "5.75"


def test_no_key_of_the_installation_is_in_its_backup(kept):
    first, file = kept
    with tarfile.open(file) as tar:
        everything = b"".join(tar.extractfile(member).read() for member in tar)
    assert b"HOURTAB_LINK_KEY" in everything
    for key in ("SECRET_KEY", "HOURTAB_LINK_KEY"):
        assert first.environment()[key].encode() not in everything


@pytest.mark.long
def test_an_installation_in_use_is_replaced_only_where_it_is_told_so_and_kept_first(worked):
    file = backup(worked, "--keep-all", "--to", str(worked.folder / "first"))
    more = export(("8", "Acme Dental", "2026-02-08", "2.00"))
    worked.do("import_csv", "-", "--provider", "north", "--publish", "--accept", "all", said=more)
    refused = worked.manage("restore", str(file))
    assert refused.returncode == 1
    assert "in use" in refused.stderr
    assert worked.used()["acme"] == "5.75"
    said = worked.do("restore", str(file), "--replace")
    assert worked.used()["acme"] == "3.75"
    kept = re.search(r"kept in (.+)\.\n", said)[1]
    worked.do("restore", kept, "--check")


@pytest.mark.parametrize("spoil", ["cut", "bit", "other"])
def test_a_damaged_file_is_told_and_nothing_is_changed(kept, empty, tmp_path, spoil):
    data = bytearray(kept[1].read_bytes())
    if spoil == "bit":
        data[len(data) // 2] ^= 255
    spoiled = tmp_path / "spoiled.tar.gz"
    spoiled.write_bytes({"cut": data[: len(data) // 2], "bit": data, "other": b"hello"}[spoil])
    answer = empty.manage("restore", str(spoiled))
    assert answer.returncode == 1
    assert "isn't a complete backup" in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
    assert originals(empty) == {}


def test_another_key_is_asked_about(kept, empty):
    file = str(kept[1])
    empty.more["HOURTAB_LINK_KEY"] = "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg="
    refused = empty.manage("restore", file)
    assert refused.returncode == 1
    assert "another HOURTAB_LINK_KEY" in refused.stderr
    empty.do("restore", file, "--check", "--other-keys")
    assert originals(empty) == {}


@pytest.mark.long
def test_a_full_disk_or_a_kill_leaves_no_backup_and_the_next_one_clears_up(worked):
    folder = worked.folder / "backups"
    full = worked.run("manage.py", "backup", limits=at_most(4_000))
    assert full.returncode == 1
    assert len(full.stderr.strip().splitlines()) == 1
    assert not list(folder.glob("hourtab-*"))
    killed = worked.manage("backup", FAULT="RENAME 1")
    assert killed.returncode == -9
    assert not list(folder.glob("*.tar.gz"))
    made = backup(worked)
    assert list(folder.glob("hourtab-*")) == [made]


def test_an_original_that_is_gone_is_told_and_the_rest_is_kept(worked):
    next((worked.folder / "originals").rglob("*.csv")).unlink()
    done = worked.manage("backup")
    assert done.returncode == 1
    assert "is named by the database and not on disk" in done.stderr
    assert len(list((worked.folder / "backups").glob("*.tar.gz"))) == 1
