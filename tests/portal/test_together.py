"""A figure and its unit never part at the end of a line, on any page or in any mail to a client."""

import doctest
import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from portal.templatetags import figures
from tests.portal.pages import every_page

CLIENTS = ("portal", "alerts", "mail")
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def figures_that_can_part(html: str) -> list[str]:
    text = re.sub(r"<(style|title|textarea)\b.*?</\1>", "", html, flags=re.DOTALL)
    seen = unescape(re.sub(r"<[^>]+>", "", text))
    return re.findall(r"[0-9] +(?:h|min|%)(?![\w-])|[×+−] +[0-9]", seen)


def test_worked_example_holds():
    found = doctest.testmod(figures)
    assert (found.attempted, found.failed) == (1, 0)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_figure_of_any_state_can_be_parted_from_its_unit(language):
    pages = every_page(language)
    assert any(
        "6.5\N{NO-BREAK SPACE}h" in html or "3,25\N{NO-BREAK SPACE}h" in html for html in pages.values()
    )
    assert {name: found for name, html in pages.items() if (found := figures_that_can_part(html))} == {}


def test_what_a_client_reads_is_printed_through_the_one_filter():
    """Each template with a body of its own that says figures; those that stand inside another are printed by it."""
    outermost = [TEMPLATES / "portal" / f"{name}.html" for name in ("balance", "small", "statement")]
    for path in [*outermost, TEMPLATES / "mail" / "base.html"]:
        assert "{% filter kept_together %}" in path.read_text(encoding="utf-8"), path
