"""From when on to export: where the earliest cycle begins that late entries may still change."""

from datetime import date

from django.utils.translation import gettext as _

from accounts.access import today_at, zone_of
from accounts.models import Provider
from presentation import days, phrases
from retainers.closings import open_since
from retainers.selectors import retainers_of


def export_from(provider: Provider) -> str:
    """The sentence of the upload page; "" while nobody has an agreement that has begun."""
    rows = list(retainers_of())
    opened = open_since(rows, today_at(provider), zone_of(provider))
    by_day: dict[date, set[str]] = {}
    for row in rows:
        if row.pk in opened:
            by_day.setdefault(opened[row.pk], set()).add(row.client.name)
    if not by_day:
        return ""
    first, *later = sorted(by_day)
    words = {"day": days.full_day(first)}
    if not later:
        return _("Export from %(day)s on: what is before it is settled.") % words
    words |= {"clients": phrases.some(sorted(by_day[first])), "other": days.full_day(later[0])}
    return _("Export from %(day)s on, for %(clients)s; for the others %(other)s is early enough.") % words
