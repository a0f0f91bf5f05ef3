"""What was restated of which cycle: for the client's page, for JSON and for month-end."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from retainers.models import Publication, Restatement, Retainer
from retainers.selectors import Standing

ByCycle = Mapping[date, list[Restatement]]


def restatements_of(
    retainers: Collection[Retainer], *, seen: Mapping[int, Publication] | None = None
) -> dict[int, ByCycle]:
    """Every restatement by retainer (its key) and the cycle's first day, oldest first.

    `seen`: by retainer the publication that is looked at; what was restated later is left out.
    """
    rows = Restatement.objects.filter(_shown(seen), retainer__in=[row.pk for row in retainers])
    return _by_cycle(rows)


def restatements_of_cycles(starts: Collection[date]) -> dict[int, ByCycle]:
    """The same of all retainers' cycles that began on these days."""
    return _by_cycle(Restatement.objects.filter(cycle_starts__in=starts))


def _by_cycle(rows: QuerySet[Restatement]) -> dict[int, ByCycle]:
    found: dict[int, dict[date, list[Restatement]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("made_by").order_by("made_at", "pk"):
        found[row.retainer_id][row.cycle_starts].append(row)
    return {pk: dict(cycles) for pk, cycles in found.items()}


def restated_days(
    standings: Sequence[Standing], zone: ZoneInfo
) -> Mapping[int, Mapping[date, Sequence[date]]]:
    """By retainer (its key) and the cycle's first day, on which days it was restated, as each standing shows it."""
    heads = {each.retainer.pk: each.publication for each in standings}
    found = restatements_of([each.retainer for each in standings])
    return {
        pk: {
            starts: restated_on([row for row in rows if _is_shown(row, head)], zone)
            for starts, rows in found.get(pk, {}).items()
        }
        for pk, head in heads.items()
    }


def _is_shown(row: Restatement, head: Publication) -> bool:
    """By its moment: publications of a retainer are made in their order."""
    return bool(row.made_at <= head.made_at)


def restated_on(rows: Collection[Restatement], zone: ZoneInfo) -> list[date]:
    """The days of restatements, each once, oldest first."""
    return sorted({row.made_at.astimezone(zone).date() for row in rows})


def _shown(seen: Mapping[int, Publication] | None) -> Q:
    if seen is None:
        return Q()
    shown = Q(pk__in=[])
    for pk, head in seen.items():
        by_law = Q(publication=None, made_at__lte=head.made_at)
        shown |= Q(retainer=pk) & (Q(publication__number__lte=head.number) | by_law)
    return shown
