"""Keys for programs: made, found, revoked. A key is shown once; the database holds its digest."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.audit import record
from accounts.models import ApiKey, User
from accounts.security import note
from accounts.tenancy import all_tenants

PREFIX = "ht_"
START = 9  # signs of a key by which people tell keys apart
PAUSE = timedelta(minutes=1)  # "last used" is written at most that often


@transaction.atomic
def create(*, name: str, may_publish: bool, by: User | None) -> tuple[ApiKey, str]:
    """A new key of the provider in scope, and its secret: 256 random bits after a prefix."""
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, digest=digest_of(secret), start=secret[:START], may_publish=may_publish, created_by=by
    )
    record(by, "key created", name, key=key.pk, may_publish=may_publish)
    return key, secret


@transaction.atomic
def revoke(*, key: ApiKey, by: User, at: datetime) -> None:
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        record(by, "key revoked", key.name, key=key.pk)


def find(secret: str, at: datetime) -> ApiKey | None:
    """The key of that secret, with its provider; None for a wrong or revoked one."""
    with all_tenants("a key is looked up before its provider is known"):
        key = (
            ApiKey.objects.select_related("provider")
            .filter(digest=digest_of(secret), revoked_at=None)
            .first()
        )
        if key and (key.last_used_at is None or key.last_used_at < at - PAUSE):
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    if key is None:
        note("key refused")
    return key


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
