"""The tests' database: made by the migrations once, copied from then on, put back as it was after a test that commits.

On SQLite it is kept in a file from one run to the next, for as long as no migration and no package changes; what it
may still lack, `migrate` adds. Emptying it by Django's `flush` takes as long as a test: here the pages of a copy are
written over it, and on PostgreSQL the rows of the tables that have any are deleted.
"""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created

from tests import database_roles

OF_THE_MIGRATIONS = ("django_content_type", "auth_permission")  # rows that are there before the first test
_as_made: sqlite3.Connection | None = None


def copy_the_last_one(connection: Any, **_: object) -> None:
    """Told of each new connection while the database is made: a new one of SQLite starts as the last run left it."""
    kept = file()
    if connection.vendor != "sqlite" or not connection.is_in_memory_db() or not kept.exists():
        return
    if not connection.connection.execute("SELECT 1 FROM sqlite_master").fetchone():
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
    kept = file()
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob("*.sqlite3"):
            old.unlink(missing_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(part)) as target:
            _as_made.backup(target)
        part.replace(kept)


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
    said = hashlib.sha256((settings.BASE_DIR / "uv.lock").read_bytes())
    for path in sorted(settings.BASE_DIR.glob("*/migrations/*.py")):
        said.update(path.name.encode() + path.read_bytes())
    return settings.BASE_DIR / "var" / "tests" / f"{said.hexdigest()[:20]}.sqlite3"
