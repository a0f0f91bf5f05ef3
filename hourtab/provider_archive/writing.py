"""All that a provider has, as one archive. Rows are read and written in portions."""

import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Any

from django.conf import settings
from django.db import models

from accounts.audit import record
from accounts.database import one_moment
from accounts.models import Provider, User
from accounts.tenancy import tenant_scope
from hourtab.provider_archive.contents import (
    LOGO,
    MANIFEST,
    Column,
    Manifest,
    Table,
    archived,
    columns,
    links,
    path_of,
    tenant_models,
    written,
)
from imports.models import Import
from retainers.agreements.writing import write_file
from retainers.standing_file import state

AT_ONCE = 2000
IN_MEMORY = 8 * 1024 * 1024
ABOUT = """\
Everything that HourTab keeps of {name}.

agreements.toml   the provider, its rules, clients and agreements as they are now: manage.py load_retainers reads it
tables/*.csv      every table, a line a row: published entries (also those that were replaced since), grants,
                  publications, versions of agreements, source rows, statements, requests, links (without
                  their secrets), wording, imports, the trail of who did what, members
originals/        the uploaded files, under the number of their import
logo.png          the logo, where there is one
manifest.json     what is in here, with the SHA-256 of each file

manage.py import_provider loads all of it into an empty installation.

Hours in columns that end in _units are whole numbers: ten-thousandths in entries, hundredths elsewhere. A cell that
says \\N has no value, which is not the same as an empty text. An apostrophe before = + - or @ is there so that no
spreadsheet takes the cell for a formula.
"""


def export(provider: Provider, *, by: User | None) -> IO[bytes]:
    """The archive, at its beginning; the caller closes it. All of it is as it was at one moment."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the caller closes it
    with tenant_scope(provider):
        with one_moment(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _write_all(archive, provider)
        record(by, "provider exported", provider.slug)
    out.seek(0)
    return out


def _write_all(archive: zipfile.ZipFile, provider: Provider) -> None:
    provider.refresh_from_db()
    archive.writestr("README.txt", ABOUT.format(name=provider.name))
    archive.writestr("agreements.toml", write_file(state(provider)))
    tables = {
        model._meta.db_table: _write_table(archive, model, _rows(model, provider)) for model in archived()
    }
    originals = {str(pk): _write_original(archive, pk, name) for pk, name in _originals()}
    logo = bytes(provider.logo)
    if logo:
        archive.writestr(LOGO, logo)
    manifest = Manifest(provider.slug, tables, originals, hashlib.sha256(logo).hexdigest() if logo else "")
    archive.writestr(MANIFEST, manifest.text())


def _rows(model: type[models.Model], provider: Provider) -> models.QuerySet[Any]:
    if model is Provider:
        return Provider.objects.filter(pk=provider.pk)
    if model is User:
        return User.objects.filter(pk__in=_people(provider))
    return model._default_manager.filter(provider=provider)


def _people(provider: Provider) -> set[int]:
    """Whoever stands on a row of the provider's."""
    found: set[int] = set()
    for model in tenant_models():
        for column, points_at in links(model):
            if points_at is User:
                rows = model._default_manager.filter(provider=provider).exclude(**{column.attname: None})
                found.update(rows.order_by().values_list(column.attname, flat=True).distinct())
    return found


def _write_table(archive: zipfile.ZipFile, model: type[models.Model], rows: models.QuerySet[Any]) -> Table:
    fields, count = columns(model), 0
    names = [each.attname for each in fields]
    marked = hashlib.sha256()
    with archive.open(path_of(model), "w", force_zip64=True) as table:
        for lines in _lines(fields, rows.order_by("pk").values_list(*names).iterator(chunk_size=AT_ONCE)):
            data = lines.encode("utf-8-sig" if not count else "utf-8")
            marked.update(data)
            table.write(data)
            count += 1
    return Table(count - 1, marked.hexdigest())


def _lines(fields: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The heading, and each row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    heading = [field.attname for field in fields]
    written_rows = ([written(field, value) for field, value in zip(fields, row, strict=True)] for row in rows)
    for cells in chain([heading], written_rows):
        writer.writerow(cells)
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _originals() -> Iterator[tuple[int, str]]:
    return Import.objects.order_by("pk").values_list("pk", "original").iterator()


def _write_original(archive: zipfile.ZipFile, number: int, original: str) -> str | None:
    """Keep the import's file; the digest of it, None where there is none."""
    path = settings.ORIGINALS_ROOT / original
    if not path.is_file():
        return None
    archive.write(path, f"originals/{number}.csv")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
