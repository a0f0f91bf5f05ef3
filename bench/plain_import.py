"""R, the measure of an import: the same file read, converted, classified and stored with nothing in between.

    python -m bench.plain_import FILE DATABASE_URL

Plain `csv`, exact values, twenty rules by the first that matches (remembered by what they look at), and one table
of 24 columns with a key and an index, filled by COPY on PostgreSQL and by `executemany` on SQLite.
"""

import csv
import sqlite3
import sys
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path

COLUMNS = 24
TABLE = f"""CREATE TABLE plain (id integer PRIMARY KEY, client integer NOT NULL, day date NOT NULL,
{", ".join(f"c{number} text" for number in range(3, COLUMNS))})"""
RULES = [("work_type", f"kind {number}", f"pool {number}") for number in range(18)]
RULES += [("work_type", "Onsite", "onsite"), ("option_id", "NC", "excluded")]


@cache
def judged(work_type: str, option: str) -> str:
    said = {"work_type": work_type, "option_id": option}
    return next((result for name, value, result in RULES if said[name] == value), "main")


def rows_of(path: Path):
    """One tuple a record, every value in its own type."""
    hours, days, clocks, clients = cache(Decimal), cache(date.fromisoformat), cache(time.fromisoformat), {}
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        at = {name: index for index, name in enumerate(next(reader))}
        for cells in reader:
            company = " ".join(cells[1].split()).casefold()
            record = [
                int(cells[0]),
                clients.setdefault(company, len(clients)),
                days(cells[at["Date_Start"]]),
                clocks(cells[at["time_start"]]),
                int(hours(cells[at["hours_actual"]]) * 10000),
                int(hours(cells[at["Billable_Hrs"]]) * 10000),
                judged(cells[at["work_type"]], cells[at["option_id"]]),
                *cells,
            ]
            yield (*record[:COLUMNS], *("",) * (COLUMNS - len(record)))


def into_sqlite(path: Path, name: str) -> None:
    connection = sqlite3.connect(name.partition("sqlite:///")[2] + ".plain", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; " + TABLE)
    connection.execute("CREATE INDEX plain_day ON plain (client, day)")
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * COLUMNS)
    texts = ((*row[:2], str(row[2]), str(row[3]), *row[4:]) for row in rows_of(path))
    connection.executemany(f"INSERT INTO plain VALUES ({marks})", texts)
    connection.execute("COMMIT")


def into_postgres(path: Path, url: str) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(TABLE)
        connection.execute("CREATE INDEX plain_day ON plain (client, day)")
        with connection.cursor().copy("COPY plain FROM STDIN") as copy:
            for row in rows_of(path):
                copy.write_row(row)


def main() -> None:
    path, url = Path(sys.argv[1]), sys.argv[2]
    (into_sqlite if url.startswith("sqlite") else into_postgres)(path, url)


if __name__ == "__main__":
    main()
