"""Rows that an earlier release left in SQLite, put into a database of either engine, past its guards."""

import base64
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.on_postgres import as_role

HERE = Path(__file__).parent
Do = Callable[..., Any]
BOOLEANS = """
SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'boolean'
"""


def read(name: str) -> dict[str, Any]:
    """What `keep.py` wrote of that release."""
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text())
    return found


def insert(url: str, tables: dict[str, Any]) -> None:
    """`url` is the database's, which has the tables as they were."""
    with _on_postgres(url) if "@" in url or "host=" in url else _on_sqlite(url) as do:
        for name, table in tables.items():
            do(name, table["columns"], [[_cell(cell) for cell in row] for row in table["rows"]])


def _cell(said: Any) -> Any:
    return base64.b64decode(said["bytes"]) if isinstance(said, dict) else said


@contextmanager
def _on_sqlite(url: str) -> Iterator[Do]:
    """Without foreign keys, which this connection doesn't ask, and without triggers, which `migrate` puts back."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')

        def do(table: str, columns: list[str], rows: list[list[Any]]) -> None:
            places = ",".join("?" * len(columns))
            database.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({places})", rows)

        yield do


@contextmanager
def _on_postgres(url: str) -> Iterator[Do]:
    """As the superuser, for whom triggers and foreign keys can be told to wait."""
    database = urlsplit(url).path.lstrip("/")
    with psycopg.connect(as_role(os.environ["TEST_DATABASE_URL"], "", database)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET timezone = 'UTC'")

        def do(table: str, columns: list[str], rows: list[list[Any]]) -> None:
            said = [name for (name,) in connection.execute(BOOLEANS, [table])]
            flags = {place for place, name in enumerate(columns) if name in said}
            whole = [[bool(cell) if n in flags else cell for n, cell in enumerate(row)] for row in rows]
            names, places = ",".join(f'"{name}"' for name in columns), ",".join(["%s"] * len(columns))
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", whole)
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
                )

        yield do
