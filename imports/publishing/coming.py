"""Planned rows that become entries, in columns: what a retainer needs of them of which no entry stands yet. Pure."""

from collections.abc import Sequence
from operator import attrgetter

from imports.publishing.plan import PlannedRow
from imports.publishing.source_rows import ticket_key
from imports.stages import works_of
from retainers.afresh import Coming
from retainers.balance import Work

_day, _ticket = attrgetter("row.date"), attrgetter("row.ticket")


def coming_of(rows: Sequence[PlannedRow], first: int) -> Coming:
    """`first`: the key of the first one's entry; the others follow it."""
    classified = list(map(attrgetter("classified"), rows))

    def works(places: Sequence[int]) -> list[Work]:
        return works_of((classified[place] for place in places), (first + place for place in places))

    return Coming(
        days=list(map(_day, classified)),
        tickets=list(map(ticket_key, map(_ticket, classified))),
        hours=list(map(attrgetter("hours"), rows)),
        counts=[reason is None for reason in map(attrgetter("reason"), rows)],
        bare=[not words for words in map(attrgetter("shown_words"), rows)],
        works=works,
    )
