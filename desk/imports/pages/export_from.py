"""From when on to export: where the earliest cycle begins that late entries may still change."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from accounts.access import today_at
from accounts.models import Provider
from imports.publishing.plan import Plan
from presentation import days, phrases
from retainers.closings import open_since
from retainers.coverage import LONG_GAP
from retainers.selectors import retainers_of


def export_from(provider: Provider) -> str:
    """The sentence of the upload page; "" while nobody has an agreement that has begun."""
    rows = list(retainers_of())
    opened = open_since(rows, today_at(provider), provider)
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


def late_start(plan: Plan) -> Iterator[str]:
    """One line where a file begins later than that for the clients that it covers.

    The first row's day alone is no late start while fewer than seven days lie before it.
    """
    if plan.starts is None or plan.open_since is None:
        return
    late = (plan.starts - plan.open_since).days
    if late >= (1 if plan.options.starts else LONG_GAP):
        yield _(
            "It begins on %(day)s. Cycles from %(first)s on are not settled:"
            " their entries before that day are not in it."
        ) % {"day": days.full_day(plan.starts), "first": days.full_day(plan.open_since)}
