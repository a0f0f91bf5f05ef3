"""Whether every query names its provider, as a database spread by provider wants it: asked of the test suite's queries.

    python -m bench.sharding_queries [PYTEST'S WORDS]      default: the tests that `make test` runs on PostgreSQL

Runs the tests on a throw-away PostgreSQL that counts statements (`pg_stat_statements`), and looks at each one that the
serving role has sent: in each of its SELECTs, and wherever it writes, every table with a provider must be held to one
by its own column. What isn't is listed by its tables, with one statement as an example: that stays to be done before
Citus. Row-level security holds each of these tables to the provider besides; that is looked up too, but doesn't count.
"""

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.cpu import ROOT
from bench.sharding import TABLES

DEFAULT = (
    "-q",
    "-n",
    "2",
    "--dist",
    "worksteal",
    "-m",
    "on_both and not browser and not one_engine",
    "tests",
)
COUNTED = ("-c", "shared_preload_libraries=pg_stat_statements", "-c", "pg_stat_statements.max=50000")
STATEMENTS = """
SELECT query FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
WHERE rolname = %s AND query ~* '^\\s*(SELECT|INSERT|UPDATE|DELETE|COPY|WITH)'
"""
UNBOUND = """
SELECT c.oid::regclass::text FROM pg_class c WHERE c.oid::regclass::text = ANY(%s)
AND NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = c.oid)
"""
WORDS = "ON|WHERE|SET|INNER|LEFT|CROSS|JOIN|ORDER|GROUP|LIMIT|VALUES|FOR|USING|FROM|UNION|SELECT|RETURNING|AS"
NAMED = re.compile(
    rf'\b(FROM|JOIN|UPDATE|INTO|COPY)\s+"?(\w+)"?(?:\s+(?:AS\s+)?(?!(?:{WORDS})\b)"?(\w+)"?)?', re.IGNORECASE
)
LISTS = re.compile(r"\$\d+(?:,\s*\$\d+)+|(\(\$\.\.\.\))(?:,\s*\(\$\.\.\.\))+")


@dataclass(frozen=True)
class Missing:
    """A statement, and the tables of it that are held to no provider."""

    statement: str
    tables: tuple[str, ...]
    others: bool  # another table of it is


def blocks(statement: str) -> Iterator[str]:
    """Each SELECT with what is around its own sub-SELECTs, and the statement itself without any."""
    opened, stack = [""], []
    for sign in re.split(r"([()])", statement):
        if sign == "(":
            stack.append(len(opened))
            opened.append("")
        elif sign == ")" and stack:
            inner = opened.pop()
            stack.pop()
            if re.match(r"\s*(SELECT|WITH)\b", inner, re.IGNORECASE):
                yield inner
                opened[-1] += "(…)"
            else:
                opened[-1] += f"({inner})"
        else:
            opened[-1] += sign
    yield opened[0]


def held(block: str, verb: str, name: str) -> bool:
    """Whether that table's provider is said: in what is written, or in a condition."""
    if verb in ("INTO", "COPY"):
        return "provider_id" in block.partition("(")[2].partition(")")[0]
    column = rf'(?:"?{re.escape(name)}"?\.)"?provider_id"?'
    if len(NAMED.findall(block)) == 1:
        column = rf'(?:"?{re.escape(name)}"?\.)?"?provider_id"?'
    said = rf"{column}\s*(?:=|IN\b)|=\s*\(?{column}"
    return bool(re.search(said, block.partition(" SET ")[2].partition(" WHERE ")[2] or block, re.IGNORECASE))


def missing_in(statement: str, spread: set[str]) -> Missing | None:
    lacking, fine = [], False
    for block in blocks(statement):
        for verb, table, alias in NAMED.findall(block):
            if table not in spread:
                continue
            if held(block, verb.upper(), alias or table):
                fine = True
            else:
                lacking.append(table)
    return Missing(statement, tuple(sorted(set(lacking))), fine) if lacking else None


def ran(words: tuple[str, ...]) -> tuple[list[str], set[str], list[str]]:
    """The different statements of the role that serves, the tables with a provider, and those without a policy."""
    import psycopg

    from tests import migrated
    from tests.on_postgres import APP, FAST, a_server, as_role

    with a_server(fast=(*FAST, *COUNTED)) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        command = [sys.executable, "tests/on_postgres.py", sys.executable, "-m", "pytest", *words]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "TEST_DATABASE_URL": server.url}, check=False
        )
        if done.returncode:
            sys.exit("The tests failed.")
        with psycopg.connect(as_role(server.url, "", migrated.NAME)) as connection:
            tables: list[Any] = connection.execute(TABLES).fetchall()
            spread = {table for table, has_provider in tables if has_provider}
            unbound = [row[0] for row in connection.execute(UNBOUND, [list(spread)])]
        with psycopg.connect(server.url) as connection:
            found = {alike(row[0]) for row in connection.execute(STATEMENTS, [APP])}
    return sorted(found), spread, unbound


def alike(statement: str) -> str:
    """Lists of whatever length are the same statement."""
    text = " ".join(statement.split())
    return LISTS.sub(lambda match: match[1] or "$...", re.sub(r"\(\$\d+\)", "($...)", text))


def main(words: tuple[str, ...]) -> int:
    statements, spread, unbound = ran(words)
    asked = [each for each in statements if any(table in spread for _, table, _ in NAMED.findall(each))]
    lacking = [found for each in asked if (found := missing_in(each, spread))]
    print(f"{len(asked)} different statements on the {len(spread)} tables with a provider")
    print(f"{len(asked) - len(lacking)} hold each of their tables to a provider")
    print(f"{sum(each.others for each in lacking)} hold some, and join the others by another key")
    print(f"{sum(not each.others for each in lacking)} hold none")
    print(
        f"{len(unbound)} of the tables are without row-level security{': ' if unbound else ''}{', '.join(unbound)}"
    )
    by_tables = defaultdict(list)
    for each in lacking:
        by_tables[each.others, each.tables].append(each.statement)
    for (others, tables), its in sorted(by_tables.items(), key=lambda item: (item[0][0], -len(item[1]))):
        print(f"{'JOINED' if others else 'NONE'} {len(its)} × {', '.join(tables)}: {min(its, key=len)[:300]}")
    return 1 if lacking or unbound else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or DEFAULT))
