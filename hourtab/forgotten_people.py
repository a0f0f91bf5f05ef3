"""People whose last provider is deleted: nothing that names them stays, in our tables and in the libraries' alike.

Their own row stays without an address, for it may stand on another provider's rows. What libraries keep about a
person (addresses, second factors, accounts elsewhere, Django's own journal) is found by their models: a new
library's is deleted by pointing at a person.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models

from accounts.models import OpenSession, User
from accounts.tenancy import all_tenants


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
