"""Who the provider is, at the top of what clients read, and how to reach it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from presentation.facts import ProviderFacts
from presentation.phones import phones


@dataclass(frozen=True, slots=True)
class ProviderContact:
    """`phone` is the field as it was typed; `phones` its numbers, each with what a button dials."""

    phone: str
    phones: tuple[tuple[str, str], ...]
    email: str
    email_href: str

    @property
    def ways(self) -> list[tuple[str, str, str]]:
        """Each way to reach it: its words, where its link leads, and the direction of figures."""
        calls = [(words, href, "ltr") for words, href in self.phones]
        return [*calls, (self.email, self.email_href, "")] if self.email else calls


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who the provider is, at the top of a page, and how to reach it."""

    provider: str
    contact: ProviderContact
    look_href: str
    logo_href: str
    logo_ground: str


def letterhead(provider: ProviderFacts) -> dict[str, Any]:
    """What a `Letterhead` says of that provider."""
    return {
        "provider": provider.name,
        "contact": contact_of(provider),
        "look_href": provider.look,
        "logo_href": provider.logo,
        "logo_ground": provider.logo_ground,
    }


def contact_of(provider: ProviderFacts) -> ProviderContact:
    """How to reach the provider, as links; empty where the provider named no such way."""
    return ProviderContact(
        phone=provider.phone,
        phones=phones(provider.phone, provider.country),
        email=provider.email,
        email_href=f"mailto:{quote(provider.email, safe='@')}" if provider.email else "",
    )
