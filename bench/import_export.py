"""django-import-export on the file of `bench.imports`, beside our own import of it.

    uv run --with django-import-export python -m bench.import_export [ROWS [TIMES]]

It is no dependency of ours: `--with` puts it beside them for this one run. As its documentation sets it up: one model
of 24 columns with an index, the company a foreign key, found by its name, the rows told apart by their id, one pass
without the dry run before it. CPU time, SQLite, start included.
"""

import csv
import os
import sys
from pathlib import Path
from typing import Any

from bench import cpu, export
from bench.pages import PRODUCTION

COLUMNS = 24
OURS, THEIRS = "ours", "django-import-export"


def figures(rows: int, times: int) -> list[cpu.Figure]:
    found, engine = cpu.Beside(), cpu.Engine("SQLite")
    with cpu.folder() as files:
        export.write(files, rows)
        for _ in range(times):
            with cpu.folder() as place:
                one_round(found, files, place, engine)
    what = f"django-import-export on the same {rows:,} rows, compared with ours, SQLite"
    how = f"{times} × alternating; at least 20 × is wanted"
    return [cpu.Figure(what, found.ratio(THEIRS, OURS), "×", None, how)]


def one_round(found: cpu.Beside, files: Path, place: Path, engine: cpu.Engine) -> None:
    env = PRODUCTION | {"DATABASE_URL": engine.database(place), "ORIGINALS_ROOT": str(place / "originals")}
    cpu.manage(["migrate", "-v0"], engine=engine, **env)
    cpu.manage(["load_retainers", str(files / "agreements.toml")], engine=engine, **env)
    words = ("import_csv", str(files / "first.csv"), "--provider", "bench", "--publish")
    found.add(OURS, cpu.manage(words, engine=engine, **env).seconds)
    theirs = [sys.executable, "-m", "bench.import_export", "--theirs", str(files / "first.csv"), str(place)]
    found.add(THEIRS, cpu.run(theirs))


def theirs(path: Path, place: Path) -> None:
    """Their import of the file into a database of its own."""
    begin(place)
    entry, company = models()
    from tablib import Dataset

    with path.open(newline="", encoding="utf-8") as file:
        known = {cells[1] for cells in csv.reader(file)}
    company.objects.bulk_create(company(name=name) for name in sorted(known))
    entries = resource(entry, company, header(path))
    result = entries.import_data(Dataset().load(path.read_text(), format="csv"), raise_errors=True)
    if result.has_errors() or not entry.objects.count():
        raise SystemExit("nothing was imported")


def resource(entry: Any, company: Any, names: list[str]) -> Any:
    """Which column of the file is which of the table."""
    from import_export import fields, resources
    from import_export.widgets import ForeignKeyWidget

    class Entries(resources.ModelResource):
        client = fields.Field("client", names[1], ForeignKeyWidget(company, "name"))

        class Meta:
            model = entry
            import_id_fields = ("external_id",)

    entries = Entries()
    entries.fields["external_id"].column_name = names[0]
    for number, name in enumerate(names[2:COLUMNS], start=2):
        entries.fields[f"c{number}"].column_name = name
    return entries


def begin(place: Path) -> None:
    """A project that has nothing else."""
    import django
    from django.conf import settings

    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(place / "theirs.sqlite3")}
    apps = ["import_export", "bench"]
    settings.configure(DATABASES={"default": database}, INSTALLED_APPS=apps, USE_TZ=True, DEBUG=False)
    django.setup()


def models() -> tuple[Any, Any]:
    """Its two tables."""
    from django.db import connection
    from django.db import models as kinds

    class Company(kinds.Model):
        name = kinds.CharField(max_length=200, unique=True)

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return self.name

    by_client = kinds.Index(fields=["client"], name="by_client")
    body = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "bench", "indexes": [by_client]}),
        "external_id": kinds.CharField(max_length=40, unique=True),
        "client": kinds.ForeignKey(Company, kinds.CASCADE),
        **{f"c{number}": kinds.TextField(blank=True) for number in range(2, COLUMNS)},
    }
    entry = type("Entry", (kinds.Model,), body)
    with connection.schema_editor() as editor:
        editor.create_model(Company)
        editor.create_model(entry)
    return entry, Company


def header(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--theirs"]:
        theirs(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        rows, times = (
            (*map(int, sys.argv[1:3]), 2_000, 3)[:2] if len(sys.argv) != 2 else (int(sys.argv[1]), 3)
        )
        for figure in figures(rows, times):
            print(figure.line)
