from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retainers", "0014_clients_that_were_merged")]

    operations = [
        migrations.AddField("notice", "pool", models.CharField(blank=True, default="", max_length=200)),
    ]
