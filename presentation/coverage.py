"""Which days the number covers, in sentences: each pool's where they differ, from when on, and what is missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from presentation.days import dated, long_date
from presentation.phrases import hours, listed
from retainers.balance import CycleBalance
from retainers.hours import ZERO

MOST_GAPS = 3  # the newest that are named


@dataclass(frozen=True, slots=True)
class Covered:
    """The facts. `pools`: each pool's key, name and last covered day; None: nothing of it is in yet.

    `starts_on`: the first covered day of the shown cycle where its own first days are in no file. `gaps`: days
    between that no file speaks for. `later_hours`: what is in already of work dated after the covered days.
    `open_until`: until when late entries can change the shown cycle, which is over and complete.
    `of_life`: it is about a prepaid block, which knows no cycle.
    """

    pools: tuple[tuple[str, str, date | None], ...] = ()
    starts_on: date | None = None
    gaps: tuple[tuple[date, date], ...] = ()
    later_hours: Decimal = ZERO
    open_until: date | None = None
    of_life: bool = False


def of_pools(covered: Covered, today: date) -> Iterator[str]:
    """How far each pool is covered, where they differ."""
    if len({through for _key, _name, through in covered.pools}) < 2:
        return
    for _key, name, through in covered.pools:
        values = {"pool": name, "day": day_words(through, today) if through else ""}
        yield (
            _("%(pool)s is covered through %(day)s.") if through else _("No work of %(pool)s is in yet.")
        ) % values


def of_missing(covered: Covered, today: date) -> Iterator[str]:
    """From when on the cycle is covered, and the days between that are in no file."""
    if covered.starts_on:
        words = _("This cycle is covered from %(day)s on: earlier work of it may be missing here.")
        if covered.of_life:
            words = _("Work is covered from %(day)s on: earlier work may be missing here.")
        yield words % {"day": day_words(covered.starts_on, today)}
    if covered.gaps:
        spans = [_span(first, last, today) for first, last in covered.gaps[-MOST_GAPS:]]
        yield _("No update covers %(days)s: work of these days may be missing here.") % {
            "days": listed(spans)
        }


def hours_after(through: date | None, run: Iterable[CycleBalance]) -> Decimal:
    """What the number has of work after the covered days."""
    if through is None:
        return ZERO
    draws = (draw for cycle in run for draw in cycle.draws if draw.reason is None)
    return sum((draw.hours for draw in draws if draw.work.day > through), ZERO)


def of_later(covered: Covered) -> str:
    """What the number has of work after the covered days."""
    if not covered.later_hours:
        return _("Work since then isn’t in this number yet.")
    return _("Of the work since then, %(hours)s h are already in this number.") % {
        "hours": hours(covered.later_hours)
    }


def of_open(covered: Covered, today: date) -> Iterator[str]:
    """Until when a cycle that is over can still change without being restated."""
    if covered.open_until:
        words = _("Late entries can change it until %(day)s.")
        yield words % {"day": day_words(covered.open_until, today)}


def day_words(day: date, today: date) -> str:
    """Tue 1 December; with its year where it is of another one."""
    return long_date(day) if day.year == today.year else dated(day)


def _span(first: date, last: date, today: date) -> str:
    if first == last:
        return day_words(first, today)
    return _("%(first)s to %(last)s") % {"first": day_words(first, today), "last": day_words(last, today)}
