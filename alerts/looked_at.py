"""Which agreements `tick` has looked at today: what was told of a publication isn't worked out again every few minutes.

Never a second truth: a row only says that nothing was left to tell of one publication on one day. Another publication,
the next day, another zone, a settled cycle that is open again, or a new release: the agreement is looked at again.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, F, QuerySet

from accounts.models import Provider
from accounts.worked_out import WorkedOut
from alerts.models import LookedAt
from desk.dashboard.holding import edition as desk_edition
from retainers.kept import edition_of
from retainers.models import ClosedMonth, InvoicedCycle, Publication, Retainer
from retainers.selectors import retainers_of

ADDED = ("publication", "day", "zone", "code", "settles")


def to_look_at(provider: Provider, today: date, settles: str) -> list[Retainer]:
    """The published agreements that were not looked at today as they stand now."""
    return list(NOT_DONE.rows(today, provider.timezone, edition(), settles))


def done(provider: Provider, today: date, settles: str) -> QuerySet[LookedAt]:
    """The rows that hold."""
    return _done(today, provider.timezone, edition(), settles)


def _done(day: date, zone: str, code: str, settles: str) -> QuerySet[LookedAt]:
    rows: QuerySet[LookedAt] = LookedAt.objects.filter(
        publication=F("retainer__publication"), day=day, zone=zone, code=code, settles=settles
    )
    return rows.order_by()


NOT_DONE = WorkedOut(lambda *asked: retainers_of().exclude(pk__in=_done(*asked).values("retainer")))


def settles_now(provider: Provider) -> str:
    """Another text once a cycle that was settled may be open again."""
    taken_back = [sum(count for (count,) in counts.rows()) for counts in TAKEN_BACK]
    return " ".join(map(str, [provider.settles_after_days, *taken_back]))


def _taken_back(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """How many of them were: one row, or none where there are none."""
    mine = rows.filter(taken_back_at__isnull=False).order_by().values("provider")
    counted: QuerySet[Any, Any] = mine.annotate(count=Count("pk")).values_list("count")
    return counted


TAKEN_BACK = (
    WorkedOut(lambda: _taken_back(InvoicedCycle.objects.all())),
    WorkedOut(lambda: _taken_back(ClosedMonth.objects.all())),
)


def looked_at(
    provider: Provider, today: date, settles: str, heads: Iterable[tuple[int, Publication]]
) -> None:
    """Everything is told of these agreements (by key), as they stood with these publications."""
    LookedAt.objects.bulk_create(
        [
            LookedAt(
                provider=provider,
                retainer_id=pk,
                publication=head,
                day=today,
                zone=provider.timezone,
                code=edition(),
                settles=settles,
            )
            for pk, head in heads
        ],
        update_conflicts=True,
        unique_fields=["retainer"],
        update_fields=ADDED,
    )


@cache
def edition() -> str:
    """Changes with the code that decides what is told."""
    return edition_of("alerts/*.py", upon=desk_edition())
