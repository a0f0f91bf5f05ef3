"""What kind of work a row of the export was, and when it was done, by what the export itself says; pure.

Exports have no column for "scheduled". What decides is, in this order: the pool, where several pools were agreed
and its name says so; the ticket's type; the type of work; the board. The first that speaks of one of the two
decides. Work of which none speaks is told apart from both.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from imports.judging.splitting import pieces_of
from imports.reading.rows import Beginning, Row
from retainers.balance import Draw
from retainers.hours import WORKED_PLACES, shared_out
from retainers.terms import WEEKDAYS, OpeningTimes, Terms, hours_on

WorkNature = Literal["scheduled", "reactive", "untold"]
WorkTime = Literal["open", "night", "holiday", "unknown"]
SCHEDULED = re.compile(
    r"\b(schedul\w*|plann(ed|ing)|maint\w*|preventi?v\w*|proactive|patch\w*|project\w*|recurring|routine"
    r"|changes?|install\w*|onboard\w*|rollout|geplant\w*|wartung\w*|projekt\w*)\b",
    re.IGNORECASE,
)
REACTIVE = re.compile(
    r"\b(reactive|incidents?|problems?|alerts?|(service )?requests?|service ?desk|help ?desk|break.?fix"
    r"|emergenc\w*|outages?|urgent|un(planned|scheduled)|ungeplant\w*|störung\w*|vorfall|notfall)\b",
    re.IGNORECASE,
)


def nature_of(draw: Draw, row: Row | None, terms: Terms) -> WorkNature:
    """Scheduled or reactive, by the first of pool, ticket type, type of work and board that says so.

    >>> said_by("Change"), said_by("Service Request"), said_by("Remote"), said_by("Project incidents")
    ('scheduled', 'reactive', 'untold', 'untold')
    """
    for text in _texts(draw, row, terms):
        nature = said_by(text)
        if nature != "untold":
            return nature
    return "untold"


def said_by(text: str) -> WorkNature:
    """What a text speaks of; a text that speaks of both, or of neither, says nothing."""
    scheduled, reactive = SCHEDULED.search(text), REACTIVE.search(text)
    if bool(scheduled) == bool(reactive):
        return "untold"
    return "scheduled" if scheduled else "reactive"


def _texts(draw: Draw, row: Row | None, terms: Terms) -> Iterator[str]:
    if len(terms.pools) > 1:
        yield terms.pool(draw.pool).name
    if row is not None:
        yield from (row.ticket_type, row.work_type, row.board)


def hours_by_time(worked: Decimal, row: Row | None, times: OpeningTimes) -> dict[WorkTime, Decimal]:
    """The hours of an entry by when they were done: cut at midnight and where business hours begin and end.

    A holiday counts as one around the clock; all else that is not open is "night", weekends too. Without a
    start nobody knows.

    >>> from datetime import date, time
    >>> from retainers.terms import BusinessHours
    >>> hours = BusinessHours(("tue",), time(8), time(17))
    >>> evening = Row(1, date(2026, 1, 6), Decimal(2), start=time(16, 30))
    >>> {when: str(part) for when, part in hours_by_time(Decimal(2), evening, (hours,)).items()}
    {'open': '0.5000', 'night': '1.5000'}
    """
    cut = tuple(replace(each, split="boundary") for each in times)
    pieces = list(pieces_of(row, cut)) if row is not None else []
    if not pieces:
        return {"unknown": worked}
    shares = shared_out(worked, [piece.seconds for piece in pieces], WORKED_PLACES)
    found: dict[WorkTime, Decimal] = {}
    for piece, share in zip(pieces, shares, strict=True):
        when = time_of(piece.at, times)
        found[when] = found.get(when, Decimal()) + share
    return found


def time_of(at: Beginning, times: OpeningTimes) -> WorkTime:
    """Whether work that begins then is in business hours."""
    hours = hours_on(times, at.date)
    if hours is None or at.start is None:
        return "unknown"
    if at.date in hours.holidays:
        return "holiday"
    is_open = WEEKDAYS[at.date.weekday()] in hours.days and hours.start <= at.start < hours.end
    return "open" if is_open else "night"
