"""Writes: what the dashboard says of each client is worked out once for a publication and a day, and kept.

Of today right after whatever was published; of today and tomorrow by `tick`, so that the first to look after midnight
waits for nothing. `kept` reads it. Names, links and requests are no part of it: they change without a publication.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from heapq import nsmallest
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import override

from accounts.access import today_at, zone_of
from accounts.models import Provider
from accounts.tenancy import current_tenant
from accounts.worked_out import WorkedOut
from desk.dashboard.holding import COLUMNS, all_are_kept, edition, not_kept, of_the_day, seal_of
from desk.dashboard.reasons import agreement_reason, approved_chips
from desk.dashboard.rows import incident_detail, retainer_line
from desk.dashboard.selectors import judged
from desk.dashboard.states import URGENCY, LinkUse
from desk.dashboard.status import ClientCase, RetainerCase, client_case, past_the_caps
from desk.incidents.figures import IncidentCase
from desk.models import ClientDay
from retainers.kept.document import compact
from retainers.kept.handed import NOTHING as NOT_HANDED
from retainers.kept.handed import SHOWN_INCIDENTS, OfPublication
from retainers.models import Client, Retainer
from retainers.selectors import retainers_of
from retainers.standing_json import balance_words
from retainers.terms import collapse

A_PART = 200  # clients that are worked out together
SHARES, HOURS = 9, 4  # places behind the point that are kept of a share and of an incident's hours


def keep_clients_of(retainer_ids: Iterable[int], handed: OfPublication = NOT_HANDED) -> int:
    """Keep today's words of the clients that these retainers are of; how many were written."""
    provider: Provider = Provider.objects.get(pk=current_tenant() or 0)
    mine = Retainer.objects.filter(pk__in=list(retainer_ids)).order_by().values("client")
    return keep_clients(provider, today_at(provider), Q(pk__in=mine), handed)


def keep_days(provider: Provider) -> int:
    """Those of today and of tomorrow of every client of the provider in scope; days that are over are taken away."""
    today = today_at(provider)
    if ANY_BEFORE.is_any(today):  # to delete nothing takes SQLite's only lock as well
        _before(today).delete()
    days = today, today + timedelta(days=1)
    if all_are_kept(*days, zone=zone_of(provider)):
        return 0
    return sum(keep_clients(provider, day) for day in days)


def _before(day: date) -> QuerySet[ClientDay]:
    rows: QuerySet[ClientDay] = ClientDay.objects.filter(day__lt=day)
    return rows


ANY_BEFORE = WorkedOut.any_of(_before)


def keep_clients(
    provider: Provider, day: date, which: Q | None = None, handed: OfPublication = NOT_HANDED
) -> int:
    """Work out what is missing or no longer holds; how many clients that were."""
    zone = zone_of(provider)
    due = list(not_kept(day, zone=zone).filter(which or Q()).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(due), A_PART):
        write(worked_out(due[start : start + A_PART], day, zone, handed))
    return len(due)


def write(rows: Sequence[ClientDay]) -> None:
    ClientDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["client", "day"],
        update_fields=["zone", "code", "seal", *COLUMNS],
    )


def worked_out(
    clients: Collection[int], day: date, zone: ZoneInfo, handed: OfPublication = NOT_HANDED
) -> list[ClientDay]:
    """The rows of these clients, but of those of whom something is published meanwhile."""
    rows = list(retainers_of().filter(client__in=list(clients)))
    cases, moved = judged(rows, day, zone, SHOWN_INCIDENTS, handed)
    by_client: dict[int, list[Retainer]] = defaultdict(list)
    for row in rows:
        by_client[row.client_id].append(row)
    with override(settings.LANGUAGE_CODE):
        return [
            _row(its, [cases[row.pk] for row in its], day, zone)
            for its in by_client.values()
            if not any(row.pk in moved or row.pk not in cases for row in its)
        ]


def _row(
    retainers: Sequence[Retainer], cases: Sequence[RetainerCase], day: date, zone: ZoneInfo
) -> ClientDay:
    client = retainers[0].client
    case = client_case(client.slug, client.name, cases, links=LinkUse(), asked=0, today=day)
    count, found = sum(each.incident_count for each in case.retainers), _longest(case)
    row = ClientDay(
        provider_id=client.provider_id,
        client=client,
        day=day,
        zone=zone.key,
        code=edition(),
        heads=sum(row.publication_id or 0 for row in retainers),
        share=_whole(case.share, SHARES),
        through=case.through,
        balances=_balances(cases),
        names=collapse(" ".join(each.name for each in case.retainers)),
        waiting=sum(each.waiting for each in case.retainers),
        incidents=count,
        longest=_whole(found[0][1].hours, HOURS) if found else 0,
        words=_words(case, found, day),
        **_urgencies(case),
        **_past_the_caps(case),
    )
    row.seal = seal_of(row)
    return row


def _balances(cases: Sequence[RetainerCase]) -> str:
    """What `balances` prints of each agreement, a line each."""
    return "\n".join(f"{each.key}: {balance_words(each.cycle)}" for each in cases)


NOTHING = len(URGENCY)  # the place of a client with nothing to do and nothing wrong


def _urgencies(case: ClientCase) -> dict[str, int]:
    """The states of its agreements, a bit for each, and the most urgent one."""
    found = {URGENCY[state] for each in case.retainers for state in each.states}
    return {"states": sum(1 << place for place in found), "first": min(found, default=NOTHING)}


def _whole(value: Decimal, places: int) -> int:
    return int(value.scaleb(places).to_integral_value(rounding=ROUND_FLOOR))


def _past_the_caps(case: ClientCase) -> dict[str, str]:
    """Hours past the caps, and what is billed of them, as text."""
    over, billed = past_the_caps([case])
    amounts = {currency: str(amount) for currency, amount in sorted(billed.items())}
    return {"over": str(over) if over else "", "billed": json.dumps(amounts) if amounts else ""}


def _longest(case: ClientCase) -> list[tuple[str, IncidentCase]]:
    """The few that the dashboard shows, in the order of `incidents_in`, each with its retainer's key."""
    every = ((each.key, incident) for each in case.retainers for incident in each.incidents)
    return nsmallest(SHOWN_INCIDENTS, every, key=lambda one: (-one[1].hours, one[1].mark))


def _words(case: ClientCase, longest: Sequence[tuple[str, IncidentCase]], day: date) -> str:
    incidents = [[str(one.hours), key, one.mark, incident_detail(one, day)] for key, one in longest]
    said = {
        "reason": agreement_reason(case, day),
        "approved": approved_chips(case),
        "lines": [retainer_line(each, day) for each in case.retainers],
        "incidents": incidents,
    }
    return compact(said)


def differing(provider: Provider) -> Iterator[str]:
    """The clients (slugs) of whom something else is kept than is worked out today."""
    day, zone = today_at(provider), zone_of(provider)
    due = Client.objects.filter(pk__in=not_kept(day, zone=zone).values("pk"))
    kept = ClientDay.objects.filter(of_the_day(day, zone)).exclude(client__in=due)
    keys = list(kept.order_by("client").values_list("client", flat=True))
    for start in range(0, len(keys), A_PART):
        part = keys[start : start + A_PART]
        fresh = {row.client_id: row.seal for row in worked_out(part, day, zone)}
        for row in kept.filter(client__in=part).select_related("client").order_by("client"):
            if seal_of(row) != row.seal or fresh.get(row.client_id, row.seal) != row.seal:
                yield row.client.slug
