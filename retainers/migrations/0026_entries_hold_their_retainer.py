import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import accounts.tenancy

LINKS = ("retainer_id", "added_in_id", "retired_in_id")
ONE_KEY = {"db_constraint": False, "on_delete": django.db.models.deletion.PROTECT}
INDEX = "retainers_entry_retired_in_id_4a001f5c"
NEWER = "entry_by_retirement"


def make_anew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On SQLite the table as the models say it, once for all that follows; PostgreSQL's keys are the guards'."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor._remake_table(apps.get_model("retainers", "Entry"))


def without_older_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    make_anew(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        for column in LINKS:
            schema_editor.execute(
                f'ALTER TABLE "retainers_entry" DROP CONSTRAINT IF EXISTS "same_provider_retainers_entry_{column}"'
            )
        schema_editor.execute(f'DROP INDEX IF EXISTS "{INDEX}"')
        schema_editor.execute(
            f'CREATE INDEX "{NEWER}" ON "retainers_entry" ("retired_in_id") WHERE "retired_in_id" IS NOT NULL'
        )


def without_newer_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    make_anew(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        for column in LINKS[1:]:
            schema_editor.execute(
                f'ALTER TABLE "retainers_entry" DROP CONSTRAINT IF EXISTS "same_retainer_retainers_entry_{column}"'
            )
        schema_editor.execute(f'DROP INDEX IF EXISTS "{NEWER}"')
        schema_editor.execute(f'CREATE INDEX "{INDEX}" ON "retainers_entry" ("retired_in_id")')


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0016_mails_that_come_back"),
        ("retainers", "0025_the_cycle_that_runs"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="publication",
            constraint=accounts.tenancy.ProviderKey(
                name="one_retainer_retainers_publication", beside="retainer_id"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, without_newer_keys),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                *(
                    migrations.RemoveConstraint(
                        model_name="entry", name=f"same_provider_retainers_entry_{column}"
                    )
                    for column in LINKS
                ),
                migrations.AlterField(
                    "entry",
                    "added_in",
                    models.ForeignKey(related_name="+", to="retainers.publication", **ONE_KEY),
                ),
                migrations.AlterField(
                    "entry",
                    "provider",
                    models.ForeignKey(db_index=False, related_name="+", to="accounts.provider", **ONE_KEY),
                ),
                migrations.AlterField(
                    "entry",
                    "retainer",
                    models.ForeignKey(
                        db_index=False, related_name="entry_set", to="retainers.retainer", **ONE_KEY
                    ),
                ),
                migrations.AlterField(
                    "entry",
                    "retired_in",
                    models.ForeignKey(
                        db_index=False, null=True, related_name="+", to="retainers.publication", **ONE_KEY
                    ),
                ),
                migrations.AddIndex(
                    model_name="entry",
                    index=models.Index(
                        condition=models.Q(("retired_in__isnull", False)), fields=["retired_in"], name=NEWER
                    ),
                ),
                *(
                    migrations.AddConstraint(
                        model_name="entry",
                        constraint=accounts.tenancy.SameProvider(
                            column=column,
                            parent="retainers_publication",
                            name=f"same_retainer_retainers_entry_{column}",
                            beside="retainer_id",
                        ),
                    )
                    for column in LINKS[1:]
                ),
            ],
        ),
        migrations.RunPython(without_older_keys, migrations.RunPython.noop),
    ]
