"""What the browser's preview of a large file costs: the first one, and each look after it, in R of the same file.

    python -m bench.previews [rows]

Everything in one process, whose start (loading what works on it, too) is no part of it: the first preview as
`carry_out_orders` makes it (reading, planning, drawing together what waits for words, storing), and then its page
asked for as a browser does, with what is loaded hidden from the collector of garbage, as a worker of the server has
it. CPU time.
"""

import gc
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import cpu, prepared
from bench.dashboard import a_database, median, seconds
from bench.prepared import PRODUCTION

FIRST, LOOK = 2.5, 0.1  # R
TIMES = 5


def figures(rows: int) -> Iterator[cpu.Figure]:
    with cpu.folder() as place:
        file = prepared.export("first", rows)
        os.environ |= PRODUCTION
        with a_database():
            source = an_upload(file)
            import desk.imports.carrying_out  # noqa: F401  # loading it is a part of the process's start

            r = cpu.plain_import(file, cpu.Engine("SQLite"), place)
            first = seconds(lambda: looked_at(source))
            browser, address = a_browser(source), f"/admin/imports/{source.pk}/"
            gc.collect()
            gc.freeze()  # as a worker of the server does
            look = median([seconds(lambda: browser(address)) for _ in range(TIMES)])
            its = median([seconds(lambda: browser(f"{address}clients/c1/")) for _ in range(TIMES)])
    of_rows = f"of {rows:,} rows, SQLite"
    yield cpu.Figure(
        f"first preview in the browser, {of_rows}", first / r, "R", FIRST, "once, in a process that runs"
    )
    how = f"{TIMES} times, in a process that runs"
    yield cpu.Figure(f"each look at it, {of_rows}", look / r, "R", LOOK, how)
    yield cpu.Figure(f"a page of one client’s rows in it, {of_rows}", its / r, "R", LOOK, how)


def an_upload(file: Path) -> Any:
    """The file in the hands of its provider, nothing of it read."""
    from django.core.management import call_command
    from django.utils.timezone import now

    from accounts.models import Provider
    from accounts.tenancy import tenant_scope
    from imports import originals
    from imports.publishing.options import Options

    call_command("load_retainers", str(prepared.agreements()), stdout=io.StringIO())
    with tenant_scope(Provider.objects.get(slug="bench")):
        return originals.store(
            data=file.read_bytes(),
            file_name=file.name,
            client=None,
            options=Options().document(),
            by=None,
            at=now(),
        )


def looked_at(source: Any) -> None:
    """Ordered and carried out, as for a browser where the file is large."""
    from django.utils.timezone import now

    from accounts.tenancy import tenant_scope
    from desk.imports.carrying_out import carry_out
    from desk.imports.ordering import order
    from desk.models import LongWork

    with tenant_scope(source.provider):
        ordered = order(
            source=source,
            kind=LongWork.Kind.LOOK,
            digest="",
            by=None,
            at=now(),
            start=lambda _order: None,
        )
        if not carry_out(ordered.pk):
            raise SystemExit("the preview was not made")


def a_browser(source: Any) -> Any:
    """Asks for a page as a manager; the templates are compiled by the first one."""
    from django.core.management import call_command
    from django.test import Client as Browser

    from accounts.models import Role
    from tests.factories import MembershipFactory

    call_command("collectstatic", interactive=False, verbosity=0)
    browser = Browser(headers={"host": "localhost"})
    browser.force_login(MembershipFactory(provider=source.provider, role=Role.MANAGER).user)

    def ask(address: str) -> None:
        if browser.get(address).status_code != 200:
            raise SystemExit(f"{address} does not answer")

    ask(f"/admin/imports/{source.pk}/")
    return ask


if __name__ == "__main__":
    for figure in figures(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
        print(figure.line, flush=True)
