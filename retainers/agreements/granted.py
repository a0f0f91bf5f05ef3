"""Top-ups and adjustments in an agreement file: read, judged, written as documents.

Whether the agreement has the day and the pool that they name is for `checks`; what they are worth is for the
ledger.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from retainers.agreements import readers
from retainers.agreements.problems import Finding, Place
from retainers.agreements.tables import Table
from retainers.hours import ZERO, write_exact
from retainers.terms import Adjustment, TopUp

Document = dict[str, Any]
Grant = TopUp | Adjustment

_SOME_DAY = date(2000, 1, 1)


def read_top_up(table: Table) -> TopUp:
    top_up = TopUp(
        date=table.need("date", readers.day, _SOME_DAY),
        hours=table.need("hours", readers.granted_hours, ZERO),
        pool=table.get("pool", readers.key, None),
        expires=table.get("expires", readers.expiry, "never"),
        note=table.get("note", readers.note, ""),
        key=table.get("key", readers.key, ""),
    )
    table.close()
    return top_up


def read_adjustment(table: Table) -> Adjustment:
    adjustment = Adjustment(
        date=table.need("date", readers.day, _SOME_DAY),
        hours=table.need("hours", readers.granted_hours, ZERO),
        pool=table.get("pool", readers.key, None),
        expires=table.get("expires", readers.expiry, None),
        reason=table.get("reason", readers.note, ""),
        key=table.get("key", readers.key, ""),
    )
    table.close()
    return adjustment


def top_up_document(top_up: TopUp) -> Document:
    return _said(
        date=top_up.date.isoformat(),
        hours=write_exact(top_up.hours),
        pool=top_up.pool,
        expires=_expires_document(top_up),
        note=top_up.note,
        key=top_up.key or None,
    )


def adjustment_document(adjustment: Adjustment) -> Document:
    return _said(
        date=adjustment.date.isoformat(),
        hours=write_exact(adjustment.hours),
        pool=adjustment.pool,
        expires=_expires_document(adjustment),
        reason=adjustment.reason,
        key=adjustment.key or None,
    )


def _expires_document(grant: Grant) -> object:
    return grant.expires.isoformat() if isinstance(grant.expires, date) else grant.expires


def _said(**words: object) -> Document:
    return {name: value for name, value in words.items() if value is not None}


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
