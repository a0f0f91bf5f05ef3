"""The second edition of the rules changes what some closed cycles say: these are restated, the old figure kept.

Each retainer is counted as it stands published, under the rules of before (`_first_edition`) and under today's. A closed
cycle whose figures differ gets a restatement by the law, which no publication made, and is listed. What was granted
stays as it is: a credit of before says "cycle" in so many words, so it lapses as it did. `restatements` lists them later.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from retainers.agreements.fields import agreement_from_document
from retainers.balance import CycleBalance, Part, Work
from retainers.hours import WORKED_PLACES, ZERO, from_units, write_hours
from retainers.ledger import balance
from retainers.migrations._first_edition import counted_before
from retainers.terms import Adjustment, Approval, Expiry, TopUp
from retainers.wire import cycle_json

LAW = "law"
FIGURES = ("carried in", "left", "carried on", "over", "billed")
TABLE = "retainers_restatement"
Cycles = tuple[tuple[CycleBalance, CycleBalance], ...]


def restate(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write down each closed cycle that says something else now, and print the list."""
    rows = apps.get_model("retainers", "Retainer").objects.filter(publication__isnull=False)
    at, told = timezone.now(), []
    rows = rows.select_related("provider", "client", "publication__version")
    for row in rows.order_by("provider", "client__slug", "key").iterator(chunk_size=100):
        for before, after in changed(apps, row, at):
            _write_down(apps, row, before, after, at)
            told.append(line(row, before, after))
    if told:
        sys.stdout.write("\nClosed cycles that the new edition of the rules restates:\n" + "".join(told))


def line(row: Any, before: CycleBalance, after: CycleBalance) -> str:
    """`  north: acme/support 2026-03-01: left 2.00 → 3.00`, with each figure that differs."""
    told = [
        f"{name} {write_hours(was)} → {write_hours(now)}"
        for name, was, now in zip(FIGURES, _figures(before), _figures(after), strict=True)
        if was != now
    ]
    whose = f"{row.provider.slug}: {row.client.slug}/{row.key} {before.starts}"
    return f"  {whose}: {', '.join(told) or 'other figures of its pools'}\n"


def _figures(cycle: CycleBalance) -> tuple[Decimal, ...]:
    total = cycle.total
    carried = total.carried_out or ZERO
    return total.carried_in, total.remaining, carried, total.overage, cycle.overage_amount


def changed(apps: Apps, row: Any, at: datetime) -> Cycles:
    """The retainer's closed cycles that differ: as they were counted, and as they are."""
    zone = ZoneInfo(row.provider.timezone)
    live = {"retainer_id": row.pk, "retired_in": None}
    top_ups = [_top_up(each) for each in apps.get_model("retainers", "TopUp").objects.filter(**live)]
    adjustments = [
        _adjustment(each) for each in apps.get_model("retainers", "Adjustment").objects.filter(**live)
    ]
    approvals = [
        Approval(each.cycle, from_units(each.hours_units))
        for each in apps.get_model("retainers", "Approval").objects.filter(**live)
    ]
    works = [_work(each) for each in apps.get_model("retainers", "Entry").objects.filter(**live).iterator()]
    agreement = agreement_from_document(row.publication.version.document)
    now = balance(agreement, works, top_ups, adjustments, at.astimezone(zone).date(), approvals)
    before = counted_before(now, top_ups, adjustments)
    both = zip(before, now, strict=True)
    return tuple((old, new) for old, new in both if new.closed and _said(old) != _said(new))


def _said(cycle: CycleBalance) -> dict[str, object]:
    return cycle_json(cycle, provisional=False)


def _write_down(apps: Apps, row: Any, before: CycleBalance, after: CycleBalance, at: datetime) -> None:
    apps.get_model("retainers", "Restatement").objects.create(
        provider_id=row.provider_id,
        retainer_id=row.pk,
        cycle_starts=before.starts,
        cause=LAW,
        before=_said(before),
        after=_said(after),
        made_at=at,
    )


def _work(row: Any) -> Work:
    return Work(
        day=row.day,
        worked=_hours(row.worked_units),
        billable=_hours(row.billable_units),
        deducted=_hours(row.deducted_units),
        is_billable=row.is_billable,
        categories=frozenset(row.categories),
        pool=row.pool or None,
        exclusion=row.exclusion or None,
        ref=row.pk,
        parts=tuple(_part(each) for each in row.parts),
    )


def _part(said: dict[str, Any]) -> Part:
    return Part(
        seconds=said["seconds"],
        pool=said["pool"] or None,
        categories=frozenset(said["categories"]),
        exclusion=said["exclusion"] or None,
    )


def _hours(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units, WORKED_PLACES)


def _top_up(row: Any) -> TopUp:
    hours, expires = from_units(row.hours_units), _expiry(row.expires)
    return TopUp(row.day, hours, row.pool or None, "never" if expires is None else expires)


def _adjustment(row: Any) -> Adjustment:
    return Adjustment(row.day, from_units(row.hours_units), row.pool or None, _expiry(row.expires))


def _expiry(text: str) -> Expiry | None:
    if text.isdigit():
        return int(text)
    if text in ("never", "cycle"):
        return "never" if text == "never" else "cycle"
    return date.fromisoformat(text) if text else None


def forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Back under the rules of before nothing is restated by the law."""
    rows = apps.get_model("retainers", "Restatement").objects.filter(cause=LAW)
    if rows.exists():
        with _resting_guards(schema_editor):
            rows.delete()


@contextmanager
def _resting_guards(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """Restatements are never deleted; on SQLite the triggers rest while migrations run (`accounts.guards`)."""
    if schema_editor.connection.vendor != "postgresql":
        yield
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_confirmed_approvals"),
        ("retainers", "0012_invoiced_cycles_and_closed_months"),
    ]

    operations = [migrations.RunPython(restate, forget)]
