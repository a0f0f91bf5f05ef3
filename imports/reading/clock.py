"""The time that passed between a start and an end, clock changes included, and which clock a file uses.

Source: domain.md, "Hours of one entry" 7 and "What a file is". An end before its start is past midnight only
where the end's date is not stated.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from imports.reading.values import Moment
from retainers.hours import WORKED_PLACES, ZERO, round_half_up

ANY_DAY = date(2000, 1, 2)  # for times without a day: one on which no clock is changed
_HALF_A_DAY = 12 * 3600
_NOON = 12
_SAME = Decimal("0.1")


class Passed(NamedTuple):
    """Hours from start to end, below zero where the file puts the end first; `end_date`: the day it ended."""

    hours: Decimal
    end_date: date


# the times of day that are known, the day of the end where that is another, how long it is from start to end
TimesOfDay = tuple[time | None, time | None, date | None, Decimal | None]
Days = tuple[date, *TimesOfDay]
DAYS_FIELDS = ("date", "start", "end", "end_date", "elapsed")


def on_day(day: date, start: Moment, end: Moment, zone: tzinfo, *, is_halved: bool) -> Days:
    """What start and end come to for work that began on `day`."""
    span = passed(day, start, end, zone, is_halved=is_halved)
    elapsed = span.hours if span else None
    if is_halved:  # nobody knows which half of the day
        return day, None, None, None, elapsed
    return day, start.at, end.at, span.end_date if span and span.end_date != day else None, elapsed


def on_usual_days(start: Moment, end: Moment, zone: tzinfo, *, is_halved: bool) -> TimesOfDay | None:
    """What they come to on every usual day; None where they name a day, or end on the next one."""
    if start.day or end.day:
        return None
    _any, at, until, end_date, elapsed = on_day(ANY_DAY, start, end, zone, is_halved=is_halved)
    return None if end_date else (at, until, None, elapsed)


def worked_until(ended: datetime, worked: Decimal | None) -> Days:
    """The day and times of work that ended at `ended`; a correction (below zero) moves nothing."""
    started = ended - timedelta(seconds=int(max(worked or ZERO, ZERO) * 3600))
    end_date = ended.date() if ended.date() != started.date() else None
    return started.date(), started.time(), ended.time(), end_date, None


def passed(day: date, start: Moment, end: Moment, zone: tzinfo, *, is_halved: bool = False) -> Passed | None:
    """The time from `start` to `end`, of which `day` is the start's; None where a time is missing.

    `is_halved`: times of a twelve-hour clock without AM and PM, so that only the difference is known.
    """
    if start.at is None or end.at is None:
        return None
    return _passed(day, start, end, zone, is_halved)


@lru_cache(maxsize=20_000)
def is_usual(day: date, zone: tzinfo) -> bool:
    """Whether no clock is changed on that day and the next: the time between start and end is that of any usual day."""
    since = _offset(day, zone)
    return all(_offset(day + timedelta(days=later), zone) == since for later in (1, 2))


@lru_cache(maxsize=20_000)
def _passed(day: date, start: Moment, end: Moment, zone: tzinfo, is_halved: bool) -> Passed | None:
    if start.at is None or end.at is None:
        return None
    if start.instant and end.instant:
        return Passed(_hours(int((end.instant - start.instant).total_seconds())), end.day or day)
    begins, ends = datetime.combine(day, start.at), datetime.combine(end.day or day, end.at)
    if is_halved:
        return Passed(_hours(_on_half_a_day(begins, ends)), ends.date())
    return _on_the_wall(begins, ends, zone, is_dated=end.day is not None)


def _on_half_a_day(begins: datetime, ends: datetime) -> int:
    """Seconds on a clock that goes round twice a day."""
    seconds = int((ends - begins).total_seconds())
    return seconds % _HALF_A_DAY if abs(seconds) < 2 * _HALF_A_DAY else seconds


def _on_the_wall(begins: datetime, ends: datetime, zone: tzinfo, *, is_dated: bool) -> Passed:
    """An end before the start is past midnight, unless its day is said."""
    seconds = _between(begins, ends, zone)
    if seconds < 0 and not is_dated:
        ends += timedelta(days=1)
        seconds = _between(begins, ends, zone)
    return Passed(_hours(seconds), ends.date())


def _between(begins: datetime, ends: datetime, zone: tzinfo) -> int:
    """Seconds on the clock of the zone; an end in the hour that a night repeats may be its second one."""
    wall = int((ends - begins).total_seconds())
    if _offset(begins.date(), zone) == _offset(ends.date() + timedelta(days=1), zone):
        return wall
    since = begins.replace(tzinfo=zone).astimezone(UTC)
    seconds = int((ends.replace(tzinfo=zone).astimezone(UTC) - since).total_seconds())
    if seconds >= 0:
        return seconds
    again = int((ends.replace(tzinfo=zone, fold=1).astimezone(UTC) - since).total_seconds())
    return again if again >= 0 else wall


@lru_cache(maxsize=4_000)
def _offset(day: date, zone: tzinfo) -> timedelta | None:
    """How far the zone's clock is from UTC at a day's beginning."""
    return datetime.combine(day, time(0), zone).utcoffset()


@lru_cache(maxsize=4_000)
def _hours(seconds: int) -> Decimal:
    return round_half_up(Decimal(seconds) / 3600, WORKED_PLACES) + ZERO


class Shift(NamedTuple):
    """A row's times as its clock shows them; `worked`: what its column of hours says, where it has one."""

    start: Moment
    end: Moment
    worked: Decimal | None = None


def is_halved(shifts: Iterable[Shift]) -> bool | None:
    """Whether a file's times are of a twelve-hour clock without AM and PM; None: nothing says so, and it matters.

    An hour past twelve, or none, proves the other clock; where no row's end comes before its start, both
    clocks give the same hours.
    """
    turned: list[Shift] = []
    for shift in shifts:
        if _tells_half(shift.start) or _tells_half(shift.end):
            return False
        if _is_turned(shift):
            turned.append(shift)
    return _by_hours(turned) if turned else False


def _tells_half(moment: Moment) -> bool:
    """Whether it is plain which half of the day it is in."""
    if moment.instant or moment.is_halved:
        return True
    return moment.at is not None and (moment.at.hour > _NOON or moment.at.hour == 0)


def _is_turned(shift: Shift) -> bool:
    start, end = shift.start, shift.end
    if start.at is None or end.at is None or start.at <= end.at:
        return False
    return start.day is None or end.day is None or start.day == end.day


def _by_hours(turned: Sequence[Shift]) -> bool | None:
    said = [shift for shift in turned if shift.worked is not None]
    if not said:
        return None
    fits = sum(abs(_by_half_days(shift) - (shift.worked or ZERO)) <= _SAME for shift in said)
    return fits * 2 > len(said)


def _by_half_days(shift: Shift) -> Decimal:
    start, end = shift.start.at or time(0), shift.end.at or time(0)
    seconds = (end.hour - start.hour) * 3600 + (end.minute - start.minute) * 60 + end.second - start.second
    return _hours(seconds % _HALF_A_DAY)
