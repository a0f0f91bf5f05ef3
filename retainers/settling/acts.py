"""On which days something was done that settles a cycle: a statement, an invoice, the close of a month."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Cast

from accounts.seen import WORDS, Seen, StaleError
from retainers.models import ClosedMonth, InvoicedCycle, Retainer, Statement


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


class CycleKey(NamedTuple):
    """A cycle of a retainer (by its key), named by its first day."""

    retainer: int
    starts: date

    @property
    def name(self) -> str:
        return f"cycle-{self.retainer}-{self.starts.isoformat()}"


def seen_of(cycles: Collection[CycleKey]) -> Seen:
    """What is in view where cycles are about to be stated or marked: what is published, and what was done with each."""
    retainers = {cycle.retainer for cycle in cycles}
    heads = dict(Retainer.objects.filter(pk__in=retainers).order_by().values_list("pk", "publication_id"))
    done = [_count(InvoicedCycle.objects.filter(retainer__in=retainers))]
    done += [_count(Statement.objects.filter(retainer__in=retainers))]
    return Seen(
        versions={
            cycle.name: [heads.get(cycle.retainer), *(count[cycle] for count in done)]
            for cycle in sorted(cycles)
        }
    )


def mark_of_each(cycles: Collection[CycleKey]) -> dict[CycleKey, str]:
    """A mark for each cycle, for forms that are about one alone."""
    versions = seen_of(cycles).versions
    return {cycle: Seen(versions={cycle.name: versions[cycle.name]}).mark for cycle in cycles}


def _count(acts: QuerySet[InvoicedCycle] | QuerySet[Statement]) -> Counter[CycleKey]:
    return Counter(CycleKey(*row) for row in acts.order_by().values_list("retainer_id", "cycle_starts"))


def require_in_view(cycles: Collection[CycleKey], form: str) -> None:
    """Raise `StaleError` unless the form was opened on these cycles as they are now; it may name others too."""
    stale = tuple(name for name in seen_of(cycles).differing(form) if name != WORDS)
    if stale:
        raise StaleError(stale)
