"""Coverage: days in order, nothing that was covered uncovered again but by an undo, and the last day as it says."""

from collections.abc import Iterator

from hourtab.verifying.places import of_publication, portions
from retainers.coverage import Coverage, Days, joined
from retainers.models import Publication


def faults() -> Iterator[str]:
    rows = Publication.objects.select_related("retainer__client").order_by("retainer", "number")
    before: tuple[int, Coverage] | None = None
    for row in portions(rows):
        try:
            covered = Coverage.read(row.coverage)
        except (ValueError, TypeError, AttributeError):
            yield f"{of_publication(row)} covers days that can't be read"
            before = None
            continue
        earlier = before[1] if before and before[0] == row.retainer_id else Coverage()
        yield from _of_one(row, covered, earlier)
        before = row.retainer_id, covered


def _of_one(row: Publication, covered: Coverage, earlier: Coverage) -> Iterator[str]:
    said = of_publication(row)
    every = (covered.whole, covered.no_work, *covered.pools.values())
    if any(joined(days) != days or any(first > last for first, last in days) for days in every):
        yield f"{said} covers days that are not in order"
    if row.kind != Publication.Kind.UNDO and not _holds(covered, earlier):
        yield f"{said} covers less than the one before it"
    if row.through is not None and row.through not in _last_days(covered):
        yield f"{said} says that it covers through {row.through}, and does not"


def _holds(covered: Coverage, earlier: Coverage) -> bool:
    """Whether every day of before is still covered, for every pool that was told apart then or is now."""
    return all(_within(earlier.of(pool), covered.of(pool)) for pool in ("", *earlier.pools, *covered.pools))


def _within(days: Days, wider: Days) -> bool:
    return joined(days, wider) == wider


def _last_days(covered: Coverage) -> set[object]:
    return {days[-1][1] for pool in ("", *covered.pools) if (days := covered.of(pool))}
