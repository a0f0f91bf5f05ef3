"""A provider made of its archive, in an installation that has none: the same rows under the same keys.

What the archive has no secrets of opens nothing here: links, badges, webhooks and keys of programs are ended and
made anew, mails that waited are not sent, and people set a password of their own.
"""

import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, models, transaction

from accounts.audit import record
from accounts.database import ask_constraints_now, let_constraints_wait, next_keys_follow
from accounts.models import ApiKey, Invitation, OutboxMail, Provider, User
from accounts.providers import is_nobody_there
from accounts.tenancy import tenant_scope
from alerts.hooks.models import Delivery, Webhook
from hourtab.provider_archive.contents import Column, DamagedError, archived, is_secret, links, tenant_models
from hourtab.provider_archive.reading import Archive
from hourtab.verifying.walk import verified
from imports import originals
from imports.models import Import
from portal.models import Badge, ShareLink

AT_ONCE = 1000
UNSENT = "It waited when the provider moved here"
ENDED = {
    ApiKey: "revoked_at",
    Badge: "revoked_at",
    ShareLink: "revoked_at",
    Invitation: "withdrawn_at",
    Webhook: "removed_at",
}
Row = dict[str, Any]


class InUseError(Exception):
    """A provider is here already."""


def bring_in(archive: Archive, *, at: datetime) -> int:
    """Make the provider, look all of it through, and say how many rows it has.

    Raises `InUseError`, and `DamagedError` where the archive's rows don't fit together: then nothing stays.
    """
    folder = settings.ORIGINALS_ROOT / str(archive.number)
    if not is_nobody_there():
        raise InUseError
    try:  # of two who bring it in at once, one makes the folder, and nobody else may remove it
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise InUseError from error
    with ExitStack() as undoing:
        undoing.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            count = _brought_in(archive, at)
        except DatabaseError as error:
            raise DamagedError(f"its rows don't fit together: {error}") from error
        undoing.pop_all()
    return count


@transaction.atomic
def _brought_in(archive: Archive, at: datetime) -> int:
    (row,) = archive.rows(Provider)
    provider = Provider(**row, logo=archive.logo)
    with tenant_scope(provider):
        provider.save(force_insert=True)
        let_constraints_wait()
        people = _people(archive)
        later: list[tuple[type[models.Model], str, int, int]] = []
        for model, waits in in_order(tenant_models()):
            later += _insert(archive, model, waits, people, at)
        for model, name, pk, value in later:
            model._default_manager.filter(pk=pk).update(**{name: value})
        ask_constraints_now()
        next_keys_follow(archived())
        record(None, "provider brought in", provider.slug)
        _refuse_faults(archive, provider)
    return sum(table.rows for table in archive.manifest.tables.values())


def _people(archive: Archive) -> dict[int, int]:
    """Everybody who stands on a row, by the key there: who is here already is the same person, by the address."""
    here = {user.email.lower(): user.pk for user in User.objects.all()}
    found = {}
    for row in archive.rows(User):
        key, address = row.pop("id"), row["email"].lower()
        if address not in here:
            here[address] = User.objects.create(**row, password=make_password(None)).pk
        found[key] = here[address]
    return found


def in_order(
    wanted: Iterable[type[models.Model]],
) -> Iterator[tuple[type[models.Model], frozenset[str]]]:
    """The models, each after those that its rows point at, with the columns that are filled in at the end.

    Only a column that may be empty can wait: where two tables point at each other, one of them has such a column.
    """
    rest, done = list(wanted), set[type[models.Model]]()
    while rest:
        model = next((each for each in rest if not _missing(each, done)), None)
        model = model or next(each for each in rest if all(field.null for field in _missing(each, done)))
        yield model, frozenset(field.attname for field in _missing(model, done))
        rest.remove(model)
        done.add(model)


def _missing(model: type[models.Model], done: set[type[models.Model]]) -> list[Any]:
    there = {*done, model, Provider, User}
    return [field for field, points_at in links(model) if points_at not in there]


def _insert(
    archive: Archive,
    model: type[models.Model],
    waits: frozenset[str],
    people: Mapping[int, int],
    at: datetime,
) -> list[tuple[type[models.Model], str, int, int]]:
    """Insert the table; the values of the columns that wait, with the keys of their rows."""
    later, count = [], 0
    persons = [field.attname for field, points_at in links(model) if points_at is User]
    rows = archive.rows(model)
    while part := list(islice(rows, AT_ONCE)):
        for row in part:
            later += [(model, name, row["id"], row[name]) for name in waits if row[name] is not None]
            row |= dict.fromkeys(waits)
            row |= {name: people[row[name]] for name in persons if row[name] is not None}
            row |= _secrets(model, row, archive)
            _end(model, row, at)
        model._default_manager.bulk_create([model(**row) for row in part], batch_size=AT_ONCE)
        count += len(part)
    _refuse_other_count(archive, model, count)
    return later


def _refuse_other_count(archive: Archive, model: type[models.Model], count: int) -> None:
    if count != archive.manifest.tables[model._meta.db_table].rows:
        raise DamagedError(f"{model._meta.db_table} does not hold the rows that were exported, but {count}")


def _secrets(model: type[models.Model], row: Row, archive: Archive) -> Row:
    """What stands where the archive has none: digests of nothing that anybody knows, and the file's new place."""
    if model is Import:
        return {"original": _original(archive, row)}
    return {each.attname: _instead(each) for each in model._meta.concrete_fields if is_secret(each)}


def _instead(column: Column) -> bytes | str:
    """No bytes; for a digest that of nothing that anybody knows."""
    if isinstance(column, models.BinaryField):
        return b""
    return "" if column.blank else secrets.token_hex(32)


def _original(archive: Archive, row: Row) -> str:
    data = archive.original(row["id"])
    if data is None:
        return f"{archive.number}/gone-{row['id']}.csv"
    return originals.bring_in(data, archive.number)


def _end(model: type[models.Model], row: Row, at: datetime) -> None:
    """What could be opened, or sent, with a secret that is not here."""
    if model in ENDED and row.get("accepted_at") is None:
        name = ENDED[model]
        row[name] = row[name] or at
    if model in (OutboxMail, Delivery) and row["sent_at"] is None and row["given_up_at"] is None:
        row |= {"given_up_at": at, "last_error": UNSENT}


def _refuse_faults(archive: Archive, provider: Provider) -> None:
    """Whatever `verify` finds; files that the archive never had are told by it later."""
    had_all = all(archive.manifest.originals.values())
    for looked in verified([provider]):
        if looked.fault and (had_all or not looked.what.endswith("originals")):
            raise DamagedError(f"{looked.what}: {looked.fault}")
