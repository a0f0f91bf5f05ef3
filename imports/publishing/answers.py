"""Where what was said of an import in preview is kept: on the import, and only until it is published."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports.models import DraftWording, Import
from imports.publishing.options import Options
from retainers.models import Client


class ClosedError(Exception):
    """The import is no longer in preview: its choices are made."""


@transaction.atomic
def change_options(*, source: Import, change: Callable[[Options], Options]) -> None:
    """Keep options of an import in preview. Raises `ClosedError` once it is published."""
    row = lock_open(source)
    save_options(row, change(Options.read(row.options)))
    source.refresh_from_db()


@transaction.atomic
def give_to(*, source: Import, client: Client | None, by: User | None) -> None:
    """The file is for that client alone; None: for all clients in it. Raises `ClosedError` once it is published."""
    row = lock_open(source)
    if row.client_id != (client.pk if client else None):
        about = [each.slug for each in (row.client, client) if each]
        row.client = client
        row.save(update_fields=["client"])
        record(by, "file given to a client", row.file_name, about=about, import_id=row.pk)
    source.refresh_from_db()


def save_options(row: Import, options: Options) -> None:
    row.options = options.document()
    row.save(update_fields=["options"])


def lock_open(source: Import) -> Import:
    """The import, locked, while it is in preview."""
    row: Import = Import.objects.select_for_update(no_key=True).get(pk=source.pk)
    if row.state != Import.State.UPLOADED:
        raise ClosedError
    return row


def drafts_of(source: Import) -> dict[int, DraftWording]:
    """The words that were given in its preview, by line."""
    return {draft.line: draft for draft in DraftWording.objects.filter(draft_of=source)}


def said_of(source: Import, drafts: Mapping[int, DraftWording]) -> str:
    """One name for what was said of this import: its options, and the words given in its preview."""
    return said_with(source, words_said(drafts))


def words_said(drafts: Mapping[int, DraftWording]) -> str:
    """One name for these words alone."""
    words = [(line, draft.text, draft.let_through) for line, draft in sorted(drafts.items())]
    return sha256(repr(words).encode()).hexdigest()


def said_with(source: Import, words: str) -> str:
    """One name for the import's options, and words of that name."""
    return sha256(repr((sorted(source.options.items()), words)).encode()).hexdigest()
