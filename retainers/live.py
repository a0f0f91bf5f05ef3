"""An incident that runs: how many people since when, and about how many hours that comes to. Pure.

The hours are an estimate: they are part of no balance, and what counts is what the next import brings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from retainers.balance import Work
from retainers.hours import WORKED_PLACES, ZERO, round_half_up
from retainers.pricing import draw_of
from retainers.terms import Terms

AN_HOUR = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on so many people are on it; nobody while it pauses."""

    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Live:
    """An incident from its first step on; `ended` None while it runs or pauses.

    `kinds` are the categories that its work has. `ticket` is the PSA's number of it and stays with staff; `mark` is
    what its entries will bear (`Entry.incident`), "" without a ticket.
    """

    steps: tuple[Step, ...]
    kinds: frozenset[str] = frozenset()
    ticket: str = ""
    mark: str = ""
    ended: datetime | None = None

    @property
    def started(self) -> datetime:
        return self.steps[0].at

    @property
    def people(self) -> int:
        return 0 if self.ended else self.steps[-1].people

    @property
    def most(self) -> int:
        return max(step.people for step in self.steps)

    @property
    def number(self) -> int:
        """How often something was said of it: a form names it, so that nothing is done on an old view."""
        return len(self.steps) + (self.ended is not None)

    def spans(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches in which somebody was on it, up to that moment."""
        until = min(at, self.ended) if self.ended else at
        edges = [*self.steps, Step(max(until, self.steps[-1].at), 0)]
        return [(one.at, other.at) for one, other in pairwise(edges) if one.people and other.at > one.at]

    def worked(self, since: datetime, at: datetime) -> Decimal:
        """The hours of all people together between two moments.

        >>> from datetime import UTC
        >>> nine, ten = datetime(2026, 6, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 10, tzinfo=UTC)
        >>> Live((Step(nine, 2),)).worked(nine, ten)
        Decimal('2.0000')
        """
        until = min(at, self.ended) if self.ended else at
        edges = [*self.steps, Step(max(until, self.steps[-1].at), 0)]
        hours = ZERO
        for one, other in pairwise(edges):
            first, last = max(one.at, since), min(other.at, until)
            if last > first:
                hours += one.people * Decimal((last - first).total_seconds()) / AN_HOUR
        return round_half_up(hours, WORKED_PLACES)

    def estimate(self, terms: Terms, since: datetime, at: datetime) -> Decimal:
        """What these hours would draw, each person's as an entry of its own."""
        each = self.worked(since, at) / self.most
        work = Work(at.date(), round_half_up(each, WORKED_PLACES), categories=self.kinds)
        return self.most * draw_of(work, terms).hours

    def ahead_of_clock(self, terms: Terms, since: datetime, at: datetime) -> Decimal:
        """By how much steps and minimums have the estimate before what the time alone draws."""
        draw = draw_of(Work(self.started.date(), Decimal(1), categories=self.kinds), terms)
        drawn = self.worked(since, at) * (draw.factor or ZERO)
        return max(self.estimate(terms, since, at) - drawn, ZERO)

    def an_hour_counts(self, terms: Terms) -> Decimal:
        """What an hour on the clock draws with the people who are on it now."""
        draw = draw_of(Work(self.started.date(), Decimal(1), categories=self.kinds), terms)
        return self.people * (draw.factor or ZERO)

    def going_on(self, at: datetime, people: int) -> "Live":
        return replace(self, steps=(*self.steps, Step(max(at, self.steps[-1].at), people)))

    def document(self) -> dict[str, Any]:
        return {
            "steps": [[step.at.isoformat(), step.people] for step in self.steps],
            "kinds": sorted(self.kinds),
            "ticket": self.ticket,
            "mark": self.mark,
            "ended": self.ended.isoformat() if self.ended else None,
        }


def live_from_document(document: Mapping[str, Any]) -> Live:
    """The exact inverse of `Live.document`."""
    ended = document["ended"]
    return Live(
        steps=tuple(Step(datetime.fromisoformat(at), people) for at, people in document["steps"]),
        kinds=frozenset(document["kinds"]),
        ticket=document["ticket"],
        mark=document["mark"],
        ended=datetime.fromisoformat(ended) if ended else None,
    )
