"""The ledger: what a page shows is what is alive, and every cycle adds up. One agreement at a time is in memory."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Sum

from accounts.access import today_at, zone_of
from accounts.models import Provider
from hourtab.verifying.places import place
from retainers.agreements import AgreementError
from retainers.always_true import broken
from retainers.hours import WORKED_PLACES, ZERO, to_units
from retainers.kept.reading import is_as_kept
from retainers.models import Entry, Retainer
from retainers.selectors import Standing, retainers_of, standings


def faults(provider: Provider) -> Iterator[str]:
    on, zone = today_at(provider), zone_of(provider)
    for number in list(Retainer.objects.order_by("pk").values_list("pk", flat=True)):
        for retainer in retainers_of().filter(pk=number):
            yield from _of_one(retainer, on, zone)


def _of_one(retainer: Retainer, on: date, zone: ZoneInfo) -> Iterator[str]:
    try:
        (standing,) = standings([retainer], on=on, zone=zone)
    except (AgreementError, ValueError, LookupError, TypeError, ArithmeticError) as error:
        yield f"{place(retainer)}: its balance can't be worked out ({error})"
        return
    if _alive(retainer) != _shown(standing):
        yield f"{place(retainer)}: the newest publication does not show just the entries that are alive"
    for what in broken(standing.cycles):
        yield f"{place(retainer)}: {what}"
    if not is_as_kept(retainer, standing.publication, standing.cycles):
        yield f"{place(retainer)}: the figures kept of its closed cycles are not what its entries come to"


def _alive(retainer: Retainer) -> tuple[int, int]:
    """How many entries nobody has retired, and their worked hours, as the database adds them up."""
    rows = Entry.objects.filter(retainer=retainer, retired_in=None)
    return rows.count(), rows.aggregate(hours=Sum("worked_units"))["hours"] or 0


def _shown(standing: Standing) -> tuple[int, int]:
    worked = sum((work.worked or ZERO for work in standing.works), ZERO)
    return len(standing.works), to_units(worked, WORKED_PLACES)
