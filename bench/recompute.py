"""What it costs to recalculate one retainer, as after a changed rule: three years of cycles and 10,000 entries.

    python -m bench.recompute [entries]

R is `bench.plain_import` of as many rows. No stored figure is used: every entry is read, every cycle calculated.
"""

import gc
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench import cpu, prepared, work
from bench.dashboard import a_database, median, seconds

YEARS, LIMIT, TIMES = 3, 0.15, 5
TODAY = date(2026, 12, 22)
AT = datetime(2026, 12, 22, 12, tzinfo=UTC)


def figures(entries: int) -> list[cpu.Figure]:
    with a_database():
        from accounts.tenancy import tenant_scope
        from retainers.models import KeptFigures
        from retainers.selectors import retainers_of
        from tests.factories import ProviderFactory

        provider = ProviderFactory()
        with tenant_scope(provider):
            a_retainer_with(provider, entries)
            KeptFigures.objects.all().delete()
            gc.collect()
            gc.freeze()  # as a worker of the server does
            rows = list(retainers_of())
            anew = median([seconds(lambda: worked_out(rows)) for _ in range(TIMES)])
    what = f"one retainer recalculated, {YEARS} years, {entries:,} entries"
    return [cpu.Figure(what, anew / plain(entries), "R", LIMIT, f"{TIMES} times, SQLite")]


def a_retainer_with(provider: Any, entries: int) -> None:
    from tests.factories import an_agreement

    starts = date(TODAY.year - YEARS + 1, 1, 1)
    days = (TODAY - starts).days
    works = [
        (starts + timedelta(days=number * days // entries), f"{(1 + number % 7) / 4:.2f}")
        for number in range(entries)
    ]
    work.publish(work.agreed(provider, 1, an_agreement(starts=starts)), works, at=AT)


def worked_out(rows: Sequence[Any]) -> None:
    from zoneinfo import ZoneInfo

    from retainers.kept.reading import no_earlier_work
    from retainers.selectors import standings

    (found,) = standings(rows, on=TODAY, zone=ZoneInfo("UTC"), wanted=no_earlier_work)
    if len(found.cycles) != 12 * YEARS:
        raise SystemExit("not every cycle was calculated")


def plain(rows: int) -> float:
    """R, without the start of its process."""
    with cpu.folder() as place:
        engine, found = cpu.Engine("SQLite"), []
        for file in (prepared.export("one", rows), prepared.export("first", rows)):
            (place / file.stem).mkdir()
            found.append(cpu.plain_import(file, engine, place / file.stem))
    start, whole = found
    return whole - start


def main() -> None:
    for figure in figures(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000):
        print(figure.line)


if __name__ == "__main__":
    main()
