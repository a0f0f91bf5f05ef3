"""A second PostgreSQL that follows the first and answers what only reads: token pages, as long as it is as new.

`REPLICA_DATABASE_URL` names it. Inside of `snapshot()` every query of this context goes there, all of them to one
moment of it; whoever opens one asks whether that moment is the one wanted, and otherwise reads from the first
database as ever. A replica that can't be reached, or that breaks off, is left alone for a while. Nothing is written.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from accounts import scope
from accounts.database import one_moment, refused

REPLICA = "replica"
REST_SECONDS = 10  # after a failure
BROKEN = (OperationalError, InterfaceError)
logger = logging.getLogger(__name__)


class _Known:
    """What this process knows: until when it leaves the replica alone, and that its role is bound there too."""

    rests_until = 0.0
    is_bound = False


class Router:
    """Django's reads go where this context reads; writes and migrations only ever to the first database."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return scope.read_from.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def may_be_asked() -> bool:
    """Whether there is a replica, and no failure of it a moment ago."""
    return REPLICA in connections.settings and time.monotonic() >= _Known.rests_until


@contextmanager
def snapshot() -> Iterator[None]:
    """Read from one moment of the replica. Raises one of `BROKEN` where it fails; the caller then calls `forgive`."""
    token = scope.read_from.set(REPLICA)
    try:
        with one_moment():
            _require_bound()
            yield
    finally:
        scope.read_from.reset(token)


def _require_bound() -> None:
    """Row-level security holds for the role of `REPLICA_DATABASE_URL`, or the replica is not used."""
    if not _Known.is_bound:
        if found := refused(REPLICA):
            raise OperationalError(found)
        _Known.is_bound = True


def follows() -> bool:
    """Whether what `REPLICA_DATABASE_URL` names follows another database at all. Raises one of `BROKEN`."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return bool(cursor.fetchone()[0])


def forgive(error: Exception) -> None:
    """Say that the replica failed, and leave it alone for a while."""
    _Known.rests_until = time.monotonic() + REST_SECONDS
    logger.warning(
        "The replica failed (%s); the first database answers.", str(error).strip().splitlines()[:1]
    )
    connections[REPLICA].close()
