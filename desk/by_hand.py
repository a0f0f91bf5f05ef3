"""Hours by hand: a form and a paste box for a client without a tracker, up to the preview that every file has.

Text that was pasted from a sheet, a mail or a note is split into cells, and not read any further.
"""

import csv
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Self

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import manager, the_member, theirs, today_at, zone_of
from imports.by_hand import HandRow, store_by_hand, typed_in, uploads_by_hand
from imports.models import Import
from imports.originals import load
from imports.publishing.answers import ClosedError
from imports.publishing.options import Options
from imports.publishing.reopen import discard
from retainers.closings import open_since
from retainers.models import Client
from retainers.selectors import retainers_of, standings

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

    @classmethod
    def again(cls, rows: Iterable[HandRow], starts: date | None, through: date | None) -> Self:
        """What was sent before, to be corrected: as lines of the paste box, which hold what no field of a day can."""
        lines = ("\t".join(getattr(row, name) for name in ORDER).rstrip() for row in rows if not row.start)
        typed = tuple(row for row in rows if row.start)
        first, last = (day.isoformat() if day else "" for day in (starts, through))
        return cls(secrets.token_hex(6), typed, "\n".join(lines), first, last)

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
            yield _("That’s more than 500 lines. Please upload them as a file.")
            return
        if not rows:
            yield _("Type or paste at least one entry.")
        if any(_lacks(row) for row in self.typed):
            yield _("Each entry needs a day and its hours.")
        yield from self._errors_of_span()

    def _errors_of_span(self) -> Iterable[str]:
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


ORDER = ("date", "hours", "work", "technician", "ticket", "work_type")
HEADS = frozenset({"date", "day", "datum", "hours", "stunden"})
MOST_LINES = 500


class TooManyLinesError(Exception):
    """More than a paste box is for."""


def rows_in(text: str) -> tuple[HandRow, ...]:
    """Each line as a row: date, hours, work done, then technician, ticket and work type where they stand.

    Columns are parted by tabs, else by semicolons, else by commas; a line of headings and blank lines are passed
    over. Raises `TooManyLinesError`.

    >>> [(row.date, row.hours, row.work) for row in rows_in("2026-11-27; 1,5; Moved a desk")]
    [('2026-11-27', '1,5', 'Moved a desk')]
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise TooManyLinesError
    cells = list(csv.reader(lines, delimiter=_parted_by(lines), skipinitialspace=True))
    return tuple(_row(each) for number, each in enumerate(cells) if number or not _is_heading(each))


def _parted_by(lines: Sequence[str]) -> str:
    return next((mark for mark in "\t;" if any(mark in line for line in lines)), ",")


def _is_heading(cells: Sequence[str]) -> bool:
    return bool({cell.strip().casefold() for cell in cells[:2]} & HEADS)


def _row(cells: Sequence[str]) -> HandRow:
    said = dict(zip(ORDER, (cell.strip() for cell in cells), strict=False))
    return HandRow(**{"date": "", "hours": "", **said})


INVALID = 422
LONGEST_NUMBER = 18


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def by_hand(request: HttpRequest, slug: str) -> HttpResponse:
    """Type or paste entries; what comes of them is looked at before anything is published."""
    client: Client = theirs(Client, slug=slug)
    before = _to_correct(request, client)
    if request.method != "POST":
        return _page(request, client, _sent_before(before) or HandForm.empty(*_uncovered(request, client)))
    form = HandForm.read(request.POST)
    if form.errors():
        return _page(request, client, form, INVALID)
    source = store_by_hand(
        rows=form.rows(),
        client=client,
        sent=form.sent,
        starts=day_of(form.starts),
        through=day_of(form.through),
        by=the_member(request).user,
        at=timezone.now(),
    )
    if before is not None and before.pk != source.pk:
        with suppress(ClosedError):
            discard(source=before, by=the_member(request).user)
    return redirect("import", pk=source.pk)


def _to_correct(request: HttpRequest, client: Client) -> Import | None:
    """The upload in preview that this form takes the place of, as the page's address says."""
    asked = request.GET.get("again", "")
    if not asked.isdecimal() or len(asked) > LONGEST_NUMBER:
        return None
    return uploads_by_hand(client).filter(pk=int(asked)).first()


def _sent_before(source: Import | None) -> HandForm | None:
    if source is None:
        return None
    options = Options.read(source.options)
    return HandForm.again(typed_in(load(source)), options.starts, options.through)


def _uncovered(request: HttpRequest, client: Client) -> tuple[date | None, date]:
    """The days that nothing speaks for yet: from after the last covered one, or the open cycle's first, to today."""
    provider = the_member(request).provider
    today, rows = today_at(provider), list(retainers_of([client.slug]))
    covered = [each.freshness.through for each in standings(rows, on=today, zone=zone_of(provider))]
    known = [day for day in covered if day]
    if known:
        return min(max(known) + timedelta(days=1), today), today
    return min(open_since(rows, today, provider).values(), default=None), today


def _page(request: HttpRequest, client: Client, form: HandForm, status: int = 200) -> HttpResponse:
    shown = {"client": client, "form": form, "errors": form.errors() if status == INVALID else ()}
    return render(request, "imports/by_hand.html", shown, status=status)
