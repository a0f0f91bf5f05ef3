"""Where attempts to sign in are counted: in the database, for all workers alike, and for as long as they count.

Django's own cache in the database holds 300 entries and throws living ones away to make room: enough attempts
on other accounts would wash out the count of one. Here only what has run out goes.
"""

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache


class Limits(DatabaseCache):
    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        """Called where there are more than `MAX_ENTRIES`: told that there are none, it takes what has run out only."""
        super()._cull(db, cursor, now, 0)  # type: ignore[misc]  # the stubs don't know it
