"""Which of what is kept of each client holds, and what `balances` prints from it: little is loaded for that.

`keeping` writes these rows, `kept` makes the dashboard of them.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache, reduce
from operator import and_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.access import zone_of
from accounts.models import Provider
from accounts.security import note
from accounts.worked_out import WorkedOut
from desk.models import ClientDay
from retainers.kept import edition as ledger_edition
from retainers.kept import edition_of
from retainers.models import Client, Retainer

COLUMNS = (
    "heads",
    "states",
    "first",
    "share",
    "through",
    "names",
    "balances",
    "over",
    "billed",
    "waiting",
    "incidents",
    "longest",
    "words",
)


def not_kept(*days: date, zone: ZoneInfo) -> QuerySet[Client]:
    """The clients with agreements of which nothing is kept that holds on one of these days."""
    return _not_kept(zone.key, edition(), *days)


def _not_kept(zone: str, code: str, *days: date) -> QuerySet[Client]:
    published = Retainer.objects.filter(client=OuterRef("pk"), publication__isnull=False).order_by()
    rows: QuerySet[Client] = Client.objects.filter(Exists(published))
    heads = Q(heads=heads_of(OuterRef(OuterRef("pk"))))
    of_days = (ClientDay.objects.filter(_of(day, zone, code), client=OuterRef("pk")) for day in days)
    return rows.filter(~reduce(and_, (Exists(each.filter(heads)) for each in of_days)))


ANY_NOT_KEPT = WorkedOut.any_of(_not_kept)


def all_are_kept(*days: date, zone: ZoneInfo) -> bool:
    """Whether what is kept of every client with agreements holds on these days."""
    return not ANY_NOT_KEPT.is_any(zone.key, edition(), *days)


def of_the_day(day: date, zone: ZoneInfo, prefix: str = "") -> Q:
    """What is kept of that day by this edition, under the zone that says when it begins."""
    return _of(day, zone.key, edition(), prefix)


def _of(day: date, zone: str, code: str, prefix: str = "") -> Q:
    said = {"day": day, "zone": zone, "code": code}
    return Q(**{f"{prefix}{name}": value for name, value in said.items()})


def heads_of(client: OuterRef) -> Subquery:
    """The sum of the keys of the client's newest publications; NULL where nothing is published."""
    rows = Retainer.objects.filter(client=client, publication__isnull=False).order_by()
    return Subquery(rows.values("client").annotate(heads=Sum("publication_id")).values("heads"))


SEALED = ("client_id", "day", "zone", "code", *COLUMNS)


def seal_of(row: ClientDay) -> str:
    """The digest of all that the row says."""
    return digest_of([getattr(row, name) for name in SEALED])


def digest_of(said: Iterable[Any]) -> str:
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()


@cache
def edition() -> str:
    """Changes with the code that judges and words: what an earlier one kept is worked out again."""
    return edition_of(
        "presentation/*.py", "desk/dashboard/*.py", "desk/incidents/*.py", upon=ledger_edition()
    )


def kept_balances(provider: Provider, today: date, client: Client | None = None) -> list[str] | None:
    """The lines of `balances` of today, by client and agreement; None where one isn't kept, or was changed."""
    zone = zone_of(provider)
    if not all_are_kept(today, zone=zone):
        return None
    rows = ClientDay.objects.filter(of_the_day(today, zone), Q(client=client) if client else Q())
    found: list[str] = []
    for slug, lines, seal, *said in rows.order_by("client__slug").values_list(
        "client__slug", "balances", "seal", *SEALED
    ):
        if seal != digest_of(said):
            note("kept figures refused", client=said[0], why="seal")
            return None
        found += [f"{slug}/{line}" for line in lines.split("\n")]
    return found
