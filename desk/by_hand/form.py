"""The form for hours by hand: its rows as they were typed, the days that they speak for, and what is missing."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from desk.by_hand.pasted import TooManyLinesError, rows_in
from imports.by_hand import HandRow

FIRST_ROWS, SPARE, MOST_ROWS = 4, 2, 60
NAMES = tuple(each.name for each in fields(HandRow))
SENT = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class RowInput:
    """One row of the form; `error` says what it lacks."""

    number: int
    row: HandRow
    error: str = ""


@dataclass(frozen=True, slots=True)
class HandForm:
    """`sent` names this one form, so that sending it twice is one upload."""

    sent: str
    typed: tuple[HandRow, ...]
    pasted: str
    starts: str
    through: str

    @classmethod
    def empty(cls, starts: date | None, through: date) -> Self:
        first = starts.isoformat() if starts else ""
        return cls(secrets.token_hex(6), (), "", first, through.isoformat())

    @classmethod
    def read(cls, post: QueryDict) -> Self:
        sent = post.get("sent", "")
        typed = (
            HandRow(**{name: post.get(f"row-{at}-{name}", "").strip() for name in NAMES})
            for at in range(MOST_ROWS)
        )
        return cls(
            sent if SENT.fullmatch(sent) else secrets.token_hex(6),
            tuple(row for row in typed if not row.is_empty),
            post.get("pasted", ""),
            post.get("starts", "").strip(),
            post.get("through", "").strip(),
        )

    def rows(self) -> tuple[HandRow, ...]:
        """What was typed, then what was pasted. Raises `TooManyLinesError`."""
        return (*self.typed, *rows_in(self.pasted))

    def inputs(self) -> tuple[RowInput, ...]:
        """The rows with some empty ones below."""
        more = max(FIRST_ROWS - len(self.typed), SPARE)
        empty = (HandRow("", "") for _number in range(more))
        errors = {at: _lacks(row) for at, row in enumerate(self.typed)}
        return tuple(RowInput(at, row, errors.get(at, "")) for at, row in enumerate((*self.typed, *empty)))

    def errors(self) -> tuple[str, ...]:
        """What keeps the form from being looked at; nothing of it is read any further here."""
        return tuple(self._errors())

    def _errors(self) -> Iterable[str]:
        try:
            rows = self.rows()
        except TooManyLinesError:
            yield _("That is more than 500 lines: upload them as a file.")
            return
        if not rows:
            yield _("Type or paste at least one entry.")
        if any(_lacks(row) for row in self.typed):
            yield _("Each entry needs a day and its hours.")
        for name, text in ((_("From"), self.starts), (_("Through"), self.through)):
            if text and day_of(text) is None:
                yield _("%(name)s: that isn’t a date.") % {"name": name}
        first, last = day_of(self.starts), day_of(self.through)
        if first and last and last < first:
            yield _("The last day is before the first one.")


def _lacks(row: HandRow) -> str:
    if row.date and row.hours:
        return ""
    return _("The hours are missing.") if row.date else _("The day is missing.")


def day_of(text: str) -> date | None:
    """A day as the form sends it; None for nothing, and for what is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
