"""Published rows as the ledger's values, and what was granted as rows: the one crossing between the two."""

from decimal import Decimal
from typing import Any

from retainers.balance import Work
from retainers.hours import WORKED_PLACES, from_units, to_units
from retainers.models import Adjustment, TopUp
from retainers.terms import Adjustment as AdjustmentTerms
from retainers.terms import Expiry
from retainers.terms import TopUp as TopUpTerms

ENTRY_COLUMNS = (
    "retainer_id",
    "day",
    "worked_units",
    "billable_units",
    "deducted_units",
    "is_billable",
    "categories",
    "pool",
    "exclusion",
    "pk",
)


def work_of(record: tuple[Any, ...]) -> Work:
    """A record of `ENTRY_COLUMNS` as the ledger's value; `ref` is the entry's key."""
    _, day, worked, billable, deducted, is_billable, categories, pool, exclusion, pk = record
    return Work(
        day=day,
        worked=_hours(worked),
        billable=_hours(billable),
        deducted=_hours(deducted),
        is_billable=is_billable,
        categories=frozenset(categories),
        pool=pool or None,
        exclusion=exclusion or None,
        ref=pk,
    )


def _hours(units: int | None) -> Decimal | None:
    return None if units is None else from_units(units, WORKED_PLACES)


def write_expiry(expires: Expiry) -> str:
    return str(expires)


def read_expiry(text: str) -> Expiry:
    return int(text) if text.isdigit() else text  # type: ignore[return-value]  # the database holds no other word


def top_up_terms(row: TopUp) -> TopUpTerms:
    return TopUpTerms(
        row.day, from_units(row.hours_units), row.pool or None, read_expiry(row.expires), row.note
    )


def adjustment_terms(row: Adjustment) -> AdjustmentTerms:
    return AdjustmentTerms(
        row.day, from_units(row.hours_units), row.pool or None, read_expiry(row.expires), row.reason
    )


def top_up_row(terms: TopUpTerms) -> TopUp:
    return TopUp(
        day=terms.date,
        hours_units=to_units(terms.hours),
        pool=terms.pool or "",
        expires=write_expiry(terms.expires),
        note=terms.note,
    )


def adjustment_row(terms: AdjustmentTerms) -> Adjustment:
    return Adjustment(
        day=terms.date,
        hours_units=to_units(terms.hours),
        pool=terms.pool or "",
        expires=write_expiry(terms.expires),
        reason=terms.reason,
    )
