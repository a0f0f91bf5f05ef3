"""The walks of the architecture page, held against the code: each step exists, and a step before it imports it.

So are the maps: what a folder says of itself names each of its modules.
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
DJANGOS_OWN = {"migrations", "management", "commands", "templatetags"}  # what stands there, Django says
ALIKE = {"imports/reading/formats"}  # a module for each tool, called as the tool is
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


def is_mapped(folder):
    """Whether a folder of the product has several modules that a reader has to find their way among."""
    inside = folder.relative_to(ROOT)
    return "tests" not in inside.parts and not DJANGOS_OWN & set(inside.parts) and str(inside) not in ALIKE


MAPPED = sorted(
    str(path.parent.relative_to(ROOT))
    for path in ROOT.glob("[a-z]*/**/__init__.py")
    if is_mapped(path.parent)
)


def test_there_are_folders_to_find_ones_way_in():
    assert {"desk", "desk/imports/pages", "portal", "retainers/kept"} < set(MAPPED)


@pytest.mark.parametrize("folder", MAPPED)
def test_a_folder_says_once_what_each_of_its_modules_is_for(folder):
    said = ast.get_docstring(ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8")))
    modules = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"}
    inner = {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")} - DJANGOS_OWN
    assert sorted(re.findall(r"`([a-z_0-9]+)`", said)) == sorted(modules | inner)
