"""What was covered before coverage was a set of days: from the agreement's first day through the old date.

Publications are written once, so their guards rest for as long as this takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "retainers_publication"


def keep_days(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("retainers", "Publication").objects.filter(through__isnull=False)
    if not rows.exists():
        return
    versions = apps.get_model("retainers", "AgreementVersion").objects.values_list("pk", "document")
    starts = {pk: date.fromisoformat(document["starts"]) for pk, document in versions.iterator()}
    changed = []
    for row in rows.only("through", "version_id").iterator():
        row.coverage = document_of(starts[row.version_id], row.through)
        changed.append(row)
    with _resting_guards(schema_editor):
        rows.model.objects.bulk_update(changed, ["coverage"], batch_size=500)


def document_of(starts: date, through: date) -> dict[str, Any]:
    return {"whole": [[min(starts, through).isoformat(), through.isoformat()]]}


@contextmanager
def _resting_guards(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in guards:
            cursor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("retainers", "0004_publications_keep_coverage")]

    operations = [migrations.RunPython(keep_days, migrations.RunPython.noop)]
