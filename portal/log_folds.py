"""A long log, folded: a line for each day that opens, under months where the days are many.

Six hundred lines are found through and not scrolled through. Nothing here needs script.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.utils.translation import ngettext

from portal.log_days import Day, Placed, Telling, days, sum_of
from presentation.days import full_month, long_date
from presentation.phrases import column

SHORT = 40  # lines that are read as they stand
FEW_DAYS = 35  # days that need no months above them
GLANCE = 10  # lines that stand open without pushing the rest away


@dataclass(frozen=True, slots=True)
class Fold:
    """A day, or a month of days (`folds`); the newest stands open where it is short."""

    title: str
    count: str
    hours: str
    changed: str
    is_open: bool
    days: tuple[Day, ...] = ()
    folds: tuple["Fold", ...] = ()


def folds(entries: Sequence[Placed], telling: Telling) -> tuple[Fold, ...]:
    """The entries, newest first, folded; none where they are few."""
    if len(entries) <= SHORT:
        return ()
    if len({each.day for each in entries}) <= FEW_DAYS:
        return _by_day(entries, telling)
    months = groupby(entries, key=lambda each: each.day.replace(day=1))
    return _first_open(_month(first, tuple(own), telling) for first, own in months)


def _by_day(entries: Sequence[Placed], telling: Telling) -> tuple[Fold, ...]:
    by_day = groupby(entries, key=lambda each: each.day)
    return _first_open(_fold(long_date(day), tuple(own), telling) for day, own in by_day)


def _month(first: date, own: Sequence[Placed], telling: Telling) -> Fold:
    if len(own) <= SHORT:
        return _fold(full_month(first), own, telling)
    return _fold(full_month(first), own, telling, folds=_by_day(own, telling))


def _fold(title: str, own: Sequence[Placed], telling: Telling, folds: tuple[Fold, ...] = ()) -> Fold:
    count = len(own)
    changed = sum(1 for each in own if each.entry.corrected_on)
    words = ngettext("%(count)s line changed", "%(count)s lines changed", changed) % {"count": changed}
    return Fold(
        title=title,
        count=ngettext("%(count)s entry", "%(count)s entries", count) % {"count": count},
        hours=column(sum_of(own)),
        changed=words if changed else "",
        is_open=False,
        days=() if folds else days(own, telling),
        folds=folds,
    )


def _first_open(found: Iterable[Fold]) -> tuple[Fold, ...]:
    first, *others = found
    lines = sum(len(day.lines) for day in first.days)
    return (replace(first, is_open=lines <= GLANCE), *others)
