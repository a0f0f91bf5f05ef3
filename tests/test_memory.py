"""What a process remembers reaches no other provider: neither by a function's results nor by what a module keeps."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client as Browser

from accounts.models import Provider, Role
from accounts.tenancy import tenant_scope
from retainers.gate.known import read_known
from tests.factories import MembershipFactory, load_agreements, publish_export
from tests.faults.installation import WEEK
from tests.faults.templates import AGREEMENT
from tests.shared_rows import shared_rows

ROOT = Path(settings.BASE_DIR)
ROOMS = ("accounts", "retainers", "leaks", "presentation", "imports", "portal", "desk", "alerts", "hourtab")
REMEMBERING = ("cache", "lru_cache")
OF_SOMEBODY = {"HttpRequest", "Provider", "User", "Member", "QuerySet"}  # and every model
ASKS = {
    "objects",
    "_default_manager",
    "_base_manager",
    "current_tenant",
    "the_member",
    "connection",
    "connections",
}
KEEPING = {"OrderedDict", "dict", "list", "set", "defaultdict", "deque", "local", "WeakKeyDictionary"}
KEPT = {
    "desk/dashboard/selectors.py: _cases",  # by publication, which is one provider's
    "portal/kept_bodies.py: _kept",  # by everything that an answer is made of: test_kept_bodies
    "desk/apps.py: MORE_SOURCES",  # these four are filled as the code is loaded, and then only read
    "desk/api/schemas.py: SCHEMAS",
    "retainers/kept/__init__.py: AFTERWARDS",
    "imports/reading/header_words.py: _FIELDS_OF",
}


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.Module]:
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
        if "migrations" not in path.parts
    }


def names_in(node: ast.AST) -> set[str]:
    """Each name and attribute, those within a quoted annotation too."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    found |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return found | {
        word for text in texts if isinstance(text, str) for word in text.split("[") if word.isidentifier()
    }


def remembered(modules: dict[str, ast.Module]) -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(
                names_in(each) & set(REMEMBERING) for each in node.decorator_list
            ):
                yield f"{path}: {node.name}", node


def test_results_that_are_remembered_depend_on_plain_arguments_alone(modules):
    """Who asks with equal values gets what they would have got anyway, whoever asked before."""
    somebodys = OF_SOMEBODY | {model.__name__ for model in apps.get_models()}
    wrong, found = [], 0
    for name, function in remembered(modules):
        found += 1
        arguments = [*function.args.args, *function.args.kwonlyargs]
        said = set().union(*(names_in(each.annotation) for each in arguments if each.annotation))
        body = set().union(*(names_in(each) for each in function.body))
        if said & somebodys or body & ASKS:
            wrong.append(name)
    assert found > 30
    assert wrong == []


def test_what_a_module_keeps_is_listed_here(modules):
    found = set()
    for path, tree in modules.items():
        for node in tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if _is_empty_container(value):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                found.add(f"{path}: {ast.unparse(target)}")
    assert found == KEPT


def _is_empty_container(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.List):
        return not value.elts
    called = value.func if isinstance(value, ast.Call) and not value.args else None
    return called is not None and bool(names_in(called) & KEEPING)


PAGES = ("/", "/clients/acme/", "/clients/acme/view/", "/clients/acme/view/balance.json")


@shared_rows
def two(tmp_path, time_machine) -> dict[str, Browser]:
    """Two providers with the same slugs and days, and other names and hours: their owners' browsers."""
    time_machine.move_to("2026-02-16T12:00:00Z", tick=False)
    owners = {}
    for slug, name, hours in (("north", "Zorblatt", "40"), ("south", "Quimby", "47")):
        said = AGREEMENT.replace('"north"', f'"{slug}"').replace("Acme Dental", f"{name} Dental")
        said = said.replace('hours = "40"', f'hours = "{hours}"')
        load_agreements(tmp_path, said)
        publish_export(tmp_path, WEEK.replace("Acme Dental", f"{name} Dental"), provider=slug)
        provider = Provider.objects.get(slug=slug)
        owners[name] = Browser()
        owners[name].force_login(MembershipFactory(provider=provider, role=Role.OWNER).user)
    return owners


@pytest.mark.parametrize("page", PAGES)
def test_two_providers_whose_rows_look_alike_see_their_own_pages(two, page):
    """In one process, in turn: what was remembered for the one is there when the other asks."""
    left = {"Zorblatt": ("36.2", "43.2"), "Quimby": ("43.2", "36.2")}
    for name in (*two, *two):
        (other,) = set(two) - {name}
        text = two[name].get(page, follow=True).text
        assert name in text
        assert other not in text
        own, foreign = left[name]
        assert own in text
        assert foreign not in text


def test_what_one_provider_knows_of_its_texts_is_asked_for_each(two):
    """The query is put together once; whose rows it gives is looked up every time."""
    for slug, name in (("north", "Zorblatt"), ("south", "Quimby"), ("north", "Zorblatt")):
        provider = Provider.objects.get(slug=slug)
        with tenant_scope(provider):
            assert read_known(provider).companies["acme"] == {f"{name} Dental"}


FREED = """
import django, os
django.setup()
from imports import originals

def held():
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

first = bytes(16 * 2**20)
del first  # from now on the C library would put a block of this size among the small ones
originals.give_large_blocks_back()
text = b"x" * (12 * 2**20)
above = [bytes(4_000) for _ in range(5_000)]
before = held()
del text
print(before - held())
"""


def test_a_large_block_of_memory_goes_back_to_the_system_once_it_is_freed():
    done = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) > 10 * 2**20


READ = """
import re, sys
from datetime import date
from zoneinfo import ZoneInfo
import django
django.setup()
from imports.reading.parse import parse

line = "2026-06-02,Acme,{0},1.5,09:00,{0} is a printer that does not print,What was done for entry {0}"
rows = [line.format(number) for number in range(100_000, 120_000)]
data = "\\n".join(("Date,Client,Entry ID,Hours,Start,Title,Notes", *rows, "")).encode()
file = parse(data, timezone=ZoneInfo("UTC"), today=date(2026, 6, 3))
assert len(file.rows) == len(rows)
sys._debugmallocstats()
"""


def test_what_was_read_of_a_file_leaves_few_holes_in_memory():
    """Where its records lie among the texts that stay, none of their memory is of use to anything larger."""
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True, cwd=ROOT)
    said = re.search(r"bytes in available blocks *= *([\d,]+)", done.stderr)
    assert int(said[1].replace(",", "")) < 20_000 * 150
