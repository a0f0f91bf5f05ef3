"""Badges: a client's number as a picture and as a line for other sites, each with a token of its own.

A badge's token opens the badge and nothing else: it is another one than any link's, and no way leads from it to a
link or to the page. Its address is said once, when it is made, and kept nowhere.
"""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import record
from accounts.models import User
from portal.links import digest_of
from portal.models import Badge
from retainers.models import Client

MOST_SITES = 10
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?")


class NoSiteError(Exception):
    """The text names no site that could show a badge; it says what was seen."""


def picture_address(token: str) -> str:
    return f"{settings.BASE_URL}/b/badge/{token}.svg"


def png_address(token: str) -> str:
    return f"{settings.BASE_URL}/b/badge/{token}.png"


def line_address(token: str) -> str:
    return f"{settings.BASE_URL}/b/badge/{token}/"


def site_of(text: str) -> str:
    """A site as browsers name it: https and a host, nothing behind it. Raises `NoSiteError`.

    >>> site_of(" https://Intranet.acme.example/ ")
    'https://intranet.acme.example'
    """
    said = text.strip()
    parts = urlsplit(said)
    host = parts.netloc.casefold()
    if parts.scheme != "https" or not HOST.fullmatch(host) or parts.path not in ("", "/"):
        raise NoSiteError(said)
    if parts.query or parts.fragment:
        raise NoSiteError(said)
    return f"https://{host}"


def standing_badges(slug: str) -> QuerySet[Badge]:
    """The client's, in the order in which they were made; not those that are revoked."""
    rows: QuerySet[Badge] = Badge.objects.filter(client__slug=slug, revoked_at=None)
    return rows.select_related("client").order_by("pk")


@transaction.atomic
def make_badge(*, client: Client, sites: Sequence[str], by: User | None) -> tuple[Badge, str]:
    """A new badge and its token. `sites` are those that may frame its line (`site_of`)."""
    token = secrets.token_urlsafe(32)
    badge = Badge.objects.create(client=client, digest=digest_of(token), sites=list(sites), created_by=by)
    record(by, "badge made", about=[client.slug], badge=badge.pk, sites=list(sites))
    return badge, token


@transaction.atomic
def allow_sites(*, badge: Badge, sites: Sequence[str], by: User | None) -> bool:
    """The sites that may frame it from now on; False where it is revoked, or where nothing changes."""
    standing = Badge.objects.filter(pk=badge.pk, revoked_at=None).exclude(sites=list(sites))
    if not standing.update(sites=list(sites)):
        return False
    record(by, "badge sites changed", about=[badge.client.slug], badge=badge.pk, sites=list(sites))
    return True


@transaction.atomic
def revoke_badge(*, badge: Badge, by: User | None, at: datetime) -> bool:
    """From now on its addresses are unknown; False where somebody was quicker."""
    if not Badge.objects.filter(pk=badge.pk, revoked_at=None).update(revoked_at=at):
        return False
    record(by, "badge revoked", about=[badge.client.slug], badge=badge.pk)
    return True
