"""One file that came into the inbox: stored, and published as far as nothing of it waits for a person.

The inbox acts with a key of its own, so that who did it, what waits and a schedule that falls silent are told as they
are of any program. Revoking the key turns the inbox off; another of that name turns it on again, and says whether it
may publish.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from accounts import keys
from accounts.actors import at_the_command_line, with_key
from accounts.models import ApiKey, Provider
from accounts.tenancy import tenant_scope
from desk.imports.api import publish_or_preview
from desk.imports.unattended import seconds_to_wait
from imports import originals
from imports.models import Import
from imports.publishing.options import Options
from imports.reading.rows import UnreadableFileError

NAME = "Inbox"
ALIVE = (Import.State.UPLOADED, Import.State.PUBLISHED)


class NotTakenError(Exception):
    """The file was not stored, so it has to stay where it is; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """`number` is its import's; `is_done`: it is published, and nothing of it waits for a person."""

    number: int
    is_done: bool


def take_in(provider: Provider, *, data: bytes, file_name: str, came_at: datetime, at: datetime) -> Arrival:
    """Store the file and publish what is safe; all of it is in the database when this returns.

    A file that was stored before and only not put away is not stored again. Raises `NotTakenError`.
    """
    with tenant_scope(provider):
        key = _key(at)
        if seconds_to_wait(key, at):
            raise NotTakenError("too much came in an hour; it is taken later")
        with with_key(key):
            source = _stored_before(key, data, file_name, came_at) or originals.store(
                data=data, file_name=file_name, client=None, options=Options().document(), by=None, at=at
            )
            return Arrival(source.pk, _is_done(source, key))


def _is_done(source: Import, key: ApiKey) -> bool:
    if source.state == Import.State.PUBLISHED:
        return True
    try:
        _plan, needs = publish_or_preview(source, key, publish=True)
    except UnreadableFileError:
        return False
    return source.state == Import.State.PUBLISHED and not needs


def _key(at: datetime) -> ApiKey:
    """The newest key of that name; the first file makes one, whose secret nobody learns."""
    found = ApiKey.objects.select_related("provider").filter(name=NAME).order_by("revoked_at", "-pk")
    key: ApiKey | None = found.filter(revoked_at=None).first()
    if key is None and found.exists():
        raise NotTakenError(f"the inbox is turned off: its key “{NAME}” is revoked")
    if key is None:
        with at_the_command_line("inbox", ""):
            key, _secret = keys.create(name=NAME, scopes=keys.PUSHES, by=None)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def _stored_before(key: ApiKey, data: bytes, file_name: str, came_at: datetime) -> Import | None:
    """The import of this very file, where it was stored since it came."""
    rows = Import.objects.select_related("provider").filter(
        uploaded_with=key,
        state__in=ALIVE,
        sha256=hashlib.sha256(data).hexdigest(),
        file_name=originals.clean_name(file_name),
        uploaded_at__gte=came_at,
    )
    found: Import | None = rows.order_by("-pk").first()
    return found
