import django.db.models.deletion
from django.db import migrations, models

GONE = {
    'retainers_entry_provider_id_0eda41dc': 'provider_id',
    'retainers_entry_retainer_id_4508fc5f': 'retainer_id',
}


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_keys_publish_by_their_scope'),
        ('retainers', '0022_entries_hold_their_provider'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='entry',
                    name='provider',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider'),
                ),
                migrations.AlterField(
                    model_name='entry',
                    name='retainer',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entry_set', to='retainers.retainer'),
                ),
            ],
            # by name: SQLite would make the whole table anew for each
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{name}"',
                    f'CREATE INDEX "{name}" ON "retainers_entry" ("{column}")',
                )
                for name, column in GONE.items()
            ],
        ),
    ]
