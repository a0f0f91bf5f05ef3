"""PostgreSQL's part of a backup: every table by COPY, within the caller's one snapshot; no program beside Python."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from accounts.row_policies import POLICY
from hourtab.backing_up.archive import PORTION, DamagedError, Manifest

FOLDER = "tables"
# Migrations are named in the manifest; the cache holds nothing but counts against limits.
LEFT_OUT = frozenset({"django_migrations", "hourtab_cache"})


def dump(folder: Path, manifest: Manifest) -> Iterator[tuple[str, Path]]:
    """Copy every table; as many rows are written as the snapshot has."""
    (folder / FOLDER).mkdir()
    with connection.cursor() as cursor:
        _see_all_rows(cursor)
        for table in tables(cursor):
            manifest.columns[table] = _columns(cursor, table)
            path = folder / FOLDER / f"{table}.copy"
            _copy_out(cursor, table, manifest.columns[table], path)
            manifest.rows[table] = _count(cursor, table)
            if _lines(path) != manifest.rows[table]:
                raise DamagedError(f"{table} was not written as a whole")
            yield f"{FOLDER}/{table}.copy", path


def _see_all_rows(cursor: CursorWrapper) -> None:
    """Fail, instead of writing few rows: for a role that is bound, every policy has to be one that lets all through."""
    cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL row_security = off")
        return
    cursor.execute(
        "SELECT tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname <> %s", [POLICY]
    )
    if hidden := cursor.fetchall():
        raise DamagedError(f"{hidden[0][0]} may hide rows from this database role")


def load(folder: Path, manifest: Manifest) -> None:
    """An empty schema of the backup's release, then all rows in one transaction."""
    _drop_everything()
    executor = MigrationExecutor(connection)
    executor.migrate(_last(executor, {(app, name) for app, name in manifest.migrations}))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_each("TRUNCATE {} CASCADE", ", ", manifest.columns))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, columns in manifest.columns.items():
            _copy_in(cursor, table, columns, folder / FOLDER / f"{table}.copy")
            if _count(cursor, table) != manifest.rows[table]:
                raise DamagedError(f"{table} has not as many rows as it had")
        _go_on_counting(cursor, manifest.columns)


def _last(executor: MigrationExecutor, applied: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of each app the migrations that no other of it followed: Django would take back what follows any other."""
    followed = {
        parent.key
        for each in applied
        for parent in executor.loader.graph.node_map[each].parents
        if parent.key[0] == each[0]
    }
    return sorted(applied - followed)


def tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return [name for (name,) in cursor.fetchall() if name not in LEFT_OUT]


def _columns(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _count(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    counted: int = cursor.fetchone()[0]
    return counted


def _copy_out(cursor: CursorWrapper, table: str, columns: list[str], path: Path) -> None:
    said = _copying("COPY {} ({}) TO STDOUT", table, columns)
    with path.open("wb") as file, _raw(cursor).copy(said) as copy:
        for portion in copy:
            file.write(portion)


def _copy_in(cursor: CursorWrapper, table: str, columns: list[str], path: Path) -> None:
    said = _copying("COPY {} ({}) FROM STDIN", table, columns)
    with path.open("rb") as file, _raw(cursor).copy(said) as copy:
        while portion := file.read(PORTION):
            copy.write(portion)


def _copying(form: str, table: str, columns: list[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(form).format(sql.Identifier(table), names)


def _raw(cursor: CursorWrapper) -> Any:
    """psycopg's own cursor: Django has no COPY."""
    return cursor.cursor


def _lines(path: Path) -> int:
    """COPY's text form has one line a row."""
    with path.open("rb") as file:
        return sum(portion.count(b"\n") for portion in iter(lambda: file.read(PORTION), b""))


def _drop_everything() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        standing = [*tables(cursor), *LEFT_OUT]
        cursor.execute(_each("DROP TABLE IF EXISTS {} CASCADE", ", ", standing))


def _each(form: str, between: str, names: Iterable[str]) -> sql.Composed:
    listed = sql.SQL(between).join(map(sql.Identifier, names))
    return sql.SQL(form).format(listed)


def _go_on_counting(cursor: CursorWrapper, columns: Iterable[str]) -> None:
    """The next row of each table gets a number that is free."""
    for table in columns:
        cursor.execute(
            "SELECT pg_get_serial_sequence(quote_ident(%s), a.attname), a.attname FROM pg_attribute a"
            " WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped",
            [table, table],
        )
        for sequence, column in [row for row in cursor.fetchall() if row[0]]:
            cursor.execute(
                sql.SQL("SELECT setval(%s, COALESCE((SELECT max({}) FROM {}), 0) + 1, false)").format(
                    sql.Identifier(column), sql.Identifier(table)
                ),
                [sequence],
            )
