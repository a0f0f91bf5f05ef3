"""A live incident in its states, and the clock by which its kind is told, for the gallery: nobody here exists."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from presentation.facts import LiveIncident, Notice
from presentation.when_kinds import Clock
from retainers.agreements.rules import DEFAULT_RULES
from retainers.terms import BusinessHours, Effects, Rule

CLOCK = Clock(
    rules=(
        Rule("Nights", Effects(categories=("after_hours",)), after_hours=True),
        *DEFAULT_RULES,
    ),
    times=(
        BusinessHours(
            ("mon", "tue", "wed", "thu", "fri"),
            time(8),
            time(17),
            holidays=(date(2026, 12, 25),),
            split="boundary",
        ),
    ),
    zone="America/Chicago",
)
LIVE = LiveIncident(
    as_of=datetime(2026, 11, 22, 0, 10, tzinfo=UTC),
    since=datetime(2026, 11, 21, 23, 10, tzinfo=UTC),
    people=2,
    most=2,
    kinds=frozenset({"after_hours"}),
    estimate=Decimal(4),
    an_hour=Decimal(4),
)
INCIDENT = Notice("Incident in progress", Decimal(4), live=LIVE)
PAUSED = Notice("Incident in progress", Decimal(4), live=replace(LIVE, people=0, an_hour=Decimal(0)))
ENDED = Notice(
    "Incident in progress",
    Decimal("9.5"),
    live=replace(
        LIVE,
        people=0,
        an_hour=Decimal(0),
        estimate=Decimal("9.5"),
        ended=datetime(2026, 11, 22, 1, 33, tzinfo=UTC),
    ),
)
COUNTED = Notice(
    "Incident in progress",
    live=replace(
        LIVE,
        people=0,
        estimate=Decimal("9.5"),
        ended=datetime(2026, 11, 22, 1, 33, tzinfo=UTC),
        counted=Decimal(10),
        settled=True,
    ),
)
