"""Cycles that are over, marked as invoiced: with the figures of that moment, and taken back with a reason.

A mark says what the provider's own books have; it changes no figure. From then on a change of a complete cycle is
a restatement, and the mark keeps what was invoiced.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.access import zone_of
from accounts.audit import record
from accounts.models import Provider, User
from retainers import publishing
from retainers.models import InvoicedCycle
from retainers.selectors import Standing, retainers_of, standings
from retainers.settling.acts import CycleKey, require_in_view
from retainers.stated import closed_cycle, figures_document


class NotInvoicedError(Exception):
    """The act has no object: the cycle isn't over, or the mark is taken back already."""


@transaction.atomic
def mark_invoiced(
    *, provider: Provider, cycles: Collection[CycleKey], form: str, by: User | None, at: datetime
) -> tuple[InvoicedCycle, ...]:
    """Mark these cycles, those that bear no mark yet; the new marks.

    `form` is the mark of what was in view. Raises `StaleError` where one of them is no longer so.
    """
    publishing.lock(cycle.retainer for cycle in cycles)
    retainers = {cycle.retainer for cycle in cycles}
    live = InvoicedCycle.objects.filter(retainer__in=retainers, taken_back_at=None)
    marked = {CycleKey(row.retainer_id, row.cycle_starts) for row in live}
    wanted = sorted(set(cycles) - marked)
    require_in_view(wanted, form)
    rows = retainers_of().filter(pk__in=[cycle.retainer for cycle in wanted])
    zone = zone_of(provider)
    found = standings(rows, on=at.astimezone(zone).date(), zone=zone)
    made: tuple[InvoicedCycle, ...] = tuple(
        InvoicedCycle.objects.bulk_create(_marks(wanted, found, at, by), batch_size=publishing.BATCH)
    )
    for mark in made:
        cycle, amount = mark.cycle_starts.isoformat(), mark.document["cycle"]["overage_amount"]
        record(by, "cycle invoiced", mark.retainer.key, about=_about(mark), cycle=cycle, amount=amount)
    return made


def every_mark() -> QuerySet[InvoicedCycle]:
    """Those that are taken back too, each with its cycle's agreement and who made it."""
    return InvoicedCycle.objects.select_related("retainer__client", "made_by", "publication__version")


def _marks(
    wanted: Sequence[CycleKey], found: Sequence[Standing], at: datetime, by: User | None
) -> list[InvoicedCycle]:
    by_retainer = {each.retainer.pk: each for each in found}
    marks = []
    for key in wanted:
        standing = by_retainer.get(key.retainer)
        cycle = closed_cycle(standing, key.starts) if standing else None
        if standing is None or cycle is None:
            raise NotInvoicedError("Only a closed cycle can be marked as invoiced.")
        marks.append(
            InvoicedCycle(
                retainer=standing.retainer,
                cycle_starts=key.starts,
                publication=standing.publication,
                document=figures_document(standing, cycle),
                made_at=at,
                made_by=by,
            )
        )
    return marks


@transaction.atomic
def take_mark_back(*, mark: InvoicedCycle, reason: str, by: User | None, at: datetime) -> None:
    """The cycle is not invoiced after all. Raises `NotInvoicedError` where somebody has said so already."""
    publishing.lock([mark.retainer_id])
    fresh = InvoicedCycle.objects.select_for_update(no_key=True).get(pk=mark.pk)
    if fresh.taken_back_at is not None:
        raise NotInvoicedError("The mark has already been taken back.")
    fresh.taken_back_at, fresh.taken_back_by = at, by
    fresh.save(update_fields=["taken_back_at", "taken_back_by"])
    cycle, key = fresh.cycle_starts.isoformat(), fresh.retainer.key
    record(
        by, "invoice mark taken back", key, about=_about(fresh), cycle=cycle, reason=reason, number=fresh.pk
    )


def _about(mark: InvoicedCycle) -> list[str]:
    return [mark.retainer.client.slug]
