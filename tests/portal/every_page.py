"""Every state of the page and the small pages as HTML, rendered once a process for all tests that look through them."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import override

from portal.gallery import states
from portal.gallery_small import small_pages
from portal.management.commands.gallery import render_page


@cache
def every_page(language: str = "en") -> Mapping[str, str]:
    with override(language):
        return {name: render_page(page) for name, page in states().items()} | dict(small_pages())
