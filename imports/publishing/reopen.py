"""A preview dropped, or a new one of an original that is there already: of what was held back, refused or undone."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports import originals
from imports.models import DraftWording, Import, SourceRow
from imports.publishing.answers import lock_open
from imports.publishing.options import Options
from retainers.models import Entry


@transaction.atomic
def reopen(*, source: Import, by: User | None, at: datetime) -> Import:
    """A new import of the same stored file. What was decided of it comes along: who is held back, answers, and
    words for lines that are not published (any more). What stands published from it is held back there.
    """
    options = Options.read(source.options)
    standing = source.publications.filter(publication__taken_back_by=None)
    published = set(standing.values_list("client__slug", flat=True))
    row: Import = Import.objects.create(
        client=source.client,
        file_name=source.file_name,
        original=source.original,
        size=source.size,
        sha256=source.sha256,
        uploaded_at=at,
        uploaded_by=by,
        options=replace(options, held=tuple(sorted({*published, *options.held}))).document(),
    )
    _bring_words(source, row)
    about = [row.client.slug] if row.client else []
    record(by, "preview opened again", row.file_name, about=about, import_id=row.pk, of=source.pk)
    return row


def _bring_words(source: Import, row: Import) -> None:
    standing = Entry.objects.filter(retired_in=None).values("origin")
    done = SourceRow.objects.filter(read_in=source, origin__in=standing).values_list("line", flat=True)
    waiting = DraftWording.objects.filter(draft_of=source).exclude(line__in=set(done))
    DraftWording.objects.bulk_create(
        DraftWording(
            draft_of=row,
            line=draft.line,
            text=draft.text,
            let_through=draft.let_through,
            given_by=draft.given_by,
        )
        for draft in waiting
    )


@transaction.atomic
def discard(*, source: Import, by: User | None) -> None:
    """Take the import off the list of what waits. Raises `ClosedError` where it is no longer in preview."""
    row = lock_open(source)
    row.state = Import.State.DISCARDED
    row.save(update_fields=["state"])
    about = [row.client.slug] if row.client else []
    record(by, "preview discarded", row.file_name, about=about, import_id=row.pk)
    transaction.on_commit(lambda: originals.let_go(row))
    source.refresh_from_db()
