"""What a command loads before it begins: the web, its addresses and patterns cost more than most commands."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.commands import BadInputError, Command
from desk.management.commands import import_csv

ROOT = Path(__file__).parents[2]
ONLY_THE_WEB_NEEDS = {
    "hourtab.urls": "addresses",
    "requests": "single sign-on",
    "fido2": "passkeys",
    "leaks.check": "the leak check's patterns",
    "PIL": "logos",
    "openpyxl": "workbooks",
    "icalendar": "calendars",
    "phonenumbers": "numbers in notices",
    "django.contrib.auth.views": "signing in",
}
LOADED = """
import json, sys
from django.core.management import execute_from_command_line
try:
    execute_from_command_line(["manage.py", *sys.argv[1:]])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""

FEW = 75  # classes whose functions are written and compiled at every start
MADE = """
import dataclasses, sys
make, made = dataclasses._process_class, []
dataclasses._process_class = lambda kind, *said: made.append(kind.__module__) or make(kind, *said)
import django
django.setup()
import desk.imports.by_command
print(sum(not each.startswith("allauth") for each in made))
"""

MANY_OBJECTS = 10_000  # a start makes ten times as many
LEFT = """
import gc, runpy, sys
try:
    runpy.run_path("manage.py", run_name="__main__")
except SystemExit:
    pass
print(gc.get_freeze_count())
"""


def loaded_by(*words: str, database: str = "sqlite://:memory:") -> set[str]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "hourtab.settings", "DATABASE_URL": database}
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("command", ["balances", "import_csv", "verify", "share_link"])
def test_a_command_loads_nothing_that_only_the_web_needs(command):
    loaded = loaded_by(command, "--help")

    assert not {name: ONLY_THE_WEB_NEEDS[name] for name in ONLY_THE_WEB_NEEDS if name in loaded}


def test_the_words_of_an_import_load_nothing_that_reads_or_publishes_a_file():
    loaded = loaded_by("import_csv", "--help")

    assert "desk.management.commands.import_csv" in loaded
    assert not {name for name in loaded if name.startswith(("imports.reading", "imports.publishing"))}


def test_a_tick_without_an_inbox_or_an_order_loads_nothing_that_reads_or_publishes_a_file():
    loaded = loaded_by("tick", "--help")

    assert "desk.imports.ordering" in loaded
    assert not loaded & {
        *("imports.reading.parse", "imports.publishing.preview", "imports.publishing.publish"),
        *(
            "desk.inbox.taking",
            "desk.imports.carrying_out",
            "desk.imports.api",
            "desk.requests",
            "phonenumbers",
        ),
    }


def test_an_import_loads_nothing_for_agreements_files_or_for_companies_that_it_does_not_know():
    both = "import desk.imports.by_command, desk.imports.unattended"
    loaded = loaded_by("shell", "--no-imports", "--command", both)

    assert {"imports.publishing.publish", "imports.wording.queue"} <= loaded
    assert not loaded & {"tomllib", "tomli_w", "rapidfuzz", "retainers.agreements.reading"}


def test_a_look_loads_nothing_that_stores_or_publishes_a_file():
    loaded = loaded_by("shell", "--no-imports", "--command", "import desk.imports.by_command")

    assert "imports.publishing.preview" in loaded
    assert not loaded & {
        *("imports.publishing.publish", "imports.publishing.store", "imports.publishing.file_keeper"),
        *("desk.imports.unattended", "desk.imports.preview_or_problem", "imports.judging.companies"),
        *("retainers.publishing", "retainers.kept.keeping", "retainers.restating.writing", "babel"),
    }


def test_what_only_carries_values_through_an_import_is_a_named_tuple_and_no_dataclass():
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "hourtab.settings", "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(
        [sys.executable, "-c", MADE], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )

    assert 0 < int(done.stdout) <= FEW


def test_what_an_import_keeps_for_the_dashboard_loads_neither_its_page_nor_others():
    loaded = loaded_by("shell", "--no-imports", "--command", "import desk.dashboard.keeping")

    assert "desk.dashboard.status" in loaded
    pages = {"page", "query", "saved_views", "first_steps", "side"}
    assert not loaded & {*(f"desk.dashboard.{each}" for each in pages), "desk.incidents.page"}
    assert "presentation.facts" not in loaded  # what a client's page tells of


def test_a_command_that_begins_loads_no_addresses(tmp_path):
    loaded = loaded_by("balances", "--provider", "nobody", database=f"sqlite:///{tmp_path}/empty.sqlite3")

    assert "accounts.commands" in loaded
    assert "hourtab.urls" not in loaded


def test_migrations_are_compared_by_name_where_all_are_recorded(db, monkeypatch):
    def imported(*_):
        raise AssertionError("every migration was imported")

    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor", imported)

    Command().check_migrations()


def test_a_database_that_lacks_a_migration_is_refused(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'alerts'")

    with pytest.raises(BadInputError, match="not set up for this release"):
        Command().check_migrations()


def test_balances_that_are_kept_are_printed_without_the_ledger() -> None:
    loaded = loaded_by("balances", "--help")
    assert "desk.dashboard.holding" in loaded
    assert not loaded & {"retainers.ledger", "retainers.selectors", "presentation.phrases"}


def test_a_command_that_ends_looks_through_nothing_for_garbage():
    words = [sys.executable, "-c", LEFT, "import_csv", "--help"]
    env = {**os.environ, "DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=True)

    assert int(done.stdout.splitlines()[-1]) > MANY_OBJECTS


@pytest.mark.parametrize(("ends_the_process", "looks"), [(True, False), (False, True)])
def test_what_an_import_has_made_is_not_looked_through_where_the_process_ends_with_it(
    db, ends_the_process, looks
):
    command = import_csv.Command()
    command._called_from_command_line = ends_the_process
    seen = []
    command.handle = lambda *args, **options: seen.append(gc.isenabled())
    try:
        call_command(command, "-", provider="north")
        seen.append(gc.isenabled())
    finally:
        gc.enable()

    assert seen == [looks, looks]
