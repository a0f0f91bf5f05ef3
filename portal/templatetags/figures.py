"""What every page and mail to a client is printed through: figures keep their units beside them."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from presentation.together import kept_together

register = template.Library()
FITS = 28  # signs
register.filter("kept_together", kept_together, is_safe=True)


@register.filter
def long_address(email: str) -> str:
    """A mail address that is longer than a phone is wide may break before its signs, and only there."""
    shown = str(conditional_escape(email))
    if len(shown) <= FITS:
        return shown
    return mark_safe(re.sub(r"(?=[@.])", "<wbr>", shown))  # noqa: S308  # escaped above
