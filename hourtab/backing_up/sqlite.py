"""SQLite's part of a backup: the online copy of the whole file, as it is within the caller's moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.db import connection

from hourtab.backing_up.archive import DamagedError, Manifest

FILE = "database.sqlite3"


def dump(folder: Path, manifest: Manifest) -> Iterator[tuple[str, Path]]:
    """Copy the database; what was copied is sound, and has as many rows as the original."""
    target = folder / FILE
    counted = counts(connection.connection)  # the first read of the moment: the copy is of the same one
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        check(copy, counted)
    manifest.rows = counted
    yield FILE, target


def load(folder: Path, manifest: Manifest) -> None:
    """Put the copy in the database's place, in one transaction of SQLite's own."""
    with closing(sqlite3.connect(folder / FILE)) as copy:
        check(copy, manifest.rows)
        connection.ensure_connection()
        copy.backup(connection.connection)


def check(copy: sqlite3.Connection, counted: dict[str, int]) -> None:
    (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise DamagedError(f"SQLite says of the copy: {said}")
    if counts(copy) != counted:
        raise DamagedError("the copy has not as many rows as the database")


def counts(database: sqlite3.Connection) -> dict[str, int]:
    """The rows of each table."""
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  # its own names
        for (name,) in tables
    }
