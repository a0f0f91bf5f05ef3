"""`make bench`: every figure of docs/performance.md anew, written into its table.

    python -m bench [rows [clients [times]]]

Without numbers 10,000 rows three times in turn, 100,000 rows once, and 1,000 clients: under ten minutes. `make bench`
brings django-import-export for its line. Each part runs in a process of its own; one that fails is a line of the table.
"""

import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from bench import cpu, prepared

PAGE = cpu.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"
HEAD = "| what | ratio | limit | met | how |\n| --- | ---: | ---: | --- | --- |\n"
LARGE, LONGEST = 100_000, 900  # rows; seconds of a part
PART = "5"  # django-import-export gets every so-maniest row, which counts so many times


def main() -> None:
    with prepared.one_folder():
        found = [line for words in parts(sys.argv[1:]) for line in lines_of(*words)]
    PAGE.write_text(with_table(PAGE.read_text(), found))


def parts(given: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each measurement, with what it is asked for."""
    rows, clients, times = (*given, *("10000", "1000", "3")[len(given) :])
    large = () if given else (str(LARGE), "1")
    yield ("bench.start",)
    yield ("bench.imports", "--table", rows, times, *large)
    yield ("bench.previews", rows if given else str(LARGE))
    yield ("bench.pages", clients)
    yield ("bench.dashboard", clients)
    yield ("bench.recompute",)
    yield ("bench.changed_rule", rows)
    yield ("bench.busy", rows if given else str(LARGE))
    if find_spec("import_export"):
        yield ("bench.import_export", rows if given else str(LARGE // 2), "1", "SQLite", PART)


def lines_of(module: str, *words: str) -> list[str]:
    """What a measurement says: it sets a database of its own up. That it failed is a line too."""
    before, command = spent(), [sys.executable, "-m", module, *words]
    try:
        done = subprocess.run(
            command, cwd=cpu.ROOT, check=False, stdout=subprocess.PIPE, text=True, timeout=LONGEST
        )
        said, ended = done.stdout, f"ended with {done.returncode}" if done.returncode else ""
    except subprocess.TimeoutExpired as error:
        said = (error.stdout or b"").decode()
        ended = f"took longer than {LONGEST // 60} minutes"
    lines = [line for line in said.splitlines() if line.startswith("| ")]
    if ended or not lines:
        lines.append(f"| `python -m {module}` {ended or 'measured nothing'} | | | **no** | |")
    print(*lines, f"({module}: {spent() - before:.0f} s of processor time)", sep="\n", flush=True)
    return lines


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def with_table(text: str, lines: Sequence[str]) -> str:
    """The page with these lines in the place of its table's."""
    before, rest = text.split(BEGIN)
    table = HEAD + "".join(f"{each}\n" for each in lines)
    return f"{before}{BEGIN}{table}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    main()
