"""What the database is asked beside rows: one moment, constraints that wait, statistics, our role, whether it is full.

Attempts to sign in are counted in it too. Django's own cache in the database holds 300 entries and throws living ones
away to make room: enough attempts on other accounts would wash out the count of one. Here only what has run out goes.

Constraints wait only for a provider that comes or goes as a whole; everything else is written in an order that
holds at every step. An owner of the tables is bound by row-level security as long as it does not lift the policies;
what serves people has to be a role that can't (`deploy/roles.sql`). Without statistics SQLite answers "these 500
rows of that provider" by reading all rows of the provider.
"""

import errno
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import ImproperlyConfigured
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, Error, OperationalError, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts import scope


@contextmanager
def one_moment() -> Iterator[None]:
    """Only to be read in. Inside of a transaction it is that transaction's moment."""
    connection = connections[scope.read_from.get()]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        yield from _deferred(connection)
    else:
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def _deferred(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Our transactions take SQLite's write lock at once (settings); this one never does."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def let_constraints_wait() -> None:
    """What must hold is asked at the end of the transaction."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED" if is_postgres else "PRAGMA defer_foreign_keys=ON")


def ask_constraints_now() -> None:
    """What must hold holds by now, or the database says so here."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    else:
        connection.check_constraints()


FIRST_OF_ALL = 7_401_552_130_977_261  # of PostgreSQL's advisory locks: any number that nobody else takes


def wait_for_the_first() -> None:
    """Inside of a transaction: who would be the first provider waits for whoever else is about to become it.

    There is no row yet that could be locked; SQLite's transactions wait for each other by themselves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_OF_ALL])


def next_keys_follow(wanted: Iterable[type[models.Model]]) -> None:
    """The next row of each table gets a key after the last one that stands in it."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(wanted)):
            cursor.execute(statement)


ROWS_LOOKED_AT = 100_000  # of each index: a third of a second in all, however large the tables get
log = logging.getLogger(__name__)


def learn(using: str = "default", **kwargs: object) -> None:
    """Take SQLite's statistics anew (also a `post_migrate` receiver). They are a help and no duty: where another
    one is writing, this waits for nobody and leaves them as they are.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            cursor.execute(f"PRAGMA analysis_limit={ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")
        except OperationalError as error:
            log.info("No new statistics: %s", error)
        finally:
            cursor.execute(f"PRAGMA busy_timeout={waits}")


def learn_of_agreements() -> None:
    """The same once agreements are loaded: without it a list of a thousand clients takes SQLite ten times as long.

    And take PostgreSQL's statistics of the tables that a provider's rows point at (`ProviderKey`). It takes them itself
    within a minute; before that it may find what a row points at by reading all rows of the provider, for each row of a
    first import. A role that owns no table is only warned, and waits for that minute.
    """
    learn()
    if connection.vendor != "postgresql":
        return
    # here, not above: the web server imports this module before models may be
    from accounts.tenancy import ProviderKey

    keyed = (
        model._meta for model in apps.get_models() if set(map(type, model._meta.constraints)) & {ProviderKey}
    )
    tables = ", ".join(connection.ops.quote_name(meta.db_table) for meta in keyed)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")


ASKED = """
SELECT rolsuper, rolbypassrls, EXISTS (
  SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'MEMBER')
) FROM pg_roles WHERE rolname = current_user
"""
MEND = "Give it the role hourtab_app, which deploy/roles.sql and deploy/rights.sql make (docs/deployment.md)."


def unbound(using: str = DEFAULT_DB_ALIAS) -> str:
    """What is wrong with the role, in a sentence; "" for one that is bound, and on SQLite, which has none."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(ASKED)
        is_superuser, is_exempt, owns = cursor.fetchone()
    if not (is_superuser or is_exempt or owns):
        return ""
    why = "is a superuser" if is_superuser else "bypasses row security" if is_exempt else "owns the tables"
    name = connection.settings_dict["USER"]
    return f"The database role {name} {why}, so PostgreSQL would not keep providers apart for HourTab. {MEND}"


def refused(using: str = DEFAULT_DB_ALIAS) -> str:
    """Why nobody is to be served with this role; on one's own machine any will do."""
    return unbound(using) if settings.PRODUCTION else ""


def refuse_to_start() -> None:
    """Stop the start; a database that does not answer yet is `readyz`' business, which asks again."""
    try:
        found = refused()
    except Error:
        return
    finally:
        connection.close()
    if found:
        raise ImproperlyConfigured(found)


class Limits(DatabaseCache):
    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        """Called where there are more than `MAX_ENTRIES`: told that there are none, it takes what has run out only."""
        super()._cull(db, cursor, now, 0)  # type: ignore[misc]  # the stubs don't know it


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DISK_FULL = "53100"  # PostgreSQL's own code
SAID = "There is no space left on the server’s disk. Nothing was saved; free some space and try again."


def is_no_room(error: BaseException | None) -> bool:
    """
    >>> is_no_room(OSError(errno.ENOSPC, "No space left on device")), is_no_room(OSError(errno.EPERM, ""))
    (True, False)
    """
    if isinstance(error, OperationalError):
        code = getattr(error.__cause__, "sqlstate", None)
        return code == DISK_FULL or "disk is full" in str(error)
    return isinstance(error, OSError) and error.errno in NO_ROOM
