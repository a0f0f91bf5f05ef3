"""What an import costs: a first one, the same again, and one in which a tenth has changed.

    python -m bench.imports ROWS [TIMES [CHECKOUT …]]
    python -m bench.imports --table ROWS TIMES [ROWS TIMES …]

Each checkout (default: this one) gets a database of its own and is run by its own command line as in production (in
development Django keeps a copy of every query), in turn, and beside it `bench.plain_import` (R) of the same file; so
two states of the code can be compared on one machine. `--table` prints the lines of docs/performance.md.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bench import cpu, export
from bench.pages import PRODUCTION

STEPS = {"first": 5.0, "again": 1.5, "changed": 2.5}
SAID = {
    "first": "import, upload to published",
    "again": "the same file again",
    "changed": "a tenth changed, a twentieth new",
}
PLAIN, ONE = "R", "one"


def measured(rows: int, times: int, engine: cpu.Engine, checkouts: list[Path]) -> cpu.Beside:
    """Every step of every checkout, and R of the first file, in turn."""
    found = cpu.Beside()
    with cpu.folder() as files:
        export.write(files, rows)
        for _ in range(times):
            with cpu.folder() as place:
                one_round(found, files, place, engine, checkouts)
    return found


def one_round(found: cpu.Beside, files: Path, place: Path, engine: cpu.Engine, checkouts: list[Path]) -> None:
    said = {}
    for number, checkout in enumerate(checkouts):
        (place / str(number)).mkdir()
        said[checkout] = PRODUCTION | {
            "DATABASE_URL": engine.database(place / str(number)),
            "ORIGINALS_ROOT": str(place / str(number) / "originals"),
        }
        manage(checkout, engine, said[checkout], "migrate", "-v0")
        manage(checkout, engine, said[checkout], "load_retainers", str(files / "agreements.toml"))
    plain = [sys.executable, "-m", "bench.plain_import", str(files / "first.csv"), engine.database(place)]
    found.add(PLAIN, cpu.run(plain, engine=engine))
    for step in (ONE, *STEPS):
        for checkout in checkouts:
            published = () if step == ONE else ("--publish",)
            words = ("import_csv", str(files / f"{step}.csv"), "--provider", "bench", *published)
            found.add(f"{step} {checkout}", manage(checkout, engine, said[checkout], *words))


def manage(checkout: Path, engine: cpu.Engine, env: dict[str, str], *words: str) -> float:
    return cpu.run([sys.executable, "manage.py", *words], engine=engine, cwd=checkout, **env)


def figures(rows: int, times: int, engine: cpu.Engine) -> list[cpu.Figure]:
    """The lines of the table for one engine."""
    found = measured(rows, times, engine, [cpu.ROOT])
    how = f"{times} × alternating" if times > 1 else "once"
    start = found.ratio(f"{ONE} {cpu.ROOT}", PLAIN)
    return [
        cpu.Figure(
            f"of each of these the command itself (one row, looked at), {engine.name}", start, "R", how=how
        ),
        *(
            cpu.Figure(
                f"{SAID[step]}, {rows:,} rows, {engine.name}",
                found.ratio(f"{step} {cpu.ROOT}", PLAIN),
                "R",
                STEPS[step],
                how,
            )
            for step in STEPS
        ),
    ]


def table(asked: Sequence[str]) -> None:
    """The lines of the table: for each number of rows, so many times."""
    with cpu.engines() as both:
        for rows, times in zip(asked[::2], asked[1::2], strict=True):
            for engine in both:
                print(*(each.line for each in figures(int(rows), int(times), engine)), sep="\n", flush=True)


def main() -> None:
    if sys.argv[1] == "--table":
        table(sys.argv[2:])
        return
    rows, times, *checkouts = (*sys.argv[1:], "3")[:2] + tuple(sys.argv[3:])
    where = [Path(each).resolve() for each in checkouts] or [cpu.ROOT]
    with cpu.engines() as both:
        for engine in both:
            found = measured(int(rows), int(times), engine, where)
            for name in found.rounds:
                beside = "" if name == PLAIN else f", {found.ratio(name, PLAIN):.2f} R"
                step, _, checkout = name.partition(" ")
                if checkout:
                    beside += f", {found.ratio(name, f'{step} {where[0]}'):.2f} of {where[0].name}"
                print(
                    f"{engine.name}, {rows} rows: {name}: {found.median(name):.2f} s CPU{beside}", flush=True
                )


if __name__ == "__main__":
    main()
