"""What every page and mail to a client is printed through: figures keep their units beside them."""

import re

from django import template
from django.utils.html import format_html_join

NO_BREAK = "\N{NO-BREAK SPACE}"
UNTOUCHED = re.compile(r"(<(?:textarea|style|title)\b.*?</(?:textarea|style|title)>)", re.DOTALL)
# begins with the space that it is about: most of a page has none, and is passed over quickly; and what comes
# next is no end of a tag, so that it is in none
FIGURE_AND_UNIT = re.compile(
    r" (?:(?<=\d ) *(?=(?:h|min|%)(?![\w-]))|(?<=[×+\N{MINUS SIGN}] ) *(?=\d))(?![^<>]*>)"
)


def kept_together(html: str) -> str:
    """The same page with a no-break space between each figure and its unit; words and attributes stay as they are.

    >>> kept_together('<p title="6.5 h">1.0 h &amp; 2 × 3 = 75 % of 8 hours</p>').replace(NO_BREAK, "_")
    '<p title="6.5 h">1.0_h &amp; 2 ×_3 = 75_% of 8 hours</p>'
    """
    pieces = UNTOUCHED.split(html)
    pieces[::2] = [FIGURE_AND_UNIT.sub(NO_BREAK, piece) for piece in pieces[::2]]
    return "".join(pieces)


register = template.Library()
FITS = 28  # signs
register.filter("kept_together", kept_together, is_safe=True)


@register.filter
def long_address(email: str) -> str:
    """A mail address that is longer than a phone is wide may break before its signs, and only there."""
    if len(email) <= FITS:
        return email
    return format_html_join("", "{}<wbr>", ((part,) for part in re.split(r"(?=[@.])", email)))
