"""What templates print with few words of their own: an attribute that may be there, a text that may be empty.

Every template knows these without loading them.
"""

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.filter
def then(value: object, words: str) -> str:
    """The words where the value holds: `<option{{ option.chosen|then:" selected" }}>`."""
    return words if value else ""


@register.filter
def otherwise(value: object, words: str) -> str:
    """The words where the value doesn't hold."""
    return "" if value else words


@register.filter
def after(value: object, words: str) -> str:
    """The value behind these words; nothing where there is no value."""
    return format_html("{}{}", words, value) if value else ""


@register.simple_tag
def said(text: object, tag: str, **attributes: str) -> str:
    """The text in an element of its own, which isn't there where there is no text.

    `{% said page.notes "p" class="soft" %}` prints `<p class="soft">…</p>`.
    """
    if not text:
        return ""
    shown = format_html_join("", ' {}="{}"', attributes.items())
    return format_html("<{0}{1}>{2}</{0}>", tag, shown, text)
