"""What an import costs: a first one, the same again, and one in which a tenth has changed.

    python -m bench.imports ROWS [TIMES [CHECKOUT …]]
    python -m bench.imports --table ROWS TIMES [ROWS TIMES …]

Each checkout (default: this one) gets a database of its own and is run by its own command line as in production (in
development Django keeps a copy of every query), in turn, and beside each step `bench.plain_import` of the same file,
whose median is the round's R; so two states of the code can be compared on one machine. `--table` prints the lines of
docs/performance.md: each step as a whole command, and without the command's start, which is a look at a file of one row
in the same round. Memory is the most that the process held less the most that it held for that file of one row.
"""

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import cpu, prepared

STEPS = {"first": 5.0, "again": 1.5, "changed": 2.5}
SAID = {
    "first": "import, upload to published",
    "again": "the same file again",
    "changed": "a tenth changed, a twentieth new",
}
PLAIN, ONE = "R", "one"
MUCH, MEMORY = 100_000, 120  # rows from which on memory is told; MB


def measured(rows: int, times: int, engine: cpu.Engine, checkouts: list[Path]) -> cpu.Beside:
    """Every step of every checkout, and R of the first file, in turn."""
    found = cpu.Beside()
    for _ in range(times):
        with cpu.folder() as place:
            one_round(found, rows, place, engine, checkouts)
    return found


def one_round(found: cpu.Beside, rows: int, place: Path, engine: cpu.Engine, checkouts: list[Path]) -> None:
    said = {}
    for number, checkout in enumerate(checkouts):
        (place / str(number)).mkdir()
        said[checkout] = prepared.PRODUCTION | {
            "DATABASE_URL": prepared.database(engine, place / str(number), checkout, loaded=True),
            "ORIGINALS_ROOT": str(place / str(number) / "originals"),
        }
    files = {step: prepared.export(step, rows) for step in (ONE, *STEPS)}
    plain = []
    for step in (ONE, *STEPS):
        if step in STEPS:
            with cpu.folder() as beside:
                plain.append(cpu.plain_import(files["first"], engine, beside))
        for checkout in checkouts:
            taken = cpu.manage(asked(step, files[step]), engine=engine, cwd=checkout, **said[checkout])
            found.add(f"{step} {checkout}", taken.seconds)
            found.add(f"{step} {checkout} memory", taken.peak / 1024**2)
    found.add(PLAIN, statistics.median(plain))


def asked(step: str, file: Path) -> tuple[str, ...]:
    """The command of that step."""
    return "import_csv", str(file), "--provider", "bench", *(("--publish",) if step in STEPS else ())


def figures(rows: int, times: int, engine: cpu.Engine) -> list[cpu.Figure]:
    """The lines of the table for one engine."""
    found = measured(rows, times, engine, [cpu.ROOT])
    how = f"{times} × alternating" if times > 1 else "once"
    start = f"{ONE} {cpu.ROOT}"
    lines = [
        cpu.Figure(
            f"of each of these the command’s start (one row, looked at), {engine.name}",
            found.ratio(start, PLAIN),
            "R",
            how=how,
        )
    ]
    for step, limit in STEPS.items():
        name, what = f"{step} {cpu.ROOT}", f"{SAID[step]}, {rows:,} rows, {engine.name}"
        alone = found.ratio(found.less(name, start), PLAIN)
        lines.append(cpu.Figure(what, found.ratio(name, PLAIN), "R", limit, how))
        lines.append(cpu.Figure(f"{what}, without the command’s start", alone, "R", limit, how))
    return lines + (memory(found, f"{rows:,} rows, {engine.name}", how) if rows >= MUCH else [])


def memory(found: cpu.Beside, of_what: str, how: str) -> list[cpu.Figure]:
    """The highest of each step, above that of the command's start."""
    start = f"{ONE} {cpu.ROOT} memory"
    return [
        cpu.Figure(
            f"memory above the command’s start, {SAID[step]}, {of_what}",
            found.median(found.less(f"{step} {cpu.ROOT} memory", start)),
            "MB",
            MEMORY,
            how,
        )
        for step in STEPS
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
                print(
                    f"{engine.name}, {rows} rows: {name}: {beside_the_rest(found, name, where[0])}",
                    flush=True,
                )


def beside_the_rest(found: cpu.Beside, name: str, first: Path) -> str:
    """A measurement of one checkout, in R, and in terms of the first checkout's."""
    if name.endswith(" memory"):
        return f"{found.median(name):.0f} MB"
    said = f"{found.median(name):.2f} s CPU"
    if name == PLAIN:
        return said
    step = name.partition(" ")[0]
    ratio = found.ratio(name, f"{step} {first}")
    return f"{said}, {found.ratio(name, PLAIN):.2f} R, {ratio:.2f} of {first.name}"


if __name__ == "__main__":
    main()
