"""The translation memory: words that a person gave, kept for the next time the same title or ticket turns up."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from imports.models import DraftWording, Import, RememberedWording
from imports.reading.rows import Row
from imports.wording.ranks import ticket_key, title_key


def remember(*, row: Row, text: str, by: User | None, at: datetime) -> None:
    """Remember these words for the row's title; for its ticket where it has no title."""
    kind, key = RememberedWording.Kind.TITLE, title_key(row.title)[:500]
    if not key:
        kind, key = RememberedWording.Kind.TICKET, ticket_key(row.ticket)[:500]
    if key:
        RememberedWording.objects.update_or_create(
            kind=kind, key=key, defaults={"text": text, "given_by": by, "given_at": at}
        )


def carry_drafts(rows: Iterable[Row], *, source: Import, by: User | None, at: datetime) -> None:
    """After a publication the words given in the preview for these rows are the memory's."""
    drafts = {draft.line: draft for draft in DraftWording.objects.filter(draft_of=source).exclude(text="")}
    for row in rows:
        if row.line in drafts:
            remember(row=row, text=drafts[row.line].text, by=by, at=at)
