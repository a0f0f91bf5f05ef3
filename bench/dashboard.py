"""What the dashboard, `tick` and month-end cost for many clients, as multiples of what they cost for one, and how much
of it the stored figures of closed cycles save.

    python -m bench.dashboard [clients]

Builds a throw-away SQLite database with one client of a provider, then with that many (twelve months, ten entries
a month). Each is asked for in turn with the stored figures, without them, and the dashboard once more as the process
remembers it. CPU time.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

AT = datetime(2026, 12, 22, 12, tzinfo=UTC)
TODAY = AT.date()
MONTHS, ENTRIES = 12, 10


def main(clients: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "hourtab.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        few, many = measure(1), measure(clients)
    for name, cost in many.items():
        stored, without, *again = cost
        print(
            f"{name}: {clients:,} clients cost {stored / few[name][0]:.0f} times one client;"
            f" without stored figures {without / stored:.1f} times as much ({stored:.2f} s here)"
            + (f"; remembered {again[0] / stored:.2f} of it" if again else "")
        )


def measure(count: int) -> dict[str, list[float]]:
    """The seconds of each: with stored figures, without, and remembered."""
    import time_machine

    from accounts.tenancy import tenant_scope
    from retainers.models import KeptFigures
    from tests.factories import ProviderFactory

    with time_machine.travel(AT, tick=True):
        provider = ProviderFactory()
        add(provider, count)
        with tenant_scope(provider):
            works = deeds(provider)
            found = {name: [cold(work)] for name, work in works.items()}
            found["dashboard"].append(timed(works["dashboard"]))
            KeptFigures.objects.all().delete()
            for name, work in works.items():
                found[name].insert(1, cold(work))
    return found


def deeds(provider):
    from accounts.access import zone_of
    from alerts.telling import tell_crossings
    from desk.dashboard.selectors import client_cases
    from desk.month_end.lines import month_lines, month_standings

    month = date(2026, 11, 1)
    tell_crossings(provider, AT)  # what is told once is told
    return {
        "dashboard": lambda: client_cases(provider, TODAY),
        "tick, nothing to tell": lambda: tell_crossings(provider, AT),
        "month-end": lambda: month_lines(month_standings(TODAY, zone_of(provider)), month),
    }


def add(provider, count: int) -> None:
    from django.db import transaction

    from accounts.tenancy import tenant_scope
    from tests.factories import ClientFactory, a_retainer, publish_work

    works = [(date(2026, month, day + 1), "0.5") for month in range(1, MONTHS + 1) for day in range(ENTRIES)]
    for number in range(count):
        with tenant_scope(provider):
            client = ClientFactory(provider=provider, slug=f"c{number}")
        with transaction.atomic():
            publish_work(a_retainer(client), *works, at=AT, through=TODAY)


def cold(work) -> float:
    from desk.dashboard.selectors import forget_all

    def afresh():
        forget_all()
        work()

    return timed(afresh)


def timed(work) -> float:
    """The median of three."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return sorted(found)[1]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
