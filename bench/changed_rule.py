"""What a rule costs that is tried out and saved: one agreement of three years with 10,000 published entries.

    python -m bench.changed_rule [rows]

R is `bench.plain_import` of as many rows. The rule makes two thirds of the entries another kind of work, of all of them
or of those of the current month, and is then deleted again; each is tried out first, as its page does. Saving includes
what is kept of figures and of the dashboard's words.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench import a_year, cpu
from bench.dashboard import a_database, median, seconds
from bench.recompute import plain

TIMES = 2
AGREEMENT = """[provider]
slug = "bench"
name = "Bench"
timezone = "UTC"
date_order = "ymd"
[[clients]]
slug = "c0"
name = "Client 0"
[[clients.retainers]]
key = "support"
name = "Support"
starts = {starts}
[[clients.retainers.terms]]
increment = "0.25"
pools = [{{ key = "main", name = "Main", hours = "400" }}]
multipliers = [{{ category = "onsite", name = "On site", factor = "1.5" }}]
"""


def figures(rows: int) -> Iterator[cpu.Figure]:
    with tempfile.TemporaryDirectory() as folder, a_database():
        provider, today = published(Path(folder), rows)
        reference = plain(rows)
        for which, since in (("three years", None), ("the current month", today.replace(day=1))):
            tried, saved = measured(provider, since, today)
            what = f"for {which} of an agreement with {rows:,} entries in three years"
            how = f"{2 * TIMES} times, SQLite"
            yield cpu.Figure(f"a rule tried out {what}", tried / reference, "R", how=how)
            yield cpu.Figure(f"a rule saved {what}", saved / reference, "R", how=how)


def published(folder: Path, rows: int) -> tuple[Any, date]:
    from django.core.management import call_command

    from accounts.access import today_at
    from accounts.models import Provider
    from accounts.tenancy import all_tenants

    today = date.today()  # noqa: DTZ011  # today may be tomorrow somewhere
    starts = today.replace(year=today.year - 2, month=1, day=1)
    (folder / "agreement.toml").write_text(AGREEMENT.format(starts=starts))
    (folder / "export.csv").write_text(a_year.export(rows, clients=1, since=starts))
    call_command("load_retainers", str(folder / "agreement.toml"), stdout=io.StringIO())
    words = ("import_csv", str(folder / "export.csv"), "--provider", "bench", "--publish")
    call_command(*words, stdout=io.StringIO())
    with all_tenants("the only one"):
        provider = Provider.objects.get(slug="bench")
    return provider, today_at(provider)


def measured(provider: Any, since: date | None, today: date) -> tuple[float, float]:
    """Seconds of a trial and of saving."""
    from django.utils import timezone

    from accounts.tenancy import tenant_scope
    from imports.judging import rulebook
    from imports.judging.books import provider_book
    from imports.judging.provider_setup import read_setup
    from retainers.terms import Effects, Rule, TextCondition

    remote = (TextCondition("work_type", ("remote",)),)
    rule = Rule("Remote work", Effects(categories=("onsite",)), remote, since=since)
    tried, saved = [], []
    with tenant_scope(provider):
        for number in range(2 * TIMES):
            book = provider_book()
            edit = rulebook.deleting(book, 1) if number % 2 else rulebook.adding(book, rule, 1)
            tried.append(
                seconds(lambda: rulebook.try_edit(read_setup(provider), book, edit, on=today))  # noqa: B023
            )
            said = {"provider": provider, "book": book, "edit": edit, "by": None, "at": timezone.now()}
            saved.append(seconds(lambda: rulebook.save(**said, agreed=True)))  # noqa: B023
    return median(tried), median(saved)


def main() -> None:
    for figure in figures(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000):
        print(figure.line)


if __name__ == "__main__":
    main()
