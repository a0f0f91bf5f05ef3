"""What happens when everybody comes at once: pages, figures, requests and the dashboard, while files are published.

    python -m bench.load [SECONDS]                                   SQLite, two processes
    python tests/on_postgres.py python -m bench.load [SECONDS]      PostgreSQL, four

A throw-away installation on loopback. Every number that a page gives is held against the files that were published
before it was asked for and begun before it was answered; at the end every file is there, and `verify` finds no
fault. Prints how many answers of each kind came, and how long they took; ends with 1 where anything was wrong.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlencode

READERS, LOOKERS = 6, 2
EACH, MOST_FILES, PAUSE = (
    Decimal("0.25"),
    55,
    1.0,
)  # hours a file and client; files (a key's limit); seconds between
SESSION = """
from accounts.models import User
from django.conf import settings
from django.test import Client
browser = Client()
browser.force_login(User.objects.get())
print(browser.cookies[settings.SESSION_COOKIE_NAME].value)
"""
KEPT = """
from accounts.providers import existing
from accounts.tenancy import tenant_scope
from imports.models import Import
with tenant_scope(existing("north")):
    print(Import.objects.filter(state="published").count())
"""


@dataclass
class Seen:
    """What came back, and what was wrong with it. `begun` and `done` are files, as the uploader goes along."""

    begun: int = 0
    done: int = 0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def note(self, what, answer, took, allowed):
        self.answers[what, answer.status] += 1
        self.seconds[what].append(took)
        if answer.status not in allowed:
            self.wrong.append(f"{what}: {answer.status} {answer.text[:200]}")


def main(seconds):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hourtab.settings")
    import django

    django.setup()
    from django.conf import settings

    from tests.faults.installation import Installation
    from tests.faults.templates import template

    is_sqlite = "sqlite" in settings.DATABASES["default"]["ENGINE"]
    processes = "2" if is_sqlite else "4"
    with tempfile.TemporaryDirectory() as name, template(Path(name), settings.DATABASES) as made:
        house = Installation(made.copy("load"), Path(name), "load", {"REQUIRE_SECOND_FACTOR": "0"})
        cookie = f"__Host-session={house.do('shell', '--verbosity', '0', '-c', SESSION).strip()}"
        with served(house, processes) as site:
            warm_up(site, made, cookie)
            seen = under_load(site, made, cookie, seconds)
        return told(house, seen, processes, is_sqlite)


def served(house, processes):
    """A web server as it is deployed, with so many processes."""
    from contextlib import contextmanager

    from tests.faults.installation import ROOT, Site

    @contextmanager
    def running():
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        log = house.folder / "server.log"
        with log.open("a") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "hourtab/gunicorn.py", "hourtab.wsgi"],
                cwd=ROOT,
                env=house.environment(BIND=f"127.0.0.1:{port}", WEB_CONCURRENCY=processes),
                stdout=out,
                stderr=out,
            )
        site = Site(port, process, log)
        try:
            site.wait()
            yield site
        finally:
            process.terminate()
            process.wait(60)

    return running()


def warm_up(site, made, cookie):
    """Each process loads what it needs with its first answers; all of them have given some then."""
    with ThreadPoolExecutor(8) as pool:
        for path in [made.path, "/", "/clients/acme/", made.path + "balance.json"] * 12:
            pool.submit(site.ask, path, Cookie=cookie)


def under_load(site, made, cookie, seconds):
    seen, over = Seen(), time.monotonic() + seconds
    deeds = [lambda: upload(site, made, seen, over), lambda: request(site, made, seen, over)]
    deeds += [lambda: read(site, made, seen, over) for _ in range(READERS)]
    deeds += [lambda: look(site, cookie, seen, over) for _ in range(LOOKERS)]
    threads = [threading.Thread(target=safely(deed, seen)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def safely(deed, seen):
    def done():
        try:
            deed()
        except OSError as error:
            seen.wrong.append(f"no answer: {error}")

    return done


def timed(ask):
    before = time.monotonic()
    answer = ask()
    return answer, time.monotonic() - before


def upload(site, made, seen, over):
    """Each file is the whole month so far: one more row for each client."""
    today, rows = datetime.now(UTC).date(), ["Entry ID,Client,Date,Hours,Client description"]
    headers = {"Authorization": f"Bearer {made.key}", "Content_Type": "text/csv"}
    while time.monotonic() < over and seen.begun < MOST_FILES:
        number = seen.begun + 1
        rows += [f"{name[0]}{number},{name},{today},{EACH},Work" for name in ("Acme Dental", "Beta Legal")]
        text = "\n".join([*rows, ""]).encode()
        seen.begun = number
        answer, took = timed(lambda text=text: site.ask("/api/imports?publish=1", text, **headers))
        seen.note("file published", answer, took, {200})
        seen.done = number if answer.status == 200 else seen.done
        time.sleep(PAUSE)


def read(site, made, seen, over):
    while time.monotonic() < over:
        least = seen.done
        answer, took = timed(lambda: site.ask(made.path + "balance.json"))
        most = seen.begun
        seen.note("balance.json", answer, took, {200})
        if answer.status == 200:
            used = Decimal(json.loads(answer.text)["retainers"][0]["cycle"]["total"]["used"])
            if not least * EACH <= used <= most * EACH or used % EACH:
                seen.wrong.append(f"{used} h used, where {least} to {most} files were published")
        answer, took = timed(lambda: site.ask(made.path))
        seen.note("page", answer, took, {200})


def look(site, cookie, seen, over):
    while time.monotonic() < over:
        for what, path in (("dashboard", "/"), ("client's desk page", "/clients/acme/")):
            answer, took = timed(lambda path=path: site.ask(path, Cookie=cookie))
            seen.note(what, answer, took, {200})


def request(site, made, seen, over):
    """A link may ask five times an hour: then it is told so."""
    form = urlencode({"hours": "2", "name": "Pat", "email": "pat@acme.example", "text": "x"}).encode()
    while time.monotonic() < over:
        said = {"Sec_Fetch_Site": "same-origin", "Content_Type": "application/x-www-form-urlencoded"}
        answer, took = timed(lambda said=said: site.ask(made.path + "ask/top_up/", form, **said))
        seen.note("request", answer, took, {200, 429})
        time.sleep(1)


def told(house, seen, processes, is_sqlite):
    house.do("verify")
    kept = int(house.do("shell", "--verbosity", "0", "-c", KEPT))
    if kept != seen.done:
        seen.wrong.append(f"{seen.done} files were taken, {kept} are published")
    print(f"{'SQLite' if is_sqlite else 'PostgreSQL'}, {processes} processes, {seen.done} files published")
    for what, took in sorted(seen.seconds.items()):
        statuses = {status: count for (name, status), count in seen.answers.items() if name == what}
        middle, slow = statistics.median(took), sorted(took)[int(len(took) * 0.95)]
        print(f"{what}: {statuses}, median {middle:.2f} s, 95 % within {slow:.2f} s")
    for line in seen.wrong[:20]:
        print("WRONG:", line)
    return 1 if seen.wrong or not seen.done else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
