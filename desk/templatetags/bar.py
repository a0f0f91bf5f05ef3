"""Where the reader is: which entry of the header bar is the current one."""

from typing import Any

from django import template

register = template.Library()
SECTIONS = (
    ("imports.views.wording", "wording"),
    ("imports.rule", "rules"),
    ("imports", "imports"),
    ("accounts", "members"),
    ("desk.views.incidents", "incidents"),
    ("desk.views.month_end", "month-end"),
    ("desk.views.requests", "requests"),
    ("desk.views.provider_settings", "settings"),
    ("desk", "clients"),
)


@register.simple_tag(takes_context=True)
def section(context: dict[str, Any]) -> str:
    """The part of the desk that the page belongs to, by the module of its view; "" for any other page."""
    request = context.get("request")
    match = request.resolver_match if request else None
    module = match.func.__module__ if match else ""
    return next((name for start, name in SECTIONS if module.startswith(start)), "")
