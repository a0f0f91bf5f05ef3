"""The database that installations of tests are copied from: migrated, with a provider and two clients, made once."""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests import kept_database, migrated
from tests.faults.installation import Installation
from tests.on_postgres import APP, DEPLOY, OWNER, as_role, binaries

_numbers = count(1)  # several templates live side by side in one run
AGREEMENT = """
[provider]
slug = "north"
name = "North IT"
[[members]]
email = "dana@north.example"
role = "owner"
[[clients]]
slug = "acme"
name = "Acme Dental"
contacts = [{ name = "Pat Lee", email = "pat@acme.example", alerts = true }]
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{ key = "support", name = "IT support", hours = "40" }]
[[clients]]
slug = "beta"
name = "Beta Legal"
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{ key = "support", name = "IT support", hours = "20" }]
"""
MAKE_KEY = """
from accounts.providers import existing
from accounts.tenancy import tenant_scope
from accounts import keys
with tenant_scope(existing("north")):
    print(keys.create(name="drop", scopes=keys.PUSHES, by=None)[1])
"""


@contextmanager
def template(folder: Path, databases: Mapping[str, Any]) -> Iterator["Template"]:
    """A database that is migrated and has a provider with two clients, to be copied for each test."""
    made = Template(folder, databases)
    try:
        made.build()
        yield made
    finally:
        made.drop()


@contextmanager
def shared(folder: Path, common: Path, databases: Mapping[str, Any]) -> Iterator["Template"]:
    """The same for every process that has the folder `common`: the first one makes it, the last one drops it."""
    said, made = common / "template.json", Template(folder, databases)
    with locked(common):
        if not said.exists():
            first = Template(common, databases)
            first.build()
            said.write_text(json.dumps([first.source, first.link, first.key]))
        made.source, made.link, made.key = json.loads(said.read_text())
        (common / f"user-{os.getpid()}-{id(made)}").touch()
    try:
        yield made
    finally:
        made.drop()
        with locked(common):
            (common / f"user-{os.getpid()}-{id(made)}").unlink()
            if not list(common.glob("user-*")):
                made.drop_source()
                said.unlink()


@contextmanager
def locked(common: Path) -> Iterator[None]:
    """One process at a time."""
    common.mkdir(exist_ok=True)
    with (common / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Template:
    """Copies of a database: a file on SQLite, else databases of the server that the tests run on."""

    def __init__(self, folder: Path, databases: Mapping[str, Any]) -> None:
        self.folder, self._at = folder, databases["default"]
        self._number = next(_numbers)
        self._is_file = "sqlite" in self._at["ENGINE"]
        self._server = self._at.get("SERVER") or os.environ.get("TEST_DATABASE_URL", "")  # the superuser's
        self._names: list[str] = []
        self.source = self.link = self.key = ""

    @property
    def path(self) -> str:
        """The client's page."""
        return "/b/" + self.link.rstrip("/").rsplit("/", 1)[-1] + "/"

    def build(self) -> None:
        """Make what is copied."""
        first = Installation(self.create("template"), self.folder)
        self.source = str(self.folder / "template.sqlite3") if self._is_file else self._named("template")
        if self._is_file and kept_database.file().exists():
            shutil.copy(kept_database.file(), self.source)  # `migrate` finds little to do
        if not self._is_file and migrated.put_in(binaries(), as_role(self._server, "", self.source)):
            self._ask((DEPLOY / "rights.sql").read_text(), self.source)
        first.do("migrate", "--verbosity", "0")
        (self.folder / "north.toml").write_text(AGREEMENT)
        first.do("load_retainers", str(self.folder / "north.toml"))
        self.link = first.do("share_link", "create", "--provider", "north", "--client", "acme").strip()
        self.key = first.do("shell", "--verbosity", "0", "-c", MAKE_KEY).strip()

    def create(self, name: str) -> str:
        if self._is_file:
            return f"sqlite:///{self.folder / name}.sqlite3"
        self._ask(f'CREATE DATABASE "{self._named(name)}" OWNER {OWNER}')
        self._ask((DEPLOY / "rights.sql").read_text(), self._named(name))
        return self._url(name)

    def copy(self, name: str) -> str:
        if self._is_file:
            with (
                closing(sqlite3.connect(self.source)) as source,
                closing(sqlite3.connect(self.folder / f"{name}.sqlite3")) as target,
            ):
                source.backup(target)
            return f"sqlite:///{self.folder / name}.sqlite3"
        self._ask(f'CREATE DATABASE "{self._named(name)}" TEMPLATE "{self.source}" OWNER {OWNER}')
        self._ask((DEPLOY / "rights.sql").read_text(), self._named(name))
        return self._url(name)

    def drop(self) -> None:
        for name in self._names:
            self._ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._names.clear()

    def drop_source(self) -> None:
        if not self._is_file:
            self._ask(f'DROP DATABASE IF EXISTS "{self.source}" WITH (FORCE)')

    @contextmanager
    def away(self, name: str) -> Iterator[None]:
        """The database is gone for a while, for who is in it too."""
        self._cut(name, off=True)
        try:
            yield
        finally:
            self._cut(name, off=False)

    def _cut(self, name: str, *, off: bool) -> None:
        if self._is_file:
            file = self.folder / f"{name}.sqlite3"
            if off:
                file.rename(file.with_suffix(".away"))
                file.mkdir()
            else:
                file.rmdir()
                file.with_suffix(".away").rename(file)
            return
        self._ask(f'ALTER DATABASE "{self._named(name)}" ALLOW_CONNECTIONS {not off}')
        self._ask(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._named(name)}'"
        )

    def _named(self, name: str) -> str:
        named = f"faults_{os.getpid()}_{self._number}_{name}"
        if named not in self._names:
            self._names.append(named)
        return named

    def _url(self, name: str) -> str:
        return as_role(self._server, APP, self._named(name))

    def _ask(self, sql: str, database: str = "postgres") -> None:
        """The server's superuser."""
        import psycopg

        with psycopg.connect(as_role(self._server, "", database), autocommit=True) as connection:
            connection.execute(sql)  # the names are our own
