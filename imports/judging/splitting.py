"""Where an entry is cut at the boundary: midnight, and the edges of the business hours.

Source: domain.md, "Hours of one entry" 6. What the rules say of each piece is for `classify`, what the parts
draw for the ledger. Clock times are as the wall shows them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP
from typing import NamedTuple

from imports.reading.rows import Beginning, Row
from retainers.balance import Part
from retainers.terms import OpeningTimes, hours_on

ONE_DAY = timedelta(days=1)


class EntryPiece(NamedTuple):
    """Work from one moment on, without a boundary in it."""

    at: Beginning
    seconds: int


def pieces_of(row: Row, business_hours: OpeningTimes) -> Iterator[EntryPiece]:
    """The clock span of a row, cut; nothing where its start decides for all of it, or it has none.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from retainers.terms import BusinessHours
    >>> hours = BusinessHours(("tue",), time(8), time(17), split="boundary")
    >>> evening = Row(1, date(2026, 1, 6), Decimal(2), start=time(16, 30))
    >>> [(f"{piece.at.start:%H:%M}", piece.seconds // 60) for piece in pieces_of(evening, (hours,))]
    [('16:30', 30), ('17:00', 90)]
    """
    in_force = hours_on(business_hours, row.date)
    span = _span(row)
    if in_force is None or in_force.split == "start" or span is None:
        return
    now, ends = span
    while now < ends:
        following = min(ends, *_edges_after(now, business_hours))
        yield EntryPiece(Beginning(now.date(), now.time()), int((following - now).total_seconds()))
        now = following


def _span(row: Row) -> tuple[datetime, datetime] | None:
    """From start to end, or the hours on from the start; of a correction the hours without their sign."""
    hours = next((figure for figure in (row.worked, row.billable, row.deducted) if figure is not None), None)
    if row.start is None or not hours:
        return None
    starts = datetime.combine(row.date, row.start.replace(microsecond=0))
    seconds = int((abs(hours) * 3600).to_integral_value(ROUND_HALF_UP))
    ends = _stated_end(row, starts) or starts + timedelta(seconds=seconds)
    return starts, ends


def _stated_end(row: Row, starts: datetime) -> datetime | None:
    """The end that the file states; one that is not after the start says nothing of how long it took.

    Where it is past midnight, the row has its day (`reading`).
    """
    if row.end is None:
        return None
    ends = datetime.combine(row.end_date or row.date, row.end)
    return ends if ends > starts else None


def _edges_after(now: datetime, business_hours: OpeningTimes) -> Iterator[datetime]:
    """The boundaries that are still to come on that day; midnight is one."""
    yield datetime.combine(now.date() + ONE_DAY, time())
    hours = hours_on(business_hours, now.date())
    if hours is not None:
        edges = (datetime.combine(now.date(), edge) for edge in (hours.start, hours.end))
        yield from (edge for edge in edges if edge > now)


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts of an entry: neighbours that are judged alike are one; a single one is no part.

    >>> night = frozenset({"after_hours"})
    >>> [part.seconds for part in joined([Part(60), Part(30, categories=night), Part(30, categories=night)])]
    [60, 60]
    """
    found: list[Part] = []
    for part in parts:
        if found and replace(found[-1], seconds=part.seconds) == part:
            found[-1] = replace(part, seconds=found[-1].seconds + part.seconds)
        else:
            found.append(part)
    return tuple(found) if len(found) > 1 else ()
