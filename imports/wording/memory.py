"""The translation memory: words that a person gave, kept for the next time the same title or ticket turns up."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports.models import DraftWording, Import, RememberedWording
from imports.reading.rows import Row
from imports.wording.ranks import ticket_key, title_key
from retainers.gate.letting import let_lines
from retainers.models import StaffName

SHOWN_KEY = 80
BATCH = 500
LONGEST_NAME = StaffName._meta.get_field("name").max_length or 200


def remember(*, rows: Iterable[Row], text: str, by: User | None, at: datetime) -> None:
    """Remember these words for the title of each row; for its ticket where it has no title."""
    _remember_all([(row, text) for row in rows], by, at)


def are_remembered(rows: Iterable[Row], text: str) -> bool:
    """Whether these very words are remembered for the title or ticket of each of the rows that has one."""
    known = RememberedWording.objects.filter(text=text)
    return all(known.filter(kind=kind, key=key).exists() for kind, key in map(_under, rows) if key)


def _remember_all(worded: Iterable[tuple[Row, str]], by: User | None, at: datetime) -> None:
    """The same for rows with words of their own, in one query: of rows under one title the last one's words."""
    texts = {under: text for row, text in worded if (under := _under(row))[1]}
    RememberedWording.objects.bulk_create(
        (
            RememberedWording(kind=kind, key=key, text=text, given_by=by, given_at=at)
            for (kind, key), text in sorted(texts.items())
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["provider", "kind", "key"],
        update_fields=["text", "given_by", "given_at"],
    )


def _under(row: Row) -> tuple[str, str]:
    """What the words of that row are remembered under."""
    title = title_key(row.title)[:500]
    if title:
        return RememberedWording.Kind.TITLE, title
    return RememberedWording.Kind.TICKET, ticket_key(row.ticket)[:500]


def carry_drafts(
    lines: Iterable[tuple[int, Row, str | None]], *, source: Import, by: User | None, at: datetime
) -> None:
    """After a publication what was said of these rows in the preview is kept: the words that were given are the
    memory's, and those that were let through stay so, each at its client.

    `lines`: the key of the client, the row, and the words that it got.
    """
    drafts = {draft.line: draft for draft in DraftWording.objects.filter(draft_of=source)}
    if not drafts:
        return
    drafted = [(client, row, text, drafts[row.line]) for client, row, text in lines if row.line in drafts]
    _remember_all(((row, draft.text) for _client, row, _text, draft in drafted if draft.text), by, at)
    let = [
        (client, text, draft.given_by_id)
        for client, _row, text, draft in drafted
        if text and draft.let_through == text
    ]
    let_lines(let, by=by, at=at)


def remember_staff(names: Iterable[str]) -> None:
    """From now on the gate knows these people by name, in every text of the provider; most it knows already."""
    said = {" ".join(name.split())[:LONGEST_NAME] for name in names} - {""}
    StaffName.objects.bulk_create([StaffName(name=name) for name in sorted(said)], ignore_conflicts=True)


@transaction.atomic
def correct(*, row: RememberedWording, text: str, by: User | None, at: datetime) -> bool:
    """Other words for it from now on, whether they are others; lines that are published keep theirs."""
    now = RememberedWording.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
    if now is None or now.text == text:
        return False
    was = now.text
    now.text, now.given_by, now.given_at = text, by, at
    now.save(update_fields=["text", "given_by", "given_at"])
    record(by, "remembered words corrected", now.key[:SHOWN_KEY], was=was, text=text)
    return True


@transaction.atomic
def forget(*, row: RememberedWording, by: User | None) -> bool:
    """From now on nothing is remembered for it, whether anything was; lines that are published keep their words."""
    gone, _models = RememberedWording.objects.filter(pk=row.pk).delete()
    if gone:
        record(by, "remembered words forgotten", row.key[:SHOWN_KEY], was=row.text, number=row.pk)
    return bool(gone)
