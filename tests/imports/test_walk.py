"""The pipeline is a walk without stairs: what publishing visits, and how deep its modules stand."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.imports.uploading import NOW, an_import_world, hidden, row

ROOT = Path(settings.BASE_DIR)
MOST_MODULES = 12
MOST_FLOORS = 6
PUBLISH = "imports.publishing.publish"
# values alone: they are spoken everywhere, and nothing is read, decided or written in them
WORDS = {
    "imports.reading.rows",
    "imports.publishing.plan",
    "imports.publishing.plan_marks",
    "imports.publishing.plan_effects",
    "imports.publishing.options",
    "imports.stages",
    "imports.progress",  # how far it is, told to who listens
}


@pytest.mark.django_db
def test_publishing_visits_at_most_twelve_modules_and_none_twice(time_machine):
    time_machine.move_to(NOW, tick=False)
    world = an_import_world()
    rows = [row(1, "Acme Dental", "2026-02-10", "2"), row(2, "Birch & Lowe", "2026-02-10", "2")]
    rows.append(row(3, "Cobalt Freight", "2026-02-10", "2"))
    world.publish(world.upload(*rows))
    source = world.upload(rows[0].replace(",2,", ",3,"), *rows[1:], row(4, "Acme Dental", "2026-02-11", "1"))
    page = world.page(source)
    form = {name: hidden(page, name) for name in ("digest", "shown", "asked")}

    visits = _visits(
        lambda: world.post("publish_import", source, publish=["acme", "birch", "cobalt"], **form)
    )

    assert len(world.live("acme")) == 2
    modules = [module for _step, module in visits]
    print(f"{len(set(modules))} modules: {', '.join(dict.fromkeys(modules))}")
    assert len(set(modules)) <= MOST_MODULES
    assert len(modules) == len(set(modules)), "a module is entered by two steps"


def _visits(act):
    """Which modules of `imports` each step of the way entered, from the posted form to the written entries.

    A step is what the desk, or publishing itself, calls: all that runs within is one visit of its modules.
    """
    visits: list[tuple[str, str]] = []
    stack: list[tuple[str, str]] = []
    done = False

    def watch(frame, event, _argument):
        nonlocal done
        if event == "return":
            if stack:
                name, function = stack.pop()
                done = done or (name, function) == ("imports.publishing.store", "store")
            return
        if event != "call" or not (stack or frame.f_code.co_name == "confirm"):
            return
        stack.append((frame.f_globals.get("__name__", ""), frame.f_code.co_name))
        name = stack[-1][0]
        if not done and name.startswith("imports.") and name not in WORDS and not _is_made(frame):
            step = next(filter(_begins_a_step, stack), (PUBLISH, ""))
            visit = ("/".join(step), name)
            if visit not in visits:
                visits.append(visit)

    sys.setprofile(watch)
    try:
        act()
    finally:
        sys.setprofile(None)
    return visits


def _begins_a_step(frame):
    """What publishing calls of its own is its own step."""
    return frame[0].startswith("imports.") and frame[0] not in {*WORDS, PUBLISH}


def _is_made(frame):
    """Whether it is no more than a value being made or compared: what a dataclass has of itself."""
    return frame.f_code.co_filename.startswith("<") or frame.f_code.co_name.startswith("__")


def test_how_deep_the_modules_of_the_imports_stand():
    longest = max(map(_chain, _imports()), key=len)
    print(f"{len(longest)} floors: {' → '.join(longest)}")
    assert len(longest) <= MOST_FLOORS


@cache
def _imports():
    """Each module of `imports` with those that it imports."""
    paths = [path for path in (ROOT / "imports").rglob("*.py") if "migrations" not in path.parts]
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }
    return {name: _imported(path, names) - {name} for name, path in names.items()}


def _imported(path, names):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found & names.keys()


@cache
def _chain(name):
    below = max(map(_chain, _imports()[name]), key=len, default=())
    return (name, *below)
