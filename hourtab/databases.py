"""How a database is opened: what `DATABASE_URL` names, with the options that each engine needs."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA temp_store=MEMORY;",  # each row that a trigger guards is journaled apart: not in a file
}
REPLICA_WAIT_SECONDS = 2  # for a connection; then the first database answers


def databases(env: Env, var: Path) -> dict[str, dict[str, Any]]:
    """The database of `DATABASE_URL`, and the replica of `REPLICA_DATABASE_URL` where there is one."""
    keep_open = env.int("CONN_MAX_AGE", default=60)
    named = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{var / 'hourtab.sqlite3'}")}
    if env.str("REPLICA_DATABASE_URL", default=""):
        named["replica"] = env.db_url("REPLICA_DATABASE_URL")
        if SQLITE in (one["ENGINE"] for one in named.values()):
            raise ImproperlyConfigured("REPLICA_DATABASE_URL names a PostgreSQL that follows a PostgreSQL.")
    made = {name: database(one, var, keep_open) for name, one in named.items()}
    if "replica" in made:
        made["replica"].setdefault("OPTIONS", {}).setdefault("connect_timeout", REPLICA_WAIT_SECONDS)
    return made


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
