"""Makes an installation of a backup: read through first, then originals, database, and a look at everything."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.models import OpenSession, Provider, User
from accounts.providers import all_of_them
from accounts.tenancy import all_tenants
from hourtab.backing_up import archive
from hourtab.backing_up.archive import MANIFEST, PORTION, DamagedError, Manifest
from hourtab.backing_up.making import ENGINES, ORIGINALS, marks_of_keys
from hourtab.verifying.walk import Looked, verified

SPOKEN = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class NotRestoredError(Exception):
    """Nothing was changed; `lines` say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def opened(path: Path, *, other_keys: bool = False) -> Manifest:
    """The backup's list of contents, once all of it was read and fits this installation."""
    try:
        manifest = archive.read_through(path)
    except DamagedError as error:
        raise NotRestoredError(f"{path} isn't a complete backup: {error}.") from error
    except OSError as error:
        raise NotRestoredError(f"{path} can't be read: {error.strerror}.") from error
    _refuse_what_does_not_fit(manifest, other_keys=other_keys)
    return manifest


def is_in_use() -> bool:
    """Somebody's rows stand here already. Files without a database are the originals of one that was lost."""
    there = set(connection.introspection.table_names())
    with all_tenants("an installation is in use whoever's rows it holds"):
        return any(
            model._meta.db_table in there and model._default_manager.exists() for model in (Provider, User)
        )


def put_back(path: Path, manifest: Manifest) -> Iterator[Looked]:
    """Originals, then the database, brought up to this release; then each chapter of the whole look-through."""
    settings.ORIGINALS_ROOT.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="restore-", suffix=".part", dir=settings.ORIGINALS_ROOT))
    try:
        with archive.reading():
            for name, file in archive.members(path):
                if name != MANIFEST:
                    _place(name, file, work, manifest)
        ENGINES[connection.vendor].load(work, manifest)
    finally:
        shutil.rmtree(work)
    call_command("migrate", verbosity=0)
    for model in (Session, OpenSession):  # who was signed in then need not be today
        model._default_manager.all().delete()
    yield from verified(all_of_them())


def _place(name: str, file: IO[bytes], work: Path, manifest: Manifest) -> None:
    """An original at its place, of which a half never has the name; the database's files into the work folder."""
    is_original = name.startswith(f"{ORIGINALS}/")
    target = settings.ORIGINALS_ROOT / name.removeprefix(f"{ORIGINALS}/") if is_original else work / name
    part = work / "part"
    with part.open("wb") as out:
        digest = hashlib.sha256()
        while portion := file.read(PORTION):
            digest.update(portion)
            out.write(portion)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != manifest.digests.get(name):
        raise NotRestoredError(f"{name} is not what was read a moment ago.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part.rename(target)


def _refuse_what_does_not_fit(manifest: Manifest, *, other_keys: bool) -> None:
    if manifest.engine != connection.vendor:
        raise NotRestoredError(
            f"It is a backup of {SPOKEN.get(manifest.engine, manifest.engine)}, and DATABASE_URL names "
            f"{SPOKEN[connection.vendor]}. Restore it into a database of its own kind."
        )
    known = MigrationLoader(None).disk_migrations
    if any((app, name) not in known for app, name in manifest.migrations):
        raise NotRestoredError("It was made by a newer release of HourTab: install that one first.")
    other = [name for name, mark in marks_of_keys().items() if manifest.keys.get(name) != mark]
    if other and not other_keys:
        raise NotRestoredError(
            f"It was made with another {' and another '.join(other)}: put the old ones into the settings.",
            "--other-keys continues anyway: share links still open but can’t be shown again, and no "
            "second step works any more.",
        )
