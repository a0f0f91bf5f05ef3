"""Values of several megabytes, which PostgreSQL is sent and asked for in parts.

There a value goes as text, twice as long, and its library keeps the room of the longest message that it ever sent or
got: a process would hold five times as much as the value for as long as it runs. SQLite takes and gives it as it is.
A long document is laid out at once.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from django.db import connection, models

PART = 512 * 1024  # bytes


class DocumentEncoder(json.JSONEncoder):
    """JSON for a column with long documents, laid out by msgspec: `json` makes a text of each word and comma first."""

    def encode(self, o: Any) -> str:
        from msgspec.json import encode

        return encode(o).decode()


def write(rows: models.QuerySet[Any], **values: bytes) -> None:
    """Put the values into these columns of these rows, inside the caller's transaction."""
    limit = PART if connection.vendor == "postgresql" else math.inf
    large = {name: value for name, value in values.items() if len(value) > limit}
    if others := {name: value for name, value in values.items() if name not in large}:
        rows.update(**others)
    for name, value in large.items():
        _write_in_parts(rows, name, value)


def _write_in_parts(rows: models.QuerySet[Any], name: str, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE new_large_value (number integer, part bytea) ON COMMIT DROP")
        with connection.wrap_database_errors, cursor.copy("COPY new_large_value FROM STDIN") as copy:
            for line in _lines(value):
                copy.write(line)
        rows.update(**{name: _Joined()})
        cursor.execute("DROP TABLE new_large_value")


def _lines(value: bytes) -> Iterator[str]:
    """The parts as COPY reads them."""
    for number, start in enumerate(range(0, len(value), PART)):
        yield f"{number}\t\\\\x{value[start : start + PART].hex()}\n"


def read(rows: models.QuerySet[Any], name: str) -> bytes | None:
    """What one row says in that column; None where there is no such row."""
    if connection.vendor != "postgresql":
        value = rows.values_list(name, flat=True).first()
        return None if value is None else bytes(value)
    # one statement gives all parts, as they were at one moment
    parts = rows.order_by().annotate(part_of_it=_Apart(name)).values_list("part_of_it", flat=True)
    found = list(map(bytes, parts.iterator(chunk_size=1)))
    return b"".join(found) if found else None


class _Joined(models.Func):
    """The parts that were sent, one after the other."""

    template = "(SELECT string_agg(part, ''::bytea ORDER BY number) FROM new_large_value)"
    output_field = models.BinaryField()


class _Apart(models.Func):
    """A column's value part by part, each in a row of its own."""

    template = (
        f"substring(%(expressions)s FROM generate_series(0, length(%(expressions)s) / {PART}) * {PART} + 1"
        f" FOR {PART})"
    )
    output_field = models.BinaryField()
