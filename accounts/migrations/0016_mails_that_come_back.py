from typing import Any

from django.db import migrations, models

import accounts.models.running

NAMES = {
    "postgresql": "UPDATE accounts_outboxmail SET message_name = replace(gen_random_uuid()::text, '-', '')",
    "sqlite": "UPDATE accounts_outboxmail SET message_name = lower(hex(randomblob(16)))",
}


def name_them(apps: Any, schema_editor: Any) -> None:
    """A name that nobody can guess for each mail there is. Those that went out bear another: they can't come back."""
    schema_editor.execute(NAMES[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_what_was_refused_of_a_push")]

    operations = [
        migrations.AddField("outboxmail", "returned_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("outboxmail", "set_aside_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "outboxmail",
            "message_name",
            models.CharField(max_length=32, null=True, editable=False),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AlterField(
            "outboxmail",
            "message_name",
            models.CharField(
                max_length=32, unique=True, default=accounts.models.running.new_message_name, editable=False
            ),
        ),
    ]
