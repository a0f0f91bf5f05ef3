"""A client's live incident, as a program says that it should stand: begun, with so many people, paused, ended.

Said twice, it is done once: what stands already is answered and not done again.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from accounts.access import today_at, zone_of
from accounts.models import ApiKey, Scope
from desk.api.door import ApiRefusedError, behind_key, said
from desk.api.once import answered_once
from desk.api.parameters import client_named, only_known
from desk.live import LONGEST_TICKET, kinds_now
from imports.publishing.source_rows import mark_of_ticket
from retainers.hours import write_hours
from retainers.live import Live, live_from_document
from retainers.living import MOST_PEOPLE, ChangedError, RunsError, begun, change_live, start_live
from retainers.models import Notice, Retainer
from retainers.selectors import Standing, retainers_of, standings

LONGEST_BODY = 64 * 1024
FIELDS = ("client", "retainer", "people", "kinds", "ticket", "pool", "ended")
OTHER = "This client already has another incident running."


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was said; None: nothing of it."""

    people: int | None
    kinds: list[str] | None
    ticket: str | None
    pool: str | None
    ended: bool

    def is_other_than(self, notice: Notice, live: Live) -> bool:
        """Whether it says something that this incident is not about; what it leaves open says nothing."""
        kinds = None if self.kinds is None else frozenset(self.kinds)
        said = ((self.ticket, live.ticket), (self.pool, notice.pool), (kinds, live.kinds))
        return any(wanted not in (None, stands) for wanted, stands in said)


@behind_key(Scope.INCIDENT)
def incident(request: HttpRequest, key: ApiKey) -> HttpResponse:
    only_known(request, ())
    body = request.read(LONGEST_BODY + 1)
    return answered_once(request, key, body, lambda: _stood(_read(body), key))


def _read(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body) if len(body) <= LONGEST_BODY else None
    except (ValueError, RecursionError) as error:
        raise ApiRefusedError('The body isn’t JSON. Write {"client": "acme", "people": 2}.') from error
    if not isinstance(document, dict):
        raise ApiRefusedError('The body isn’t a JSON object. Write {"client": "acme", "people": 2}.')
    unknown = sorted(document.keys() - set(FIELDS))
    if unknown:
        raise ApiRefusedError(f"“{unknown[0]}” isn’t a field. Known fields: {', '.join(FIELDS)}.")
    return document


def _stood(document: dict[str, Any], key: ApiKey) -> HttpResponse:
    at = now()
    standing = _standing(document, key)
    wanted = _wanted(document, standing)
    running = _running(standing.retainer)
    if running is not None:
        notice = _changed(standing.retainer, running, wanted, at)
        return said(_told(notice, standing, at))
    if wanted.ended or wanted.people == 0:
        return said(_told(_ended_before(standing.retainer, wanted), standing, at))
    return said(_told(_started(standing, wanted, key, at), standing, at), 201)


def _standing(document: dict[str, Any], key: ApiKey) -> Standing:
    """The retainer that is meant; where a client has one that runs, it need not be named."""
    slug, name = _text(document, "client"), _text(document, "retainer")
    if not slug:
        raise ApiRefusedError("client: give the client’s key.")
    rows = [row for row in retainers_of([client_named(slug).slug]) if name in (None, row.key)]
    found = standings(rows, on=today_at(key.provider), zone=zone_of(key.provider))
    runs = [each for each in found if each.current is not None and not each.current.closed]
    if not runs:
        raise ApiRefusedError("No agreement with that name is active today.", status=404)
    if len(runs) > 1:
        keys = ", ".join(each.retainer.key for each in runs)
        raise ApiRefusedError(f"retainer: choose one; {slug} has {keys}.")
    return runs[0]


def _wanted(document: dict[str, Any], standing: Standing) -> _Wanted:
    people, ended = document.get("people"), document.get("ended", False)
    if people is not None and (type(people) is not int or not 0 <= people <= MOST_PEOPLE):
        raise ApiRefusedError(f"people: a whole number from 0 (it pauses) to {MOST_PEOPLE}.")
    if type(ended) is not bool:
        raise ApiRefusedError("ended: true or false.")
    ticket = _text(document, "ticket")
    return _Wanted(
        people=people,
        kinds=_kinds(document, standing),
        ticket=None if ticket is None else " ".join(ticket.split())[:LONGEST_TICKET],
        pool=_pool(document, standing),
        ended=ended,
    )


def _text(document: dict[str, Any], name: str) -> str | None:
    value = document.get(name)
    if value is not None and not (isinstance(value, str) and value.isprintable()):
        raise ApiRefusedError(f"{name}: a text of one line.")
    return value


def _kinds(document: dict[str, Any], standing: Standing) -> list[str] | None:
    kinds = document.get("kinds")
    if kinds is None or standing.current is None:
        return None
    known = [each.category for each in standing.current.terms.multipliers]
    if not isinstance(kinds, list) or any(kind not in known for kind in kinds):
        raise ApiRefusedError(f"kinds: a list of these: {', '.join(known) or 'there are none'}.")
    return kinds


def _pool(document: dict[str, Any], standing: Standing) -> str | None:
    pool = _text(document, "pool")
    known = [each.key for each in standing.current.pools] if standing.current else []
    if pool is not None and pool not in known:
        raise ApiRefusedError(f"pool: there is no pool “{pool}”. Known: {', '.join(known)}.")
    return pool


def _running(retainer: Retainer) -> Notice | None:
    found: Notice | None = Notice.objects.filter(retainer=retainer, retired_in=None, running=True).first()
    return found


def _ended_before(retainer: Retainer, wanted: _Wanted) -> Notice:
    """The incident that ended last, where it is the one that shall end: it stands so already."""
    last: Notice | None = Notice.objects.filter(retainer=retainer, live__isnull=False).last()
    if not wanted.ended or last is None or wanted.is_other_than(last, _live_of(last)):
        raise ApiRefusedError("This client has no incident running.", status=404)
    return last


def _started(standing: Standing, wanted: _Wanted, key: ApiKey, at: datetime) -> Notice:
    retainer, current = standing.retainer, standing.current
    if current is None:
        raise LookupError("an incident starts in a cycle")
    kinds = kinds_now(standing, key.provider, at) if wanted.kinds is None else wanted.kinds
    ticket = wanted.ticket or ""
    mark = mark_of_ticket(retainer.client_id, ticket)
    live = begun(at, 1 if wanted.people is None else wanted.people, frozenset(kinds), ticket, mark)
    try:
        return start_live(
            retainer=retainer, live=live, pool=wanted.pool or current.pools[0].key, by=None, at=at
        )
    except RunsError as error:
        raise ApiRefusedError(OTHER, status=409) from error


def _changed(retainer: Retainer, running: Notice, wanted: _Wanted, at: datetime) -> Notice:
    """The incident as it should stand. Another one than that which runs is none of a program's to end."""
    live = _live_of(running)
    if wanted.is_other_than(running, live):
        raise ApiRefusedError(OTHER, status=409)
    if not wanted.ended and wanted.people in (None, live.people):
        return running
    try:
        return change_live(
            retainer=retainer,
            seen=live.number,
            people=None if wanted.ended else wanted.people,
            by=None,
            at=at,
        )
    except ChangedError as error:
        raise ApiRefusedError(
            "Someone has just changed it. Read it again, then repeat the request.", status=409
        ) from error


def _live_of(notice: Notice) -> Live:
    if notice.live is None:
        raise LookupError("a notice that runs is an incident")
    return live_from_document(notice.live)


def _told(notice: Notice, standing: Standing, at: datetime) -> dict[str, Any]:
    live = _live_of(notice)
    return {
        "client": standing.retainer.client.slug,
        "retainer": standing.retainer.key,
        "pool": notice.pool,
        "people": live.people,
        "kinds": sorted(live.kinds),
        "ticket": live.ticket,
        "since": live.started.isoformat(),
        "ended": live.ended.isoformat() if live.ended else None,
        "hours_on_the_clock": write_hours(live.worked(live.started, at)),
    }
