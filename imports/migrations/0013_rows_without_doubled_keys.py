import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ONE_KEY = {"db_constraint": False, "on_delete": django.db.models.deletion.PROTECT}


def make_anew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On SQLite the table as the models say it, once for all that follows; PostgreSQL's keys are the guards'."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor._remake_table(apps.get_model("imports", "SourceRow"))


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0016_mails_that_come_back"),
        ("imports", "0012_what_was_read_of_the_last_file"),
        ("retainers", "0026_entries_hold_their_retainer"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, make_anew),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "sourcerow",
                    "client",
                    models.ForeignKey(db_index=False, related_name="+", to="retainers.client", **ONE_KEY),
                ),
                migrations.AlterField(
                    "sourcerow",
                    "provider",
                    models.ForeignKey(db_index=False, related_name="+", to="accounts.provider", **ONE_KEY),
                ),
                migrations.AlterField(
                    "sourcerow",
                    "read_in",
                    models.ForeignKey(related_name="source_rows", to="imports.import", **ONE_KEY),
                ),
            ],
        ),
        migrations.RunPython(make_anew, migrations.RunPython.noop),
    ]
