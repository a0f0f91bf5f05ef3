"""The translation memory: words that a person gave, kept for the next time the same title or ticket turns up."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports.models import DraftWording, Import, RememberedWording
from imports.reading.rows import Row
from imports.wording.ranks import ticket_key, title_key
from retainers.gate.letting import let_words
from retainers.models import Client, StaffName

SHOWN_KEY = 80
LONGEST_NAME = StaffName._meta.get_field("name").max_length or 200


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


def keep_let_through(
    lines: Iterable[tuple[int, int, str | None]], *, source: Import, by: User | None, at: datetime
) -> None:
    """After a publication the words that were let through in the preview stay so, each at its client.

    `lines`: the key of the client, the line, and its words.
    """
    drafts = {draft.line: draft for draft in DraftWording.objects.filter(draft_of=source)}
    for client, line, text in lines:
        draft = drafts.get(line)
        if draft and draft.let_through and draft.let_through == text:
            named = Client.objects.get(pk=client)
            let_words(text=draft.let_through, client=named, by=draft.given_by or by, at=at)


def remember_staff(names: Iterable[str]) -> None:
    """From now on the gate knows these people by name, in every text of the provider."""
    said = {" ".join(name.split())[:LONGEST_NAME] for name in names} - {""}
    new = said - set(StaffName.objects.values_list("name", flat=True))
    StaffName.objects.bulk_create([StaffName(name=name) for name in sorted(new)], ignore_conflicts=True)


@transaction.atomic
def correct(*, row: RememberedWording, text: str, by: User | None, at: datetime) -> bool:
    """Other words for it from now on, whether they are others; lines that are published keep theirs."""
    now = RememberedWording.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
    if now is None or now.text == text:
        return False
    record(by, "remembered words corrected", now.key[:SHOWN_KEY], was=now.text, text=text)
    now.text, now.given_by, now.given_at = text, by, at
    now.save(update_fields=["text", "given_by", "given_at"])
    return True


@transaction.atomic
def forget(*, row: RememberedWording, by: User | None) -> bool:
    """From now on nothing is remembered for it, whether anything was; lines that are published keep their words."""
    gone, _models = RememberedWording.objects.filter(pk=row.pk).delete()
    if gone:
        record(by, "remembered words forgotten", row.key[:SHOWN_KEY], was=row.text)
    return bool(gone)
