from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retainers", "0016_entries_count_people")]

    operations = [
        migrations.AddField("notice", "live", models.JSONField(null=True)),
        migrations.AddField("notice", "running", models.BooleanField(default=False)),
    ]
