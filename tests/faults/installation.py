"""An installation of its own, with its own database, folder and processes: to be killed, cut and filled up."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.database_roles import ROLES
from tests.on_postgres import APP, as_role

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 280  # after which a process that should have ended has hung
VERIFIED = """
import sys
from io import StringIO
from django.core.management import call_command
call_command("verify", stdout=StringIO())
call_command("balances", "--provider", "north", "--on", "2026-02-28", "--json", stdout=sys.stdout)
"""


def export(*rows: tuple[str, str, str, str], mark: str = "") -> str:
    """A file of ours: (number, client, day, hours) a row."""
    lines = [f"{mark}{n},{client},{day},{hours},Work {n}" for n, client, day, hours in rows]
    return "\n".join(("Entry ID,Client,Date,Hours,Client description", *lines)) + "\n"


WEEK = export(
    ("1", "Acme Dental", "2026-02-03", "2.50"),
    ("2", "Acme Dental", "2026-02-04", "1.25"),
    ("3", "Beta Legal", "2026-02-04", "4"),
    ("4", "Beta Legal", "2026-02-05", "0.50"),
)


def at_most(size: int) -> list[str]:
    """Words before a command, under which no file of it grows larger: as a disk that is full."""
    run = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    return [sys.executable, "-c", f"{run}; os.execv(sys.argv[1], sys.argv[1:])"]


def used_in(balances: str) -> dict[str, str]:
    """The hours used in the last cycle, by client, as `balances` prints them."""
    return {each["client"]: each["cycles"][-1]["total"]["used"] for each in json.loads(balances)}


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class Installation:
    """`url` is its database's, `folder` holds everything else."""

    url: str
    folder: Path
    name: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.url,
            "ORIGINALS_ROOT": str(self.folder / "originals"),
            "DEBUG": "0",
            "SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-to-be-taken-0123456789-ABC",
            "HOURTAB_LINK_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "ALLOWED_HOSTS": "localhost",
            "SECURE_SSL_REDIRECT": "0",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            **self.more,
            **more,
        }

    def run(
        self, *words: str, said: str = "", limits: Sequence[str] = (), **more: str
    ) -> "subprocess.CompletedProcess[str]":
        """`limits` are words before the command."""
        return subprocess.run(
            [*limits, sys.executable, *words],
            cwd=ROOT,
            env=self.environment(**more),
            input=said,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def manage(self, *words: str, said: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        """Each command as its role, where the engine has any."""
        url = as_role(self.url, ROLES.get(words[0], APP)) if "@" in self.url else self.url
        return self.run("manage.py", *words, said=said, **{"DATABASE_URL": url, **more})

    def do(self, *words: str, said: str = "", **more: str) -> str:
        """A command that has to succeed; what it prints."""
        done = self.manage(*words, said=said, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def used(self) -> dict[str, str]:
        """The hours used in February, by client, of an installation in which `verify` finds no fault."""
        return used_in(self.do("shell", "--verbosity", "0", "-c", VERIFIED))

    def parts(self) -> list[Path]:
        """Files that were begun and never finished."""
        return sorted(self.folder.rglob("*.part"))

    @contextmanager
    def serving(self, *words: str, limits: Sequence[str] = (), **more: str) -> Iterator["Site"]:
        """A web server of this installation; `words` are gunicorn's, `limits` stand before the command."""
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        log = self.folder / "server.log"
        with log.open("a") as out:
            process = subprocess.Popen(
                [
                    *limits,
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "-c",
                    "hourtab/gunicorn.py",
                    *words,
                    "hourtab.wsgi",
                ],
                cwd=ROOT,
                env=self.environment(BIND=f"127.0.0.1:{port}", WEB_CONCURRENCY="1", **more),
                stdout=out,
                stderr=out,
            )
        site = Site(port, process, log)
        try:
            site.wait()
            yield site
        finally:
            process.terminate()
            process.wait(SECONDS)


@dataclass
class Site:
    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def wait(self) -> None:
        for _ in range(SECONDS * 5):
            try:
                self.ask("/healthz")
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.2)
            else:
                return
        raise AssertionError(self.log.read_text())

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        wanted = Request(  # our own server
            f"http://127.0.0.1:{self.port}{path}", data=data, headers={"Host": "localhost", **named}
        )
        try:
            with urlopen(wanted, timeout=SECONDS) as answer:
                return Answer(answer.status, answer.read().decode(), dict(answer.headers))
        except HTTPError as error:
            return Answer(error.code, error.read().decode(), dict(error.headers))

    def wait_for(self, file: Path) -> None:
        """Until a process has come so far that it made this file."""
        for _ in range(SECONDS * 20):
            if file.exists():
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    @contextmanager
    def meanwhile(self, deed: Callable[[], Any]) -> Iterator["Future[Any]"]:
        """Something that is done at the same time."""
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(deed)

    def connection(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
