"""Original files: stored before anything is read, under a random name, the provider's id in the path.

They lie outside of everything that is served; managers download them through a door. Beside an original of an
import in preview stands what was read and planned last (`keep`): it can be made anew at any time.
"""

import hashlib
import os
import uuid
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.actors import actor_of
from accounts.audit import record
from accounts.models import User
from imports.models import Import
from retainers.models import Client

M_MMAP_THRESHOLD = -3  # as <malloc.h> says
LARGE_BLOCK = 2**17  # bytes: where the library begins


@transaction.atomic
def store(
    *,
    data: bytes,
    file_name: str,
    client: Client | None,
    options: dict[str, Any],
    by: User | None,
    at: datetime,
) -> Import:
    """Keep the bytes and the fact that they came; reading is another stage's business."""
    row = Import(
        client=client,
        file_name=clean_name(file_name),
        size=len(data),
        sha256=digest(data),
        uploaded_at=at,
        uploaded_by=by,
        uploaded_with=actor_of(by).key,
        options=options,
    )
    row.original = "pending"
    row.save()
    row.original = _write(data, row.provider_id)
    row.save(update_fields=["original"])
    about = [client.slug] if client else []
    record(by, "uploaded", row.file_name, about=about, size=row.size, import_id=row.pk)
    return row


def digest(data: bytes) -> str:
    """One name for these very bytes."""
    return hashlib.sha256(data).hexdigest()


def load(row: Import) -> bytes:
    """The bytes as they were uploaded."""
    give_large_blocks_back()
    return (settings.ORIGINALS_ROOT / row.original).read_bytes()


@cache
def give_large_blocks_back() -> None:
    """Let each large block of memory go back to the system once it is freed. The C library puts the next ones among all
    the small ones once it has freed a few, and there a file's text keeps its place until the process ends.
    """
    import ctypes  # for this alone

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc has it
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def keep(row: Import, data: bytes) -> None:
    """Put what was made of the original beside it, in place of what was kept before."""
    _put(_kept(row), data)


def kept(row: Import) -> bytes | None:
    """What was kept beside the original, if anything is."""
    try:
        return _kept(row).read_bytes()
    except FileNotFoundError:
        return None


def keep_as_unreadable(row: Import) -> None:
    """Nothing could be made of the original: that is what is kept beside it, until a look makes something of it."""
    keep(row, b"")


def is_unreadable(row: Import) -> bool:
    """Whether it could not be read when it was last looked at; not so where nobody has looked, as after a restore."""
    try:
        return not _kept(row).stat().st_size
    except FileNotFoundError:
        return False


def let_go(row: Import) -> None:
    """Keep nothing beside the original any more: the import is published."""
    _kept(row).unlink(missing_ok=True)


def _kept(row: Import) -> Path:
    """Each import has its own, though several may share an original."""
    return (settings.ORIGINALS_ROOT / row.original).with_suffix(f".{row.pk}.kept")


def bring_in(data: bytes, provider_id: int) -> str:
    """Keep a file that comes with a whole provider; where it lies."""
    return _write(data, provider_id)


def _write(data: bytes, provider_id: int) -> str:
    """Write and sync under a name that nobody can guess."""
    relative = Path(str(provider_id)) / f"{uuid.uuid4().hex}.csv"
    _put(settings.ORIGINALS_ROOT / relative, data)
    return relative.as_posix()


def _put(target: Path, data: bytes) -> None:
    """A half-written file never has its final name, and none stays behind where the disk is full."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """The uploader's file name, for showing only: no folders, no control or direction marks.

    >>> clean_name("../../etc/x\\u202egnp.csv")
    'xgnp.csv'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:200] or "file.csv"
