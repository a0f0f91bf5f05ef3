import django.db.models.deletion
from django.db import migrations, models

GONE = {
    'imports_sourcerow_client_id_d788ad2d': 'client_id',
    'imports_sourcerow_provider_id_8231cc93': 'provider_id',
}


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_keys_publish_by_their_scope'),
        ('imports', '0010_rows_hold_their_provider'),
        ('retainers', '0022_entries_hold_their_provider'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='sourcerow',
                    name='client',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='retainers.client'),
                ),
                migrations.AlterField(
                    model_name='sourcerow',
                    name='provider',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider'),
                ),
            ],
            # by name: SQLite would make the whole table anew for each
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{name}"',
                    f'CREATE INDEX "{name}" ON "imports_sourcerow" ("{column}")',
                )
                for name, column in GONE.items()
            ],
        ),
    ]
