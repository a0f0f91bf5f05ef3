"""How long reading takes, for many rows and for cells without end. Run: python -m bench.read_exports

Prints seconds; what may go wrong is quadratic work, so each case is run at one size and at twice that size,
and the ratio should stay near 2.
"""

from collections.abc import Callable
from datetime import date
from time import perf_counter
from zoneinfo import ZoneInfo

from imports.reading.parse import parse
from imports.reading.rows import UnreadableFileError

ZONE = ZoneInfo("America/New_York")
HEADER = "Entry ID,Client,Agreement,Date,Start,Hours,Billable,Technician,Ticket,Title,Work type,Notes\n"
ROW = (
    "E-{n},Acme Dental,Support,2026-06-{day:02d},08:15,{hours},Yes,Marcus Webb,{n},Printer,Remote,"
    '"One, ""two"" & <b>three</b>"\n'
)
FIELDS = 12
MEGABYTE = 1_000_000


def many_rows(size: int) -> bytes:
    """An export of ten rows for each unit of size."""
    rows = (ROW.format(n=n, day=n % 28 + 1, hours=f"{n % 7}.25") for n in range(size * 10))
    return (HEADER + "".join(rows)).encode()


def many_sums(size: int) -> bytes:
    """Ten headings, entries and unlabelled sums for each unit of size: all of them compared."""
    groups = (
        f"Acme,,,,,,,,,,,\n1{n},A,S,2026-06-02,08:15,1,Yes,M,1,T,R,N\n,,,,,1.5,,,,,,\n"
        for n in range(size * 10)
    )
    return (HEADER + "".join(groups)).encode()


def long_cell(field: int, sign: str) -> Callable[[int], bytes]:
    """One row of which one cell is `size` kilobytes of one sign."""

    def made(size: int) -> bytes:
        cells = ["1", "Acme", "S", "2026-06-02", "08:15", "1.5", "Yes", "M", "1", "T", "R", "N"]
        cells[field] = '"' + sign * (size * 1000 // len(sign)) + '"'
        return (HEADER + ",".join(cells) + "\n").encode()

    return made


def seconds(data: bytes) -> float:
    """The time that one reading takes."""
    started = perf_counter()
    try:
        parse(data, timezone=ZONE, today=date(2026, 7, 2))
    except UnreadableFileError as error:
        print(f"   refused: {error.problems[0].message[:70]}")
    return perf_counter() - started


def report(name: str, made: Callable[[int], bytes], size: int) -> None:
    """One line: the time at a size, at twice the size, and their ratio."""
    once, twice = seconds(made(size)), seconds(made(2 * size))
    print(f"{name:32} {once:8.3f} s {twice:8.3f} s   × {twice / once:.1f}")


def main() -> None:
    """Every case."""
    report("10,000 and 20,000 rows", many_rows, 1_000)
    report("100,000 and 200,000 rows", many_rows, 10_000)
    report("10,000 and 20,000 sums", many_sums, 1_000)
    for sign in ("a", "0", "<a", "&amp;", "<b>", "' ", "1:", "(", "\n", "<script>"):
        worst = max(range(FIELDS), key=lambda field: seconds(long_cell(field, sign)(500)))
        report(f"1 and 2 MB of {sign!r} in column {worst + 1}", long_cell(worst, sign), 1_000)
    for sign in ("a", '"', ",", ";", "\n", "<b>\n", "a,", '"a",'):
        report(
            f"1 and 2 MB of nothing but {sign!r}",
            lambda size, sign=sign: (sign * (size * 1000 // len(sign))).encode(),
            1_000,
        )


if __name__ == "__main__":
    main()
