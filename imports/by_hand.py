"""Hours that a person types or pastes, for a client whom no tracker covers: written as a file, kept as an upload.

From there they go the way of every export: preview, questions, leak check, publication, undo. A file by hand only
adds: what it doesn't name stays. The words typed for the client are a person's own, so they need no second look in
the wording queue, and pass the leak check like any others.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from imports import originals
from imports.models import DraftWording, Import
from imports.publishing.options import Options
from imports.reading.formats.by_hand import COLUMNS, FORMAT
from retainers.models import Client

FIRST_LINE = 2  # of the file: the first one holds the headers
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class HandRow:
    """One entry as it was typed; what can't be read is for the preview to say."""

    date: str
    hours: str
    work: str = ""
    start: str = ""
    technician: str = ""
    ticket: str = ""
    work_type: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.date or self.hours or self.work)


def written(rows: Sequence[HandRow], *, sent: str) -> bytes:
    """The rows as the file that is kept. `sent` names the form, so that the same form sent twice is the same file.

    >>> print(written([HandRow("2026-11-27", "1:30", "Moved a desk")], sent="4f").decode())
    By hand,Date,Start,Hours,Billable hours,Work done,Technician,Ticket,Work type
    4f-1,2026-11-27,,1:30,1:30,Moved a desk,,,
    <BLANKLINE>
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS.values())
    for number, row in enumerate(rows, 1):
        plain = (
            row.date,
            row.start,
            row.hours,
            row.hours,
            row.work,
            row.technician,
            row.ticket,
            row.work_type,
        )
        writer.writerow((f"{sent}-{number}", *(" ".join(text.split()) for text in plain)))
    return out.getvalue().encode()


def typed_in(data: bytes) -> tuple[HandRow, ...]:
    """The rows of a file that `written` made, as they were typed.

    >>> rows = (HandRow("2026-11-27", "1:30", "Moved a desk", ticket="T7"),)
    >>> typed_in(written(rows, sent="4f")) == rows
    True
    """
    names = [("work" if name == "title" else name, column) for name, column in COLUMNS.items()]
    kept = [(name, column) for name, column in names if name not in ("entry_id", "worked", "billable")]
    return tuple(
        HandRow(hours=cells[COLUMNS["worked"]], **{name: cells[column] for name, column in kept})
        for cells in csv.DictReader(StringIO(data.decode()))
    )


@transaction.atomic
def store_by_hand(
    *,
    rows: Sequence[HandRow],
    client: Client,
    sent: str,
    starts: date | None,
    through: date | None,
    by: User | None,
    at: datetime,
) -> Import:
    """Keep the rows as an upload of that client, with their words; the one that this form made before, if it did."""
    data = written(rows, sent=sent)
    before: Import | None = Import.objects.filter(client=client, sha256=originals.digest(data)).first()
    if before is not None:
        return before
    options = Options(format=FORMAT, starts=starts, through=through, ends=through, removals="keep")
    name = f"Hours by hand, {at:%Y-%m-%d}.csv"
    row = originals.store(data=data, file_name=name, client=client, options=options.document(), by=by, at=at)
    DraftWording.objects.bulk_create(
        DraftWording(draft_of=row, line=line, text=each.work[:LONGEST_WORDS], given_by=by)
        for line, each in enumerate(rows, FIRST_LINE)
        if each.work
    )
    return row


def uploads_by_hand(client: Client) -> QuerySet[Import]:
    """What was typed or pasted for that client and is still in preview."""
    rows: QuerySet[Import] = Import.objects.select_related("client", "provider").filter(
        client=client, options__format=FORMAT, state=Import.State.UPLOADED
    )
    return rows
