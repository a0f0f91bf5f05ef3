"""In whose place an entry came, so that a line that reads as before isn't told as taken back and added."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retainers", "0018_entry_clock")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="replaces",
            field=models.UUIDField(null=True),
        ),
    ]
