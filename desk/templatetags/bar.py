"""Where the reader is: which entry of the header bar is the current one."""

from typing import Any

from django import template

from accounts.tenancy import TenantRequiredError
from imports.models import Import

register = template.Library()
SECTIONS = (
    ("admin/imports/wording/", "wording"),
    ("admin/imports/", "imports"),
    ("admin/rules/", "rules"),
    ("incidents/", "incidents"),
    ("month-end/", "month-end"),
    ("requests/", "requests"),
    ("companies/", "companies"),
    ("answers/", "answers"),
    ("leak-check/", "leak-check"),
    ("settings/", "settings"),
    ("trail/", "trail"),
    ("members/", "members"),
    ("mails/", "mails"),
    ("sessions/", "sessions"),
    ("clients", "clients"),
)


@register.simple_tag
def waiting_previews() -> int:
    """How many previews wait to be published or discarded; 0 where no provider is in scope."""
    try:
        count: int = Import.objects.filter(state=Import.State.UPLOADED).count()
    except TenantRequiredError:
        return 0
    return count


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
