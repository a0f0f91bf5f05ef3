"""What clients read: the balance is what is alive and adds up, coverage is in order, approvals are as confirmed.

One agreement at a time is in memory. Days stay in order, nothing that was covered is uncovered again but by an undo,
and the last day is as it says. What was confirmed is published once, and nothing else is; an answer has its moment.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum

from accounts.access import today_at, zone_of
from accounts.models import Provider
from desk.dashboard.keeping import differing
from hourtab.verifying.places import of_publication, place, portions
from portal.models import ClientRequest, ShareLink
from retainers.agreements import AgreementError
from retainers.balance import CycleBalance, Figures
from retainers.coverage import Coverage, Days, joined
from retainers.hours import WORKED_PLACES, ZERO, to_units
from retainers.kept.reading import is_as_kept
from retainers.kept.running import is_running_as_kept
from retainers.models import Approval, Entry, Publication, Retainer
from retainers.selectors import Standing, retainers_of, standings


def balance_faults(provider: Provider) -> Iterator[str]:
    on, zone = today_at(provider), zone_of(provider)
    for number in list(Retainer.objects.order_by("pk").values_list("pk", flat=True)):
        for retainer in retainers_of().filter(pk=number):
            yield from _of_retainer(retainer, on, zone)


def dashboard_faults(provider: Provider) -> Iterator[str]:
    for slug in differing(provider):
        yield f"{slug}: what is kept of it for the dashboard is not what is published"


def alert_faults(provider: Provider) -> Iterator[str]:
    """What words mails is loaded for this chapter alone."""
    from alerts.telling import untold

    for name in untold(provider):
        yield f"{name}: it is said that all alerts of today were written, and one is missing"


def _of_retainer(retainer: Retainer, on: date, zone: ZoneInfo) -> Iterator[str]:
    try:
        (standing,) = standings([retainer], on=on, zone=zone)
    except (AgreementError, ValueError, LookupError, TypeError, ArithmeticError) as error:
        yield f"{place(retainer)}: its balance can't be worked out ({error})"
        return
    if _alive(retainer) != _shown(standing):
        yield f"{place(retainer)}: the newest publication does not show just the entries that are alive"
    for what in broken_equations(standing.cycles):
        yield f"{place(retainer)}: {what}"
    granted = standing.top_ups, standing.adjustments, standing.approvals
    agreed = standing.agreement, standing.freshness.through
    if not is_as_kept(standing.publication, agreed, standing.cycles, granted):
        yield f"{place(retainer)}: the figures kept of its closed cycles are not what its entries come to"
    if not is_running_as_kept(standing.publication, standing.cycles, on):
        yield f"{place(retainer)}: the figures kept of its running cycle are not what its entries come to"


def _alive(retainer: Retainer) -> tuple[int, int]:
    """How many entries nobody has retired, and their worked hours, as the database adds them up."""
    rows = Entry.objects.filter(retainer=retainer, retired_in=None)
    return rows.count(), rows.aggregate(hours=Sum("worked_units"))["hours"] or 0


def _shown(standing: Standing) -> tuple[int, int]:
    worked = sum((work.worked or ZERO for work in standing.works), ZERO)
    return len(standing.works), to_units(worked, WORKED_PLACES)


def coverage_faults() -> Iterator[str]:
    rows = Publication.objects.select_related("retainer__client").order_by("retainer", "number")
    before: tuple[int, Coverage] | None = None
    for row in portions(rows):
        try:
            covered = Coverage.read(row.coverage)
        except (ValueError, TypeError, AttributeError):
            yield f"{of_publication(row)} covers days that can't be read"
            before = None
            continue
        earlier = before[1] if before and before[0] == row.retainer_id else Coverage()
        yield from _of_publication(row, covered, earlier)
        before = row.retainer_id, covered


def _of_publication(row: Publication, covered: Coverage, earlier: Coverage) -> Iterator[str]:
    said = of_publication(row)
    every = (covered.whole, covered.no_work, *covered.pools.values())
    if not all(map(_is_in_order, every)):
        yield f"{said} covers days that are not in order"
    if row.kind != Publication.Kind.UNDO and not _holds(covered, earlier):
        yield f"{said} covers less than the one before it"
    if row.through is not None and row.through not in _last_days(covered):
        yield f"{said} says that it covers through {row.through}, and does not"


def _is_in_order(days: Days) -> bool:
    return joined(days) == days and all(first <= last for first, last in days)


def _holds(covered: Coverage, earlier: Coverage) -> bool:
    """Whether every day of before is still covered, for every pool that was told apart then or is now."""
    return all(_within(earlier.of(pool), covered.of(pool)) for pool in ("", *earlier.pools, *covered.pools))


def _within(days: Days, wider: Days) -> bool:
    return joined(days, wider) == wider


def _last_days(covered: Coverage) -> set[object]:
    return {days[-1][1] for pool in ("", *covered.pools) if (days := covered.of(pool))}


WHAT = ("retainer__client__slug", "retainer__key")


def approval_faults() -> Iterator[str]:
    yield from _confirmed()
    rows = ClientRequest.objects.select_related("retainer__client").order_by("pk")
    for row in portions(rows.filter(may_approve=False, confirmed_at__isnull=False)):
        yield f"{place(row.retainer)}: request {row.pk} was confirmed by who may not approve"
    for row in portions(rows.filter(Q(answered_at=None) ^ Q(answer=None))):
        yield f"{place(row.retainer)}: request {row.pk} has an answer without its moment, or a moment without one"
    for row in portions(rows.filter(top_up__isnull=False).exclude(top_up__retainer=F("retainer"))):
        yield f"{place(row.retainer)}: request {row.pk} was answered with the hours of another agreement"
    for row in portions(rows.exclude(link__client=F("retainer__client"))):
        yield f"{place(row.retainer)}: request {row.pk} came over another client's link"
    twice = ShareLink.objects.filter(replaced_at__lt=F("created_at")) | ShareLink.objects.filter(
        revoked_at__lt=F("created_at")
    )
    for link in portions(twice.select_related("client")):
        yield f"{link.client.slug}: link {link.pk} ended before it was made"


def _confirmed() -> Iterator[str]:
    """Each confirmed request is one approval, and each approval one confirmed request."""
    asked = _counted(
        ClientRequest.objects.filter(confirmed_at__isnull=False),
        "cycle_starts",
        "hours_units",
        "confirmed_at",
    )
    given = _counted(Approval.objects.all(), "cycle", "hours_units", "confirmed_at")
    for (client, key, cycle, *_), count in (asked - given).items():
        yield f"{client}/{key}: hours that were confirmed for the cycle from {cycle} are on no page ({count})"
    for (client, key, cycle, *_), count in (given - asked).items():
        yield f"{client}/{key}: hours are approved for the cycle from {cycle} that nobody confirmed ({count})"


def _counted(rows: QuerySet[Any], *columns: str) -> Counter[tuple[Any, ...]]:
    """A few a year and client: these are counted at once."""
    return Counter(rows.order_by().values_list(*WHAT, *columns).iterator(chunk_size=1000))


def broken_equations(cycles: Sequence[CycleBalance]) -> Iterator[str]:
    """Each equation that does not hold, with its cycle."""
    for cycle in cycles:
        for what in (*_of_figures(cycle), *_of_draws(cycle), *_of_pools(cycle)):
            yield f"in the cycle from {cycle.starts} {what}"
    for closed, following in pairwise(cycles):
        if following.total.carried_in != closed.total.carried_out:
            yield f"the cycle from {following.starts} begins with other hours than the one before it carried"
        if following.total.queued_in != closed.total.queued_out:
            yield f"the cycle from {following.starts} begins with another queue than the one before it left"


def _of_figures(cycle: CycleBalance) -> Iterator[str]:
    for its in (*_accounts(cycle), cycle.total):
        came = its.carried_in + its.allocated + its.topped_up + its.credited
        went = its.queued_in + its.used + its.charged
        if came - went != its.remaining + its.lapsed - its.overage:
            yield "what came in is not what went out and what is left"
        if cycle.closed and its.remaining != (its.carried_out or ZERO) + (its.expired or ZERO):
            yield "what remained was neither carried on nor expired"


def _of_draws(cycle: CycleBalance) -> Iterator[str]:
    if _sum(draw.hours for draw in cycle.draws) != cycle.total.used:
        yield "the log does not add up to the hours used"
    if _sum(use.drawn for use in cycle.used_by_multiplier) != cycle.total.used:
        yield "the hours by multiplier do not add up to the hours used"


def _of_pools(cycle: CycleBalance) -> Iterator[str]:
    if _sum(pool.allocated for pool in cycle.pools) != cycle.total.allocated:
        yield "the pools' hours do not add up to the agreed ones"
    if _sum(pool.used for pool in cycle.pools) != cycle.total.used:
        yield "the pools' hours do not add up to the hours used"


def _accounts(cycle: CycleBalance) -> Iterable[Figures]:
    return () if cycle.sharing == "shared" else [pool.account for pool in cycle.pools if pool.account]


def _sum(hours: Iterable[Decimal]) -> Decimal:
    return sum(hours, ZERO)
