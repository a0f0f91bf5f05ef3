"""The month for accounting, as CSV: a row for each line of an invoice, in one currency, every figure a plain number."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from desk.month_end.lines import MonthLine
from presentation.days import span
from presentation.sheets import guarded
from retainers.hours import write_hours

HEADERS = (
    "Customer",
    "Customer key",
    "Invoice reference",
    "Line",
    "Description",
    "Quantity",
    "Unit price",
    "Amount",
    "Currency",
    "Cycle starts",
    "Cycle ends",
    "Provisional",
    "Invoiced on",
)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """`unit_price` and `amount` are None where HourTab doesn't know them: what a top-up costs is not agreed in it."""

    kind: str
    description: str
    quantity: Decimal
    unit_price: Decimal | None
    amount: Decimal | None


def invoice_csv(lines: Iterable[MonthLine], currency: str) -> str:
    """What is to be invoiced of the month in that currency ("": in all of them, one after the other)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADERS)
    wanted = [line for line in lines if currency in ("", line.currency)]
    for line in sorted(wanted, key=lambda each: each.currency):
        writer.writerows(_cells(line, each) for each in invoice_lines(line))
    return out.getvalue()


def invoice_lines(line: MonthLine) -> Iterator[InvoiceLine]:
    """The fee, what is billed past the cap, and each top-up sold."""
    cycle = f"{line.agreement}, {span(line.key.starts, line.ends)}"
    if line.fee:
        yield InvoiceLine("fee", cycle, ONE, line.fee, line.fee)
    if line.billed and line.now.amount:
        yield InvoiceLine("overage", f"{cycle}: hours past the cap", line.billed, line.rate, line.now.amount)
    for top_up in line.bought:
        note = f" ({top_up.note})" if top_up.note else ""
        yield InvoiceLine("top-up", f"{cycle}: hours bought {top_up.date}{note}", top_up.hours, None, None)


def _cells(line: MonthLine, each: InvoiceLine) -> tuple[str, ...]:
    return (
        guarded(line.client),
        line.slug,
        f"{line.slug}-{line.ends:%Y-%m}",
        each.kind,
        guarded(each.description),
        write_hours(each.quantity),
        _plain(each.unit_price),
        _plain(each.amount),
        line.currency,
        line.key.starts.isoformat(),
        line.ends.isoformat(),
        "yes" if line.provisional else "no",
        _day(line.invoiced.at.date() if line.invoiced else None),
    )


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else write_hours(amount)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
