"""What every page and mail to a client is printed through: figures keep their units beside them."""

import re

from django import template
from django.utils.html import format_html_join

from presentation.together import kept_together

register = template.Library()
FITS = 28  # signs
register.filter("kept_together", kept_together, is_safe=True)


@register.filter
def long_address(email: str) -> str:
    """A mail address that is longer than a phone is wide may break before its signs, and only there."""
    if len(email) <= FITS:
        return email
    return format_html_join("", "{}<wbr>", ((part,) for part in re.split(r"(?=[@.])", email)))
