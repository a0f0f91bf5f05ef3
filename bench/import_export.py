"""django-import-export on the file of `bench.imports`, beside our own import of it.

    uv run --with django-import-export python -m bench.import_export [ROWS [TIMES [ENGINE [PART]]]]

It is no dependency of ours: `--with` puts it beside them for this one run. As its documentation sets it up: one model
of 24 columns with an index, moments and hours in their own types as R has them, the company a foreign key, found by its
name, the rows told apart by their id, one pass without the dry run before it. CPU time, start and server included.

Theirs takes minutes for what takes ours seconds, and as long for each row whatever their number. With a PART it gets
every so-maniest row of the file only: that counts so many times, but for its start, which is that of one row.
"""

import csv
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bench import cpu, prepared
from bench.prepared import PRODUCTION

COLUMNS = 24
TIMES, HOURS = (7, 8, 9), (10, 11, 12, 13)  # columns of the export whose values aren't texts
OURS, THEIRS = "ours", "django-import-export"


def figures(rows: int, times: int, name: str, part: int = 1) -> Iterator[cpu.Figure]:
    """One figure an engine; of both, or of the one of that name. `part`: theirs gets every so-maniest row."""
    with cpu.engines() as engines:
        for engine in engines:
            if name not in ("", engine.name):
                continue
            found = cpu.Beside()
            for _ in range(times):
                with cpu.folder() as place:
                    one_round(found, rows, part, place, engine)
            what = f"django-import-export on the same {rows:,} rows, compared with ours, {engine.name}"
            how = f"{times} × alternating" if times > 1 else "once"
            if part > 1:
                how += f", theirs of {rows // part:,} of the rows, times {part} but for its start"
            yield cpu.Figure(what, found.ratio(THEIRS, OURS), "×", 20, how, at_least=True)


def one_round(found: cpu.Beside, rows: int, part: int, place: Path, engine: cpu.Engine) -> None:
    file = prepared.export("first", rows)
    url = prepared.database(engine, place, loaded=True)
    env = PRODUCTION | {"DATABASE_URL": url, "ORIGINALS_ROOT": str(place / "originals")}
    words = ("import_csv", str(file), "--provider", "bench", "--publish")
    found.add(OURS, cpu.manage(words, engine=engine, **env).seconds)
    start = taken_by_theirs(prepared.export("one", rows), place / "one", engine) if part > 1 else 0.0
    taken = taken_by_theirs(every(file, part, place / "theirs.csv"), place / "theirs", engine)
    found.add(THEIRS, start + (taken - start) * part)


def every(file: Path, part: int, into: Path) -> Path:
    """The file with every so-maniest of its rows."""
    with file.open(newline="", encoding="utf-8") as source, into.open("w", encoding="utf-8") as target:
        rows = csv.reader(source)
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(next(rows))
        writer.writerows(islice(rows, 0, None, part))
    return into


def taken_by_theirs(file: Path, place: Path, engine: cpu.Engine) -> float:
    """Seconds that their import of a file takes, into a database of its own."""
    place.mkdir()
    words = [sys.executable, "-m", "bench.import_export", "--theirs", str(file)]
    return cpu.run(words, engine=engine, DATABASE_URL=engine.database(place))


def theirs(path: Path) -> None:
    """Their import of the file into a database of its own."""
    begin()
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


def begin() -> None:
    """A project that has nothing else."""
    import django
    import environ
    from django.conf import settings

    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    databases, apps = {"default": environ.Env().db_url("DATABASE_URL")}, ["import_export", "bench"]
    settings.configure(DATABASES=databases, INSTALLED_APPS=apps, USE_TZ=True, DEBUG=False)
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
        **{f"c{number}": kinds.DateTimeField(null=True) for number in TIMES},
        **{f"c{number}": kinds.DecimalField(max_digits=12, decimal_places=4, null=True) for number in HOURS},
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
        theirs(Path(sys.argv[2]))
    else:
        rows, times, name, part = (*sys.argv[1:], *("2000", "3", "", "1")[len(sys.argv) - 1 :])
        for figure in figures(int(rows), int(times), name, int(part)):
            print(figure.line, flush=True)
