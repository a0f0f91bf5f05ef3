"""The header bar: which entry is the current one, and how much waits behind each."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import template

from accounts.tenancy import TenantRequiredError
from desk.waiting import things_of

register = template.Library()
SECTIONS = (
    ("admin/imports/wording/", "wording"),
    ("admin/imports/", "imports"),
    ("admin/rules/", "rules"),
    ("incidents/", "incidents"),
    ("month-end/", "month-end"),
    ("requests/", "requests"),
    ("waiting/", "waiting"),
    ("companies/", "companies"),
    ("mappings/", "mappings"),
    ("answers/", "answers"),
    ("leak-check/", "leak-check"),
    ("settings/", "settings"),
    ("trail/", "trail"),
    ("members/", "members"),
    ("mails/", "mails"),
    ("sessions/", "sessions"),
    ("clients", "clients"),
)


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """How much waits, beside the entries of the bar."""

    everything: int = 0
    previews: int = 0
    requests: int = 0


@register.simple_tag(takes_context=True)
def waiting_counts(context: dict[str, Any]) -> WaitingCounts:
    """What waits at the member's provider; nothing where no provider is in scope."""
    request = context.get("request")
    if request is None or not context.get("member"):
        return WaitingCounts()
    try:
        kinds = Counter(thing.kind for thing in things_of(request))
    except TenantRequiredError:
        return WaitingCounts()
    return WaitingCounts(kinds.total(), kinds["previews"], kinds["requests"])


@register.simple_tag(takes_context=True)
def section(context: dict[str, Any]) -> str:
    """The part of the desk that the page belongs to, by its address; "" for any other page."""
    request = context.get("request")
    match = request.resolver_match if request else None
    if match is None:
        return ""
    if match.url_name == "dashboard":
        return "clients"
    return next((name for start, name in SECTIONS if match.route.startswith(start)), "")
