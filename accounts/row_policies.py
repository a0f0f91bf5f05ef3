"""The third line of tenancy, on PostgreSQL: a row is there only for the provider that the statement is made for.

Every table whose rows belong to a provider, and the providers' own, have row-level security enabled and forced,
with one policy for reading and writing alike. `accounts/postgres` says the scope; without one there is no row, and 0
is everybody (`all_tenants`, `migrate`). It holds for roles that are neither superusers nor exempt: the one that
HourTab serves with must be neither (`database.unbound`).

The policies are made from the models after every migration, so a new model is covered by being one. They
call a function that a migration makes: where that was taken back, for older code, there are none.
"""

from collections.abc import Iterator

from django.apps import AppConfig, apps
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper

from accounts.models import Provider

POLICY = "one_provider"
FUNCTION = "hourtab_provider"
STANDING = (
    "SELECT polname || ' on ' || relname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid"
    " WHERE relrowsecurity AND relforcerowsecurity AND polcmd = '*' AND polqual IS NOT NULL"
)


def provider_columns() -> dict[str, str]:
    """Each table whose rows belong to a provider, with the column that says to which."""
    found = {Provider._meta.db_table: "id"}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.remote_field.model is Provider:
                found[model._meta.db_table] = str(field.column)
    return found


def wanted() -> set[str]:
    """Every policy that should stand."""
    return {f"{POLICY} on {table}" for table in provider_columns()}


def install(sender: AppConfig, using: str = "default", **kwargs: object) -> None:
    """Protect the tables of one app's models (a `post_migrate` receiver; safe to run again)."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    own = {model._meta.db_table for model in sender.get_models()}
    with transaction.atomic(using=using), connection.cursor() as cursor:
        there = own.intersection(connection.introspection.table_names(cursor))
        for table, column in _unprotected(cursor, there):
            for statement in protecting(table, column):
                cursor.execute(statement)


def _unprotected(cursor: CursorWrapper, tables: set[str]) -> list[tuple[str, str]]:
    """Those with a provider's rows and without a policy, and the column that names the provider.

    None before there is the function that every policy asks.
    """
    cursor.execute("SELECT 1 FROM pg_proc WHERE proname = %s", [FUNCTION])
    if cursor.fetchone() is None:
        return []
    cursor.execute(STANDING)
    standing = {row[0] for row in cursor.fetchall()}
    wanted = ((table, column) for table, column in provider_columns().items() if table in tables)
    return [each for each in wanted if f"{POLICY} on {each[0]}" not in standing]


def protecting(table: str, column: str) -> Iterator[str]:
    """The SQL for one table. The scope is asked once a statement, not once a row."""
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    yield f'DROP POLICY IF EXISTS {POLICY} ON "{table}"'
    rule = f'(SELECT {FUNCTION}()) IN ("{column}", 0)'
    yield f'CREATE POLICY {POLICY} ON "{table}" USING ({rule}) WITH CHECK ({rule})'
