"""Makes a backup: one moment of the database while everybody goes on working, and every original that it names.

It gets its name when it is whole and was read through again; whatever goes wrong before leaves nothing behind.
"""

import fcntl
import hmac
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.database import one_moment
from accounts.tenancy import all_tenants
from hourtab.backing_up import archive, postgres, sqlite
from hourtab.backing_up.archive import Manifest
from hourtab.backing_up.retention import Retention, outdated
from imports.models import Import

ORIGINALS = "originals"
STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"hourtab-(\d{8}T\d{6}Z)\.tar\.gz")
ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}
KEYS = ("SECRET_KEY", "HOURTAB_LINK_KEY")


class UnderWayError(Exception):
    """Another backup is being made in that folder."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read through; `missing` are originals that the database names and the disk has not."""

    path: Path
    manifest: Manifest
    missing: tuple[str, ...]


def make(folder: Path, at: datetime) -> Made:
    """A new backup in the folder, named for its moment."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder), _begun(folder) as work:
        manifest = Manifest(connection.vendor, at.astimezone(UTC).strftime(STAMP), [], {}, marks_of_keys())
        with one_moment(), all_tenants("a backup holds everybody's rows"):
            files = list(ENGINES[connection.vendor].dump(work, manifest))
            manifest.migrations = sorted(map(list, MigrationRecorder(connection).applied_migrations()))
            originals = _originals()
        there = {name: path for name, path in originals.items() if path.is_file()}
        part = work / "backup"
        with part.open("wb") as target:
            archive.write(target, iter((*files, *there.items())), manifest)
            target.flush()
            os.fsync(target.fileno())
        archive.read_through(part)
        path = folder / f"hourtab-{manifest.made_at}.tar.gz"
        part.rename(path)
        _sync(folder)
    return Made(path, manifest, tuple(_still_named(originals.keys() - there.keys())))


def prune(folder: Path, keep: Retention) -> list[Path]:
    """Delete what the settings don't keep; only files that are called as ours are."""
    found = {path: moment_of(path) for path in folder.iterdir() if moment_of(path)}
    gone = outdated((at for at in found.values() if at), keep)
    removed = sorted(path for path, at in found.items() if at in gone)
    for path in removed:
        path.unlink()
    return removed


def moment_of(path: Path) -> datetime | None:
    """When that backup was made, by its name; None for any other file."""
    named = NAME.fullmatch(path.name)
    return datetime.strptime(named[1], STAMP).replace(tzinfo=UTC) if named else None


def marks_of_keys() -> dict[str, str]:
    """By which a key is recognised again, and from which nobody can tell it: the keys themselves stay out."""
    return {
        name: hmac.digest(getattr(settings, name).encode(), b"hourtab backup", "sha256").hex()[:16]
        for name in KEYS
    }


def _originals() -> dict[str, Path]:
    with all_tenants("a backup holds everybody's originals"):
        names = Import.objects.order_by("original").values_list("original", flat=True).distinct()
        return {f"{ORIGINALS}/{name}": settings.ORIGINALS_ROOT / name for name in names}


def _still_named(names: set[str]) -> Iterator[str]:
    """Those that are missing although no provider was deleted meanwhile."""
    return iter(sorted(names & _originals().keys())) if names else iter(())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UnderWayError from error
        yield


@contextmanager
def _begun(folder: Path) -> Iterator[Path]:
    """A folder to work in, gone afterwards; so is what a killed process left, as nobody else is at work."""
    for left in folder.glob("hourtab-*.part"):
        shutil.rmtree(left)
    work = Path(tempfile.mkdtemp(prefix="hourtab-", suffix=".part", dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
