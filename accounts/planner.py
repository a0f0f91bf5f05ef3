"""SQLite plans its queries by statistics that nobody keeps for it (PostgreSQL's autovacuum does).

Without them it answers "these 500 rows of that provider" by reading all rows of the provider.
"""

import logging

from django.db import OperationalError, connections

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
