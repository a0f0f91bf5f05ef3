"""All that a provider has, as one archive; and its end: every row and file of it, gone.

Both walk over the models, so that a new one is exported and deleted by being one. Secrets (digests, sealed
tokens, keys) are in no archive.
"""

import csv
import io
import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from accounts.audit import record
from accounts.models import Deletion, Erasure, Invitation, Membership, OutboxMail, Provider, User
from accounts.provider_settings import lock_provider
from accounts.security import note
from accounts.tenancy import TenantModel, tenant_scope
from hourtab.forgotten_people import forget_people
from imports.models import Import
from presentation.sheets import guarded
from retainers import publishing
from retainers.agreements import write_file
from retainers.loading import state
from retainers.models import Retainer

SECRET = frozenset({"digest", "sealed", "original", "logo", "password"})
AT_ONCE = 2000
SEMICOLON = r"\u003b"  # the same to who reads JSON, and no place at which a spreadsheet splits
log = logging.getLogger(__name__)
IN_MEMORY = 8 * 1024 * 1024
ABOUT = """\
Everything that HourTab keeps of {name}.

agreements.toml   the provider, its rules, clients and agreements as they stand: manage.py load_retainers reads it
tables/*.csv      every table, a line a row: published entries (also those that were replaced since), grants,
                  publications, versions of agreements, source rows, statements, requests, links (without
                  their secrets), wording, imports, the trail of who did what, members
originals/        the uploaded files, under the number of their import
Hours in columns that end in _units are whole numbers: ten-thousandths in entries, hundredths elsewhere.
"""


def tenant_models() -> list[type[models.Model]]:
    """The models whose rows belong to a provider, by name."""
    found = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    return sorted((*found, Membership, Invitation, OutboxMail), key=lambda model: model._meta.db_table)


def export(provider: Provider, *, by: User | None) -> IO[bytes]:
    """The archive, at its beginning; the caller closes it. Rows are read and written in portions."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the caller closes it
    with tenant_scope(provider), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", ABOUT.format(name=provider.name))
        archive.writestr("agreements.toml", write_file(state(provider)))
        for model in tenant_models():
            with archive.open(f"tables/{model._meta.db_table}.csv", "w", force_zip64=True) as table:
                _write_table(table, model, provider)
        for number, original in Import.objects.order_by("pk").values_list("pk", "original"):
            path = settings.ORIGINALS_ROOT / original
            if path.is_file():
                archive.write(path, f"originals/{number}.csv")
        record(by, "provider exported", provider.slug)
    out.seek(0)
    return out


def _write_table(table: IO[bytes], model: type[models.Model], provider: Provider) -> None:
    fields = [field for field in model._meta.concrete_fields if field.name not in SECRET]
    names = [field.attname for field in fields]
    text = io.TextIOWrapper(table, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    rows = model._default_manager.filter(provider=provider).order_by("pk").values_list(*names)
    writer.writerows(_cells(row) for row in rows.iterator(chunk_size=AT_ONCE))
    text.detach()


def _cells(row: Iterable[Any]) -> Iterator[Any]:
    for value in row:
        if isinstance(value, str):
            yield guarded(value)
        elif isinstance(value, dict | list):
            yield json.dumps(value, ensure_ascii=False).replace(";", SEMICOLON)
        else:
            yield value


@transaction.atomic
def erase(provider: Provider, *, reason: str, by: str = "command line") -> Deletion:
    """Delete the provider with everything that belongs to it, and the people who belong to nobody else.

    Deleting a whole provider is one of the named exceptions of "nothing is deleted" (domain.md): the guards let
    go of its rows while its `Erasure` stands. A person whose name is on nothing any more keeps no address. One
    line stays that says so.
    """
    people = list(Membership.objects.filter(provider=provider).values_list("user_id", flat=True))
    number, slug = provider.pk, provider.slug
    with tenant_scope(provider):
        _lock(provider)
        Erasure.objects.create(provider=provider, reason=reason[:200])
        _defer_constraints()
        rows = sum(_delete(model._default_manager.filter(provider=provider)) for model in tenant_models())
        _delete(Erasure.objects.filter(provider=provider))
    _delete(Provider.objects.filter(pk=number))
    forget_people(people)
    kept = Deletion.objects.create(provider=slug, by=by, reason=reason[:200], rows=rows)
    transaction.on_commit(lambda: _finish(kept, number))
    return kept


def _finish(kept: Deletion, number: int) -> None:
    """Remove the originals, now that no row names them; what can't be removed is counted and told."""
    left: list[str] = []
    folder = settings.ORIGINALS_ROOT / str(number)
    if folder.exists():
        shutil.rmtree(folder, onerror=lambda _function, path, _error: left.append(path))
    if left:
        log.error("Originals of the deleted provider %s could not be removed: %s", kept.provider, left)
        kept.files_left = len(left)
        kept.save(update_fields=["files_left"])
    note("provider deleted", provider=kept.provider, by=kept.by, reason=kept.reason, files_left=len(left))


def _lock(provider: Provider) -> None:
    """Wait for who is writing, in the order in which everybody locks."""
    lock_provider(provider)
    rows = Import.objects.select_for_update().order_by("pk")
    list(rows.values_list("pk", flat=True))
    publishing.lock(Retainer.objects.values_list("pk", flat=True))


def _defer_constraints() -> None:
    """Rows point at each other in circles: what must hold is asked at the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _delete(rows: models.QuerySet[Any]) -> int:
    """Delete the rows as they are: what protects them is meant for every other case. How many there were."""
    return int(rows._raw_delete(using=rows.db))
