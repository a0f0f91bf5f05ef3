"""Cycles that an act is about, and what was in view of each where its form was opened."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.seen import WORDS, Seen, StaleError
from retainers.models import InvoicedCycle, Retainer, Statement


@dataclass(frozen=True, slots=True, order=True)
class CycleKey:
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
