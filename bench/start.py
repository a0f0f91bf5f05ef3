"""What a command costs before it begins, against `django.setup()` of an empty project.

python -m bench.start
"""

import sys

from bench import cpu, prepared

TIMES = 5
EMPTY, COMMAND, IMPORT = "empty project", "balances", "import_csv"
SETUP = "import django; django.setup()"


def figures() -> list[cpu.Figure]:
    found = cpu.Beside()
    with cpu.folder() as place:
        cpu.run([sys.executable, "-m", "django", "startproject", "empty", str(place)])
        database = {"DATABASE_URL": prepared.database(cpu.Engine("SQLite"), place)}
        (place / "a.toml").write_text('[provider]\nslug = "bench"\nname = "Bench"\n')
        cpu.manage(["load_retainers", str(place / "a.toml")], **database)
        for _ in range(TIMES):
            empty = {"DJANGO_SETTINGS_MODULE": "empty.settings"}
            found.add(EMPTY, cpu.run([sys.executable, "-c", SETUP], cwd=place, **empty))
            found.add(COMMAND, cpu.manage(["balances", "--provider", "bench"], **database).seconds)
            found.add(IMPORT, cpu.manage(["import_csv", "--help"], **database).seconds)
    how = f"{TIMES} × alternating"
    return [
        cpu.Figure("`manage.py balances`, nothing to print", found.ratio(COMMAND, EMPTY), "×", 1.5, how),
        cpu.Figure("`manage.py import_csv --help`", found.ratio(IMPORT, EMPTY), "×", 1.5, how),
    ]


if __name__ == "__main__":
    for figure in figures():
        print(figure.line)
