"""The end of a provider: every row and file of it, gone, and people of no other provider with them.

What it has is exported before: `provider_archive`. Of people whose last provider it was, nothing that names them
stays, in our tables and in the libraries' alike.

A person's own row stays without an address, for another provider's rows may name it. What libraries keep about
a person (addresses, second factors, accounts elsewhere, Django's own journal) is found by their models: a new
library's is deleted by pointing at a person.
"""

import logging
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction

from accounts.database import let_constraints_wait
from accounts.models import Deletion, Erasure, Membership, OpenSession, Provider, User
from accounts.providers import lock_provider
from accounts.security import note
from accounts.tenancy import all_tenants, tenant_scope
from hourtab.provider_archive.contents import tenant_models
from imports.models import Import
from retainers import publishing

log = logging.getLogger(__name__)


@transaction.atomic
def erase(provider: Provider, *, reason: str, by: str = "command line") -> Deletion:
    """Delete the provider with everything that belongs to it, and the people who belong to nobody else.

    Deleting a whole provider is one of the named exceptions of "nothing is deleted" (domain.md): the guards let
    go of its rows while its `Erasure` stands. A person whose name is on nothing any more keeps no address. One
    line stays that says so.
    """
    number, slug = provider.pk, provider.slug
    with tenant_scope(provider):
        people = list(Membership.objects.filter(provider=provider).values_list("user_id", flat=True))
        _lock(provider)
        Erasure.objects.create(provider=provider, reason=reason[:200])
        let_constraints_wait()
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
    publishing.lock_all()


def _delete(rows: models.QuerySet[Any]) -> int:
    """Delete the rows as they are: what protects them is meant for every other case. How many there were."""
    return int(rows._raw_delete(using=rows.db))


def forget_people(people: Iterable[int]) -> None:
    """Those of them who are members of nothing any more; who runs the installation stays."""
    with all_tenants("who is a member of another provider stays"):
        gone = list(User.objects.filter(pk__in=people, memberships=None, is_superuser=False))
    for user in gone:
        keys = OpenSession.objects.filter(user=user).values_list("session_key", flat=True)
        Session.objects.filter(session_key__in=list(keys)).delete()
        for rows in _kept_about(user):
            rows.delete()
        user.groups.clear()
        user.user_permissions.clear()
        user.email, user.name, user.is_active = f"gone-{user.pk}@deleted.invalid", "", False
        user.set_unusable_password()
        user.save(update_fields=["email", "name", "is_active", "password"])


def _kept_about(user: User) -> Iterator[models.QuerySet[Any]]:
    """The rows that point at the person in tables of libraries, and the list of their sessions."""
    for relation in User._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and (model is OpenSession or not _is_ours(model)):
            yield model._default_manager.filter(**{relation.field.name: user})


def _is_ours(model: type[models.Model]) -> bool:
    return Path(apps.get_app_config(model._meta.app_label).path).parent == settings.BASE_DIR
