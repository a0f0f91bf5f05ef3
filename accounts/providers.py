"""Providers: before one is in scope, by the key that an address or a command names; and what its owner says of it."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from accounts.audit import record
from accounts.models import Provider, User
from accounts.seen import Seen, StaleError
from accounts.tenancy import all_tenants


def called(slug: str) -> Provider | None:
    with all_tenants("a provider is found by its key"):
        return Provider.objects.filter(slug=slug).first()


def existing(slug: str) -> Provider:
    """The provider of that key, which is there: LookupError otherwise."""
    found = called(slug)
    if found is None:
        raise LookupError(slug)
    return found


def all_of_them() -> list[Provider]:
    """For a deed that is done for each; by key."""
    with all_tenants("what is done for each provider begins with their list"):
        return list(Provider.objects.order_by("slug"))


def is_nobody_there() -> bool:
    """An installation that was never set up."""
    with all_tenants("whether there is a provider at all"):
        return not Provider.objects.exists()


def new(slug: str, name: str) -> Provider:
    """A provider with that key, which nobody may have yet."""
    with all_tenants("a new provider is nobody's row yet"):
        return Provider.objects.create(slug=slug, name=name)


def found_or_made(slug: str, name: str) -> tuple[Provider, bool]:
    """The provider of that key, and whether it was made just now."""
    with all_tenants("a new provider is nobody's row yet"):
        return Provider.objects.get_or_create(slug=slug, defaults={"name": name})


PLAIN = (
    "name",
    "support_phone",
    "support_email",
    "timezone",
    "date_order",
    "settles_after_days",
    "trusted_notes",
    "shows_uncharged",
    "states_fee",
    "accent",
)


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """`settles_after_days`: how long late entries may change a complete cycle. `logo` None: as it is; b"": none."""

    name: str
    support_phone: str
    support_email: str
    timezone: str
    date_order: str
    settles_after_days: int
    trusted_notes: tuple[str, ...]
    shows_uncharged: tuple[str, ...]
    states_fee: bool
    accent: str
    logo: bytes | None = None


def as_saved(provider: Provider) -> Provider:
    """The provider as it stands in the database now."""
    return Provider.objects.get(pk=provider.pk)


def lock_provider(provider: Provider) -> Provider:
    """The provider as it is now, locked until the transaction ends; rows that point at it don't wait."""
    row: Provider = Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    return row


def seen_of(provider: Provider) -> Seen:
    """What is in view where the form of the settings is opened."""
    plain = {name: _stored(provider, name) for name in PLAIN}
    return Seen(versions={**plain, "logo": hashlib.sha256(provider.logo).hexdigest()})


@transaction.atomic
def save_settings(
    *, provider: Provider, settings: ProviderSettings, form: str, by: User | None
) -> tuple[str, ...]:
    """Write what differs; the names of what was changed.

    `form` is the mark of what the form was opened on: raises `StaleError` where a setting that would be written
    is another one by now.
    """
    row = lock_provider(provider)
    said = _said(settings)
    changed = tuple(name for name, value in said.items() if _stored(row, name) != value)
    stale = tuple(name for name in seen_of(row).differing(form) if name in changed)
    if form and stale:
        raise StaleError(stale)
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.save(update_fields=changed)
        record(by, "settings changed", row.slug, changed=list(changed))
    return changed


def _said(settings: ProviderSettings) -> dict[str, object]:
    """Each setting as its column holds it. Without a new logo the old one stays."""
    said: dict[str, object] = {name: getattr(settings, name) for name in PLAIN}
    said["trusted_notes"] = list(settings.trusted_notes)
    said["shows_uncharged"] = list(settings.shows_uncharged)
    if settings.logo is not None:
        said["logo"] = settings.logo
    return said


def _stored(row: Provider, name: str) -> object:
    value: object = getattr(row, name)
    return bytes(row.logo) if name == "logo" else value
