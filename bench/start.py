"""What a command costs before it begins, against `django.setup()` of an empty project.

python -m bench.start
"""

import sys
from pathlib import Path

from bench import cpu

TIMES = 5
EMPTY, COMMAND, IMPORT = "empty project", "balances", "import_csv"
SETUP = "import django; django.setup()"


def figures() -> list[cpu.Figure]:
    found = cpu.Beside()
    with cpu.folder() as place:
        cpu.run([sys.executable, "-m", "django", "startproject", "empty", str(place)])
        database = {"DATABASE_URL": f"sqlite:///{place}/bench.sqlite3"}
        (place / "a.toml").write_text('[provider]\nslug = "bench"\nname = "Bench"\n')
        manage(database, "migrate", "-v0")
        manage(database, "load_retainers", str(place / "a.toml"))
        for _ in range(TIMES):
            empty = {"DJANGO_SETTINGS_MODULE": "empty.settings"}
            found.add(EMPTY, cpu.run([sys.executable, "-c", SETUP], cwd=Path(place), **empty))
            found.add(COMMAND, manage(database, "balances", "--provider", "bench"))
            found.add(IMPORT, manage(database, "import_csv", "--help"))
    how = f"{TIMES} × alternating"
    return [
        cpu.Figure("`manage.py balances`, nothing to print", found.ratio(COMMAND, EMPTY), "×", 1.5, how),
        cpu.Figure("`manage.py import_csv --help`", found.ratio(IMPORT, EMPTY), "×", 1.5, how),
    ]


def manage(env: dict[str, str], *words: str) -> float:
    return cpu.run([sys.executable, "manage.py", *words], **env)


if __name__ == "__main__":
    for figure in figures():
        print(figure.line)
