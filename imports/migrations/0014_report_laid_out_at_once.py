from django.db import migrations, models

from accounts.large_values import DocumentEncoder


class Migration(migrations.Migration):
    """What is stored stays as it is."""

    dependencies = [("imports", "0013_rows_without_doubled_keys")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "import", "result", models.JSONField(default=dict, encoder=DocumentEncoder)
                ),
            ],
        ),
    ]
