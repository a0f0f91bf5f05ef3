"""What readers notice of two imports at once on SQLite: how long pages take beside those of a quiet server.

    python -m bench.busy [ROWS [READERS [SECONDS]]]

Two providers in one SQLite file, a hundred links that are opened, HourTab's own gunicorn with two workers. So many
pages a second are asked for, whether the ones before are there or not, and each is timed from the moment at which it
was due: first with nothing else going on, then while two `import_csv --publish` of so many rows run, at the low
priority of large imports. Every fifth page is one of which no worker has the text. Ends with 1 where an import failed
or a page was no page.
"""

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import cpu, prepared, work
from bench.prepared import PRODUCTION
from bench.served import Server, serving

LINKS, LINES, WORKERS, THREADS, MOST = 100, 20, "2", 32, 4.0
SLUGS = ("one", "two")


@dataclass
class Seen:
    """Seconds from when a page was due until it was there; what was no page."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def at(self, share: float) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * share)]


def built(place: Path) -> list[str]:
    """A database with two providers for the files, and one whose links are read."""
    os.environ |= PRODUCTION
    prepared.begin(place)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    for slug in SLUGS:
        text = prepared.agreements().read_text().replace('slug = "bench"', f'slug = "{slug}"', 1)
        (place / f"{slug}.toml").write_text(text)
        call_command("load_retainers", str(place / f"{slug}.toml"), stdout=io.StringIO())
    return links()


def links() -> list[str]:
    from django.db import connection

    from tests.factories import ProviderFactory

    now = datetime.now(tz=UTC)
    rows = work.agreed(ProviderFactory(), LINKS)
    work.publish(rows, [(now.date(), "0.25")] * LINES, at=now)
    found = [work.a_link(row.client)[1] for row in rows]
    connection.close()
    return found


def read(site: Server, paths: Sequence[str], each_second: float, goes_on: Callable[[], bool]) -> Seen:
    """So many pages a second, each when it is due."""
    seen, begun, number = Seen(), time.monotonic(), 0
    with ThreadPoolExecutor(THREADS) as pool:
        while goes_on():
            due = begun + number / each_second
            time.sleep(max(due - time.monotonic(), 0))
            path = paths[number % len(paths)] + ("" if number % 5 else f"?n={number}")
            pool.submit(ask, site, path, due, seen)
            number += 1
    return seen


def ask(site: Server, path: str, due: float, seen: Seen) -> None:
    try:
        status = site.ask(path)[0]
    except OSError as error:
        seen.wrong.append(f"no answer: {error}")
        return
    seen.seconds.append(time.monotonic() - due)
    if status != 200:
        seen.wrong.append(str(status))


def behind_the_pages() -> None:
    """As the process of a large import is started; where all of this runs at a real-time priority, by that."""
    os.nice(10)
    if os.sched_getscheduler(0) == os.SCHED_RR:
        os.sched_setparam(0, os.sched_param(os.sched_get_priority_min(os.SCHED_RR)))


@contextmanager
def importing(file: Path) -> Iterator[list["subprocess.Popen[Any]"]]:
    words = [sys.executable, "manage.py", "import_csv", str(file), "--publish", "--provider"]
    running = [
        subprocess.Popen(
            [*words, slug],
            cwd=cpu.ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=behind_the_pages,
        )
        for slug in SLUGS
    ]
    try:
        yield running
    finally:
        for each in running:
            each.kill()
            each.wait(30)


def measured(rows: int, each_second: float, seconds: float) -> tuple[Seen, Seen, list[str]]:
    """The quiet server's pages, those beside the imports, and what came of these."""
    with cpu.folder() as place:
        file = prepared.export("first", rows)
        paths = built(place)
        env = {name: os.environ[name] for name in (*PRODUCTION, "DATABASE_URL", "ORIGINALS_ROOT")}
        with serving("hourtab.wsgi", env, WORKERS) as site:
            for path in paths * 2:
                site.ask(path)
            over = time.monotonic() + seconds
            quiet = read(site, paths, each_second, lambda: time.monotonic() < over)
            with importing(file) as running:
                busy = read(site, paths, each_second, lambda: any(each.poll() is None for each in running))
                failed = [told(each) for each in running if each.returncode]
    return quiet, busy, failed


def told(process: "subprocess.Popen[Any]") -> str:
    said = process.stderr.read().decode() if process.stderr else ""
    return f"an import ended with {process.returncode}: {said[-300:]}"


def figures(rows: int, each_second: float, seconds: float) -> Iterator[cpu.Figure]:
    quiet, busy, failed = measured(rows, each_second, seconds)
    wrong = [*failed, *quiet.wrong, *busy.wrong]
    beside = f"two imports of {rows:,} rows and {each_second:g} readers a second, SQLite"
    how = f"{len(busy.seconds):,} pages beside {len(quiet.seconds):,} of a quiet server"
    yield cpu.Figure(f"{beside}: what failed", len(wrong), "", 0, how)
    for name, share, limit in (
        ("half of the pages", 0.5, None),
        ("99 of 100 pages", 0.99, MOST),
        ("the slowest", 0.999999, None),
    ):
        yield cpu.Figure(f"{beside}: {name} within", busy.at(share) / quiet.at(share), "×", limit, how)
    for line in sorted(set(wrong))[:20]:
        print("WRONG:", line, file=sys.stderr)


def main() -> int:
    given = [float(word) for word in sys.argv[1:]]
    rows, each_second, seconds = (*given, *(100_000, 50, 10)[len(given) :])
    found = list(figures(int(rows), each_second, seconds))
    print(*(each.line for each in found), sep="\n")
    return 1 if found[0].value else 0


if __name__ == "__main__":
    sys.exit(main())
