"""More than one machine, on loopback: two web hosts, a pooler between them and PostgreSQL, and a replica for the pages.

    python -m bench.scale [SECONDS]

The hosts share nothing but the database. They reach it through pgbouncer in transaction mode, with row-level security
on, and read the token pages from a streaming replica. Under `bench.load`'s load every number is held against the files
that were published; then the replica is held back, so that the first database has to answer, and at last it is
cut off. Prints what was answered and by which database. Needs PostgreSQL's programs and `pgbouncer`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

PROCESSES = "2"  # on each host
POOL = 8  # connections of the pooler, for all the hosts' threads
CONFIGURED = """
[databases]
* = host={server} port=5432
[pgbouncer]
pool_mode = transaction
default_pool_size = {pool}
listen_addr =
listen_port = 5432
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users
logfile = {folder}/log
pidfile = {folder}/pid
"""
BY_REPLICA = 'FROM "retainers_entry"'


class Hosts:
    """Several sites as one: each is asked in turn, as a balancer does."""

    def __init__(self, sites):
        self._sites = cycle(sites)

    def ask(self, *arguments, **headers):
        return next(self._sites).ask(*arguments, **headers)


@contextmanager
def pooler(server):
    """pgbouncer in front of the server; its folder is the one of the socket."""
    from tests.on_postgres import give_to

    folder = Path(tempfile.mkdtemp(prefix="hourtab-pool-"))
    (folder / "users").write_text('"hourtab_app" ""\n')
    (folder / "config").write_text(CONFIGURED.format(server=server.folder, folder=folder, pool=POOL))
    if "user" in server.who:
        give_to(folder, server.who["user"], server.who["group"])
    process = subprocess.Popen(["pgbouncer", "-q", str(folder / "config")], cwd="/", **server.who)
    try:
        for _ in range(100):
            if (folder / ".s.PGSQL.5432").exists():
                break
            time.sleep(0.1)
        yield folder
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


def main(seconds):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hourtab.settings")
    import django
    import psycopg

    django.setup()

    from tests.faults.installation import Installation
    from tests.faults.templates import template
    from tests.on_postgres import a_replica, a_server, make_roles

    if not shutil.which("pgbouncer"):
        sys.exit("pgbouncer is not installed.")
    with ExitStack() as stack:
        server = stack.enter_context(a_server(fast=()))
        make_roles(server.url)
        base = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = {"default": {"ENGINE": "postgresql", "SERVER": server.url}}
        made = stack.enter_context(template(base, databases))
        replica = stack.enter_context(a_replica(server, ("-c", "log_statement=all")))
        pool = stack.enter_context(pooler(server))
        wrong = 0
        for name, what in (("follows", "the replica follows"), ("behind", "the replica is held back")):
            url = made.copy(name)
            with psycopg.connect(replica.url, autocommit=True) as beside:
                until_it_knows(beside, url)
                house = house_of(Installation, base / name, url, (server, pool), replica)
                wrong += measured(house, made, replica, beside, what, seconds)
    return 1 if wrong else 0


def house_of(installation, folder, url, asked_by, replica):
    """An installation that writes through the pool and reads from the replica."""
    server, pool = asked_by
    folder.mkdir()
    more = {
        "DATABASE_URL": url.replace(str(server.folder), str(pool)),
        "REPLICA_DATABASE_URL": url.replace(str(server.folder), str(replica.folder)),
        "REQUIRE_SECOND_FACTOR": "0",
    }
    return installation(url, folder, folder.name, more)


def until_it_knows(beside, url):
    """Until the replica has the database."""
    name = urlsplit(url).path[1:]
    for _ in range(300):
        if beside.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        time.sleep(0.1)
    raise SystemExit("The replica does not follow.")


def measured(house, made, replica, beside, what, seconds):
    from bench.load import SESSION, served, told, under_load, warm_up

    cookie = f"__Host-session={house.do('shell', '--verbosity', '0', '-c', SESSION).strip()}"
    with served(house, PROCESSES) as one, served(house, PROCESSES) as other:
        site = Hosts([one, other])
        warm_up(site, made, cookie)
        if "held back" in what:
            beside.execute("SELECT pg_wal_replay_pause()")
        before = answered_by(replica)
        seen = under_load(site, made, cookie, seconds)
        beside.execute("SELECT pg_wal_replay_resume()")
        print(f"\n{what}: it made {answered_by(replica) - before} of the answers")
        wrong = told(house, seen, f"2 × {PROCESSES}", is_sqlite=False)
        if "held back" in what:
            replica.stop(as_in_a_power_cut=True)
            statuses = {site.ask(f"{made.path}?{number}").status for number in range(20)}
            print(f"\nthe replica is gone: pages answer {statuses}")
            wrong += statuses != {200}
    return wrong


def answered_by(replica):
    """How many answers the replica made: it writes down what it is asked."""
    return (replica.folder / "log").read_text().count(BY_REPLICA)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0))
