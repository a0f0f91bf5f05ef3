"""How a database is opened: what `DATABASE_URL` names, with the options that each engine needs."""

from pathlib import Path
from typing import Any

SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA temp_store=MEMORY;",  # each row that a trigger guards is journaled apart: not in a file
}


def database(named: dict[str, Any], var: Path, keep_open: int) -> dict[str, Any]:
    """Django's settings of one database; the folder `var` is made for a SQLite file directly in it.

    :param named: what django-environ reads from the address
    :param keep_open: seconds that a connection is kept between requests
    """
    if named["ENGINE"] != SQLITE:
        return named | {"ENGINE": "accounts.postgres", "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": keep_open}
    if Path(named["NAME"]).parent == var:
        var.mkdir(exist_ok=True)
    return named | {"OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": keep_open}
