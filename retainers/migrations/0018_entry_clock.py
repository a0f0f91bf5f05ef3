"""When an entry was done, so that an incident without a ticket is settled by the entries of its hours."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retainers", "0017_live_incidents")]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="clock",
            field=models.CharField(blank=True, default="", max_length=11),
        ),
    ]
