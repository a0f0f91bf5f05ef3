"""The mark on a client's page that staff look at, and the way back.

The answer is made by the client's own code and is not touched otherwise: the mark is set in front of it here, at the
desk, so that there is nothing in the client's templates that could show it to a client.
"""

from django.template.loader import render_to_string

SKIP, END = '<a class="skip"', "</a>\n"


def marked(page: str, *, client: str, back: str, back_words: str, slug: str) -> str:
    """The page with the mark behind the link that skips to its content. ValueError for what is no whole page."""
    before, skip, rest = page.partition(SKIP)
    link, end, after = rest.partition(END)
    if not (skip and end):
        raise ValueError("a page begins with a link to its content")
    shown = {"client": client, "back": back, "back_words": back_words, "slug": slug}
    return f"{before}{skip}{link}{end}{render_to_string('desk/staff_view.html', shown)}{after}"
