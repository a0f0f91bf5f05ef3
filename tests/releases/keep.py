"""Keeps what a release writes into its database: `PYTHONPATH=. python …/tests/releases/keep.py NAME`, in its tree.

One small story, told by commands that every release has: two clients with three agreements, four exports of which
one is undone, an agreement that changes, hours that are bought. `NAME.json` then holds the rows as that release left
them, its migrations, its originals and the balances that it printed. `test_upgrades.py` goes on from there.
"""

import base64
import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OURS = ("accounts", "retainers", "imports", "portal", "desk", "alerts")
ON = "2026-03-31"
AGREEMENTS = """
[provider]
slug = "north"
name = "North IT"
timezone = "America/New_York"
[[members]]
email = "dana@north.example"
role = "owner"
[[rules]]
name = "Warranty"
when = {{ title = ["*warranty*"] }}
then = {{ exclude = "warranty" }}
[[rules]]
name = "After hours"
when = {{ work_type = ["*after hours*"] }}
then = {{ category = "after_hours" }}
[[clients]]
slug = "acme"
name = "Acme Dental"
contacts = [{{ name = "Pat Lee", email = "pat@acme.example", approves = true, alerts = true }}]
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-01
updates_on = ["mon"]
[[clients.retainers.terms]]
hours_from = "worked"
increment = "0.25"
rollover = {{ hours = "2", cycles = 1 }}
overage = "bill"
overage_rate = "{rate}"
currency = "USD"
multipliers = [{{ category = "after_hours", name = "After hours", factor = "2" }}]
pools = [{{ key = "support", name = "IT support", hours = "{hours}"}}]
{bought}
[[clients]]
slug = "birch"
name = "Birch & Lowe"
[[clients.retainers]]
key = "support"
name = "IT support"
starts = 2026-01-15
[[clients.retainers.terms]]
hours_from = "worked"
pools = [{{ key = "support", name = "IT support", hours = "20" }}]
"""
BOUGHT = """[[clients.retainers.top_ups]]
date = 2026-02-20
hours = "4"
pool = "support"
note = "PO 4711"
"""
HEADERS = "Entry ID,Client,Date,Hours,Technician,Ticket,Work type,Title,Client description"
ROWS = {
    1: "1,Acme Dental,2026-01-07,3.10,Ravi,T1,Support,Server is slow,Server looked through",
    2: "2,Acme Dental,2026-01-21,2,Ravi,T2,After hours,Outage,Outage ended",
    3: "3,Birch & Lowe,2026-01-20,4.5,Mel,T3,Support,New desks,Six desks set up",
    4: "4,Acme Dental,2026-02-03,2.50,Ravi,T4,Support,Printer,Printer repaired",
    5: "5,Birch & Lowe,2026-02-04,1.25,Mel,T5,Support,Warranty: drive,",
    6: "6,Acme Dental,2026-02-17,9,Ravi,T6,Support,Move,Move prepared",
    7: "7,Birch & Lowe,2026-02-18,6,Mel,T7,Support,Backup,Backup tested",
    8: "8,Acme Dental,2026-03-05,1.75,Ravi,T8,After hours,Firewall,Firewall replaced",
}
LATER = {**ROWS, 4: ROWS[4].replace("2.50", "3.50"), 6: ROWS[6].replace("Move prepared", "The move prepared")}
WRONG = {
    9: "9,Acme Dental,2026-03-06,7,Ravi,T9,Support,Wrong file,Not yours",
    10: "10,Birch & Lowe,2026-03-06,7,Mel,T10,Support,Wrong file,Not yours",
}
STORY: list[tuple[str, str, Any]] = [  # when, what, with what
    ("2026-02-09", "agreements", {"hours": "8", "rate": "150", "bought": ""}),
    ("2026-02-09", "import", {key: ROWS[key] for key in (1, 2, 3, 4, 5)}),
    ("2026-02-23", "import", {key: LATER[key] for key in (4, 5, 6, 7)}),
    ("2026-02-24", "agreements", {"hours": "8", "rate": "150", "bought": BOUGHT}),
    ("2026-03-09", "import", {key: LATER[key] for key in (4, 5, 6, 7, 8)}),
    ("2026-03-10", "import", WRONG),
    ("2026-03-10", "undo", None),
    ("2026-03-11", "link", None),
]


def story(folder: Path) -> None:
    import time_machine

    for number, (day, what, said) in enumerate(STORY):
        with time_machine.travel(f"{day}T15:{number:02d}:00Z", tick=True):
            _tell(what, said, folder / f"{number}")


def _tell(what: str, said: Any, file: Path) -> None:
    if what == "agreements":
        file.write_text(AGREEMENTS.format(**said))
        do("load_retainers", str(file))
    elif what == "import":
        file.write_text("\n".join([HEADERS, *said.values()]) + "\n")
        do("import_csv", str(file), "--provider", "north", "--publish")
    elif what == "undo":
        do("undo_import", str(_asked("SELECT MAX(id) FROM imports_import")[0][0]))
    else:
        do("share_link", "create", "--provider", "north", "--client", "acme")


def do(*words: str) -> str:
    from django.core.management import call_command

    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def kept(folder: Path) -> dict[str, Any]:
    """All that the release left behind."""
    names = dict(_asked("SELECT app, MAX(name) FROM django_migrations GROUP BY app"))
    originals = folder / "originals"
    return {
        "migrations": {app: names[app] for app in OURS},
        "tables": dict(_tables()),
        "originals": {
            str(path.relative_to(originals)): path.read_text()
            for path in sorted(originals.rglob("*"))
            if path.is_file()
        },
        "balances": json.loads(do("balances", "--provider", "north", "--on", ON, "--json")),
    }


def _tables() -> Iterator[tuple[str, Any]]:
    """Each table of ours that has a row, with its columns."""
    tables = [name for (name,) in _asked("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for table in tables:
        if table.startswith(tuple(f"{app}_" for app in OURS)):
            columns = [row[1] for row in _asked(f"PRAGMA table_info({table})")]
            rows = [[_plain(cell) for cell in row] for row in _asked(f"SELECT * FROM {table} ORDER BY 1")]
            if rows:
                yield table, {"columns": columns, "rows": rows}


def _written(said: dict[str, Any]) -> str:
    """JSON with a row to a line."""
    text = json.dumps({**said, "tables": {}}, ensure_ascii=False, indent=1)
    tables = [
        f'  {json.dumps(name)}: {{"columns": {json.dumps(table["columns"])}, "rows": [\n   '
        + ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in table["rows"])
        + "]}"
        for name, table in said["tables"].items()
    ]
    return text.replace('"tables": {}', '"tables": {\n' + ",\n".join(tables) + "\n }")


def _plain(cell: Any) -> Any:
    return {"bytes": base64.b64encode(cell).decode()} if isinstance(cell, bytes) else cell


def _asked(sql: str, *values: Any) -> list[Any]:
    from django.conf import settings

    with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as database:
        return database.execute(sql, values).fetchall()


def main(name: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "hourtab.settings",
            "DATABASE_URL": f"sqlite:///{folder}/kept.sqlite3",
            "ORIGINALS_ROOT": str(folder / "originals"),
        }
        import django

        django.setup()
        do("migrate")
        story(folder)
        (HERE / f"{name}.json").write_text(_written(kept(folder)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
