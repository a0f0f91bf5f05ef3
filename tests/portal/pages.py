"""Pages of the gallery's states and scenes, made once a process, and what can be read on them."""

import functools
import re
from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.translation import override

from portal.gallery import STATES, Scene, page
from portal.gallery_small import small_pages
from portal.management.commands.gallery import render_page
from portal.page import BalancePage
from presentation.facts import Asked


@functools.cache
def state(name: str) -> BalancePage:
    """Made when it is asked for first: to name the tests, no page has to be."""
    return STATES[name]()


def only(scene: Scene, asked: Asked | None = None):
    """The cycle part of a page with one retainer."""
    (retainer,) = page(scene, asked=asked).retainers
    return retainer.cycle


def render(shown: BalancePage) -> str:
    return render_to_string("portal/balance.html", {"page": shown})


def words_of(html: str) -> str:
    """What can be read on the page, with white space collapsed."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@functools.cache
def every_page(language: str = "en") -> Mapping[str, str]:
    with override(language):
        return {name: render_page(make()) for name, make in STATES.items()} | dict(small_pages())
