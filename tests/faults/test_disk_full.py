"""A full disk: told in plain words, nothing half kept, and everything goes on once there is room."""

import errno

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser

from accounts.database import is_no_room
from hourtab import errors
from imports import originals
from tests.faults.installation import WEEK, Installation, at_most, export
from tests.faults.templates import Template

ROOM = 4_000_000  # bytes: the database fits, the file below doesn't
CLIENTS = ("Acme Dental", "Beta Legal")
MANY = export(*((str(n), CLIENTS[n % 2], "2026-02-03", "1") for n in range(500)))
TOO_MUCH = (WEEK + "5,Acme Dental,2026-02-06,1," + "x" * 90 + "\n" * 5_000_000).encode()


@pytest.mark.long
def test_an_export_that_does_not_fit_is_refused_and_leaves_nothing(
    installation: Installation, made: Template
) -> None:
    with installation.serving(limits=at_most(ROOM)) as site:
        told = site.ask("/api/imports?publish=1", TOO_MUCH, Authorization=f"Bearer {made.key}")
        assert (told.status, told.headers["Retry-After"]) == (507, "30")
        assert "There is no space left" in told.text
        kept = site.ask("/api/imports?publish=1", WEEK.encode(), Authorization=f"Bearer {made.key}")
        assert kept.status == 200, kept.text
    assert installation.parts() == []
    assert installation.used() == {"acme": "3.75", "beta": "4.50"}


def test_the_command_says_so_in_one_line_and_leaves_nothing(installation: Installation) -> None:
    file = installation.folder / "big.csv"
    file.write_bytes(TOO_MUCH)
    words = ("manage.py", "import_csv", str(file), "--provider", "north", "--publish")
    done = installation.run(*words, limits=at_most(ROOM))
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [errors.FULL.said]
    assert installation.parts() == []
    assert installation.used() == {"acme": "0.00", "beta": "0.00"}


@pytest.mark.sqlite
def test_a_database_that_is_full_is_told_alike_and_publishes_nothing_half(installation: Installation) -> None:
    done = installation.manage("import_csv", "-", "--provider", "north", "--publish", said=MANY, ROOM_FOR="0")
    assert done.stderr.strip().splitlines() == [errors.FULL.said]
    assert installation.used() == {"acme": "0.00", "beta": "0.00"}
    installation.do("import_csv", "-", "--provider", "north", "--publish", said=WEEK)
    assert installation.used() == {"acme": "3.75", "beta": "4.50"}


def test_no_part_of_a_file_stays_where_it_could_not_be_written(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(originals.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        originals._put(tmp_path / "a" / "b.csv", b"rows")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


class DiskFull(Exception):  # noqa: N818  # as the driver calls it
    sqlstate = "53100"


def test_a_full_disk_of_the_database_server_is_told_from_one_that_is_away():
    full = OperationalError("could not extend file")
    full.__cause__ = DiskFull()
    assert is_no_room(full)
    assert not is_no_room(OperationalError("server closed the connection unexpectedly"))


@pytest.mark.parametrize(
    ("path", "says"), [("/", "no space left on the server’s disk"), ("/api/imports", "no space left")]
)
def test_who_is_asking_is_told_in_their_own_way(db, path, says):
    def refuse(*_):
        raise OperationalError("database or disk is full")

    with connection.execute_wrapper(refuse):
        browser = Browser(raise_request_exception=False)
        browser.cookies["sessionid"] = "x" * 32
        answer = (
            browser.post(path, headers={"Authorization": "Bearer ht_x"})
            if "api" in path
            else browser.get(path)
        )
    assert answer.status_code == 507
    assert says in (answer.json()["error"] if "api" in path else answer.text)
