"""`make bench`: every figure of docs/performance.md anew, written into its table.

    python -m bench [rows [clients [times]]]

Without numbers 10,000 rows three times in turn, 100,000 rows once, and 1,000 clients: under ten minutes. `make bench`
brings django-import-export for its line.
"""

import subprocess
import sys
from importlib.util import find_spec

from bench import cpu, imports, pages, start

PAGE = cpu.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"
HEAD = "| what | ratio | limit | met | how |\n| --- | ---: | ---: | --- | --- |\n"
LARGE = 100_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    times = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    found = show(start.figures())
    with cpu.engines() as both:
        for engine in both:
            found += show(imports.figures(rows, times, engine))
            if len(sys.argv) == 1:
                found += show(imports.figures(LARGE, 1, engine))
    found += show(pages.figures(clients))
    found += lines_of("bench.dashboard", str(clients))
    found += lines_of("bench.recompute")
    found += lines_of("bench.busy", str(LARGE if len(sys.argv) == 1 else rows))
    if find_spec("import_export"):
        found += lines_of("bench.import_export", str(rows), "1")
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    table = HEAD + "".join(f"{each}\n" for each in found)
    PAGE.write_text(f"{before}{BEGIN}{table}{END}{after}")


def show(figures: list[cpu.Figure]) -> list[str]:
    lines = [figure.line for figure in figures]
    print(*lines, sep="\n", flush=True)
    return lines


def lines_of(module: str, *words: str) -> list[str]:
    """What a measurement in a process of its own says: it sets a database of its own up."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=cpu.ROOT, check=False, stdout=subprocess.PIPE, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    if not lines:
        raise SystemExit(f"{module} measured nothing")
    print(*lines, sep="\n", flush=True)
    return lines


if __name__ == "__main__":
    main()
