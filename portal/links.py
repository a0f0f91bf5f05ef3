"""Share links: made, copied, replaced, revoked. The token is 256 random bits, stored nowhere in clear."""

import hashlib
import secrets
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import record
from accounts.models import User
from accounts.seal import seal, unseal
from portal.models import ShareLink
from retainers.models import Client


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(token: str) -> str:
    return f"{settings.BASE_URL}/b/{token}/"


class EndedError(Exception):
    """The link opens nothing any more: it was replaced or revoked."""


@transaction.atomic
def create(
    *, client: Client, label: str = "", expires_on: date | None = None, by: User | None
) -> tuple[ShareLink, str]:
    """A new link and its token (43 signs, URL-safe base64)."""
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        client=client,
        label=label,
        digest=digest_of(token),
        sealed=seal(token),
        created_by=by,
        expires_on=expires_on,
    )
    record(by, "link created", about=[client.slug], link=link.pk, label=label)
    return link, token


@transaction.atomic
def copy(*, link: ShareLink, by: User | None) -> str | None:
    """The link's address once more; None where the key that sealed it is gone (then only replacing helps)."""
    token = unseal(link.sealed)
    if token is None:
        return None
    record(by, "link copied", about=[link.client.slug], link=link.pk)
    return address_of(token)


def links_of(client: Client) -> QuerySet[ShareLink]:
    """All that were ever made for the client, in that order, each with who made it."""
    rows: QuerySet[ShareLink] = ShareLink.objects.filter(client=client)
    return rows.select_related("created_by").order_by("pk")


def open_links(client: Client) -> QuerySet[ShareLink]:
    """Those that are neither revoked nor replaced, whatever their date."""
    rows: QuerySet[ShareLink] = ShareLink.objects.filter(client=client, revoked_at=None, replaced_at=None)
    return rows


@transaction.atomic
def revoke(*, link: ShareLink, by: User | None, at: datetime) -> None:
    """From now on the address is unknown: 404. Raises `EndedError` where another one took its place meanwhile."""
    standing = ShareLink.objects.filter(pk=link.pk, revoked_at=None)
    if standing.filter(replaced_at=link.replaced_at).update(revoked_at=at):
        record(by, "link revoked", about=[link.client.slug], link=link.pk)
    elif standing.exists():
        raise EndedError


@transaction.atomic
def replace(*, link: ShareLink, by: User | None, at: datetime) -> tuple[ShareLink, str]:
    """A new link in place of this one, whose address answers 410 from now on.

    Raises `EndedError` where it has been replaced or revoked meanwhile.
    """
    if not ShareLink.objects.filter(pk=link.pk, replaced_at=None, revoked_at=None).update(replaced_at=at):
        raise EndedError
    record(by, "link replaced", about=[link.client.slug], link=link.pk)
    return create(client=link.client, label=link.label, expires_on=link.expires_on, by=by)
