"""What the architecture page promises of the code itself: the arrows, the few ways around a manager, the templates."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from importlinter.cli import lint_imports

ROOT = Path(settings.BASE_DIR)
APPS = (
    "demo",
    "leaks",
    "accounts",
    "retainers",
    "presentation",
    "imports",
    "portal",
    "desk",
    "alerts",
    "hourtab",
)
CODE = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())

# what the tenant's managers can't hold: each module that may, and nothing else
WAYS_AROUND = {
    r"\ball_tenants\(": {
        "accounts/tenancy.py",  # says what it is
        "accounts/access.py",  # where somebody is a member, before one of these providers is chosen
        "accounts/keys.py",  # a key, before its provider is known
        "accounts/outbox.py",  # a mail about an account, which is no provider's
        "accounts/providers.py",  # the providers themselves, before one is in scope
        "accounts/sending.py",  # everybody's mails that are due
        "accounts/services.py",  # an invitation, and whether somebody is a member anywhere
        "portal/access.py",  # a link
        "portal/approval_by_mail.py",  # a confirmation
        "alerts/consents.py",  # a signed address in a mail
        "alerts/watches.py",  # another one
        "alerts/hooks/delivering.py",  # everybody's deliveries that are due
        "hourtab/backing_up/making.py",  # everybody's rows and originals
        "hourtab/backing_up/restoring.py",  # whether anybody's rows stand here
        "hourtab/doctor.py",  # counts everybody's mails
        "hourtab/whole_provider.py",  # who is a member of another provider stays
        "hourtab/management/commands/migrate.py",  # a migration is about everybody's rows
        "desk/management/commands/undo_import.py",  # an import that is named by its number alone
    },
    r"\bbeyond_policies\(": {
        "accounts/tenancy.py",  # says what it is
        "hourtab/verifying/walk.py",  # looks for rows that tie two providers together
    },
    r"\bconnections?\b.*\.cursor\(|\.cursor\(": {
        "accounts/database.py",  # a moment to read in, constraints that wait, statistics, who our role is
        "accounts/postgres/base.py",  # says the scope before a cursor that the server keeps
        "accounts/row_policies.py",  # installs what PostgreSQL shows to whom
        "accounts/guards.py",  # installs what the database itself refuses
        "accounts/many_rows.py",  # writes what an import brings, of the provider in scope alone
        "accounts/large_values.py",  # sends parts of a value for the rows that a manager's queryset names
        "accounts/worked_out.py",  # asks what a manager's queryset put together, for the provider in scope alone
        "accounts/replica.py",  # says that it only reads
        "hourtab/backing_up/postgres.py",  # copies whole tables
        "portal/openings.py",  # counts an opened link without waiting for a writer
    },
    r"\.send\(\)|(?<!def )\bsend_mail\(|\bsend_messages\(|\bget_connection\(": {
        "accounts/sending.py",  # a sender: no request speaks to a mail server
        "hourtab/doctor.py",  # a command: only asks whether it would be taken
    },
    r"accounts(\.sending import| import sending)\b": {
        "hourtab/management/commands/tick.py",
        "hourtab/management/commands/send_mails.py",
        "hourtab/management/commands/runserver.py",  # one's own machine only
    },
    r"select_for_update\((?!no_key=True\))": {  # else a row that only points at it has to wait, and may deadlock
        "accounts/services.py",  # a membership that may be deleted
        "desk/clients/merging.py",  # a client that is no more: what points at it waits, and none comes in between
        "hourtab/whole_provider.py",  # imports that are deleted
    },
    r"\b_base_manager\b|\.raw\(|\bRawSQL\b|\.extra\(": set(),
    r"\b(mark_safe|strip_tags|urlize|truncatewords_html|SafeString)\b": set(),
    r"\b(pickle|yaml|eval|exec|marshal)\b\.?\(": set(),
}


LONGEST_MODULE = 300  # lines
SHORT_MODULE = 60
MOST_SHORT = 15  # per cent of the modules


@cache
def text_of(path):
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path):
    return ast.parse(text_of(path))


@pytest.fixture(scope="module", autouse=True)
def _trees_are_forgotten():
    """After this module: millions of nodes would be looked through for garbage to the end."""
    yield
    tree_of.cache_clear()


def name_of(path):
    """Below the root."""
    return str(path.relative_to(ROOT))


def lengths(paths):
    """The lines of each file, by its path below the root."""
    return {name_of(path): len(text_of(path).splitlines()) for path in paths}


def holds_code(path):
    """Whether it is a module, and not the name and the sentence that a folder has in its `__init__.py`."""
    body = tree_of(path).body
    return path.name != "__init__.py" or any(not isinstance(each, ast.Expr) for each in body)


def test_no_module_is_longer_than_can_be_read_at_once():
    assert {name: lines for name, lines in lengths(CODE).items() if lines > LONGEST_MODULE} == {}


def test_a_module_is_a_subject_and_no_scrap_of_one():
    found = lengths(filter(holds_code, CODE))
    short = sorted(name for name, lines in found.items() if lines < SHORT_MODULE)
    assert 100 * len(short) < MOST_SHORT * len(found), short


LONG_FUNCTION = 30  # lines
BRANCHED_FUNCTION = 8
# as many as there are: fewer with every change that touches one, never more
MOST_LONG_FUNCTIONS = 0
MOST_BRANCHED_FUNCTIONS = 0
MOST_DECISIONS = 5.9  # `if`s in a hundred lines of the templates
BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.With, ast.IfExp, ast.comprehension)


def functions():
    for path in CODE:
        for each in ast.walk(tree_of(path)):
            if isinstance(each, ast.FunctionDef):
                yield each


def branches(each):
    """One way through, and another one for each branch and each further part of a condition."""
    inner = (node for node in ast.walk(each) if isinstance(node, (*BRANCHES, ast.BoolOp)))
    return 1 + sum(len(node.values) - 1 if isinstance(node, ast.BoolOp) else 1 for node in inner)


def test_functions_get_no_longer_and_no_more_branched():
    found = list(functions())
    long = [each.name for each in found if each.end_lineno - each.lineno >= LONG_FUNCTION]
    branched = [each.name for each in found if branches(each) > BRANCHED_FUNCTION]
    assert len(long) <= MOST_LONG_FUNCTIONS, sorted(long)
    assert len(branched) <= MOST_BRANCHED_FUNCTIONS, sorted(branched)


def test_templates_decide_no_more_than_they_do():
    pages = list(map(text_of, TEMPLATES))
    decisions = sum(len(re.findall(r"{%-?\s*if\b", page)) for page in pages)
    assert 100 * decisions < MOST_DECISIONS * sum(page.count("\n") for page in pages)


def test_no_filter_is_given_what_may_not_be_there():
    """A filter's own value may be missing, but not what is given to it: that makes the page an error."""
    given = {}
    for path in TEMPLATES:
        tags = re.findall(r"{[{%].+?[%}]}", text_of(path))
        bare = [re.sub(r"_?\(?(\"[^\"]*\"|'[^']*')\)?", '""', tag) for tag in tags]
        if found := [tag for tag in bare if re.search(r"\|\w+:[^\W\d]", tag)]:
            given[name_of(path)] = found
    assert given == {}


def names(paths, pattern):
    """The files, below the root, in which the pattern is found."""
    return {name_of(path) for path in paths if re.search(pattern, text_of(path))}


def test_imports_run_one_way_and_the_pure_modules_know_no_django(capsys):
    outcome = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert outcome == 0, capsys.readouterr().out


@pytest.mark.parametrize("pattern", WAYS_AROUND)
def test_a_way_around_the_managers_is_used_in_the_named_modules_only(pattern):
    assert names(CODE, pattern) == WAYS_AROUND[pattern]


SHOWING = re.compile(r"(?:\w+_)?(?:views?|pages?|forms?)")
A_SUBJECT = {
    "desk/dashboard/saved_views.py"
}  # views of the dashboard that somebody keeps: it reads and writes them
DOORS = {"accounts/access.py", "accounts/sessions.py", "accounts/watching.py"}  # who is asking


def asks_the_database(node):
    return any(isinstance(each, ast.Attribute) and each.attr == "objects" for each in ast.walk(node))


def is_answering(node):
    """A view, or a part of one: it has the request."""
    arguments = node.args.args if isinstance(node, ast.FunctionDef) else ()
    return any(each.arg == "request" and "HttpRequest" in ast.dump(each) for each in arguments)


def is_showing(path):
    return any(map(SHOWING.fullmatch, path.relative_to(ROOT).with_suffix("").parts))


def test_what_shows_something_leaves_the_queries_to_selectors_services_and_doors():
    asking = {name_of(path) for path in CODE if asks_the_database(tree_of(path))}
    assert asking & {name_of(path) for path in CODE if is_showing(path)} <= A_SUBJECT
    views = {
        name_of(path): [
            each.name for each in ast.walk(tree_of(path)) if is_answering(each) and asks_the_database(each)
        ]
        for path in CODE
        if name_of(path) in asking - DOORS
    }
    assert {name: found for name, found in views.items() if found} == {}


def test_no_template_prints_a_text_unescaped():
    off = names(TEMPLATES, r"autoescape off|\|\s*safe\b|\|\s*(urlize|striptags|truncatewords_html)\b")
    assert {name for name in off if not name.endswith(".txt")} == set()


def test_no_template_holds_a_style_or_a_script_of_its_own():
    inline = r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|javascript:"
    pages = [path for path in TEMPLATES if "mail" not in path.parts]
    assert names(pages, inline) == set()


def test_no_page_loads_anything_from_another_host():
    foreign = r"(?:src|href|action)=\"(?:https?:)?//"
    assert names([path for path in TEMPLATES if "mail" not in path.parts], foreign) == set()
    assert names((ROOT / "static").glob("*.css"), r"url\(|@import") == set()
