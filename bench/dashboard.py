"""What the dashboard, `tick` and month-end cost for many clients, as multiples of what they cost for one.

    python -m bench.dashboard [clients]

Builds a throw-away SQLite database with a provider of one client and a provider of that many (twelve months, ten
entries a month, links that were opened). The dashboard is asked for as a browser does, in this process: later ones,
the first one after every client's publication, the first one after the midnight of a reset. Nothing of it is in the
process's memory, so that the first one after a restart is like any later one (`bench.pages` restarts a gunicorn).
The rest are besides multiples of R, the plain import of as many entries. CPU time.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import prepared, work
from bench.cpu import Figure

AT = datetime(2026, 12, 22, 12, tzinfo=UTC)
NIGHT = datetime(2026, 12, 31, 23, 50, tzinfo=UTC)
MONTHS, ENTRIES, TIMES = 12, 10, 5
LIMIT = 0.02  # R of the entries: `tick`, month-end, `balances`
ONE, MANY = "one", "many"


def figures(clients: int) -> Iterator[Figure]:
    with a_database():
        import time_machine

        with time_machine.travel(AT, tick=True):
            found = {name: Desk(count) for name, count in ((ONE, 1), (MANY, clients))}
            yield from dashboards(found, clients)
            yield from commands(found, clients)
        yield from nights(found, clients)


@contextmanager
def a_database() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        prepared.begin(Path(folder))
        yield


class Desk:
    """A provider with so many clients, and a member's browser."""

    def __init__(self, clients: int) -> None:
        from tests.factories import ProviderFactory

        self.provider = ProviderFactory()
        self._rows = work.agreed(self.provider, clients)
        self._open_links()
        days = [date(2026, month, day + 1) for month in range(1, MONTHS + 1) for day in range(ENTRIES)]
        work.publish(self._rows, [(day, "0.5") for day in days], at=AT)
        self.learn()

    def learn(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _open_links(self) -> None:
        from django.db import transaction

        from accounts.tenancy import tenant_scope
        from portal.models import ShareLink

        with transaction.atomic(), tenant_scope(self.provider):
            for row in self._rows:
                work.a_link(row.client)
            ShareLink.objects.update(last_opened_at=AT, opened_count=1)

    def publish(self) -> None:
        """Something new of every client, as an import of all of them."""
        work.publish(self._rows, [(AT.date(), "0.25")], at=AT)

    def tick(self) -> None:
        from accounts.tenancy import tenant_scope
        from desk.dashboard.keeping import keep_days
        from retainers.kept.keeping import keep_all

        with tenant_scope(self.provider):
            keep_all(self.provider)
            keep_days(self.provider)

    def look(self) -> float:
        """One dashboard of a browser that has been signed in, in seconds."""
        from django.test import Client as Browser

        from tests.factories import MembershipFactory

        browser = Browser()
        browser.force_login(MembershipFactory(provider=self.provider).user)
        browser.get("/clients/")

        def ask() -> None:
            if browser.get("/").status_code != 200:
                raise SystemExit("the dashboard does not answer")

        return seconds(ask)


def dashboards(found: dict[str, Desk], clients: int) -> Iterator[Figure]:
    found[ONE].look()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found[MANY].look()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    yield Figure(
        f"memory that a dashboard of {clients:,} clients takes",
        grown / 1024,
        "MB",
        10,
        "highest, of the process",
    )
    later = ratio(lambda name: found[name].look())
    how = f"{TIMES} × alternating, SQLite"
    yield Figure(f"later dashboards, 50 rows of {clients:,} clients, compared with 1", later, "×", 4, how)
    found[MANY].publish()
    first, base = found[MANY].look(), median([found[ONE].look() for _ in range(TIMES)])
    what = f"first dashboard after an import of all {clients:,} clients, compared with 1 client"
    yield Figure(what, first / base, "×", 4, "once, SQLite")


def nights(found: dict[str, Desk], clients: int) -> Iterator[Figure]:
    import time_machine

    desk = found[MANY]
    with time_machine.travel(NIGHT, tick=True):
        desk.tick()
    with time_machine.travel(NIGHT + timedelta(minutes=11), tick=True):
        first = desk.look()
        later = median([desk.look() for _ in range(TIMES)])
        yield Figure(
            f"first dashboard after the midnight of a reset, {clients:,} clients, compared with the next",
            first / later,
            "×",
            3,
            "once, `tick` has run the day before",
        )


def commands(found: dict[str, Desk], clients: int) -> Iterator[Figure]:
    """`tick` with nothing to do, month-end and `balances`: besides the start of a process."""
    from bench.recompute import plain

    entries = clients * MONTHS * ENTRIES
    of_entries = plain(entries)
    works = {name: deeds(desk.provider) for name, desk in found.items()}
    for what in works[ONE]:
        costs = {name: within(found[name].provider, works[name][what]) for name in found}
        how = f"of {entries:,} entries, SQLite"
        yield Figure(f"{what}, {clients:,} clients", costs[MANY] / of_entries, "R", LIMIT, how)
        yield Figure(
            f"{what}, {clients:,} clients, compared with 1", costs[MANY] / costs[ONE], "×", None, "SQLite"
        )


def deeds(provider: Any) -> dict[str, Callable[[], object]]:
    from accounts.access import today_at, zone_of
    from accounts.tenancy import tenant_scope
    from desk.dashboard.holding import kept_balances
    from desk.month_end.lines import lines_of_month
    from hourtab.management.commands.tick import PARTS

    month, zone = date(2026, 11, 1), zone_of(provider)

    def tick() -> None:
        for part in PARTS.values():
            part(provider, AT)

    with tenant_scope(provider):
        tick()  # what is told once is told
    return {
        "`tick`, nothing to do": tick,
        "month-end": lambda: lines_of_month(month, AT.date(), zone),
        "`balances`": lambda: kept_balances(provider, today_at(provider)),
    }


def within(provider: Any, work: Callable[[], object]) -> float:
    from accounts.tenancy import tenant_scope

    with tenant_scope(provider):
        return median([seconds(work) for _ in range(3)])


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def ratio(cost: Callable[[str], float]) -> float:
    return median([cost(MANY) / cost(ONE) for _ in range(TIMES)])


def median(found: list[float]) -> float:
    return sorted(found)[len(found) // 2]


if __name__ == "__main__":
    for figure in figures(int(sys.argv[1]) if len(sys.argv) > 1 else 1000):
        print(figure.line, flush=True)
