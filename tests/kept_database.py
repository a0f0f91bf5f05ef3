"""The tests' database: made by the migrations once, copied from then on, put back as it was after a test that commits.

On SQLite it is kept in a file from one run to the next, for as long as no migration and no package changes; what it
may still lack, `migrate` adds. On PostgreSQL a dump of it is (`tests/migrated.py`).

Emptying it by Django's `flush` takes as long as a test: here the pages of a copy are written over it, and on PostgreSQL
the rows of the tables that have any are deleted.
"""

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from django.db import connection
from django.db.backends.signals import connection_created

from tests import database_roles
from tests.kept_file import keep as keep_file
from tests.kept_file import kept_file

OF_THE_MIGRATIONS = ("django_content_type", "auth_permission")  # rows that are there before the first test
_as_made: sqlite3.Connection | None = None


class _Turn:
    """At making a file that isn't there yet."""

    held: IO[str] | None = None

    def take(self, kept: Path) -> None:
        if self.held is None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            self.held = (kept.parent / "turn").open("w")
            fcntl.flock(self.held, fcntl.LOCK_EX)

    def give_back(self) -> None:
        if self.held is not None:
            self.held.close()
            self.held = None


_turn = _Turn()


def copy_the_last_one(connection: Any, **_: object) -> None:
    """Told of each new connection while the database is made: a new one of SQLite starts as the last run left it."""
    kept = file()
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        return
    if not kept.exists():
        _turn.take(kept)  # one worker migrates, and the others take what it made
    if kept.exists() and not connection.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        with closing(sqlite3.connect(kept)) as source:
            source.backup(connection.connection)


def keep() -> None:
    """The database is made: as it is now, every test starts with it."""
    global _as_made
    connection_created.disconnect(copy_the_last_one)
    if connection.vendor != "sqlite":
        return
    _as_made = sqlite3.connect(":memory:", check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(_as_made)
    if not file().exists():
        keep_file(".sqlite3", _write)
    _turn.give_back()


def _write(part: Path) -> None:
    assert _as_made is not None, "the database is made first"
    with closing(sqlite3.connect(part)) as target:
        _as_made.backup(target)


def forget() -> None:
    global _as_made
    if _as_made is not None:
        _as_made.close()
        _as_made = None


def empty() -> None:
    """After a test that commits."""
    if connection.vendor == "sqlite":
        assert _as_made is not None, "keep() comes first"
        connection.ensure_connection()
        _as_made.backup(connection.connection)
        return
    with database_roles.owning(), connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in _LEFT]
        filled = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
        )
        cursor.execute(filled)
        found = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")  # guards and foreign keys alike
        for name in found:
            cursor.execute(f'DELETE FROM "{name}"')
        cursor.execute("SET session_replication_role = DEFAULT")


_LEFT = (*OF_THE_MIGRATIONS, "django_migrations")


def file() -> Path:
    return kept_file(".sqlite3")
