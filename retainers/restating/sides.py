"""A deed's retainers as they stood and as they are now, with the work of the cycles that it may have changed.

A cycle that ended before the first day on which the deed added or retired anything is the very same value on both
sides, and where it is kept nobody reads its entries. Two things need all of the work: another version of the agreement,
and entries without words, of which those that count are looked for in every cycle.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

from accounts.access import zone_of
from accounts.models import Provider
from retainers.agreements.fields import agreement_from_document
from retainers.balance import CycleBalance
from retainers.cycles import Cycle, cycles_until
from retainers.drawn import Unread
from retainers.kept.keeping import first_changes
from retainers.ledger import balance
from retainers.models import Publication, Retainer
from retainers.published_rows import EXACT_AT_ONCE, Beside, beside, published
from retainers.selectors import Standing, standings, standings_at
from retainers.terms import Agreement

Pair = tuple[Standing, Standing]
Heads = Mapping[int, Publication]  # by the retainer's key


def both(provider: Provider, heads: Mapping[int, int], at: datetime) -> tuple[list[Pair], Beside]:
    """Each retainer that was published since `heads` (keys of publications), before and now; and what stands beside
    their entries since the first day of the earliest cycle that runs.
    """
    moved, zone = _moved(heads), zone_of(provider)
    on = at.astimezone(zone).date()
    old, new = _as_published(moved, heads)
    stood = beside(new, min((_runs_since(head, on) for head in new.values()), default=None))
    since = {} if stood.unworded else _changed_since(old, new)
    pairs = _in_part([row for row in moved if row.pk in since], old, since, on, zone)
    pairs |= _in_full([row for row in moved if row.pk not in since], old, new, on, zone)
    return [pairs[row.pk] for row in moved], stood


def _as_published(rows: Sequence[Retainer], heads: Mapping[int, int]) -> tuple[Heads, Heads]:
    """By which publications they stood, and stand now."""
    before = Publication.objects.filter(pk__in=[heads[row.pk] for row in rows]).select_related("version")
    return {each.retainer_id: each for each in before}, {
        row.pk: row.publication for row in rows if row.publication
    }


def _moved(heads: Mapping[int, int]) -> list[Retainer]:
    rows = Retainer.objects.filter(pk__in=heads).select_related("client", "publication__version")
    return [row for row in rows.order_by("client__slug", "key") if row.publication_id != heads[row.pk]]


def _in_full(rows: Sequence[Retainer], old: Heads, new: Heads, on: date, zone: ZoneInfo) -> dict[int, Pair]:
    if not rows:
        return {}
    sides = (
        standings_at({row.pk: heads[row.pk] for row in rows}, rows, on=on, zone=zone) for heads in (old, new)
    )
    return {was.retainer.pk: (was, now) for was, now in zip(*sides, strict=True)}


def _runs_since(head: Publication, on: date) -> date:
    """The first day of the cycle that runs, or of the last one that has begun."""
    cycles = cycles_until(agreement_from_document(head.version.document), on)
    return cycles[-1].starts if cycles else on


def _changed_since(old: Heads, new: Heads) -> dict[int, date]:
    """The first day on which the deed changed anything, of each retainer whose agreement stays as it is."""
    same = {
        pk: head.pk
        for pk, head in new.items()
        if head.version_id == old[pk].version_id and head.number == old[pk].number + 1
    }
    return dict.fromkeys(same, date.max) | (first_changes(list(same.values())) if same else {})


def _in_part(
    rows: Sequence[Retainer], old: Heads, since: Mapping[int, date], on: date, zone: ZoneInfo
) -> dict[int, Pair]:
    def changed(retainer: Retainer, _agreement: Agreement, cycles: Sequence[Cycle]) -> list[Cycle]:
        return [cycle for cycle in cycles if cycle.ends >= since[retainer.pk]]

    found: dict[int, Pair] = {}
    for start in range(0, len(rows), EXACT_AT_ONCE):
        part = rows[start : start + EXACT_AT_ONCE]
        before = standings([_as_it_was(row, old[row.pk]) for row in part], on=on, zone=zone, wanted=changed)
        found |= _now(part, before, since, zone)
    return found


def _as_it_was(row: Retainer, head: Publication) -> Retainer:
    was = copy(row)
    was.publication = head
    return was


def _now(
    rows: Sequence[Retainer], before: Sequence[Standing], since: Mapping[int, date], zone: ZoneInfo
) -> dict[int, Pair]:
    """What the retainers come to now, from the first cycle on that may differ."""
    heads = {row.pk: row.publication for row in rows if row.publication}
    same = {was.retainer.pk: _untouched(was, since[was.retainer.pk]) for was in before}
    days = {
        pk: ((cycles[-1].resets, date.max),) for pk, cycles in same.items() if cycles and cycles[-1].resets
    }
    found = published(heads, zone, exact=True, days=days)
    pairs = {}
    for row, was in zip(rows, before, strict=True):
        read = found[row.pk]
        granted = read.top_ups, read.adjustments
        cycles = balance(was.agreement, read.works, *granted, was.on, read.approvals, same[row.pk])
        now = replace(
            was,
            retainer=row,
            publication=heads[row.pk],
            cycles=cycles,
            works=Unread(),
            top_ups=tuple(read.top_ups),
            adjustments=tuple(read.adjustments),
            approvals=tuple(read.approvals),
        )
        pairs[row.pk] = was, now
    return pairs


def _untouched(was: Standing, since: date) -> tuple[CycleBalance, ...]:
    return tuple(takewhile(lambda cycle: cycle.closed and cycle.ends < since, was.cycles))
