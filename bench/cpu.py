"""Processor time of commands and servers, and figures that stand beside each other.

Every figure is a ratio of two things that were run in turn in one run, never a time: times are the machine's.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Engine:
    """A place for databases: SQLite files in folders, or one PostgreSQL whose own processor time counts too."""

    name: str
    server: str = ""
    made: int = 0
    kept: dict[str, str] = field(default_factory=dict)  # URLs of those that others are copies of, by name

    def at(self, folder: Path) -> str:
        """The URL of SQLite's database in that folder."""
        return f"sqlite:///{folder}/bench.sqlite3"

    def database(self, folder: Path, like: str = "") -> str:
        """The URL of an empty database or a copy, with nobody in it, for a role that row-level security binds."""
        if not self.server:
            if like:
                shutil.copy(like.removeprefix("sqlite:///"), folder / "bench.sqlite3")
            return self.at(folder)
        import psycopg

        from tests.on_postgres import OWNER, as_role

        self.made += 1
        with psycopg.connect(self.server, autocommit=True) as connection:
            template = f" TEMPLATE {urlsplit(like).path[1:]}" if like else ""
            connection.execute(f"CREATE DATABASE bench{self.made} OWNER {OWNER}{template}")
        return as_role(self.server, OWNER, f"bench{self.made}")

    def spent(self) -> float:
        """What the server has used so far, of processes that are gone too."""
        if not self.server:
            return 0.0
        folder = Path(self.server.partition("host=")[2])
        postmaster = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])
        return sum(used(pid, children=pid == postmaster) for pid in (postmaster, *children_of(postmaster)))


@contextmanager
def engines() -> Iterator[list[Engine]]:
    """SQLite, and PostgreSQL where its programs are."""
    from tests.on_postgres import make_roles, server

    with server() as url:
        make_roles(url)
        yield [Engine("SQLite"), Engine("PostgreSQL", url)]


def used(pid: int, *, children: bool = False) -> float:
    """Seconds of a live process; with `children`, also of those of its own that have ended."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, words[11 : 15 if children else 13])) / TICKS


def children_of(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(words[1]) == pid:
            found.append(int(path.parent.name))
    return found


class Ran(NamedTuple):
    """What a command took: seconds of processor time, the database server's included, and at most so many bytes."""

    seconds: float
    peak: int


def run(words: list[str], *, engine: Engine | None = None, cwd: Path = ROOT, **env: str) -> float:
    """Run a command; how many seconds of processor time it took, the database server's included."""
    return ran(words, engine=engine, cwd=cwd, **env).seconds


# A new process begins as the one that starts it, and its most counts from there: so a small one starts it.
STARTER = """
import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_pid, status, used = os.wait4(process, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def ran(words: list[str], *, engine: Engine | None = None, cwd: Path = ROOT, **env: str) -> Ran:
    """The same, with the most that it held."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    server = engine.spent() if engine else 0.0
    start = [sys.executable, "-I", "-S", "-c", STARTER, *words]
    told = subprocess.run(start, cwd=cwd, env={**kept, **env}, check=True, stdout=subprocess.PIPE, text=True)
    code, seconds, peak = told.stdout.split()
    if int(code):
        raise subprocess.CalledProcessError(int(code), words)
    return Ran(float(seconds) + (engine.spent() - server if engine else 0.0), int(peak) * 1024)


def manage(words: Sequence[str], *, engine: Engine | None = None, cwd: Path = ROOT, **env: str) -> Ran:
    """Run one of our commands, of the checkout in that folder."""
    return ran([sys.executable, "manage.py", *words], engine=engine, cwd=cwd, **env)


def plain_import(file: Path, engine: Engine, place: Path) -> float:
    """R of a file, the start of its process included; its database is in that folder, or on the engine's server."""
    words = [sys.executable, "-m", "bench.plain_import", str(file), engine.database(place)]
    return run(words, engine=engine)


@dataclass
class Beside:
    """Measurements by name, each beside the others of its round."""

    rounds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, seconds: float) -> None:
        self.rounds.setdefault(name, []).append(seconds)

    def less(self, name: str, part: str) -> str:
        """The name of a measurement without another of the same round that is a part of it."""
        whole = f"{name} less {part}"
        pairs = zip(self.rounds[name], self.rounds[part], strict=True)
        self.rounds[whole] = [one - other for one, other in pairs]
        return whole

    def ratio(self, name: str, to: str) -> float:
        """The median over the rounds of one measurement in terms of the other."""
        pairs = zip(self.rounds[name], self.rounds[to], strict=True)
        return statistics.median(one / other for one, other in pairs)

    def median(self, name: str) -> float:
        return statistics.median(self.rounds[name])


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what was measured, the figure, its unit, the limit beside it, and how."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    how: str = ""
    at_least: bool = False  # the limit is one that the figure reaches, not one below which it stays

    @property
    def line(self) -> str:
        if self.limit is None:
            return f"| {self.what} | {written(self.value)} {self.unit} |  |  | {self.how} |"
        met = self.value >= self.limit if self.at_least else self.value <= self.limit
        said = written(self.value)
        if not met and float(said) == self.limit:
            said = f"{self.value:.3f}"
        limit = f"{'at least ' if self.at_least else ''}{self.limit:g} {self.unit}"
        return f"| {self.what} | {said} {self.unit} | {limit} | {'yes' if met else '**no**'} | {self.how} |"


def written(value: float) -> str:
    """Two digits that count are enough for a ratio, but where they hide that a limit is missed."""
    if value < 0.1:
        return f"{value:.3f}" if value else "0"
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
