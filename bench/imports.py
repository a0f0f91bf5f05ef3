"""What an import costs: a first one, the same again, and one in which a tenth has changed.

    python bench/imports.py ROWS [CHECKOUT …]

Each checkout (default: this one) gets a database and files of its own and is run by its own command line, in
turn, so that two states of the code can be compared on one machine. Prints CPU seconds of the process, median of three.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

CLIENTS = 200
TIMES = 3
HEADER = (
    "Time_RecID,company_name,SR_Service_RecID,sr_summary,member_id,Date_Start,time_start,hours_actual,"
    "Billable_Hrs,option_id,work_type"
)


def agreements():
    parts = ['[provider]\nslug = "bench"\nname = "Bench"\ntimezone = "America/Chicago"\ndate_order = "ymd"\n']
    for number in range(CLIENTS):
        parts.append(
            f'[[clients]]\nslug = "c{number}"\nname = "Client {number}"\n[[clients.retainers]]\nkey = "support"\n'
            'name = "Support"\nstarts = 2025-12-01\n[[clients.retainers.terms]]\nincrement = "0.25"\n'
            'pools = [{ key = "main", name = "Main", hours = "40" }]\n'
        )
    return "\n".join(parts)


def export(rows, changed=0):
    lines = [HEADER]
    for number in range(rows):
        day = date.today() - timedelta(days=number % 9)  # noqa: DTZ011  # in no cycle that is settled
        hours = "1.75" if changed and number % changed == 0 else f"{0.25 * (1 + number % 7):.2f}"
        ticket = number // 5
        lines.append(
            f"{number + 1},Client {number % CLIENTS},{ticket},Ticket {ticket},tech{number % (rows // 50 + 1)},{day},"
            f"{8 + number % 9:02}:00,{hours},{hours},B,Remote"
        )
    return "\n".join(lines) + "\n"


def spent(checkout, folder, *words):
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "ORIGINALS_ROOT": f"{folder}/originals",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "manage.py", *words], cwd=checkout, env=env, check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(checkout, rows):
    with tempfile.TemporaryDirectory() as folder:
        files = {"first": export(rows), "again": export(rows), "a tenth changed": export(rows, changed=10)}
        (Path(folder) / "agreements.toml").write_text(agreements())
        spent(checkout, folder, "migrate", "-v0")
        spent(checkout, folder, "load_retainers", f"{folder}/agreements.toml")
        found = {}
        for name, text in files.items():
            path = Path(folder) / "export.csv"
            path.write_text(text)
            found[name] = spent(checkout, folder, "import_csv", str(path), "--provider", "bench", "--publish")
        return found


def main():
    rows, *checkouts = sys.argv[1:]
    where = checkouts or [str(Path(__file__).parents[1])]
    found = {checkout: [] for checkout in where}
    for _ in range(TIMES):
        for checkout in where:
            found[checkout].append(run(checkout, int(rows)))
    for checkout, runs in found.items():
        for name in runs[0]:
            print(
                f"{checkout}: {name}, {rows} rows: {statistics.median(each[name] for each in runs):.2f} s CPU"
            )


if __name__ == "__main__":
    main()
