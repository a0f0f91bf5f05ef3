"""Published work that a correction in a file may take back, wherever it stands: read only where a file has one."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from imports.models import SourceRow
from imports.publishing.source_rows import HOURS
from imports.reading.rows import Row, worked_of
from imports.stages import Classified
from retainers.hours import ZERO
from retainers.models import Entry


def work_before(rows: Iterable[Classified]) -> list[tuple[str, Row]]:
    """Of each client with hours below zero among these rows: what is published of it, as (its slug, the work).

    Only what a correction is held against is read: ticket, technician and hours.
    """
    slugs = {row.client for row in rows if row.client and worked_of(row.row) < ZERO}
    if not slugs:
        return []
    live = Entry.objects.filter(retainer__client__slug__in=slugs, retired_in=None).values("origin")
    sources = SourceRow.objects.filter(origin__in=live, client__slug__in=slugs).order_by("pk")
    known = sources.values_list("client__slug", "line", "ticket", "technician", "columns")
    return [(slug, _work(*said)) for slug, *said in known.iterator()]


def _work(line: int, ticket: str, technician: str, columns: dict[str, str]) -> Row:
    hours = next((columns[name] for name in HOURS if name in columns), "0")
    return Row(
        line=line,
        date=date.fromisoformat(columns["date"]),
        worked=Decimal(hours),
        ticket=ticket,
        technician=technician,
    )
