"""Providers before one is in scope: by the key that an address or a command names, or one after the other."""

from accounts.models import Provider
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
