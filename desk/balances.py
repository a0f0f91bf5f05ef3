"""The balances that `balances` and `GET /api/balances` tell, worked out where they aren't kept.

Closed cycles are taken from what is kept. In JSON every cycle of every agreement is told, so a part of them is worked
out and written at a time: of all of them Python would hold half a million objects, and look through them all the time.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.access import today_at, zone_of
from accounts.commands import read_day
from accounts.models import Provider
from portal.estimates import estimates, work_of_incidents
from retainers.closings import closings
from retainers.kept.reading import no_earlier_work
from retainers.merging import client_of_command
from retainers.models import Retainer
from retainers.restating.reading import restated_days
from retainers.selectors import Standing, retainers_of, standings
from retainers.standing_json import balance_words
from retainers.standing_text import listed, standing_text

A_PART = 200  # agreements that are worked out together


def worked_out(provider: Provider, options: dict[str, Any]) -> str:
    """What `balances` prints with these options."""
    client = client_of_command(provider, options["client"])
    rows = list(retainers_of([client.slug] if client else None))
    day, is_past = options["as_published"] or options["on"], bool(options["as_published"])
    on = read_day(day) if day else today_at(provider)
    if options["json"]:
        return told(rows, on, provider, as_published=is_past)
    found = standings(rows, on=on, zone=zone_of(provider), as_published=is_past, wanted=no_earlier_work)
    if is_past and not found:
        return f"Nothing was published by {day}.\n"
    return "".join(f"{_line(standing)}\n" for standing in found)


def told(rows: Sequence[Retainer], on: date, provider: Provider, *, as_published: bool) -> str:
    """The agreements with each of their cycles as one JSON text; `as_published`: as they were told that day."""
    texts: list[str] = []
    for start in range(0, len(rows), A_PART):
        texts += _documents(rows[start : start + A_PART], on, provider, as_published=as_published)
    return listed(texts) + "\n"


def _documents(rows: Sequence[Retainer], on: date, provider: Provider, *, as_published: bool) -> list[str]:
    zone = zone_of(provider)
    wanted = work_of_incidents(rows, zone)  # whose estimates are told
    found = standings(rows, on=on, zone=zone, as_published=as_published, wanted=wanted)
    if not found:
        return []
    closed, restated, running = (
        closings(found, provider),
        restated_days(found, zone),
        estimates(found, provider),
    )
    keys = [each.retainer.pk for each in found]
    return [
        standing_text(each, closed[pk], restated[pk], running.get(pk))
        for each, pk in zip(found, keys, strict=True)
    ]


def _line(standing: Standing) -> str:
    return f"{standing.retainer.client.slug}/{standing.retainer.key}: {balance_words(standing.current)}"
