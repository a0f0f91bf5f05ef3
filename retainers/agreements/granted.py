"""Top-ups and adjustments in an agreement file: their fields, and what is wrong with them.

Whether the agreement has the day and the pool that they name is for `checks`; what they are worth is for the
ledger.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from retainers.agreements import readers
from retainers.agreements.problems import Finding, Place
from retainers.agreements.rows import DAY, EXPIRY, HOURS, KEY, NOTE, Field, Row
from retainers.terms import Adjustment, TopUp

Grant = TopUp | Adjustment

TOP_UP = Row(
    TopUp,
    Field("date", DAY),
    Field("hours", HOURS),
    Field("pool", KEY),
    Field("expires", EXPIRY),
    Field("note", NOTE),
    Field("key", KEY, quiet=True),
)
ADJUSTMENT = Row(
    Adjustment,
    Field("date", DAY),
    Field("hours", HOURS),
    Field("pool", KEY),
    Field("expires", EXPIRY),
    Field("reason", NOTE),
    Field("key", KEY, quiet=True),
)


def placed(
    top_ups: Sequence[TopUp], adjustments: Sequence[Adjustment], at: Place
) -> list[tuple[Place, Grant]]:
    """Every grant with its place in the file."""
    return [
        *((at.item("top_ups", n, each.key or None), each) for n, each in enumerate(top_ups)),
        *((at.item("adjustments", n, each.key or None), each) for n, each in enumerate(adjustments)),
    ]


def find_grant_problems(grants: Sequence[tuple[Place, Grant]]) -> Iterator[Finding]:
    """What is wrong with grants by themselves."""
    for place, grant in grants:
        if not readers.has_two_places(grant.hours):
            yield place.key("hours"), readers.too_exact(grant.hours)
        if isinstance(grant, TopUp) and grant.hours <= 0:
            yield place.key("hours"), f"{grant.hours} is not above zero: a charge is an adjustment"
        if grant.hours == 0 and isinstance(grant, Adjustment):
            yield place.key("hours"), "an adjustment of zero hours changes nothing: take it out"
        yield from _find_expiry_problems(grant, place.key("expires"))
    yield from _find_repeated_keys(grants)


def _find_expiry_problems(grant: Grant, at: Place) -> Iterator[Finding]:
    if isinstance(grant.expires, int) and grant.expires < 1:
        yield at, f'hours can\'t live for {grant.expires} cycles: 1 or more, "cycle" or "never"'
    if isinstance(grant.expires, date) and grant.expires < grant.date:
        yield at, f"{grant.expires} is before {grant.date}, on which the hours begin: choose a later last day"


def _find_repeated_keys(grants: Sequence[tuple[Place, Grant]]) -> Iterator[Finding]:
    seen: dict[str, Place] = {}
    for place, grant in grants:
        if grant.key and grant.key in seen:
            first = seen[grant.key].label
            yield place.key("key"), f"the key {readers.seen(grant.key)} is also on {first}: choose another"
        seen.setdefault(grant.key, place)
