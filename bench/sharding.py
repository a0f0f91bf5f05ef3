"""Whether the tables could be spread over several servers by provider, as Citus does: asked of the catalogue.

    python -m bench.sharding

Migrates a throw-away PostgreSQL and looks at every table. A distributed table needs the provider in its primary key, in
each unique key and in each foreign key to another one; tables without a provider are copied to every server and may
refer to none of these. Then widens all those keys in the throw-away database, in PostgreSQL itself, which refuses what
can't be. Ends with 1 where something can't.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TABLES = """
SELECT c.oid::regclass::text, EXISTS (
  SELECT 1 FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
  WHERE conrelid = c.oid AND confrelid = 'accounts_provider'::regclass AND attname = 'provider_id' AND attnotnull
) FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
KEYS = """
SELECT conrelid::regclass::text, conname, contype, confrelid::regclass::text,
  ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, at)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY at),
  ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(n, at)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY at)
FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
INDEXES = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Key:
    table: str
    name: str
    kind: str  # p: primary, u: unique, f: foreign
    to: str
    columns: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def has_provider(self):
        return "provider_id" in self.columns


def main():
    from tests.on_postgres import OWNER, a_server, as_role, make_roles

    with a_server() as server:
        import psycopg

        make_roles(server.url)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE spread OWNER {OWNER}")
        here = {**os.environ, "DATABASE_URL": as_role(server.url, OWNER, "spread")}
        root = Path(__file__).resolve().parents[1]
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, cwd=root, env=here)
        with psycopg.connect(as_role(server.url, "", "spread"), autocommit=True) as connection:
            return asked(connection)


def asked(connection):
    tables = dict(connection.execute(TABLES).fetchall())
    keys = [Key(*row[:4], tuple(row[4]), tuple(row[5])) for row in connection.execute(KEYS)]
    spread = {table for table, has_provider in tables.items() if has_provider}
    indexes = [row for row in connection.execute(INDEXES) if row[0] in spread]
    refused = [
        f"{key.table}.{key.name}: a table on every server refers to {key.to}, which is spread"
        for key in keys
        if key.kind == "f" and key.to in spread and key.table not in spread
    ]
    mine = [key for key in keys if key.table in spread]
    narrow = [key for key in mine if key.kind in "pu" and not key.has_provider]
    ties = [key for key in mine if key.kind == "f" and key.to in spread and not key.has_provider]
    loose = [
        row for row in indexes if "provider_id" not in row[2].partition("USING")[2].partition("WHERE")[0]
    ]
    print(f"{len(spread)} tables have a provider and would be spread, {len(tables) - len(spread)} stay whole")
    print(f"{sum(key.kind == 'p' for key in narrow)} primary keys to widen by the provider")
    print(f"{sum(key.kind == 'u' for key in narrow) + len(loose)} unique keys to widen by the provider")
    print(f"{len(ties)} foreign keys to widen by the provider")
    for key in (*ties, *narrow):
        connection.execute(f'ALTER TABLE {key.table} DROP CONSTRAINT "{key.name}" CASCADE')
    for key in narrow:
        word = "PRIMARY KEY" if key.kind == "p" else "UNIQUE"
        refused += tried(
            connection, f"ALTER TABLE {key.table} ADD {word} (provider_id, {listed(key.columns)})"
        )
    for _table, name, definition in loose:
        connection.execute(f"DROP INDEX {name}")
        refused += tried(connection, definition.replace(" (", " (provider_id, ", 1))
    for key in ties:
        refused += tried(
            connection,
            f"ALTER TABLE {key.table} ADD FOREIGN KEY (provider_id, {listed(key.columns)})"
            f" REFERENCES {key.to} (provider_id, {listed(key.theirs)})",
        )
    for line in refused:
        print("CAN'T BE:", line)
    print("All of them can be widened." if not refused else f"{len(refused)} can't.")
    return 1 if refused else 0


def listed(columns):
    return ", ".join(f'"{name}"' for name in columns)


def tried(connection, statement):
    import psycopg

    try:
        connection.execute(statement)
    except psycopg.Error as error:
        return [f"{statement}: {error}"]
    return []


if __name__ == "__main__":
    sys.exit(main())
