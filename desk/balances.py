"""The balances that `balances` and `GET /api/balances` tell, worked out where they aren't kept.

Closed cycles are taken from what is kept. In JSON every cycle of every agreement is told, half a million lines, which
`json` would lay out value by value: msgspec writes the same. A part of the agreements is worked out and written at a
time: of all of them Python would hold as many objects, and look through them all the time.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import json

from accounts.access import today_at, zone_of
from accounts.commands import read_day
from accounts.models import Provider
from portal.estimates import estimates, with_estimate, work_of_incidents
from retainers.closings import closings
from retainers.kept.reading import no_earlier_work
from retainers.merging import client_of_command
from retainers.models import Retainer
from retainers.restating.reading import restated_days
from retainers.selectors import Standing, retainers_of, standings
from retainers.standing_json import balance_words, standing_json

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
    parts = (rows[start : start + A_PART] for start in range(0, len(rows), A_PART))
    return laid_out(
        each for part in parts for each in _documents(part, on, provider, as_published=as_published)
    )


def laid_out(documents: Iterable[dict[str, Any]]) -> str:
    """Their list as one text, as `json.dumps` writes it with an indent of two.

    >>> laid_out([{"client": "Café"}])
    '[\\n  {\\n    "client": "Café"\\n  }\\n]\\n'
    """
    return json.format(b"[" + b",".join(map(json.encode, documents)) + b"]", indent=2).decode() + "\n"


def _documents(
    rows: Sequence[Retainer], on: date, provider: Provider, *, as_published: bool
) -> list[dict[str, Any]]:
    zone = zone_of(provider)
    wanted = work_of_incidents(rows, zone)  # whose estimates are told
    found = standings(rows, on=on, zone=zone, as_published=as_published, wanted=wanted)
    if not found:
        return []
    closed, restated = closings(found, provider), restated_days(found, zone)
    running = estimates(found, provider)
    keys = [each.retainer.pk for each in found]
    return [
        with_estimate(standing_json(each, closed[pk], restated[pk]), running.get(pk))
        for each, pk in zip(found, keys, strict=True)
    ]


def _line(standing: Standing) -> str:
    return f"{standing.retainer.client.slug}/{standing.retainer.key}: {balance_words(standing.current)}"
