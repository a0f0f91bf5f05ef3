"""Whether the role of `DATABASE_URL` is bound by row-level security: superusers, exempt roles and owners are not.

An owner is bound as long as it does not lift the policies from its own tables; what serves people has to be a role
that can't (`deploy/roles.sql`).
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection

ASKED = """
SELECT rolsuper, rolbypassrls, EXISTS (
  SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'MEMBER')
) FROM pg_roles WHERE rolname = current_user
"""
MEND = "Give it the role hourtab_app, which deploy/roles.sql and deploy/rights.sql make (docs/deployment.md)."


def unbound() -> str:
    """What is wrong with the role, in a sentence; "" for one that is bound, and on SQLite, which has none."""
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


def refused() -> str:
    """Why nobody is to be served with this role; on one's own machine any will do."""
    return unbound() if settings.PRODUCTION else ""


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
