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
from itertools import chain
from pathlib import Path

TABLES = """
SELECT c.oid::regclass::text, EXISTS (
  SELECT 1 FROM pg_attribute
  WHERE attrelid = c.oid AND attname = 'provider_id' AND attnotnull AND atttypid = 'int8'::regtype
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


@dataclass(frozen=True)
class Widened:
    """The keys that have to have the provider in them: primary and unique ones, unique indexes, foreign keys."""

    narrow: list
    loose: list
    ties: list

    def say(self):
        print(f"{sum(key.kind == 'p' for key in self.narrow)} primary keys to widen by the provider")
        unique = sum(key.kind == "u" for key in self.narrow) + len(self.loose)
        print(f"{unique} unique keys to widen by the provider")
        print(f"{len(self.ties)} foreign keys to widen by the provider")


def asked(connection):
    tables = dict(connection.execute(TABLES).fetchall())
    keys = [Key(*row[:4], tuple(row[4]), tuple(row[5])) for row in connection.execute(KEYS)]
    spread = {table for table, has_provider in tables.items() if has_provider}
    print(f"{len(spread)} tables have a provider and would be spread, {len(tables) - len(spread)} stay whole")
    to_widen = found_in(keys, spread, connection.execute(INDEXES))
    to_widen.say()
    refused = [*pointing_in(keys, spread), *widen(connection, to_widen)]
    for line in refused:
        print("CAN'T BE:", line)
    print("All of them can be widened." if not refused else f"{len(refused)} can't.")
    return 1 if refused else 0


def found_in(keys, spread, indexes):
    mine = [key for key in keys if key.table in spread and not key.has_provider]
    return Widened(
        narrow=[key for key in mine if key.kind in "pu"],
        loose=[row for row in indexes if row[0] in spread and not names_provider(row[2])],
        ties=[key for key in mine if key.kind == "f" and key.to in spread],
    )


def names_provider(definition):
    return "provider_id" in definition.partition("USING")[2].partition("WHERE")[0]


def pointing_in(keys, spread):
    """A table that stays whole may refer to none that is spread."""
    return [
        f"{key.table}.{key.name}: a table on every server refers to {key.to}, which is spread"
        for key in keys
        if key.kind == "f" and key.to in spread and key.table not in spread
    ]


def widen(connection, keys):
    """Do it in the database, which refuses what can't be; its refusals."""
    for key in (*keys.ties, *keys.narrow):
        connection.execute(f'ALTER TABLE {key.table} DROP CONSTRAINT "{key.name}" CASCADE')
    for _table, name, _definition in keys.loose:
        connection.execute(f"DROP INDEX {name}")
    wide = [definition.replace(" (", " (provider_id, ", 1) for _table, _name, definition in keys.loose]
    for key in keys.narrow:
        word = "PRIMARY KEY" if key.kind == "p" else "UNIQUE"
        wide.append(f"ALTER TABLE {key.table} ADD {word} (provider_id, {listed(key.columns)})")
    for key in keys.ties:
        wide.append(
            f"ALTER TABLE {key.table} ADD FOREIGN KEY (provider_id, {listed(key.columns)})"
            f" REFERENCES {key.to} (provider_id, {listed(key.theirs)})"
        )
    return list(chain.from_iterable(tried(connection, statement) for statement in wide))


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
