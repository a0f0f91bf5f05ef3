"""The commands as a shell runs them: words in; exit code, stdout and stderr out."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command, get_commands, load_command_class

from accounts.tenancy import all_tenants
from tests.shared_rows import shared_rows

AGREEMENT = """
[provider]
slug = "northwind"
name = "Northwind"
date_order = "ymd"

[[clients]]
slug = "acme"
name = "Acme Dental"

[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
updates_on = ["mon", "thu"]

[[clients.retainers.terms]]
pools = [
  { key = "reactive", name = "Reactive", hours = "10" },
  { key = "planned", name = "Planned", hours = "5" },
]

[[clients.retainers.rules]]
when = { title = "maintenance*" }
then = { pool = "planned" }

[[clients]]
slug = "birch"
name = "Birch & Lowe"

[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
updates_on = ["mon", "thu"]

[[clients.retainers.terms]]
pools = [{ key = "main", name = "Main", hours = "10" }]
"""

MONTH = [
    [
        number,
        "Acme Dental",
        f"2026-02-{number:02}",
        "0.5",
        "Ann" if number in (7, 8, 9) else "Bob",
        f"T{number}",
        "Maintenance" if number in (3, 13, 17) else "Fix",
    ]
    for number in range(1, 21)
]


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return self.err.splitlines()


@pytest.fixture
def shell(db, capsys, monkeypatch):
    def shell(name, *words, stdin=None):
        command = load_command_class(get_commands()[name], name)
        command._called_from_command_line = True
        command.requires_system_checks, command.requires_migrations_checks = [], False
        command.is_all_kept = False  # this process goes on, and needs its garbage taken away
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        capsys.readouterr()
        try:
            parser = command.create_parser("manage.py", name)
            options = vars(parser.parse_args([str(word) for word in words]))
            command.execute(*options.pop("args", ()), **options)
        except SystemExit as error:
            code = error.code
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return shell


@pytest.fixture
def file(tmp_path):
    def file(content, name="file"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


@pytest.fixture
def load(shell, file):
    def load(text, *words):
        return shell("load_retainers", file(text, "file.toml"), *words)

    return load


@shared_rows
def northwind(tmp_path):
    """Two clients: acme with the pools reactive and planned, birch with the pool main."""
    (tmp_path / "northwind.toml").write_text(AGREEMENT)
    with at("2026-01-01 09:00"):
        call_command("load_retainers", str(tmp_path / "northwind.toml"), verbosity=0)


@pytest.fixture
def bring(shell, file, northwind):
    """`import_csv --json` of rows (lists of cells under `columns`), or of a whole file."""

    def bring(rows, *words, columns="Entry ID,Client,Date,Hours,Technician,Ticket,Title"):
        if not {"--client", "--accept"}.intersection(words):
            words = (*words, "--accept", "one-company")  # a file of these tests is whole
        if isinstance(rows, list):
            rows = "\n".join([columns, *(",".join(map(str, row)) for row in rows), ""])
        return shell("import_csv", file(rows, "export.csv"), "--provider", "northwind", "--json", *words)

    return bring


@pytest.fixture
def clock():
    with at("2026-02-20 12:00"):
        yield


@pytest.fixture
def month(clock, bring):
    """Twenty entries of acme, one a day."""
    assert bring(MONTH, "--publish").code == 0


@pytest.fixture
def balances(shell):
    def balances(*words):
        said = shell("balances", "--provider", "northwind", "--json", *words)
        assert said.code == 0, said.err
        return {(each["client"], each["retainer"]): each for each in said.json}

    return balances


@pytest.fixture
def used(balances):
    """Hours used in the last cycle, in all pools, of one client on a day."""

    def used(client, on):
        return balances("--on", on, "--client", client)[client, "support"]["cycles"][-1]["total"]["used"]

    return used


@pytest.fixture
def rows_held(db):
    """How many rows the database holds of what a client could see, or of what stands behind it."""

    def count():
        with all_tenants("counting"):
            return {
                model.__name__: model._base_manager.count()
                for model in apps.get_models()
                if model._meta.app_label in ("accounts", "retainers", "imports")
                and model.__name__ not in ("AuditEvent", "Import")
            }

    return count


def at(moment):
    return time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)


def counts(answer):
    """What an import says of its entries."""
    return {name: count for name, count in answer.json["entries"].items() if count}


def row(number, day=2, hours="1", client="Birch & Lowe", ticket="T1", title="Fix"):
    """A row of February."""
    return [number, client, f"2026-02-{day:02}", hours, "Bob", ticket, title]


def without(*numbers):
    return [row for row in MONTH if row[0] not in numbers]
