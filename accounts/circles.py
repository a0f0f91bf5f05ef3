"""Rows that point at each other in circles, and keys that come with rows: what a whole provider needs of the database.

Only for a provider that comes or goes as a whole; everything else is written in an order that holds at every step.
"""

from collections.abc import Iterable

from django.core.management.color import no_style
from django.db import connection, models


def let_constraints_wait() -> None:
    """What must hold is asked at the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def ask_constraints_now() -> None:
    """What must hold holds by now, or the database says so here."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    else:
        connection.check_constraints()


def next_keys_follow(wanted: Iterable[type[models.Model]]) -> None:
    """The next row of each table gets a key after the last one that stands in it."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(wanted)):
            cursor.execute(statement)
