"""A preview that nobody wants any more: it waits no longer. Its file stays, and it can be looked at again."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from imports import originals
from imports.models import Import
from imports.publishing.answers import lock_open


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
