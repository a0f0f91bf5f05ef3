"""The table of promises: each line once, each with tests that there are, and the one that no other test fits."""

import ast
import re
import tomllib
from pathlib import Path

import django

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| ([TIUAR]\d+) \| .+ \| (`.+`) \|$", re.MULTILINE)
TEST = re.compile(r"`([^`]+)::(test_\w+)`")
LINES = {"T": range(1, 19), "I": range(1, 16), "U": range(1, 12), "A": range(1, 23), "R": range(1, 31)}
NOT_ASKED = {"I9", "A13", "R15"}


def test_each_line_has_its_place_once():
    wanted = {f"{kind}{number}" for kind, numbers in LINES.items() for number in numbers}
    listed = [line for line, _tests in LINE.findall(PAGE)]
    assert len(listed) == len(set(listed))
    assert set(listed) == wanted - NOT_ASKED


def test_each_test_that_is_named_is_there():
    named = TEST.findall(PAGE)
    assert len(named) > 150
    assert [f"{path}::{name}" for path, name in named if name not in _tests_in(path)] == []


def _tests_in(path: str) -> set[str]:
    file = ROOT / "tests" / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_library_is_locked_with_its_hash():
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = [each for each in lock["package"] if "registry" in each["source"]]
    files = [
        file for each in packages for file in (*each.get("wheels", ()), *filter(None, [each.get("sdist")]))
    ]
    assert len(packages) > 20
    assert [file for file in files if not file.get("hash", "").startswith("sha256:")] == []
    assert django.VERSION[:3] >= (5, 2, 19)
