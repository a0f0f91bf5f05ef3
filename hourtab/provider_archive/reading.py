"""An archive of a provider, looked through before anything is made of it: whole, of this release, of one provider."""

import csv
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import Provider
from hourtab.provider_archive.contents import (
    LOGO,
    MANIFEST,
    DamagedError,
    Manifest,
    archived,
    columns,
    path_of,
    value_of,
)

LARGEST_CELL = 64 * 1024 * 1024
PORTION = 1024 * 1024


class Archive:
    """An archive that was looked through; all of its rows bear the key of its provider."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zipped = zipped
        self._number: int | None = None
        self.manifest = Manifest.read(self._text(MANIFEST))
        self._look_through()
        found = list(self.rows(Provider))
        if len(found) != 1:
            raise DamagedError(f"it holds {len(found)} providers, and should hold one")
        self._number = found[0]["id"]
        self.logo = self._zipped.read(LOGO) if self.manifest.logo else b""

    @property
    def number(self) -> int:
        """The provider's key."""
        if self._number is None:
            raise DamagedError("it names no provider")
        return self._number

    def rows(self, model: type[models.Model]) -> Iterator[dict[str, Any]]:
        """The rows of the model's table, in the order of their keys: the value of each column by its name."""
        fields = columns(model)
        with self._zipped.open(path_of(model)) as file:
            reader = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
            names = next(reader, [])
            if names != [each.attname for each in fields]:
                raise DamagedError(f"{path_of(model)} has the columns of another release of HourTab")
            for cells in reader:
                yield self._row(model, fields, cells)

    def original(self, number: int) -> bytes | None:
        """The file of the import with that key; None where the archive has none."""
        kept = self.manifest.originals.get(str(number))
        return self._zipped.read(f"originals/{number}.csv") if kept else None

    def _row(self, model: type[models.Model], fields: list[Any], cells: list[str]) -> dict[str, Any]:
        try:
            pairs = zip(fields, cells, strict=True)
            row = {field.attname: value_of(field, cell) for field, cell in pairs}
        except (ValueError, ValidationError) as error:
            raise DamagedError(
                f"{path_of(model)} has a row that can't be read: {','.join(cells)[:80]}"
            ) from error
        if row.get("provider_id", self._number) != self._number:
            raise DamagedError(f"{path_of(model)} has a row of another provider")
        return row

    def _text(self, name: str) -> str:
        try:
            return self._zipped.read(name).decode()
        except KeyError as error:
            raise DamagedError(f"{name} is not in it") from error

    def _look_through(self) -> None:
        """Every file is there and is what the list of contents says of it."""
        tables, names = self.manifest.tables, [model._meta.db_table for model in archived()]
        if sorted(tables) != sorted(names):
            raise DamagedError("its tables are those of another release of HourTab")
        wanted = {f"tables/{name}.csv": table.sha256 for name, table in tables.items()}
        wanted |= {f"originals/{key}.csv": mark for key, mark in self.manifest.originals.items() if mark}
        wanted |= {LOGO: self.manifest.logo} if self.manifest.logo else {}
        for name, mark in wanted.items():
            if self._digest_of(name) != mark:
                raise DamagedError(f"{name} is not what was exported")

    def _digest_of(self, name: str) -> str:
        try:
            with self._zipped.open(name) as file:
                return _digest(file)
        except KeyError as error:
            raise DamagedError(f"{name} is not in it") from error


def _digest(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    while portion := file.read(PORTION):
        found.update(portion)
    return found.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The archive, looked through. Raises `DamagedError`, and OSError where the file can't be read."""
    csv.field_size_limit(LARGEST_CELL)
    try:
        with zipfile.ZipFile(path) as zipped:
            yield Archive(zipped)
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, EOFError) as error:
        raise DamagedError(str(error) or "it can't be unpacked") from error
