"""On which days something was done that settles a cycle: a statement, an invoice, the close of a month."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Value
from django.db.models.functions import Cast

from retainers.models import ClosedMonth, InvoicedCycle, Statement


@dataclass(frozen=True, slots=True)
class SettlingDays:
    """By retainer and first day of the cycle, and by month."""

    of_cycles: dict[tuple[int, date], list[date]] = field(default_factory=lambda: defaultdict(list))
    of_months: dict[date, date] = field(default_factory=dict)

    def of(self, retainer_id: int, starts: date, ends: date) -> list[date]:
        """The days of all that settles the cycle from `starts` to `ends`, as far as it stands."""
        closed = self.of_months.get(ends.replace(day=1))
        return [*self.of_cycles.get((retainer_id, starts), ()), *([closed] if closed else [])]


def settling_days(retainers: Collection[int], zone: ZoneInfo) -> SettlingDays:
    """What stands today, for these retainers (by key), in the days of the provider's zone: one query."""
    found = SettlingDays()
    stated = Statement.objects.filter(retainer__in=retainers).order_by()
    invoiced = InvoicedCycle.objects.filter(retainer__in=retainers, taken_back_at=None).order_by()
    closed = ClosedMonth.objects.filter(taken_back_at=None).order_by()
    every = (
        closed.annotate(nobodys=Cast(Value(None), BigIntegerField()))
        .values_list("nobodys", "month", "made_at")
        .union(
            stated.values_list("retainer_id", "cycle_starts", "issued_at"),
            invoiced.values_list("retainer_id", "cycle_starts", "made_at"),
            all=True,
        )
    )
    for pk, starts, at in every:
        day = at.astimezone(zone).date()
        if pk is None:
            found.of_months[starts] = day
        else:
            found.of_cycles[pk, starts].append(day)
    return found


def settling_mark(retainers: Collection[int]) -> tuple[int, ...]:
    """Another value after each act or its taking back: what a page says of cycles that are over hangs on it."""
    stated = Statement.objects.filter(retainer__in=retainers)
    invoiced = InvoicedCycle.objects.filter(retainer__in=retainers)
    return (
        stated.count(),
        invoiced.count(),
        invoiced.filter(taken_back_at=None).count(),
        ClosedMonth.objects.count(),
        ClosedMonth.objects.filter(taken_back_at=None).count(),
    )
