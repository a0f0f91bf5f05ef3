"""API keys: made, found, revoked. A key is shown once; the database holds its digest."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When

from accounts.audit import record
from accounts.models import ApiKey, Scope, User
from accounts.security import note
from accounts.tenancy import all_tenants

PREFIX = "ht_"
START = 9  # signs of a key by which people tell keys apart
DROPS: Collection[Scope] = (Scope.IMPORT,)
PUSHES: Collection[Scope] = (Scope.IMPORT, Scope.PUBLISH)
A_MINUTE = 300  # requests
A_MINUTE_LONG = timedelta(minutes=1)
LONGEST_REASON = ApiKey._meta.get_field("refused_why").max_length or 200


@transaction.atomic
def create(*, name: str, scopes: Collection[Scope], by: User | None) -> tuple[ApiKey, str]:
    """A new key of the provider in scope, and its secret: 256 random bits after a prefix.

    One that publishes hands in files as well: nothing else is there to be published.
    """
    wanted = {*scopes, Scope.IMPORT} if Scope.PUBLISH in scopes else set(scopes)
    named = [scope.value for scope in Scope if scope in wanted]
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, digest=digest_of(secret), start=secret[:START], scopes=named, created_by=by
    )
    record(by, "key created", name, key=key.pk, scopes=named)
    return key, secret


def every_key() -> QuerySet[ApiKey]:
    """Those of the provider in scope, revoked ones too, each with who made it."""
    return ApiKey.objects.select_related("created_by")


@transaction.atomic
def revoke(*, key: ApiKey, by: User, at: datetime) -> bool:
    """What it opens is closed from now on; False where it was so before."""
    done: bool = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at) == 1
    if done:
        record(by, "key revoked", key.name, key=key.pk)
    return done


def find(secret: str) -> ApiKey | None:
    """The key of that secret, with its provider; None for a wrong or revoked one."""
    with all_tenants("a key is looked up before its provider is known"):
        key = (
            ApiKey.objects.select_related("provider")
            .filter(digest=digest_of(secret), revoked_at=None)
            .first()
        )
    if key is None:
        note("key refused")
    return key


def seconds_to_wait(key: ApiKey, at: datetime) -> int:
    """Count one more request of the key, and note when; after how many seconds it may ask again, 0: it may now.

    One statement, so that the count is exact whatever the number of processes.
    """
    minute = at.replace(second=0, microsecond=0)
    again = When(asked_in=minute, then=F("asked") + 1)
    row = ApiKey.objects.filter(pk=key.pk)
    row.update(asked=Case(again, default=Value(1)), asked_in=minute, last_used_at=at)
    return 60 - at.second if row.values_list("asked", flat=True).get() > A_MINUTE else 0


def known(secret: str) -> ApiKey | None:
    """The key of that secret, revoked or not, with its provider."""
    with all_tenants("whose push was refused is looked up before its provider is known"):
        return ApiKey.objects.select_related("provider").filter(digest=digest_of(secret)).first()


def note_refused(key: ApiKey, why: str, at: datetime) -> None:
    """Count one more push of the key that was refused. One that is revoked is noted once a minute: nothing else
    holds back whoever has it.
    """
    rows = ApiKey.objects.filter(pk=key.pk)
    if key.revoked_at is not None:
        rows = rows.exclude(refused_at__gt=at - A_MINUTE_LONG)
    same_day = When(
        refused_at__gte=at.replace(hour=0, minute=0, second=0, microsecond=0), then=F("refused") + 1
    )
    rows.update(refused=Case(same_day, default=Value(1)), refused_at=at, refused_why=why[:LONGEST_REASON])


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
