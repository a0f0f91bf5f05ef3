"""A dump of the migrated database on PostgreSQL: a run migrates once, and the next ones not at all.

Each worker's database, and those of installations that tests make (`tests/faults`), start from it: putting it in takes
a twentieth of what the migrations do. What it may still lack, `migrate` adds.
"""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.kept_file import ROOT, keep, kept_file

NAME = "hourtab_migrated"  # which each worker's database is a copy of
SUFFIX = ".sql"


def make(binaries: Path, superuser: str, owner: str, owners: str) -> None:
    """The database `NAME` on the superuser's server; `owners` is its address for the owner."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME} OWNER {owner}")
    if put_in(binaries, _of(superuser)):
        return
    here = {**os.environ, "DATABASE_URL": owners}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=here, check=True
    )
    keep(SUFFIX, lambda part: _dump(binaries, _of(superuser), part))


def put_in(binaries: Path, database: str) -> bool:
    """All of it in an empty database, whose address is the superuser's; whether there is a dump at all."""
    dump = kept_file(SUFFIX)
    if not dump.exists():
        return False
    words = ["-q", "-X", "-v", "ON_ERROR_STOP=1", "-1", "-d", database, "-f", str(dump)]
    subprocess.run([binaries / "psql", *words], check=True, stdout=subprocess.DEVNULL)
    return True


def _dump(binaries: Path, database: str, part: Path) -> None:
    subprocess.run([binaries / "pg_dump", "-d", database, "-f", str(part)], check=True)


def _of(superuser: str) -> str:
    return urlunsplit(urlsplit(superuser)._replace(path=f"/{NAME}"))
