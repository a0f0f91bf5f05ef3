"""What the dashboard costs for many clients, as multiples of what it costs for one.

    python -m bench.dashboard [clients]

Builds a throw-away SQLite database with that many clients of one provider (six months, ten entries a month),
then asks for every client's case: once cold, once with what the process remembers.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

TODAY = date(2026, 6, 22)
MONTHS, ENTRIES = 6, 10


def main(clients: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "hourtab.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(clients)


def measure(clients: int) -> None:
    from accounts.tenancy import tenant_scope
    from desk.dashboard.selectors import client_cases, forget_all
    from tests.factories import ClientFactory, ProviderFactory, a_retainer, publish_work

    known: dict[int, float] = {}
    for count in sorted({1, 200, clients}):
        provider = ProviderFactory()
        for number in range(count):
            with tenant_scope(provider):
                client = ClientFactory(provider=provider, slug=f"c{number}")
            works = [
                (date(2026, month, day + 1), "0.5")
                for month in range(1, MONTHS + 1)
                for day in range(ENTRIES)
            ]
            publish_work(
                a_retainer(client), *works, at=datetime(2026, 6, 20, tzinfo=UTC), through=date(2026, 6, 20)
            )
        with tenant_scope(provider):
            forget_all()
            cold = timed(lambda provider=provider: client_cases(provider, TODAY))
            warm = timed(lambda provider=provider: client_cases(provider, TODAY))
        known[count] = cold
        print(
            f"{count:5} clients: {cold / known[1]:6.0f} times one client's cost cold,"
            f" {warm / cold:.2f} of that once remembered ({cold:.2f} s here)"
        )


def timed(what) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
