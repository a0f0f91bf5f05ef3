from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("retainers", "0015_notices_name_their_pool")]

    operations = [
        migrations.AddField("entry", "person", models.CharField(blank=True, default="", max_length=16)),
    ]
