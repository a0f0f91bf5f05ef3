"""Many clients with published work, written as an import writes it: one deed for all, not one a client.

The rows are those of `tests.factories.a_retainer` and `publish_work`, client by client.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

AGREED = datetime(2026, 1, 1, 9, tzinfo=UTC)
Works = Sequence[tuple[date, str]]  # days and hours


def agreed(provider: Any, clients: int, agreement: Any = None) -> list[Any]:
    """A published retainer of each of so many new clients."""
    from django.db import transaction

    from accounts.tenancy import tenant_scope
    from retainers import publishing
    from retainers.models import Client, Publication, Retainer
    from tests.factories import an_agreement

    terms = agreement or an_agreement()
    new = [Client(slug=f"c{number}", name=f"Client {number}") for number in range(clients)]
    with tenant_scope(provider), transaction.atomic():
        rows = [Retainer(client=client, key=terms.key) for client in Client.objects.bulk_create(new)]
        Retainer.objects.bulk_create(rows)
        for row in rows:
            publishing.save_version(retainer=row, agreement=terms, at=AGREED, by=None)
        publishing.Press(Publication.Kind.AGREEMENT, AGREED, None).publish((row, {}) for row in rows)
    return rows


def publish(rows: Sequence[Any], works: Works, *, at: datetime) -> None:
    """The same work for each of these retainers of one provider, by one import of that moment."""
    from django.db import transaction

    from accounts.tenancy import tenant_scope
    from retainers import publishing
    from retainers.models import Publication
    from tests.factories import covered

    press = publishing.Press(Publication.Kind.IMPORT, at, None)
    with tenant_scope(rows[0].provider), transaction.atomic():
        locked = publishing.lock(row.pk for row in rows).values()
        press.publish((row, covered(row, at.date()) | {"updated_at": at}) for row in locked)
        added = ((pk, entry) for pk in press.made for entry in entries(works))
        publishing.move_entries(press, retired=(), added=added)


def entries(works: Works) -> Iterator[Any]:
    from retainers.hours import to_units
    from retainers.models import Entry

    for day, hours in works:
        units = to_units(Decimal(hours), 4)
        said = {"wording": "Printer set up", "worded_by": Entry.WordedBy.PERSON}
        yield Entry(origin=uuid4(), day=day, worked_units=units, **said)


def a_link(client: Any) -> tuple[Any, str]:
    """A share link of that client, and its path."""
    from accounts.tenancy import tenant_scope
    from portal import links

    with tenant_scope(client.provider):
        link, token = links.create(client=client, by=None)
    return link, f"/b/{token}/"
