"""The recipes of “How to add something”, held against the code: what each follows stands there, and nowhere else."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
ROOMS = ("accounts", "alerts", "desk", "hourtab", "imports", "leaks", "portal", "presentation", "retainers")
PLACE = re.compile(r"`([a-z_0-9A-Z]+(?:/[\w.]+)+)`")
# A recipe, and the word by which what it follows is known in the code.
FOLLOWS = {"A PSA": "solidtime", "A field of the agreement": "stacking", "An event": '"badge made"'}


def recipe(name):
    return PAGE.split(f"## {name}\n")[1].split("\n## ")[0]


def steps(name):
    """The places that the numbered lines of a recipe name."""
    lines = re.findall(r"^\d+\. .*?(?=\n\d+\. |\n\n|\Z)", recipe(name), re.MULTILINE | re.DOTALL)
    return {place for line in lines for place in PLACE.findall(line)}


def modules_that_say(word):
    """The product's modules that hold the word, or are named by it."""
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    said = [path for path in paths if path.stem == word or whole.search(path.read_text(encoding="utf-8"))]
    return {str(path.relative_to(ROOT)) for path in said}


def test_every_place_that_a_recipe_names_exists():
    named = set(PLACE.findall(PAGE))
    assert len(named) > 25
    assert {place for place in named if not (ROOT / place).exists()} == set()


@pytest.mark.parametrize("name", FOLLOWS)
def test_a_recipe_names_every_module_that_what_it_follows_stands_in(name):
    assert modules_that_say(FOLLOWS[name]) == {
        place for place in steps(name) if place.endswith(".py") and not place.startswith("tests/")
    } - {"imports/reading/formats/table.py"}


def test_the_page_that_is_followed_has_all_its_parts_listed():
    templates = {str(path.relative_to(ROOT)) for path in (ROOT / "templates" / "answers").iterdir()}
    assert {"desk/answers.py"} | templates <= steps("A page")
    for shared in ("desk/urls.py", "desk/templatetags/bar.py", "tests/test_access.py"):
        assert shared in steps("A page")
        assert "answers" in (ROOT / shared).read_text(encoding="utf-8")
