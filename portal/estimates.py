"""A live incident's hours as they are reckoned at a moment, for other programs: part of no other figure.

`balance.json` tells them beside the page's figures, `balances --json` and `GET /api/balances` beside each retainer's.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from accounts.access import zone_of
from accounts.models import Provider
from portal.shown_notices import first_days, moment_of, notices, posted, posted_now
from presentation.facts import LiveIncident
from retainers.cycles import Cycle
from retainers.gate.known import read_gate
from retainers.hours import write_hours
from retainers.kept.reading import Wanted
from retainers.models import Entry, Retainer
from retainers.selectors import Standing
from retainers.terms import Agreement, Terms


def estimate_json(live: LiveIncident, terms: Terms) -> dict[str, Any]:
    """The incident with its people, its times on the provider's wall, and the names of its multipliers."""
    multipliers = {each.category: each.name for each in terms.multipliers}
    return {
        "hours": write_hours(live.estimate),
        "people": live.people,
        "since": live.since.isoformat(timespec="minutes"),
        "ended": live.ended.isoformat(timespec="minutes") if live.ended else None,
        "multipliers": [name for category, name in multipliers.items() if category in live.kinds],
        "as_of": live.as_of.isoformat(timespec="minutes"),
        "counted": None if live.counted is None else write_hours(live.counted),
        "settled": live.settled,
    }


def work_of_incidents(rows: Iterable[Retainer], zone: ZoneInfo) -> Wanted:
    """Of which closed cycles the work has to be read for `estimates`: those in which a live incident went on."""
    since = first_days(posted_now(rows), zone)

    def wanted(retainer: Retainer, _agreement: Agreement, cycles: Sequence[Cycle]) -> list[Cycle]:
        return [cycle for cycle in cycles if cycle.ends >= since.get(retainer.pk, date.max)]

    return wanted


def estimates(found: Sequence[Standing], provider: Provider) -> dict[int, dict[str, Any]]:
    """By retainer, what is told of the incident beside its numbers on its standing's day; nothing without one."""
    by_key = {each.retainer.pk: each for each in found if each.current is not None}
    rows = [row for row in posted([each.publication for each in by_key.values()]) if row.live is not None]
    if not rows:
        return {}
    zone = zone_of(provider)
    first = min(first_days(rows, zone).values())
    entries = Entry.objects.filter(retainer__in={row.retainer_id for row in rows}, day__gte=first)
    marks = {entry.pk: entry for entry in entries.only("incident", "clock", "day")}
    moment = moment_of(found[0].on, zone)
    told = notices(rows, list(by_key.values()), marks, read_gate(provider), zone, moment)
    return {
        pk: estimate_json(notice.live, by_key[pk].cycles[-1].terms)
        for pk, notice in told.items()
        if notice.live is not None
    }


def with_estimate(told: dict[str, Any], estimate: dict[str, Any] | None) -> dict[str, Any]:
    """A retainer as `standing_json` writes it, with the incident beside its cycles where one is told."""
    return told if estimate is None else {**told, "estimate": estimate}
