"""The scope itself, which `tenancy` opens and `postgres` tells the database; and which database is read, the first
one or its `replica`. Nothing here knows of models.
"""

from contextvars import ContextVar
from typing import Final

ALL: Final = -1
current: ContextVar[int | None] = ContextVar("hourtab_tenant", default=None)
read_from: ContextVar[str] = ContextVar("hourtab_read_from", default="default")
beyond: ContextVar[bool] = ContextVar("hourtab_beyond_policies", default=False)


def for_database() -> str:
    """As PostgreSQL is told: a provider's number, 0 for everybody, "" for nobody."""
    tenant = ALL if beyond.get() else current.get()
    if tenant is None:
        return ""
    return "0" if tenant == ALL else f"{tenant:d}"
