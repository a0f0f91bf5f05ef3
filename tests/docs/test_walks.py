"""The walks of the architecture page, held against the code: each step exists, and a step before it imports it.

So are the rooms of `imports`: what a room says of itself names its modules.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
BEGINNINGS = {
    "desk/imports/views/looking.py",
    "desk/imports/views/publishing.py",
}  # the reader's next request
ROOMS = ("imports", "imports/reading", "imports/judging", "imports/wording", "imports/publishing")
SUBJECTS = ("desk/clients", "desk/month_end")
WALKS = ("Opening a link", "Changing a rule", "Importing a file")


def steps_of(walk):
    """The module that each numbered line of the walk begins with."""
    section = PAGE.split(f"## {walk}\n")[1].split("\n## ")[0]
    return re.findall(r"^\d+\. `([a-z_/]+\.py)`", section, re.MULTILINE)


def imports_of(path):
    """The project's modules that a file imports, as paths."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
            found |= {f"{name.replace('.', '/')}.py" for name in names}
    return found


@pytest.mark.parametrize("walk", WALKS)
def test_every_step_of_a_walk_is_imported_by_one_before_it(walk):
    first, *others = steps = steps_of(walk)
    assert len(steps) >= 5
    assert (ROOT / first).is_file()
    passed = imports_of(first)
    for step in others:
        assert (ROOT / step).is_file(), step
        assert step in passed or step in BEGINNINGS, f"no step before {step} imports it"
        passed |= imports_of(step)


def test_every_module_that_the_page_names_exists():
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)+\.py)`", PAGE))
    assert {name for name in named if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("room", [*ROOMS, *SUBJECTS])
def test_a_room_or_a_subject_of_the_desk_says_what_each_of_its_modules_is_for(room):
    said = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))
    modules = {path.stem for path in (ROOT / room).glob("*.py")} - {"__init__"}
    inner = {path.parent.name for path in (ROOT / room).glob("*/__init__.py")} - {"migrations"}
    assert set(re.findall(r"`([a-z_]+)`", said)) == modules | inner
