"""Dates that are told from the day on which the demo was first loaded.

`@M-2` is the first and `@E-2` the last day of the month two months before, `@D-30` a day 30 days before.
`@C19-2` counts in cycles: the day of the month that lay 19 days before (the 28th at most, so that every
month has it), two months before that; `@C19+1` a month after. `+9d` or `-1d` moves any of them; `#C19` is
that day of the month as a number.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models.signals import post_init

from accounts.models import AuditEvent, OutboxMail

DAY = timedelta(days=1)
_WORD = re.compile(r"@([MEDC])(\d*)([+-]\d+(?![\dd]))?(?:([+-]\d+)d)?")
_LAST_COMMON_DAY = 28


class Calendar:
    """Reads the demo's dates, counted from `first`: the local day on which it was first loaded."""

    def __init__(self, first: date) -> None:
        self.first = first

    def read(self, word: str) -> date:
        """The date that a word means.

        >>> Calendar(date(2026, 11, 23)).read("@C19-2+1d").isoformat()
        '2026-09-05'
        """
        match = _WORD.fullmatch(word)
        if match is None:
            raise ValueError(f"“{word}” isn't a date of the demo: write it like @M-2, @D-30 or @C19-2+3d")
        sort, age, steps, moved = match.groups()
        return self._base(sort, int(age or 0), int(steps or 0)) + int(moved or 0) * DAY

    def _base(self, sort: str, age: int, steps: int) -> date:
        if sort == "D":
            return self.first + steps * DAY
        if sort == "C":
            return month_from(self._turn(age), steps)
        month = month_from(self.first.replace(day=1), steps)
        return month if sort == "M" else month.replace(day=monthrange(month.year, month.month)[1])

    def _turn(self, age: int) -> date:
        day = self.first - age * DAY
        return day.replace(day=min(day.day, _LAST_COMMON_DAY))

    def fill(self, value: Any) -> Any:
        """The same document with every such word replaced by its date, or by its day of the month."""
        if isinstance(value, dict):
            return {key: self.fill(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.fill(each) for each in value]
        return self._filled(value) if isinstance(value, str) else value

    def _filled(self, text: str) -> str | date | int:
        if text.startswith("@"):
            return self.read(text)
        return self.read("@" + text[1:]).day if text.startswith("#") else text


def month_from(day: date, steps: int) -> date:
    """The same day so many months later, or earlier (below zero); `day` is the 28th at most.

    >>> month_from(date(2026, 2, 15), -3).isoformat()
    '2025-11-15'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + steps, 12)
    return day.replace(year=year, month=month + 1)


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`."""
    for number in range((last - first).days + 1):
        yield first + number * DAY


MARK = "demo: said_at"


@contextmanager
def said_at(moment: datetime) -> Iterator[None]:
    """While this is open, what is recorded in the trail was done at `moment`, and mails were written then."""

    def stamp(instance: AuditEvent | OutboxMail, **kwargs: Any) -> None:
        if instance.pk is None:
            setattr(instance, "at" if isinstance(instance, AuditEvent) else "created_at", moment)

    for sender in (AuditEvent, OutboxMail):
        post_init.connect(stamp, sender=sender, weak=False, dispatch_uid=MARK)
    try:
        yield
    finally:
        for sender in (AuditEvent, OutboxMail):
            post_init.disconnect(sender=sender, dispatch_uid=MARK)
