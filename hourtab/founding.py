"""The first provider and its owner, and the one-time code for `/setup/`, which stands in the server's output.

The code is made from SECRET_KEY, so nothing is kept, and any process knows it. It holds for a day, and for as long
as there is nobody: it counts the people, who are never deleted, so that it is of no use once it was used.
"""

import base64
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import tomli_w
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from accounts.audit import record
from accounts.database import wait_for_the_first
from accounts.models import Invitation, Provider, Role, User
from accounts.providers import called, is_nobody_there, new
from accounts.services import digest_of, find_user
from accounts.tenancy import tenant_scope
from imports.judging.reclassify import reclassify
from retainers.agreements import AgreementError
from retainers.agreements.reading import read_file
from retainers.files import ProviderFile
from retainers.loading import load
from retainers.terms import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, as it was typed. Without a slug it is made from the name.

    `opens` and `closes` hold from Monday to Friday; without both, business hours are not said.
    """

    name: str
    owner: str
    slug: str = ""
    timezone: str = ""
    date_order: str = ""
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class Founded:
    """`address` is where the owner sets a password: it works once, for 72 hours."""

    provider: Provider
    address: str


class NotFoundedError(Exception):
    """Nothing was made; `lines` say why."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def slug_of(name: str) -> str:
    """A key made from the name.

    >>> slug_of("Northwind IT"), slug_of("日本")
    ('northwind-it', 'provider')
    """
    return slugify(name)[:60].strip("-") or "provider"


def is_empty() -> bool:
    """Nobody has set this installation up yet."""
    return is_nobody_there()


def found(wish: Wish, *, first: bool = False) -> Founded:
    """Make the provider with the shipped rules, and its owner; `first`: only where there is no provider yet."""
    file = _checked(wish)
    try:
        return _found(file, first=first)
    except IntegrityError as error:  # somebody else was quicker
        raise NotFoundedError(f"“{file.slug}” or its owner was just created by someone else.") from error


@transaction.atomic
def _found(file: ProviderFile, *, first: bool) -> Founded:
    _refuse_what_is_there(file, first=first)
    provider = new(file.slug, file.name)
    load(file, at=timezone.now(), by=None, reclassify=reclassify)
    secret = secrets.token_urlsafe(32)
    (owner,) = file.members
    with tenant_scope(provider):
        provider.refresh_from_db()
        Invitation.objects.create(
            provider=provider, email=owner.email.lower(), role=Role.OWNER, digest=digest_of(secret)
        )
        record(None, "provider set up", owner.email)
    return Founded(provider, settings.BASE_URL + reverse("accept_invitation", args=[secret]))


def _refuse_what_is_there(file: ProviderFile, *, first: bool) -> None:
    if first:
        wait_for_the_first()
        if not is_empty():
            raise NotFoundedError("This installation is already set up.")
    there = []
    if called(file.slug):
        there.append(f"There is already a provider “{file.slug}”. Choose another --slug.")
    (owner,) = file.members
    if find_user(owner.email):
        there.append(f"{owner.email} already has an account. An owner can invite it under Members.")
    if there:
        raise NotFoundedError(*there)


def _checked(wish: Wish) -> ProviderFile:
    """What was typed as an agreement file would say it, by whose checks it goes."""
    name = wish.name.strip()
    said: dict[str, Any] = {"slug": wish.slug.strip() or slug_of(name), "name": name}
    if wish.timezone.strip():
        said["timezone"] = wish.timezone.strip()
    if wish.date_order:
        said["date_order"] = wish.date_order
    if wish.opens and wish.closes:
        said["business_hours"] = {
            "days": list(WEEKDAYS[:5]),
            "start": f"{wish.opens:%H:%M}",
            "end": f"{wish.closes:%H:%M}",
        }
    document = {"provider": said, "members": [{"email": wish.owner.strip(), "role": Role.OWNER.value}]}
    try:
        return read_file(tomli_w.dumps(document))
    except AgreementError as error:
        raise NotFoundedError(*_plain(str(problem) for problem in error.problems)) from error


def _plain(problems: Iterable[str]) -> list[str]:
    """Nobody sees a file here: no line of one is named."""
    return [problem.split(": ", 1)[-1] if problem.startswith("line ") else problem for problem in problems]


LIFE_HOURS = 24
SIGNS = 16  # of base32: 80 bits
GROUP = 4


def new_code(at: datetime) -> str:
    """The code of this hour, in groups that can be typed."""
    code = _code(at, User.objects.count())
    return "-".join(code[start : start + GROUP] for start in range(0, SIGNS, GROUP))


def is_good(typed: str, at: datetime) -> bool:
    """Whether a code of the last day was typed, whatever its case and its dashes."""
    said = "".join(typed.split()).replace("-", "").upper().encode()
    people = User.objects.count()
    hours = (at - timedelta(hours=back) for back in range(LIFE_HOURS))
    return any(hmac.compare_digest(_code(hour, people).encode(), said) for hour in hours)


def _code(at: datetime, people: int) -> str:
    hour = int(at.timestamp()) // 3600
    made = hmac.digest(settings.SECRET_KEY.encode(), f"hourtab setup {hour} {people}".encode(), "sha256")
    return base64.b32encode(made).decode()[:SIGNS]
