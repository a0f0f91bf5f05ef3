"""The function by which the policies ask for the scope; `accounts/row_policies.py` makes them after every migration."""

from django.db import migrations

MAKE = """
CREATE OR REPLACE FUNCTION hourtab_provider() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('hourtab.provider', true), '')::bigint $$
"""
LIFT = (
    'DROP POLICY one_provider ON "{}"',
    'ALTER TABLE "{}" NO FORCE ROW LEVEL SECURITY',
    'ALTER TABLE "{}" DISABLE ROW LEVEL SECURITY',
)


def make_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE, params=None)


def lift_policies(apps, schema_editor):
    """Older code says no scope, and would see no row."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'one_provider'")
        for (table,) in cursor.fetchall():
            for statement in LIFT:
                cursor.execute(statement.format(table))
        cursor.execute("DROP FUNCTION hourtab_provider()")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_statements_may_name_the_fee"),
    ]

    operations = [migrations.RunPython(make_function, lift_policies)]
